/**
 * What a browser needs of a router that has LuCI: pages, LuCI's JavaScript and kedge's, and /ubus with `uci`, `file` and the
 * object `kedge`. LUCI_ROOT names a checkout of LuCI whose JavaScript and theme are used; else the stand-in beside this file.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { parseDocument } from '../../src/uci/document.ts';

const APP = 'luci-app/luci-app-kedge';
const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

type Value = string | string[];
interface Section {
  readonly name: string;
  readonly type: string;
  readonly anonymous: boolean;
  readonly options: Map<string, Value>;
}
type Call = Readonly<Record<string, unknown>>;

/** `/etc/config/kedge` as rpcd keeps it, and the files that were written. */
export class Router {
  sections: Section[] = [];
  readonly files = new Map<string, { readonly text: string; readonly mode: number }>();
  /** Calls of the object `kedge`. */
  readonly calls: { readonly method: string; readonly given: Call }[] = [];
  readonly #answer: (method: string, given: Call) => unknown;

  constructor(config: string, answer: (method: string, given: Call) => unknown) {
    this.config = config;
    this.#answer = answer;
  }

  set config(text: string) {
    this.sections = parseDocument('kedge', text).sections.map(({ name, type, options }, index) => ({
      name: name ?? `cfg${index}`,
      type,
      anonymous: name === undefined,
      options: new Map(
        [...options.values()].map(({ name: option, list, values }) => [
          option,
          list ? values.map(value => value.text) : values[0]!.text,
        ]),
      ),
    }));
  }

  get config(): string {
    const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
    return this.sections
      .map(({ type, name, anonymous, options }) => {
        const lines = [...options].flatMap(([option, value]) =>
          typeof value === 'string'
            ? [`\toption ${option} ${quote(value)}`]
            : value.map(each => `\tlist ${option} ${quote(each)}`),
        );
        return `config ${type}${anonymous ? '' : ` ${quote(name)}`}\n${lines.map(line => `${line}\n`).join('')}`;
      })
      .join('\n');
  }

  /** The data of an answer; undefined: nothing but success. */
  call(object: string, method: string, given: Call): unknown {
    if (object === 'kedge') {
      this.calls.push({ method, given });
      return this.#answer(method, given);
    }
    if (object === 'uci') return this.#uci(method, given);
    if (object === 'file' && method === 'write') {
      this.files.set(String(given.path), { text: String(given.data), mode: Number(given.mode) });
    }
    if (object === 'session' && method === 'access') return { access: true };
    if (object === 'network.interface' && method === 'dump') return { interface: INTERFACES };
    return {};
  }

  #uci(method: string, given: Call): unknown {
    const section = this.sections.find(({ name }) => name === given.section);
    switch (method) {
      case 'get':
        return given.config === 'kedge' ? { values: this.#values() } : { values: {} };
      case 'changes':
        return { changes: {} };
      case 'add': {
        const name = String(given.name ?? `new${this.sections.length}`);
        this.sections.push({
          name,
          type: String(given.type),
          anonymous: given.name === undefined,
          options: new Map(),
        });
        this.#set(this.sections.at(-1)!, given.values);
        return { section: name };
      }
      case 'set':
        this.#set(section!, given.values);
        return {};
      case 'delete': {
        const options = (given.options ?? (given.option ? [given.option] : undefined)) as
          | string[]
          | undefined;
        if (options === undefined) this.sections = this.sections.filter(each => each !== section);
        for (const option of options ?? []) section?.options.delete(option);
        return {};
      }
      case 'order':
        this.sections.sort((a, b) => {
          const order = given.sections as string[];
          return order.indexOf(a.name) - order.indexOf(b.name);
        });
        return {};
      default:
        return {};
    }
  }

  #set({ options }: Section, values: unknown): void {
    for (const [name, value] of Object.entries((values ?? {}) as Record<string, Value>)) {
      if (value === '' || value.length === 0) options.delete(name);
      else options.set(name, Array.isArray(value) ? value.map(String) : String(value));
    }
  }

  #values(): object {
    return Object.fromEntries(
      this.sections.map(({ name, type, anonymous, options }, index) => [
        name,
        {
          '.name': name,
          '.type': type,
          '.anonymous': anonymous,
          '.index': index,
          ...Object.fromEntries(options),
        },
      ]),
    );
  }
}

const INTERFACES = ['wan6', 'wwan'].map((name, index) => ({
  interface: name,
  up: true,
  pending: false,
  available: true,
  proto: 'dhcpv6',
  device: `eth${index}`,
  l3_device: `eth${index}`,
  metric: index,
  'ipv4-address': [],
  'ipv6-address': [{ address: `2001:db8:${index}::2`, mask: 64 }],
  'ipv6-prefix': [],
  'dns-server': [],
  route: [
    { target: '::', mask: 0, nexthop: 'fe80::1' },
    { target: '0.0.0.0', mask: 0, nexthop: '192.0.2.1' },
  ],
}));

/** By path below /admin, from the menu that is installed. */
const MENU: Readonly<Record<string, { action: { path?: string } }>> = JSON.parse(
  readFileSync(`${APP}/root/usr/share/luci/menu.d/luci-app-kedge.json`, 'utf8'),
);

function page(path: string): string | undefined {
  const view = MENU[path]?.action.path ?? (path === 'admin/status/overview' ? 'status/index' : undefined);
  if (view === undefined) return undefined;
  const environment = {
    media: '/luci-static/bootstrap',
    resource: '/luci-static/resources',
    scriptname: '/cgi-bin/luci',
    ubuspath: '/ubus/',
    pathinfo: `/${path}`,
    requestpath: path.split('/'),
    dispatchpath: path.split('/'),
    pollinterval: 5,
    sessionid: '0'.repeat(32),
    nodespec: { satisfied: true, readonly: false, title: 'Kedge' },
    apply_rollback: 90,
    apply_holdoff: 1,
    apply_timeout: 1,
    apply_display: 1,
  };
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Kedge</title>
<script>document.documentElement.setAttribute('data-darkmode', matchMedia('(prefers-color-scheme: dark)').matches)</script>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><link rel="stylesheet" href="/luci-static/bootstrap/cascade.css">
<link rel="stylesheet" media="only screen and (max-device-width: 854px)" href="/luci-static/bootstrap/mobile.css">
<script src="/luci-static/resources/cbi.js"></script></head>
<body><header><a class="brand" href="/">van</a><div id="indicators" class="pull-right"></div></header>
<div id="maincontent" class="container"><div id="tabmenu" style="display:none"></div>
<script src="/luci-static/resources/luci.js"></script><script>L = new LuCI(${JSON.stringify(environment)});</script>
<div id="view"><div class="spinning"></div><script>L.require('ui').then(ui => ui.instantiateView('${view}'));</script></div></div></body></html>`;
}

function file(path: string): string | undefined {
  const root = process.env.LUCI_ROOT;
  const luci = root
    ? ['modules/luci-base', 'modules/luci-mod-status', 'themes/luci-theme-bootstrap'].map(part =>
        join(root, part, 'htdocs'),
      )
    : [join(import.meta.dirname, 'luci')];
  return [join(APP, 'htdocs'), ...luci]
    .map(place => join(place, path))
    .find(candidate => existsSync(candidate));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request) text += part;
  return text;
}

interface Request {
  readonly id: number;
  readonly method: string;
  readonly params?: [string, string, string, Call];
}

function answer(router: Router, { id, method, params }: Request): object {
  const [, object = '', name = '', given = {}] = params ?? [];
  const result = method === 'call' ? [0, router.call(object, name, given)] : {};
  return { jsonrpc: '2.0', id, result };
}

/** Serves a router on a port of the loopback address. */
export async function serve(router: Router): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url!, 'http://router').pathname);
    const send = (type: string, body: string | Buffer, status = 200) =>
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
    if (path.startsWith('/ubus')) {
      const asked: Request | Request[] = JSON.parse(await bodyOf(request));
      const answers = [asked].flat().map(each => answer(router, each));
      return send('application/json', JSON.stringify(Array.isArray(asked) ? answers : answers[0]));
    }
    if (path.startsWith('/cgi-bin/luci/')) {
      const html = page(path.slice('/cgi-bin/luci/'.length));
      return html === undefined ? send('application/json', '{}') : send('text/html', html);
    }
    const found = file(path);
    return found === undefined
      ? send('text/plain', 'not found', 404)
      : send(TYPES[extname(found)] ?? 'application/octet-stream', readFileSync(found));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/cgi-bin/luci`, server };
}
