/** What a mobile router remembers across a restart of its process, so that it adopts what the kernel still does. */
import type { MobileRouterConfig, UplinkConfig } from '../../uci/types.ts';
import { formatAddress, formatPrefix, parseAddress } from '../../wire/address.ts';
import type { Outbox } from '../outbox.ts';
import type { PathState } from '../path-prober.ts';
import type { Grade } from '../path-quality.ts';
import type { JsonObject } from '../types.ts';
import { type Binding, type Entry, isImpaired } from './binding-update-list.ts';
import type { MobileRouter } from './mobile-router.ts';
import { isMobileRouter } from './terms.ts';

const ROUTER_KEY = 'router';
const HOME_AGENTS_KEY = 'home-agents';
const FLOWS_KEY = 'flows';
const FAREWELLS_KEY = 'farewells';
const UPLINK_PREFIX = 'uplink/';
const LEAST_PREFERRED = 125;

/** What a previous life of the process has left, by key. */
export type Records = ReadonlyMap<string, JsonObject>;

/** Puts out the records that have changed. */
export class RecordKeeper {
  readonly #outbox: Outbox;
  readonly #saved = new Map<string, string>();

  constructor(outbox: Outbox) {
    this.#outbox = outbox;
  }

  save(router: MobileRouter): void {
    const flows = router.flows?.saveFlowBindings(router.flowBindings!);
    const records: [string, JsonObject | undefined][] = [
      saveHomeAgents(router),
      saveRouter(router),
      [FLOWS_KEY, flows],
      saveFarewells(router),
      ...router.bound.map(saveEntry),
    ];
    for (const [key, value] of records) {
      const text = JSON.stringify(value ?? null);
      if ((this.#saved.get(key) ?? 'null') === text) continue;
      this.#saved.set(key, text);
      this.#outbox.record(key, value);
    }
  }
}

function saveRouter(router: MobileRouter): [string, JsonObject] {
  const { config } = router;
  const { terms, writer, choice } = router.registrar;
  return [
    ROUTER_KEY,
    {
      homeAddress: formatAddress(config.homeAddress),
      homeAgent: homeAgentText(router),
      network: networkText(router),
      mobileRouter: isMobileRouter(config),
      sequence: writer.sequence,
      clockOffset: writer.clockOffset,
      // What the home agent can, not what the configuration wants.
      multiple: terms.multiple || !terms.wantsSeveral,
      dialect: dialectText(config),
      bootstrapping: terms.bootstrapping,
      ...(terms.copies && { copies: true }),
      preferred: choice.preferred ?? null,
      home: router.home.carrier?.uplink.name ?? null,
      peerAnswers: router.watch.peerAnswers,
      ...(router.watch.byEcho && { byEcho: true }),
      uplinks: router.bound.filter(({ maybeBound }) => maybeBound).map(entryKey),
    },
  ];
}

function saveHomeAgents({ homeAgents, config }: MobileRouter): [string, JsonObject] {
  return [HOME_AGENTS_KEY, { homeAddress: formatAddress(config.homeAddress), ...homeAgents.save() }];
}

function saveFarewells({ failover, config }: MobileRouter): [string, JsonObject | undefined] {
  const homeAgents = failover.farewells.save();
  const isEmpty = Object.keys(homeAgents).length === 0;
  return [
    FAREWELLS_KEY,
    isEmpty ? undefined : { homeAddress: formatAddress(config.homeAddress), homeAgents },
  ];
}

/** The home agents that an earlier life has left, and the one that an earlier configuration had. */
export function restoreFarewells(router: MobileRouter, records: Records, now: number): void {
  const { config, failover } = router;
  const homeAddress = formatAddress(config.homeAddress);
  const [saved, before] = [records.get(FAREWELLS_KEY), records.get(ROUTER_KEY)];
  if (saved?.homeAddress === homeAddress) {
    failover.farewells.restore((saved.homeAgents ?? {}) as JsonObject, now);
  }
  if (before?.homeAddress === homeAddress && typeof before.homeAgent === 'string') {
    const ends = [...records].flatMap(([key, { expiresAt }]) =>
      key.startsWith(UPLINK_PREFIX) && typeof expiresAt === 'number' ? [expiresAt] : [],
    );
    failover.farewells.restore({ [before.homeAgent]: Math.max(0, ...ends) }, now);
  }
  const { current } = router.homeAgents;
  if (current !== undefined) failover.farewells.cancel(current);
}

/** To be done first: the other records are about the home agent in use. */
export function restoreHomeAgents({ homeAgents, config }: MobileRouter, records: Records, now: number): void {
  const record = records.get(HOME_AGENTS_KEY);
  if (record?.homeAddress !== formatAddress(config.homeAddress)) return;
  homeAgents.restore(record, config.discovery !== undefined, now);
}

/** Takes the record over if it is about the same home address and home agent. */
export function restoreRouter(router: MobileRouter, records: Records): void {
  const record = records.get(ROUTER_KEY);
  const flows = records.get(FLOWS_KEY);
  if (flows !== undefined) {
    router.flows?.restoreFlowBindings(
      router.flowBindings!,
      flows,
      record !== undefined && isAbout(record, router),
    );
  }
  if (record === undefined || !isAbout(record, router)) return;
  const { terms, writer, choice } = router.registrar;
  if (router.config.mode === 'auto' && `${record.network}`.startsWith('implicit')) terms.mode = 'implicit';
  if (typeof record.sequence === 'number') writer.sequence = record.sequence & 0xffff;
  if (typeof record.clockOffset === 'number') writer.clockOffset = record.clockOffset;
  const isUnable = record.multiple === false && record.dialect === dialectText(router.config);
  terms.multiple = terms.wantsSeveral && !isUnable;
  terms.bootstrapping = record.bootstrapping !== false;
  terms.copies = record.copies === true;
  const { mobileRouter } = record;
  terms.startingOver = mobileRouter !== undefined && mobileRouter !== isMobileRouter(router.config);
  const preferred = router.entries.find(entry => entry.uplink.name === record.preferred);
  choice.preferred = preferred?.uplink.name;
  router.home.adopted = typeof record.home === 'string' ? record.home : undefined;
  router.watch.peerAnswers = record.peerAnswers === true;
  router.watch.byEcho = record.byEcho === true;
  // What was not acknowledged has no record of its own: without its uplink it would stay until it expires.
  const known = [...router.entries.map(entryKey), ...records.keys()];
  const { uplinks } = record;
  if (!Array.isArray(uplinks) || uplinks.some(key => !known.includes(key))) terms.bootstrapping = true;
}

function saveEntry(entry: Entry): [string, JsonObject | undefined] {
  const { binding } = entry;
  const key = entryKey(entry);
  if (binding === undefined) return [key, undefined];
  return [
    key,
    {
      bid: binding.bid,
      careOfAddress: formatAddress(binding.careOfAddress),
      priority: binding.priority,
      status: binding.status,
      lifetime: binding.lifetime,
      expiresAt: binding.expiresAt,
      refreshAt: binding.refreshAt,
      path: entry.prober.state,
      ...(isImpaired(entry) && { quality: entry.prober.quality!.grade }),
    },
  ];
}

/** Returns how the path was when the record was written; undefined: nothing to adopt. */
export function restoreEntry(
  entry: Entry,
  mobileRouter: MobileRouter,
  records: Records,
  now: number,
): { readonly state: PathState; readonly grade: Grade } | undefined {
  const binding = restoreBinding(entryKey(entry), mobileRouter, records, now);
  if (binding === undefined) return undefined;
  entry.binding = binding;
  entry.maybeBound = true;
  const { dialect } = mobileRouter;
  const { terms } = mobileRouter.registrar;
  // RFC 5648 §5.9: a regular binding gives way to others by the O flag only.
  if (binding.bid === 0 && terms.multiple && !dialect.identifiers.draft) terms.bootstrapping = true;
  // The home agent forwards what the latest registration said (RFC 3963 §5.1).
  const network = records.get(ROUTER_KEY)?.network;
  if (terms.bootstrapping || network !== networkText(mobileRouter)) binding.refreshAt = now;
  const { path, quality } = records.get(entryKey(entry))!;
  return {
    state: path === 'alive' || path === 'dead' ? path : 'unknown',
    grade: quality === 'impaired' || quality === 'degraded' ? quality : 'good',
  };
}

/** Bindings with identifiers that this configuration uses no longer: their home agent is still to hear of that. */
export function formerBindings(
  router: MobileRouter,
  records: Records,
  now: number,
): { readonly uplink: UplinkConfig; readonly binding: Binding }[] {
  const used = router.entries.map(({ uplink }) => uplink.bid);
  return [...records.keys()].flatMap(key => {
    if (!key.startsWith(UPLINK_PREFIX)) return [];
    const binding = restoreBinding(key, router, records, now);
    if (binding === undefined || binding.bid === 0 || used.includes(binding.bid)) return [];
    const { bid } = binding;
    // No section of the configuration can have this name.
    const name = `${key.slice(UPLINK_PREFIX.length).replace(/\..*/, '')}.${bid}`;
    return [{ uplink: { name, device: '', priority: LEAST_PREFERRED, bid }, binding }];
  });
}

function restoreBinding(
  key: string,
  mobileRouter: MobileRouter,
  records: Records,
  now: number,
): Binding | undefined {
  const router = records.get(ROUTER_KEY);
  const record = records.get(key);
  if (router === undefined || record === undefined || !isAbout(router, mobileRouter)) return undefined;
  const address = typeof record.careOfAddress === 'string' ? parseAddress(record.careOfAddress) : undefined;
  const numbers = [
    record.bid,
    record.priority,
    record.status,
    record.lifetime,
    record.expiresAt,
    record.refreshAt,
  ];
  if (address === undefined || !numbers.every(Number.isFinite)) return undefined;
  const [bid, priority, status, lifetime, expiresAt, refreshAt] = numbers.map(Number) as Six;
  // One that ends later than it could have been granted is from before the machine, and its clock, restarted.
  if (expiresAt <= now || expiresAt > now + lifetime * 1000) return undefined;
  return { bid, careOfAddress: address, priority, status, lifetime, expiresAt, refreshAt };
}

type Six = [number, number, number, number, number, number];

/** The records that were not adopted: a later life must not take them for bindings of its own. */
export function staleKeys(router: MobileRouter, records: Records): string[] {
  const adopted = router.bound.filter(entry => entry.binding !== undefined).map(entryKey);
  return [...records.keys()].filter(key => key.startsWith(UPLINK_PREFIX) && !adopted.includes(key));
}

function entryKey(entry: Entry): string {
  return UPLINK_PREFIX + entry.uplink.name;
}

/** What registrations say of the mobile network. */
function networkText({ config, registrar }: MobileRouter): string {
  return [registrar.terms.mode, ...config.prefixes.map(formatPrefix)].join(' ');
}

function isAbout(record: JsonObject, router: MobileRouter): boolean {
  return (
    record.homeAddress === formatAddress(router.config.homeAddress) &&
    record.homeAgent === homeAgentText(router)
  );
}

function dialectText({ dialect }: MobileRouterConfig): number | null {
  return dialect?.options?.['monami6-binding-identifier'] ?? null;
}

function homeAgentText({ homeAgents: { current } }: MobileRouter): string | null {
  return current === undefined ? null : formatAddress(current);
}
