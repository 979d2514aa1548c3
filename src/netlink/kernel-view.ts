/**
 * What kedge knows of the kernel: all links, IPv6 addresses and rules, and of the routes only those that matter
 * to it (its own, and every default route). One dump, then notifications keep it true.
 */
import { type Address, addressKey, type Prefix } from '../wire/address.ts';
import { AddressType, dumpAddresses, type LinkAddress, parseLinkAddress } from './address.ts';
import { INTERRUPTED, type NetlinkClient } from './client.ts';
import { errorName, type NetlinkError } from './error.ts';
import { dumpLinks, type Link, LinkFlag, LinkType, parseLink } from './link.ts';
import { Flag, type Message, type Request } from './message.ts';
import { dumpRoutes, type KernelRoute, parseRoute, peekRoute, RouteType } from './route.ts';
import { dumpRules, type KernelRule, parseRule, RuleType } from './rule.ts';

/** The objects by key: a notification replaces or removes the one with the same key. */
interface Tables {
  readonly links: Map<number, Link>;
  readonly addresses: Map<string, LinkAddress>;
  readonly routes: Map<string, KernelRoute>;
  readonly rules: Map<string, KernelRule>;
}

const emptyTables = (): Tables => ({
  links: new Map(),
  addresses: new Map(),
  routes: new Map(),
  rules: new Map(),
});

/** Dumps that the kernel interrupts are begun again, this often. */
const DUMP_ATTEMPTS = 5;

export class KernelView {
  readonly #ownProtocol: number;
  #tables = emptyTables();
  /** Filled by a dump under way; notifications go to both. */
  #fresh: Tables | undefined;
  #stale = false;

  /** `ownProtocol`: routes with this protocol number are kept whatever their destination. */
  constructor(ownProtocol: number) {
    this.#ownProtocol = ownProtocol;
  }

  get links(): Iterable<Link> {
    return this.#tables.links.values();
  }
  get addresses(): Iterable<LinkAddress> {
    return this.#tables.addresses.values();
  }
  get routes(): Iterable<KernelRoute> {
    return this.#tables.routes.values();
  }
  get rules(): Iterable<KernelRule> {
    return this.#tables.rules.values();
  }

  link(index: number): Link | undefined {
    return this.#tables.links.get(index);
  }

  linkNamed(name: string): Link | undefined {
    for (const link of this.links) if (link.name === name) return link;
    return undefined;
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
    const fresh = emptyTables();
    this.#fresh = fresh;
    const each = (message: Message): void => {
      this.#enter(fresh, message);
    };
    for (const request of [dumpLinks, dumpAddresses, dumpRoutes, dumpRules]) {
      const error = await dumpAgain(client, request, each);
      if (error !== undefined && !(request === dumpRules && errorName(error) === 'EOPNOTSUPP')) {
        this.#fresh = undefined;
        this.#stale = true;
        return error;
      }
    }
    this.#tables = fresh;
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
        return (
          found !== undefined && put(tables.addresses, addressId(found), found, type === AddressType.new)
        );
      }
      case RouteType.new:
      case RouteType.delete: {
        const peek = peekRoute(body);
        if (peek === undefined || (peek.destinationLength > 0 && peek.protocol !== this.#ownProtocol)) {
          return false;
        }
        const found = parseRoute(body);
        if (found === undefined) return false;
        if (type === RouteType.new && flags & Flag.replace) this.#displace(tables, found);
        return put(tables.routes, routeId(found), found, type === RouteType.new);
      }
      case RuleType.new:
      case RuleType.delete: {
        const found = parseRule(body);
        return found !== undefined && put(tables.rules, ruleId(found), found, type === RuleType.new);
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
    const place = routePlace(by);
    const displaced = [...tables.routes].filter(([, route]) => routePlace(route) === place);
    if (displaced.length > 1) this.#stale = true;
    for (const [id] of displaced) tables.routes.delete(id);
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

function put<K, V>(map: Map<K, V>, key: K, value: V, present: boolean): boolean {
  if (!present) return map.delete(key);
  map.set(key, value);
  return true;
}

function enterLink(tables: Tables, present: boolean, bytes: Uint8Array): boolean {
  const news = parseLink(bytes);
  if (news === undefined) return false;
  if (news.about === 'link') {
    if (!present) forgetAddresses(tables, news.link.index);
    if (!present || (news.link.flags & LinkFlag.up) === 0) forgetRoutes(tables, news.link.index);
    return put(tables.links, news.link.index, news.link, present);
  }
  const link = tables.links.get(news.index);
  if (link === undefined || !present) return false;
  tables.links.set(link.index, { ...link, flags: news.flags, ipv6Mtu: news.ipv6Mtu ?? link.ipv6Mtu });
  return true;
}

// What goes with a link that is deleted or set down: the kernel need not say it (skip_notify_on_dev_down).

function forgetAddresses(tables: Tables, index: number): void {
  for (const [id, found] of tables.addresses) if (found.link === index) tables.addresses.delete(id);
}

function forgetRoutes(tables: Tables, index: number): void {
  for (const [id, route] of tables.routes) {
    if (route.nextHops.every(hop => hop.link === index)) tables.routes.delete(id);
  }
}

const prefixId = (prefix: Prefix): string => `${addressKey(prefix.address)}/${prefix.length}`;
const addressId = (found: LinkAddress): string => `${found.link} ${addressKey(found.address)}`;
const routePlace = (route: KernelRoute): string =>
  `${route.table} ${prefixId(route.destination)} ${prefixId(route.source)} ${route.metric}`;
const routeId = (route: KernelRoute): string =>
  `${routePlace(route)} ${route.kind} ${route.protocol} ${route.nextHops.map(hop => `${hop.link} ${gatewayId(hop.gateway)}`).join()}`;
const gatewayId = (gateway: Address | undefined): string =>
  gateway === undefined ? '' : addressKey(gateway);
const ruleId = (rule: KernelRule): string =>
  `${rule.priority} ${prefixId(rule.from)} ${prefixId(rule.to)} ${rule.table} ${rule.protocol} ${rule.plain}`;
