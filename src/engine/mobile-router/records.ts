/** What a mobile router remembers across a restart of its process, so that it adopts what the kernel still does. */
import type { MobileRouterConfig } from '../../uci/types.ts';
import { formatAddress, formatPrefix, parseAddress } from '../../wire/address.ts';
import type { PathState } from '../path-prober.ts';
import type { JsonObject } from '../types.ts';
import type { Entry } from './binding-update-list.ts';
import type { MobileRouter, Records } from './mobile-router.ts';

const ROUTER_KEY = 'router';
const HOME_AGENTS_KEY = 'home-agents';
const UPLINK_PREFIX = 'uplink/';

export function saveRouter(router: MobileRouter): [string, JsonObject] {
  const { registrar, config } = router;
  return [
    ROUTER_KEY,
    {
      homeAddress: formatAddress(config.homeAddress),
      homeAgent: homeAgentText(router),
      network: networkText(config),
      mobileRouter: isMobileRouter(config),
      sequence: registrar.sequence,
      clockOffset: registrar.clockOffset,
      multiple: registrar.multiple,
      bootstrapping: registrar.bootstrapping,
      preferred: registrar.preferred ?? null,
      peerAnswers: router.watch.peerAnswers,
      uplinks: router.entries.map(entryKey),
    },
  ];
}

export function saveHomeAgents({ homeAgents, config }: MobileRouter): [string, JsonObject] {
  return [HOME_AGENTS_KEY, { homeAddress: formatAddress(config.homeAddress), ...homeAgents.save() }];
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
  if (record === undefined || !isAbout(record, router)) return;
  const { registrar } = router;
  if (typeof record.sequence === 'number') registrar.sequence = record.sequence & 0xffff;
  if (typeof record.clockOffset === 'number') registrar.clockOffset = record.clockOffset;
  registrar.multiple = record.multiple !== false;
  registrar.bootstrapping = record.bootstrapping !== false;
  const { mobileRouter } = record;
  registrar.startingOver = mobileRouter !== undefined && mobileRouter !== isMobileRouter(router.config);
  const preferred = router.entries.find(entry => entry.uplink.name === record.preferred);
  registrar.preferred = preferred?.uplink.name;
  router.watch.peerAnswers = record.peerAnswers === true;
  // A binding of an uplink that the configuration no longer has would stay until it expires: replace them all.
  const known = router.entries.map(entryKey);
  const { uplinks } = record;
  if (!Array.isArray(uplinks) || uplinks.some(key => !known.includes(key))) registrar.bootstrapping = true;
}

export function saveEntry(entry: Entry): [string, JsonObject | undefined] {
  const { binding } = entry;
  const key = entryKey(entry);
  if (binding === undefined) return [key, undefined];
  return [
    key,
    {
      bid: entry.uplink.bid,
      careOfAddress: formatAddress(binding.careOfAddress),
      priority: binding.priority,
      status: binding.status,
      lifetime: binding.lifetime,
      expiresAt: binding.expiresAt,
      refreshAt: binding.refreshAt,
      path: entry.prober.state,
    },
  ];
}

/** Returns the state of the path when the record was written; undefined: nothing to adopt. */
export function restoreEntry(
  entry: Entry,
  mobileRouter: MobileRouter,
  records: Records,
  now: number,
): PathState | undefined {
  const router = records.get(ROUTER_KEY);
  const record = records.get(entryKey(entry));
  if (router === undefined || record === undefined || !isAbout(router, mobileRouter)) return undefined;
  const { careOfAddress, priority, status, lifetime, expiresAt, refreshAt, path } = record;
  const address = typeof careOfAddress === 'string' ? parseAddress(careOfAddress) : undefined;
  const numbers = [priority, status, lifetime, expiresAt, refreshAt];
  if (address === undefined || !numbers.every(Number.isFinite) || record.bid !== entry.uplink.bid)
    return undefined;
  // One that ends later than it could have been granted is from before the machine, and its clock, restarted.
  if (Number(expiresAt) <= now || Number(expiresAt) > now + Number(lifetime) * 1000) return undefined;
  entry.binding = {
    careOfAddress: address,
    priority: Number(priority),
    status: Number(status),
    lifetime: Number(lifetime),
    expiresAt: Number(expiresAt),
    refreshAt: Number(refreshAt),
  };
  entry.maybeBound = true;
  // The home agent forwards what the latest registration said (RFC 3963 §5.1).
  const { config, registrar } = mobileRouter;
  if (registrar.bootstrapping || router.network !== networkText(config)) entry.binding.refreshAt = now;
  return path === 'alive' || path === 'dead' ? path : 'unknown';
}

/** The records that were not adopted: a later life must not take them for bindings of its own. */
export function staleKeys(router: MobileRouter, records: Records): string[] {
  const adopted = router.entries.filter(entry => entry.binding !== undefined).map(entryKey);
  return [...records.keys()].filter(key => key.startsWith(UPLINK_PREFIX) && !adopted.includes(key));
}

function entryKey(entry: Entry): string {
  return UPLINK_PREFIX + entry.uplink.name;
}

/** R flag of registrations. */
function isMobileRouter({ prefixes }: MobileRouterConfig): boolean {
  return prefixes.length > 0;
}

/** What registrations say of the mobile network. */
function networkText({ mode, prefixes }: MobileRouterConfig): string {
  return [mode, ...prefixes.map(formatPrefix)].join(' ');
}

function isAbout(record: JsonObject, router: MobileRouter): boolean {
  return (
    record.homeAddress === formatAddress(router.config.homeAddress) &&
    record.homeAgent === homeAgentText(router)
  );
}

function homeAgentText({ homeAgents: { current } }: MobileRouter): string | null {
  return current === undefined ? null : formatAddress(current);
}
