/** What LuCI talks to on a router: rpcd's `uci` and `file` and netifd's interfaces in memory, and the object `kedge`. */
import { parseDocument } from '../../src/uci/document.ts';

export type Call = Readonly<Record<string, unknown>>;
type Value = string | string[];

interface Section {
  readonly name: string;
  readonly type: string;
  readonly anonymous: boolean;
  readonly options: Map<string, Value>;
}

/** As the session has them until they are applied: what was done, the section, and what it was about. */
export type Change = readonly [action: string, section: string, ...words: (string | string[])[]];

/** Answers a call of the object `kedge`; undefined: there is no such object. */
export type Daemon = (method: string, given: Call) => unknown;

/** The status of ubus for a method of an object that is not there. */
export const NOT_FOUND = Symbol('not found');

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

export class Router {
  readonly files = new Map<string, { readonly text: string; readonly mode: number }>();
  /** Calls of the object `kedge`. */
  readonly calls: { readonly method: string; readonly given: Call }[] = [];
  /** Of the session, not yet applied; and those that have been. */
  changes: Change[] = [];
  applied: Change[] = [];
  /** What the session's user may do with the object `kedge` and with the pages. */
  permission: 'none' | 'read' | 'write' = 'write';
  #sections: Section[] = [];
  readonly #daemon: Daemon;

  /** @param config text of /etc/config/kedge */
  constructor(config: string, daemon: Daemon) {
    this.#daemon = daemon;
    this.#sections = parseDocument('kedge', config).sections.map(({ name, type, options }, index) => ({
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
    return this.#sections
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

  apply(): void {
    this.applied = this.changes;
    this.changes = [];
  }

  /** The data of an answer, undefined without any, or {@link NOT_FOUND}. */
  call(object: string, method: string, given: Call): unknown {
    switch (object) {
      case 'kedge':
        this.calls.push({ method, given });
        return this.#daemon(method, given) ?? NOT_FOUND;
      case 'uci':
        return this.#uci(method, given);
      case 'file':
        if (method === 'write') {
          this.files.set(String(given.path), { text: String(given.data), mode: Number(given.mode) });
        }
        return method === 'list' && String(given.path).endsWith('/view/status/include')
          ? { entries: [{ name: '35_kedge.js', type: 'file' }] }
          : undefined;
      case 'session':
        return { access: true };
      case 'network':
        return method === 'get_proto_handlers' ? { kedge: { no_device: true } } : {};
      case 'network.interface':
        return { interface: INTERFACES };
      default:
        return {};
    }
  }

  #uci(method: string, given: Call): unknown {
    const section = this.#sections.find(({ name }) => name === given.section);
    if (given.config !== 'kedge' && method === 'set') {
      for (const [option, value] of Object.entries(given.values as Record<string, Value>)) {
        this.changes.push(['set', String(given.section), option, value]);
      }
      return undefined;
    }
    switch (method) {
      case 'get':
        return { values: given.config === 'kedge' ? this.#values() : (OTHERS[String(given.config)] ?? {}) };
      case 'changes':
        return { changes: this.changes.length > 0 ? { kedge: this.changes } : {} };
      case 'add': {
        const name = String(given.name ?? `cfg${this.#sections.length}`);
        const anonymous = given.name === undefined;
        this.#sections.push({ name, type: String(given.type), anonymous, options: new Map() });
        this.changes.push(['add', name, String(given.type)]);
        this.#set(this.#sections.at(-1)!, given.values);
        return { section: name };
      }
      case 'set':
        if (section !== undefined) this.#set(section, given.values);
        return undefined;
      case 'delete':
        if (section !== undefined) this.#delete(section, given.options as string[] | null | undefined);
        return undefined;
      case 'order': {
        const order = given.sections as string[];
        this.#sections.sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
        for (const [index, name] of order.entries()) this.changes.push(['order', name, `${index}`]);
        return undefined;
      }
      default:
        return undefined;
    }
  }

  /** @param options none: the section itself */
  #delete(section: Section, options: readonly string[] | null | undefined): void {
    if (options === undefined || options === null) {
      this.#sections = this.#sections.filter(each => each !== section);
      this.changes.push(['remove', section.name]);
    }
    for (const option of options ?? []) {
      section.options.delete(option);
      this.changes.push(['remove', section.name, option]);
    }
  }

  #set({ name, options }: Section, values: unknown): void {
    for (const [option, value] of Object.entries((values ?? {}) as Record<string, Value>)) {
      const text = Array.isArray(value) ? value.map(String) : String(value);
      options.set(option, text);
      this.changes.push(['set', name, option, text]);
    }
  }

  #values(): object {
    return Object.fromEntries(
      this.#sections.map(({ name, type, anonymous, options }, index) => [
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

const networkInterface = (name: string, index: number, proto: string, device: string) => ({
  interface: name,
  up: true,
  pending: false,
  available: true,
  uptime: 3600,
  proto,
  device,
  l3_device: device,
  metric: index,
  data: {},
  'ipv4-address': [],
  'ipv6-address': [{ address: `2001:db8:${index}::2`, mask: 64 }],
  'ipv6-prefix': [],
  'ipv6-prefix-assignment': [],
  'dns-server': [],
  'dns-search': [],
  route: [
    { target: '::', mask: 0, nexthop: 'fe80::1' },
    { target: '0.0.0.0', mask: 0, nexthop: '192.0.2.1' },
  ],
});
const INTERFACES = [
  networkInterface('wan', 1, 'dhcpv6', 'eth0'),
  networkInterface('wwan', 2, 'qmi', 'wwan0'),
  networkInterface('dsl', 3, 'pppoe', 'pppoe-dsl'),
  { ...networkInterface('mobile', 4, 'kedge', 'kdg-+'), route: [] },
];

const interfaceSection = (name: string, index: number, proto: string) => ({
  '.name': name,
  '.type': 'interface',
  '.anonymous': false,
  '.index': index,
  proto,
});
/** Other packages. */
const OTHERS: Readonly<Record<string, object>> = {
  network: {
    wan: { ...interfaceSection('wan', 0, 'dhcpv6'), device: 'eth0' },
    wwan: interfaceSection('wwan', 1, 'qmi'),
    dsl: interfaceSection('dsl', 2, 'pppoe'),
    mobile: interfaceSection('mobile', 3, 'kedge'),
  },
};
