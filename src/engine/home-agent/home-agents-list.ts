/**
 * The Home Agents List (RFC 6275 §10.1, §10.5.1): who else serves the home network, learnt from the Router Advertisements
 * of a home link and from the configuration. Times are monotonic, milliseconds.
 */
import type { PeerHomeAgent } from '../../uci/types.ts';
import { type Address, addressKey, isGlobalUnicast } from '../../wire/address.ts';
import type { Icmpv6OfKind } from '../../wire/icmpv6/icmpv6-message.ts';
import type { NdOption } from '../../wire/icmpv6/nd-option.ts';

export type RouterAdvertisement = Icmpv6OfKind<'router-advertisement'>;

/** Most home agents of a link, and most addresses of one of them. */
const MOST_ENTRIES = 32;
const MOST_ADDRESSES = 8;
/** Type of the option. */
const HOME_AGENT_INFORMATION = 8;
/** Valid lifetime of a prefix: for ever. */
const INFINITE = 0xffffffff;

/** What a mobile node is told about one home agent. */
export interface ListedHomeAgent {
  readonly addresses: readonly Address[];
  /** Higher is preferred. */
  readonly preference: number;
  /** It serves mobile routers (RFC 3963 §7.3). */
  readonly mobileRouter: boolean;
}

interface Entry {
  preference: number;
  mobileRouter: boolean;
  expiresAt: number;
  readonly addresses: Map<string, { readonly address: Address; readonly validUntil: number }>;
}

export class HomeAgentsList {
  readonly #configured: readonly PeerHomeAgent[];
  /** By device, then by link-local address. */
  readonly #links = new Map<string, Map<string, Entry>>();

  /** @param configured they serve mobile routers, and do not expire */
  constructor(configured: readonly PeerHomeAgent[]) {
    this.#configured = configured;
  }

  /** A valid Router Advertisement (RFC 4861 §6.1.2) of a home link. */
  receive(device: string, source: Address, advertisement: RouterAdvertisement, now: number): void {
    this.#expire(now);
    const link = this.#links.get(device) ?? new Map<string, Entry>();
    this.#links.set(device, link);
    const key = addressKey(source);
    const information = advertisement.options.find(option => option.kind === 'home-agent-information');
    const lifetime = advertisement.options.some(saysGone)
      ? 0
      : (information?.lifetime ?? advertisement.routerLifetime);
    if (!advertisement.homeAgent || lifetime === 0) {
      link.delete(key);
      return;
    }
    let entry = link.get(key);
    if (entry === undefined) {
      if (link.size >= MOST_ENTRIES) return;
      entry = { preference: 0, mobileRouter: false, expiresAt: 0, addresses: new Map() };
      link.set(key, entry);
    }
    entry.preference = information?.preference ?? 0;
    entry.mobileRouter = information?.mobileRouter ?? false;
    entry.expiresAt = now + lifetime * 1000;
    addAddresses(entry, advertisement, now);
  }

  /** The others that can be told of now: those that have an address. */
  others(now: number): ListedHomeAgent[] {
    this.#expire(now);
    const learnt = [...this.#links.values()].flatMap(link =>
      [...link.values()].map(({ addresses, preference, mobileRouter }) => ({
        addresses: [...addresses.values()].map(({ address }) => address),
        preference,
        mobileRouter,
      })),
    );
    const known = new Set(learnt.flatMap(({ addresses }) => addresses.map(addressKey)));
    const configured = this.#configured.filter(({ address }) => !known.has(addressKey(address)));
    return [
      ...learnt.filter(({ addresses }) => addresses.length > 0),
      ...configured.map(({ address, preference }) => ({
        addresses: [address],
        preference,
        mobileRouter: true,
      })),
    ];
  }

  #expire(now: number): void {
    for (const link of this.#links.values()) {
      for (const [key, entry] of link) {
        if (entry.expiresAt <= now) link.delete(key);
        for (const [address, { validUntil }] of entry.addresses) {
          if (validUntil <= now) entry.addresses.delete(address);
        }
      }
    }
  }
}

/** A Home Agent Information option with lifetime 0, which no sender may say and a receiver has to understand, is opaque. */
function saysGone(option: NdOption): boolean {
  return option.kind === 'opaque' && option.type === HOME_AGENT_INFORMATION;
}

/** Prefix Information with the R bit has the router's whole address (RFC 6275 §7.2). */
function addAddresses({ addresses }: Entry, { options }: RouterAdvertisement, now: number): void {
  for (const option of options) {
    if (option.kind !== 'prefix-information' || !option.routerAddress) continue;
    const { prefix: address, validLifetime } = option;
    const key = addressKey(address);
    if (validLifetime === 0) addresses.delete(key);
    else if (isGlobalUnicast(address) && (addresses.has(key) || addresses.size < MOST_ADDRESSES)) {
      const validUntil = validLifetime === INFINITE ? Number.POSITIVE_INFINITY : now + validLifetime * 1000;
      addresses.set(key, { address, validUntil });
    }
  }
}

/**
 * The addresses of a reply, the most preferred first; those of equal preference in random order (RFC 6275 §10.5.1).
 * @param forRouter the R flag of the request: only those that serve mobile routers, if there are any (RFC 3963 §7.2)
 * @param random uniform in [0, 1)
 */
export function addressesFor(
  forRouter: boolean,
  homeAgents: readonly ListedHomeAgent[],
  random: () => number,
): { readonly mobileRouter: boolean; readonly addresses: Address[] } {
  const supporting = forRouter ? homeAgents.filter(({ mobileRouter }) => mobileRouter) : [];
  const listed = shuffled(supporting.length > 0 ? supporting : homeAgents, random);
  listed.sort((a, b) => b.preference - a.preference);
  return {
    mobileRouter: supporting.length > 0,
    addresses: listed.flatMap(({ addresses }) => shuffled(addresses, random)),
  };
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}
