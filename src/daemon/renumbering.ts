/**
 * Mobile routers whose home addresses come and go with the prefixes of the home network (`renumbering 'adopt'`). Each further
 * home address is a mobile router of its own, `NAME.2` and so on, with the uplinks and the key of the configured one. The mobile
 * network stays with the oldest home address, whose slot decides what tunnels and tables are called.
 */
import type { Entry } from '../engine/mobile-router/binding-update-list.ts';
import type { MobileRouter } from '../engine/mobile-router/mobile-router.ts';
import {
  type Change,
  type HomeAddress,
  HomeAddresses,
} from '../engine/mobile-router/renumbering/home-addresses.ts';
import type { AdvertisedPrefix } from '../engine/mobile-router/renumbering/prefix-discovery.ts';
import type { EngineEvent, JsonObject, Output } from '../engine/types.ts';
import type { MobileRouterConfig } from '../uci/types.ts';
import { type Address, equalAddress, formatAddress, subnetOf } from '../wire/address.ts';
import { isOf } from './router-name.ts';

/** Slots of configured mobile routers; those of further home addresses come behind. */
const SLOTS = 8;

/** A mobile router of the configuration, with its home addresses. */
interface Family {
  readonly config: MobileRouterConfig;
  readonly addresses: HomeAddresses;
  /** The advertisements that have been processed, by who has received them. */
  readonly seen: Map<MobileRouter, readonly AdvertisedPrefix[]>;
  /** The record, as it was written last. */
  saved: string;
}

export interface Step {
  readonly outputs: readonly Output[];
  /** Their home addresses are valid no longer. */
  readonly ended: readonly MobileRouter[];
}

export class Renumbering {
  readonly #families: readonly Family[];

  constructor(configured: readonly MobileRouterConfig[], records: ReadonlyMap<string, JsonObject>) {
    this.#families = configured.map(config => {
      const record = config.renumbering === 'adopt' ? records.get(keyOf(config)) : undefined;
      return {
        config,
        addresses: new HomeAddresses(config.homeAddress, record),
        seen: new Map(),
        saved: textOf(record),
      };
    });
  }

  /** The mobile routers that there are to be. */
  routers(): MobileRouterConfig[] {
    return this.#families.flatMap(({ config, addresses }) =>
      addresses.list.map((one, at) => withAddress(config, one, at)),
    );
  }

  /** @param now monotonic, milliseconds */
  nextWake(now: number): number {
    return Math.min(...this.#families.map(({ addresses }) => addresses.nextWake(now)));
  }

  /** What the mobile routers have heard, and what time has done. An event `home-address`: there are to be others from now on. */
  step(routers: readonly MobileRouter[], now: number): Step {
    const adopting = this.#families.filter(({ config }) => config.renumbering === 'adopt');
    const steps = adopting.map(family => stepOf(family, routers, now));
    return {
      outputs: steps.flatMap(({ outputs }) => outputs),
      ended: steps.flatMap(({ ended }) => ended),
    };
  }
}

function stepOf(family: Family, routers: readonly MobileRouter[], now: number): Step {
  const { addresses, config } = family;
  const withHome = (address: Address) =>
    routers.find(router => equalAddress(router.config.homeAddress, address));
  const boundUntil = (address: Address) =>
    Math.max(0, ...(withHome(address)?.entries.map(endOfBinding) ?? []));
  const changes = heard(family, routers).flatMap(prefixes => addresses.process(prefixes, boundUntil, now));
  changes.push(...addresses.step(boundUntil, now));
  const record = addresses.save();
  const news = textOf(record) !== family.saved;
  family.saved = textOf(record);
  return {
    outputs: [
      ...(news ? [{ kind: 'record', key: keyOf(config), value: record } as const] : []),
      ...changes.map(change => eventOf(config, change, addresses.list[0]!.address)),
    ],
    ended: changes.flatMap(({ address, state }) => (state === 'ended' ? (withHome(address) ?? []) : [])),
  };
}

/** On the home link nothing is bound, and nothing ends with a binding. */
function endOfBinding({ binding, place }: Entry): number {
  return place === 'home' ? Number.POSITIVE_INFINITY : (binding?.expiresAt ?? 0);
}

/** Each advertisement once. */
function heard({ config, seen }: Family, routers: readonly MobileRouter[]): (readonly AdvertisedPrefix[])[] {
  return routers.flatMap(router => {
    const prefixes = router.prefixDiscovery?.prefixes;
    if (!isOf(config.name, router) || prefixes === undefined || seen.get(router) === prefixes) return [];
    seen.set(router, prefixes);
    return [prefixes];
  });
}

function withAddress(config: MobileRouterConfig, one: HomeAddress, at: number): MobileRouterConfig {
  const { address: homeAddress, number, state } = one;
  return {
    ...config,
    ...(number > 1 && { name: `${config.name}.${number}`, homePrefix: subnetOf(homeAddress) }),
    standby: at > 0,
    slot: (config.slot ?? 0) + SLOTS * at,
    homeAddress,
    deprecated: state === 'deprecated',
  };
}

function eventOf({ name }: MobileRouterConfig, { address, state }: Change, oldest: Address): Output {
  const homeAddress = formatAddress(address);
  const text = `${name}: home address ${homeAddress} ${TEXT[state]}`;
  const advice = state === 'ended' ? `: set option home_address '${formatAddress(oldest)}'` : '';
  const event: EngineEvent = {
    level: state === 'preferred' ? 'notice' : 'warning',
    name: 'home-address',
    text: text + advice,
    data: { router: name, homeAddress, state },
  };
  return { kind: 'event', event };
}

const TEXT = {
  preferred: 'is to be used',
  deprecated: 'is deprecated: it is not for new sessions',
  ended: 'is valid no longer',
} as const;

const keyOf = ({ name }: MobileRouterConfig): string => `home-addresses/${name}`;
const textOf = (record: JsonObject | undefined): string => JSON.stringify(record ?? null);
