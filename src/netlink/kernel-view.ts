/**
 * What kedge knows of the kernel: all links, IPv6 addresses and rules, and of the routes only those that matter
 * to it (its own, every default route, and those of on-link prefixes). One dump, then notifications keep it true.
 */
import { addressKey } from '../wire/address.ts';
import { AddressType, dumpAddresses, type LinkAddress, parseLinkAddress } from './address.ts';
import { INTERRUPTED, type NetlinkClient } from './client.ts';
import { errorName, type NetlinkError } from './error.ts';
import { dumpLinks, type Link, LinkFlag, LinkType, parseLink } from './link.ts';
import { LinkTable, type TunnelEnds } from './link-table.ts';
import { Flag, type Message, type Request } from './message.ts';
import { dumpNeighbors, dumpProxies, type KernelNeighbor, NeighborType, parseNeighbor } from './neighbor.ts';
import { type NeighborPlace, NeighborTable } from './neighbor-table.ts';
import {
  dumpRoutes,
  isOnLinkRoute,
  type KernelRoute,
  mayBeOnLink,
  parseRoute,
  peekRoute,
  RouteType,
} from './route.ts';
import { prefixKey, type RoutePlace, RouteTable } from './route-table.ts';
import { dumpRules, type KernelRule, parseRule, RuleType } from './rule.ts';

export type KernelObject = Link | LinkAddress | KernelRoute | KernelRule | KernelNeighbor;

/** A notification replaces or removes the object with the same key. */
interface Tables {
  readonly links: LinkTable;
  readonly addresses: Map<string, LinkAddress>;
  readonly routes: RouteTable;
  readonly rules: Map<string, KernelRule>;
  readonly neighbors: NeighborTable;
  /** Hears of each object that came, changed or went. */
  readonly changed: (object: KernelObject) => void;
}

const emptyTables = (changed: (object: KernelObject) => void): Tables => ({
  links: new LinkTable(),
  addresses: new Map(),
  routes: new RouteTable(),
  rules: new Map(),
  neighbors: new NeighborTable(),
  changed,
});

/** Dumps that the kernel interrupts are begun again, this often. */
const DUMP_ATTEMPTS = 5;

export class KernelView {
  readonly #ownProtocol: number;
  readonly #changed: (object: KernelObject) => void;
  #tables: Tables;
  /** Filled by a dump under way; notifications go to both. */
  #fresh: Tables | undefined;
  #stale = false;

  /**
   * @param ownProtocol routes with this protocol number are kept whatever their destination, neighbours only with it
   * @param changed hears of each object that a notification adds, changes or takes away; {@link resync} changes all
   */
  constructor(ownProtocol: number, changed: (object: KernelObject) => void = () => {}) {
    this.#ownProtocol = ownProtocol;
    this.#changed = changed;
    this.#tables = emptyTables(changed);
  }

  get links(): Iterable<Link> {
    return this.#tables.links;
  }
  get addresses(): Iterable<LinkAddress> {
    return this.#tables.addresses.values();
  }
  get routes(): Iterable<KernelRoute> {
    return this.#tables.routes;
  }
  get defaultRoutes(): Iterable<KernelRoute> {
    return this.#tables.routes.defaults;
  }
  get rules(): Iterable<KernelRule> {
    return this.#tables.rules.values();
  }

  /**
   * The kernel does not tell when these come and go: who makes a change says so by {@link notice}, with the request as the
   * notification, when the kernel has accepted it.
   */
  get neighbors(): Iterable<KernelNeighbor> {
    return this.#tables.neighbors;
  }

  link(index: number): Link | undefined {
    return this.#tables.links.get(index);
  }

  /** What people know a device by, also one that has just gone. */
  deviceName(index: number): string {
    return this.link(index)?.name ?? `if${index}`;
  }

  linkNamed(name: string): Link | undefined {
    return this.#tables.links.named(name);
  }

  tunnelBetween(ends: TunnelEnds): Link | undefined {
    return this.#tables.links.between(ends);
  }

  /** Routes that have this link among their next hops. */
  routesThrough(link: number): readonly KernelRoute[] {
    return this.#tables.routes.through(link);
  }

  routesAt(place: RoutePlace): readonly KernelRoute[] {
    return this.#tables.routes.at(place);
  }

  /** Of all links. */
  neighborsAt(place: NeighborPlace): readonly KernelNeighbor[] {
    return this.#tables.neighbors.at(place);
  }

  /** True when a notification could not be followed with certainty: call {@link resync}. */
  get stale(): boolean {
    return this.#stale;
  }

  /**
   * Reads everything anew. Until all of it is there, the view shows what it showed before, kept up to date by
   * notifications. A kernel without policy rules has none. The error is that of the first dump that failed.
   */
  async resync(client: NetlinkClient): Promise<NetlinkError | undefined> {
    this.#stale = false;
    const fresh = emptyTables(() => {});
    this.#fresh = fresh;
    const each = (message: Message): void => {
      this.#enter(fresh, message);
    };
    for (const request of [dumpLinks, dumpAddresses, dumpRoutes, dumpRules, dumpProxies, dumpNeighbors]) {
      const error = await dumpAgain(client, request, each);
      if (error !== undefined && !(request === dumpRules && errorName(error) === 'EOPNOTSUPP')) {
        this.#fresh = undefined;
        this.#stale = true;
        return error;
      }
    }
    this.#tables = { ...fresh, changed: this.#changed };
    this.#fresh = undefined;
    return undefined;
  }

  /** Takes a notification; true when something in the view changed. */
  notice(message: Message): boolean {
    if (this.#fresh !== undefined) this.#enter(this.#fresh, message);
    return this.#enter(this.#tables, message);
  }

  #enter(tables: Tables, { type, flags, body }: Message): boolean {
    switch (type) {
      case LinkType.new:
      case LinkType.delete:
        return enterLink(tables, type === LinkType.new, body);
      case AddressType.new:
      case AddressType.delete: {
        const found = parseLinkAddress(body);
        if (found === undefined) return false;
        return put(tables, tables.addresses, addressId(found), found, type === AddressType.new);
      }
      case RouteType.new:
      case RouteType.delete: {
        const peek = peekRoute(body);
        if (peek === undefined) return false;
        const matters = peek.destinationLength === 0 || peek.protocol === this.#ownProtocol;
        if (!matters && !mayBeOnLink(peek)) return false;
        const found = parseRoute(body);
        if (found === undefined || !(matters || isOnLinkRoute(found))) return false;
        if (type === RouteType.new && flags & Flag.replace) this.#displace(tables, found);
        if (type === RouteType.new) tables.routes.add(found);
        else if (!tables.routes.delete(found)) return false;
        tables.changed(found);
        return true;
      }
      case RuleType.new:
      case RuleType.delete: {
        const found = parseRule(body);
        if (found === undefined) return false;
        return put(tables, tables.rules, ruleId(found), found, type === RuleType.new);
      }
      case NeighborType.new:
      case NeighborType.delete: {
        const found = parseNeighbor(body);
        if (found === undefined || found.protocol !== this.#ownProtocol) return false;
        if (type === NeighborType.new) tables.neighbors.set(found);
        else if (!tables.neighbors.delete(found)) return false;
        tables.changed(found);
        return true;
      }
      default:
        return false;
    }
  }

  /**
   * A replacing RTM_NEWROUTE is the only word that the kernel gives about the route that it removed: one with the
   * same table, destination, source and metric. With several of these it is not said which.
   */
  #displace(tables: Tables, by: KernelRoute): void {
    const displaced = [...tables.routes.at(by)];
    if (displaced.length > 1) this.#stale = true;
    for (const route of displaced) tables.routes.delete(route);
  }
}

async function dumpAgain(
  client: NetlinkClient,
  request: Request,
  each: (message: Message) => void,
): Promise<NetlinkError | undefined> {
  let error: NetlinkError | undefined;
  for (let attempt = 0; attempt < DUMP_ATTEMPTS; attempt++) {
    error = await client.dump(request, each);
    if (error !== INTERRUPTED) break;
  }
  return error;
}

function put<V extends KernelObject>(
  tables: Tables,
  map: Map<string, V>,
  key: string,
  value: V,
  present: boolean,
): boolean {
  if (present) map.set(key, value);
  else if (!map.delete(key)) return false;
  tables.changed(value);
  return true;
}

function enterLink(tables: Tables, present: boolean, bytes: Uint8Array): boolean {
  const news = parseLink(bytes);
  if (news === undefined) return false;
  if (news.about === 'ipv6') {
    const link = tables.links.get(news.index);
    if (link === undefined || !present) return false;
    putLink(tables, { ...link, flags: news.flags, ipv6Mtu: news.ipv6Mtu ?? link.ipv6Mtu });
    return true;
  }
  const { link } = news;
  if (!present) forgetAddresses(tables, link.index);
  if (!present || (link.flags & LinkFlag.up) === 0) {
    forgetRoutes(tables, link.index);
    forgetNeighbors(tables, link.index);
  }
  if (present) {
    putLink(tables, link);
    return true;
  }
  tables.changed(link);
  return tables.links.delete(link.index);
}

function putLink(tables: Tables, link: Link): void {
  const before = tables.links.get(link.index);
  tables.links.set(link);
  tables.changed(link);
  if (before?.name === link.name) return;
  if (before !== undefined) tables.changed(before);
  // Routes and neighbours are known by the names of their links.
  for (const route of tables.routes.through(link.index)) tables.changed(route);
  for (const found of tables.neighbors.on(link.index)) tables.changed(found);
}

// What goes with a link that is deleted or set down: the kernel need not say it (skip_notify_on_dev_down).

function forgetAddresses(tables: Tables, index: number): void {
  for (const [id, found] of tables.addresses) {
    if (found.link !== index) continue;
    tables.addresses.delete(id);
    tables.changed(found);
  }
}

function forgetRoutes(tables: Tables, index: number): void {
  for (const route of tables.routes.through(index)) {
    if (!route.nextHops.every(hop => hop.link === index)) continue;
    tables.routes.delete(route);
    tables.changed(route);
  }
}

function forgetNeighbors(tables: Tables, index: number): void {
  for (const found of tables.neighbors.on(index)) {
    tables.neighbors.delete(found);
    tables.changed(found);
  }
}

const addressId = (found: LinkAddress): string => `${found.link} ${addressKey(found.address)}`;
const ruleId = (rule: KernelRule): string =>
  `${rule.priority} ${prefixKey(rule.from)} ${prefixKey(rule.to)} ${rule.table} ${rule.protocol} ${rule.plain} ${rule.mark?.value} ${rule.mark?.mask}`;
