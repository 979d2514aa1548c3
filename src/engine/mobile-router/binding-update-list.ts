/**
 * The Binding Update List (RFC 6275 §11.1, RFC 5648 §5): one entry an uplink, with what the home agent has
 * acknowledged, what is on its way, and what ought to be there.
 */
import type { MobileRouterConfig, UplinkConfig } from '../../uci/types.ts';
import type { Address } from '../../wire/address.ts';
import { equalAddress } from '../../wire/address.ts';
import { FlapDamping } from '../flap-damping.ts';
import { PathProber, type PathState } from '../path-prober.ts';
import { PROBE_PROFILES } from '../probe-profile.ts';
import { QUALITY_PROFILES } from '../quality-profile.ts';
import type { UplinkState } from '../status.ts';
import type { Timestamp } from '../timestamp.ts';
import { TrafficMeter } from '../traffic-meter.ts';
import type { UplinkStatus } from '../types.ts';
import type { BudgetState } from '../uplink-budget.ts';
import { MINIMUM_MTU, PathWidth } from './path-width.ts';
import { UpdateRate } from './retransmission.ts';

/** What the home agent has acknowledged. Times are monotonic, milliseconds. */
export interface Binding {
  /** What the home agent knows it by; 0: it has no identifier. */
  readonly bid: number;
  readonly careOfAddress: Address;
  readonly priority: number;
  /** Status of the Binding Acknowledgement, below 128. */
  readonly status: number;
  /** Seconds granted. */
  readonly lifetime: number;
  readonly expiresAt: number;
  refreshAt: number;
  /** The refresh has been put off once. */
  held?: boolean;
}

/** A Binding Update without an acknowledgement yet. Entries of one bulk registration share it. */
export interface Pending {
  readonly sequence: number;
  readonly timestamp: Timestamp | undefined;
  readonly action: 'register' | 'deregister';
  readonly bid: number;
  readonly careOfAddress: Address;
  readonly priority: number;
  /** Seconds asked for. */
  readonly lifetime: number;
  readonly sentAt: number;
  /** Bulk registration was in use (RFC 5648 §5.3). */
  readonly bulk: boolean;
  /** It, or an earlier transmission of it, was to replace all bindings. */
  readonly overwrite: boolean;
  /** It says at home that there is to be no binding (RFC 6275 §11.5.5). */
  readonly returning?: boolean;
}

export interface Refusal {
  readonly status: number;
  /** No further attempt before this time. */
  readonly until: number;
}

export interface Entry {
  /** With the device that it is now. */
  uplink: UplinkConfig;
  /** On a foreign link; on the home link, where it stands for the node; there too, but not used. */
  place: 'foreign' | 'home' | 'unused';
  status: UplinkStatus | undefined;
  binding: Binding | undefined;
  pending: Pending | undefined;
  /** Undefined: it may carry what it can. */
  budget: BudgetState | undefined;
  /** The home agent may hold a binding for this BID, acknowledged or not. */
  maybeBound: boolean;
  /** Back-off of the pending message: its current timeout, and when it ends. */
  timeout: number;
  retransmitAt: number;
  readonly rate: UpdateRate;
  /** Rejections answered at once with a corrected message, since the last success. */
  corrections: number;
  refusal: Refusal | undefined;
  prober: PathProber;
  width: PathWidth;
  readonly damping: FlapDamping;
  readonly traffic: { readonly tunnel: TrafficMeter; readonly access: TrafficMeter };
  /** For people: the latest message and answer, and when the state last changed (monotonic, milliseconds). */
  lastSequence: number | undefined;
  lastStatus: number | undefined;
  state: UplinkState;
  stateSince: number | undefined;
}

/** Of an uplink of which nothing is known yet. */
export function createEntry(config: MobileRouterConfig, uplink: UplinkConfig, now: number): Entry {
  return {
    uplink,
    place: 'foreign',
    status: undefined,
    binding: undefined,
    pending: undefined,
    budget: undefined,
    maybeBound: false,
    timeout: 0,
    retransmitAt: 0,
    rate: new UpdateRate(),
    corrections: 0,
    refusal: undefined,
    damping: new FlapDamping(),
    traffic: { tunnel: new TrafficMeter(), access: new TrafficMeter() },
    prober: createProber(config, uplink, now, 'unknown'),
    width: new PathWidth(),
    lastSequence: undefined,
    lastStatus: undefined,
    state: 'no-device',
    stateSince: undefined,
  };
}

export function createProber(
  { probe, quality = 'normal' }: MobileRouterConfig,
  { limits }: UplinkConfig,
  now: number,
  state: PathState,
): PathProber {
  return new PathProber(PROBE_PROFILES[probe], now, state, { ...QUALITY_PROFILES[quality], ...limits });
}

/** Octets of the largest packet that passes: into the device, and further on as far as is known. */
export function pathMtu({ status, width }: Entry): number {
  const mtu = status?.mtu ?? 0;
  return width.isNarrow ? Math.min(mtu, MINIMUM_MTU) : mtu;
}

/** Its budget is used up, and it is to carry nothing then. Nothing is paid for at home. */
function isClosed({ place, budget }: Entry): boolean {
  return place === 'foreign' && budget?.closed === true;
}

/** The care-of address that the uplink can use now. */
export function usableCareOfAddress(entry: Entry): Address | undefined {
  const { status } = entry;
  if (status === undefined || !status.carrier || status.gateway === undefined) return undefined;
  if (isClosed(entry)) return undefined;
  return status.careOfAddress;
}

/** Acknowledged, and for the address that the uplink has now: traffic may use it. */
export function isRegistered(entry: Entry): boolean {
  const careOfAddress = usableCareOfAddress(entry);
  return (
    careOfAddress !== undefined &&
    entry.binding !== undefined &&
    equalAddress(entry.binding.careOfAddress, careOfAddress)
  );
}

/** Too bad for everything. */
export function isDegraded({ prober }: Entry): boolean {
  return prober.quality?.grade === 'degraded';
}

/** Too bad for what is sensitive to quality. */
export function isImpaired({ prober }: Entry): boolean {
  return prober.quality !== undefined && prober.quality.grade !== 'good';
}

/**
 * Where the uplink stands on its way to carrying traffic.
 * @param refused the home agents refuse every binding
 * @param reserve it is not to be registered, because another one is
 */
export function uplinkState(entry: Entry, refused: boolean, reserve: boolean): UplinkState {
  const { status } = entry;
  if (status === undefined) return 'no-device';
  if (status.ifindex === 0 && entry.uplink.through === undefined) return 'no-device';
  if (!status.carrier) return 'no-carrier';
  if (entry.place === 'unused') return 'home-unused';
  if (entry.place === 'home') return 'at-home';
  if (status.careOfAddress === undefined) return 'no-address';
  if (isClosed(entry)) return 'used-up';
  if (usableCareOfAddress(entry) === undefined) return 'no-route';
  if (isRegistered(entry)) {
    if (entry.prober.state === 'dead') return 'dead';
    if (isDegraded(entry)) return 'degraded';
    return entry.damping.holds ? 'unsteady' : 'registered';
  }
  if (reserve) return entry.prober.state === 'dead' ? 'dead' : 'reserve';
  return entry.refusal === undefined && !refused ? 'registering' : 'refused';
}
