/**
 * A kernel faked for the reconciler: it carries rtnetlink requests out on tables of its own, notifies, answers
 * and dumps as Linux does, one message a datagram, later. It knows no more of links than kedge needs.
 */
import { parseLinkAddress } from '../../../src/netlink/address.ts';
import { s32, u16 } from '../../../src/netlink/codec.ts';
import { emitLink, type Link, LinkType, parseLink } from '../../../src/netlink/link.ts';
import { endsKey } from '../../../src/netlink/link-table.ts';
import { emitMessage, Flag, type Message, parseMessages } from '../../../src/netlink/message.ts';
import { parseNeighbor } from '../../../src/netlink/neighbor.ts';
import { neighborKey } from '../../../src/netlink/neighbor-table.ts';
import { type KernelRoute, parseRoute } from '../../../src/netlink/route.ts';
import { parseRule } from '../../../src/netlink/rule.ts';
import { formatPrefix } from '../../../src/wire/address.ts';

type Kind = 'link' | 'address' | 'route' | 'rule' | 'neighbor';
const KINDS: readonly Kind[] = ['link', 'address', 'route', 'rule', 'neighbor'];
const FIRST_TYPE: Record<Kind, number> = { link: 16, address: 20, route: 24, rule: 32, neighbor: 28 };
const ENOENT = 2;
const EEXIST = 17;
const ENODEV = 19;

export class FakeKernel {
  /** Bodies of the objects, by kind and key. */
  readonly objects: Record<Kind, Map<string, Uint8Array>> = {
    link: new Map(),
    address: new Map(),
    route: new Map(),
    rule: new Map(),
    neighbor: new Map(),
  };
  /** Notifications of addresses wait, as in Linux, for a worker: until {@link work}. */
  lazy = false;
  readonly #late: (() => void)[] = [];
  /** What it was sent, without dumps. */
  readonly requests: Message[] = [];
  /** Datagrams of requests, without dumps. */
  datagrams = 0;
  /** An errno instead of doing what is asked. */
  refuse: (request: Message) => number | undefined = () => undefined;
  receive: (datagram: Uint8Array) => void = () => {};
  readonly #queue: Uint8Array[] = [];
  #nextIndex = 20;
  /** Names of links by the ends of the tunnel, and by index. */
  readonly #holders = new Map<string, string>();
  readonly #names = new Map<number, string>();

  constructor(...devices: readonly { name: string; index: number }[]) {
    for (const device of devices) {
      this.objects.link.set(device.name, emitLink({ ...device, mtu: 1500, up: true }));
      this.#names.set(device.index, device.name);
    }
  }

  send(datagram: Uint8Array): void {
    const messages = parseMessages(datagram);
    for (const message of messages) this.#request(message);
    if (messages.some(message => (message.flags & Flag.dump) !== Flag.dump || message.type % 4 !== 2)) {
      this.datagrams++;
    }
  }

  work(): void {
    for (const notify of this.#late.splice(0)) notify();
  }

  /** Delivers what was said, at once; false when there was nothing. */
  flush(): boolean {
    const said = this.#queue.splice(0);
    for (const datagram of said) this.receive(datagram);
    return said.length > 0;
  }

  /** Delivers all that was said. */
  async deliver(): Promise<void> {
    for (;;) {
      const datagram = this.#queue.shift();
      if (datagram === undefined) {
        await new Promise(done => setImmediate(done));
        if (this.#queue.length === 0) return;
      } else {
        this.receive(datagram);
        await Promise.resolve();
      }
    }
  }

  /** Somebody else makes a change: type and body as in a request. */
  meddle(kind: Kind, action: 'new' | 'delete', body: Uint8Array): void {
    this.#carryOut({
      type: FIRST_TYPE[kind] + (action === 'new' ? 0 : 1),
      flags: Flag.create | (action === 'new' ? Flag.replace : 0),
      sequence: 0,
      port: 99,
      body,
    });
  }

  link(name: string): Link | undefined {
    return linkOf(this.objects.link.get(name));
  }

  get routes(): KernelRoute[] {
    return [...this.objects.route.values()].map(body => parseRoute(body)!);
  }

  #request(message: Message): void {
    const kind = kindOf(message.type);
    if (message.type === FIRST_TYPE[kind] + 2) {
      for (const body of this.objects[kind].values()) {
        if (kind === 'neighbor' && isProxy(body) !== isProxy(message.body)) continue;
        this.#say(FIRST_TYPE[kind], Flag.multipart, message.sequence, body);
      }
      this.#say(3, Flag.multipart, message.sequence, s32.encode(0));
      return;
    }
    this.requests.push(message);
    const errno = this.refuse(message) ?? this.#carryOut(message);
    if (errno !== 0 || message.flags & Flag.acknowledge)
      this.#say(2, 0, message.sequence, s32.encode(-errno));
  }

  #carryOut(message: Message): number {
    const kind = kindOf(message.type);
    const objects = this.objects[kind];
    const creates = message.type === FIRST_TYPE[kind];
    const found =
      kind === 'link' ? this.#link(message) : { key: keyOf(kind, message.body), body: message.body };
    if (typeof found === 'number') return found;
    const { key, body } = found;
    if (creates && message.flags & Flag.exclusive && objects.has(key)) return EEXIST;
    if (!creates && !objects.has(key)) return ENOENT;
    if (kind === 'link') this.#hold(key, creates ? linkOf(body) : undefined);
    if (creates) objects.set(key, body);
    else objects.delete(key);
    // Linux notifies of no proxy.
    if (kind === 'neighbor') return 0;
    const replaced = message.flags & Flag.replace;
    const notify = () => this.#say(message.type, replaced, message.sequence, body);
    if (kind === 'address' && this.lazy) this.#late.push(notify);
    else notify();
    if (kind === 'link' && !creates) this.#dropRoutes(linkOf(body)!.index);
    return 0;
  }

  /** A request about a link names it by index or by name, and says only what is to change. */
  #link(message: Message): { key: string; body: Uint8Array } | number {
    const wanted = linkOf(message.body) ?? linkOf(emitNamed(message.body, this.#names));
    if (wanted === undefined) return ENODEV;
    const before = this.link(wanted.name);
    if (message.type === LinkType.new && before === undefined && !(message.flags & Flag.create))
      return ENODEV;
    const index = before?.index ?? (wanted.index || this.#nextIndex++);
    const tunnel = wanted.tunnel ?? before?.tunnel;
    const holder = tunnel && this.#holders.get(endsKey(tunnel));
    if (message.type === LinkType.new && holder !== undefined && holder !== wanted.name) return EEXIST;
    return {
      key: wanted.name,
      body: emitLink({
        index,
        name: wanted.name,
        mtu: wanted.mtu || before?.mtu || 0,
        group: wanted.group || before?.group || 0,
        up: ((wanted.flags | (before?.flags ?? 0)) & 1) !== 0,
        ...(tunnel === undefined ? {} : { tunnel }),
      }),
    };
  }

  /** Notes whose ends are taken; as in Linux, no second tunnel may have them. */
  #hold(name: string, after: Link | undefined): void {
    const before = this.link(name);
    if (before?.tunnel !== undefined) this.#holders.delete(endsKey(before.tunnel));
    if (after?.tunnel !== undefined) this.#holders.set(endsKey(after.tunnel), name);
    if (before !== undefined) this.#names.delete(before.index);
    if (after !== undefined) this.#names.set(after.index, name);
  }

  #dropRoutes(index: number): void {
    for (const [key, body] of this.objects.route) {
      if (parseRoute(body)?.nextHops[0]?.link !== index) continue;
      this.objects.route.delete(key);
      this.#say(FIRST_TYPE.route + 1, 0, 0, body);
    }
  }

  #say(type: number, flags: number, sequence: number, body: Uint8Array): void {
    const message = emitMessage({ type, flags: 0, body }, 0, sequence);
    message.set(u16.encode(flags), 6);
    this.#queue.push(message);
  }
}

const kindOf = (type: number): Kind =>
  KINDS.find(kind => type >= FIRST_TYPE[kind] && type < FIRST_TYPE[kind] + 3)!;

function linkOf(body: Uint8Array | undefined): Link | undefined {
  const news = body && parseLink(body);
  return news?.about === 'link' ? news.link : undefined;
}

/** The same body with the name in it that goes with its index. */
function emitNamed(body: Uint8Array, names: ReadonlyMap<number, string>): Uint8Array {
  const name = names.get(s32.decode(body.subarray(4)) ?? 0);
  if (name === undefined) return body;
  const attribute = emitLink({ index: 0, name }).subarray(16);
  const named = new Uint8Array(body.length + attribute.length);
  named.set(body);
  named.set(attribute, body.length);
  return named;
}

/** NTF_PROXY in the flags of `struct ndmsg`. */
const isProxy = (body: Uint8Array): boolean => (body[10]! & 0x08) !== 0;

function keyOf(kind: Kind, body: Uint8Array): string {
  if (kind === 'neighbor') {
    const found = parseNeighbor(body)!;
    return `${found.link} ${neighborKey(found)}`;
  }
  if (kind === 'address') return String(parseLinkAddress(body)!.address);
  if (kind === 'route') {
    const { table, destination, metric } = parseRoute(body)!;
    return `${table} ${formatPrefix(destination)} ${metric}`;
  }
  const { priority, from, to, table } = parseRule(body)!;
  return `${priority} ${formatPrefix(from)} ${formatPrefix(to)} ${table}`;
}
