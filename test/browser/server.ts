/**
 * A router's web server: LuCI's pages, its JavaScript and theme, kedge's own files, and /ubus. `luci` is a checkout of LuCI;
 * without it the stand-in beside this file takes its place.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { type Call, NOT_FOUND, type Router } from './router.ts';

const APP = 'luci-app/luci-app-kedge';
const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
/** Status of ubus for what is not there. */
const UBUS_STATUS_NOT_FOUND = 4;
/** As uhttpd answers what the session's access groups do not allow. */
const ACCESS_DENIED = { code: -32_002, message: 'Access denied' };
/** Those of LuCI that show something of kedge. */
const OTHER_VIEWS: Readonly<Record<string, string>> = {
  'admin/status/overview': 'status/index',
  'admin/network/network': 'network/interfaces',
};

/** By path below /admin, from the menu that is installed. */
const MENU: Readonly<Record<string, { action: { path?: string } }>> = JSON.parse(
  readFileSync(`${APP}/root/usr/share/luci/menu.d/luci-app-kedge.json`, 'utf8'),
);

function page(path: string, { permission }: Router): string | undefined {
  const view = MENU[path]?.action.path ?? OTHER_VIEWS[path];
  if (view === undefined) return undefined;
  const environment = {
    media: '/luci-static/bootstrap',
    resource: '/luci-static/resources',
    scriptname: '/cgi-bin/luci',
    ubuspath: '/ubus/',
    pathinfo: `/${path}`,
    requestpath: path.split('/'),
    dispatchpath: path.split('/'),
    pollinterval: 1,
    sessionid: '0'.repeat(32),
    nodespec: { satisfied: true, readonly: permission === 'read', title: 'Kedge' },
    apply_rollback: 90,
    apply_holdoff: 0,
    apply_timeout: 1,
    apply_display: 0,
  };
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Kedge</title>
<script>document.documentElement.setAttribute('data-darkmode', matchMedia('(prefers-color-scheme: dark)').matches)</script>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><link rel="stylesheet" href="/luci-static/bootstrap/cascade.css">
<link rel="stylesheet" media="only screen and (max-device-width: 854px)" href="/luci-static/bootstrap/mobile.css">
<script src="/luci-static/resources/cbi.js"></script></head>
<body><header><a class="brand" href="/">vessel</a><div id="indicators" class="pull-right"></div></header>
<div id="maincontent" class="container"><div id="tabmenu" style="display:none"></div>
<script src="/luci-static/resources/luci.js"></script><script>L = new LuCI(${JSON.stringify(environment)});</script>
<div id="view"><div class="spinning"></div><script>L.require('ui').then(ui => ui.instantiateView('${view}'));</script></div></div></body></html>`;
}

function directories(luci: string | undefined): string[] {
  if (luci === undefined) return [join(APP, 'htdocs'), join(import.meta.dirname, 'luci')];
  const parts = ['luci-base', 'luci-mod-status', 'luci-mod-network'].map(name => `modules/${name}`);
  return [
    join(APP, 'htdocs'),
    ...[...parts, 'themes/luci-theme-bootstrap'].map(part => join(luci, part, 'htdocs')),
  ];
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
  const reply = (result: unknown) => ({ jsonrpc: '2.0', id, result });
  if (method !== 'call') return reply({});
  if (object === 'kedge' && router.permission === 'none') return { jsonrpc: '2.0', id, error: ACCESS_DENIED };
  const data = router.call(object, name, given);
  if (data === NOT_FOUND) return reply([UBUS_STATUS_NOT_FOUND]);
  return reply(data === undefined ? [0] : [0, data]);
}

/** Serves a router on a port of the loopback address. */
export async function serve(
  router: () => Router,
  luci: string | undefined,
): Promise<{ readonly url: string; readonly server: Server }> {
  const places = directories(luci);
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url!, 'http://router').pathname);
    const send = (type: string, body: string | Buffer, status = 200) =>
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
    if (path.startsWith('/ubus')) {
      const asked: Request | Request[] = JSON.parse(await bodyOf(request));
      const answers = [asked].flat().map(each => answer(router(), each));
      return send('application/json', JSON.stringify(Array.isArray(asked) ? answers : answers[0]));
    }
    if (path.startsWith('/cgi-bin/luci/admin/uci/apply_')) {
      router().apply();
      return send('application/json', '{"token":"0"}');
    }
    if (path === '/cgi-bin/cgi-exec') return send('application/json', '{}');
    if (path.startsWith('/cgi-bin/luci/')) {
      const html = page(path.slice('/cgi-bin/luci/'.length), router());
      return html === undefined ? send('application/json', '{}') : send('text/html', html);
    }
    const found = places.map(place => join(place, path)).find(candidate => existsSync(candidate));
    return found === undefined
      ? send('text/plain', 'not found', 404)
      : send(TYPES[extname(found)] ?? 'application/octet-stream', readFileSync(found));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/cgi-bin/luci`, server };
}
