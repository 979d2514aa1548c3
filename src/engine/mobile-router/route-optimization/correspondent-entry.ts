/** The part of the Binding Update List that is about one correspondent (RFC 6275 §11.1). Times are monotonic, milliseconds. */
import type { Address } from '../../../wire/address.ts';
import type { Hmac } from '../../hmac.ts';
import { UpdateRate } from '../retransmission.ts';
import type { DirectFlows } from './direct-flows.ts';
import type { Watched } from './direct-watch.ts';
import { KeygenTest } from './keygen-test.ts';

/** The first pause after a failure and the longest one. */
const FIRST_PAUSE = 32_000;
export const LONGEST_PAUSE = 600_000;

/** What the correspondent has acknowledged. */
export interface DirectBinding {
  readonly careOfAddress: Address;
  readonly priority: number;
  /** Seconds granted. */
  readonly lifetime: number;
  readonly expiresAt: number;
  refreshAt: number;
}

/** A Binding Update without an acknowledgement yet. */
export interface PendingUpdate {
  readonly action: 'register' | 'deregister';
  readonly sequence: number;
  readonly careOfAddress: Address;
  readonly priority: number;
  /** Seconds asked for. */
  readonly lifetime: number;
  readonly sentAt: number;
  readonly identified: boolean;
  /** It carries the O flag. */
  readonly overwrites: boolean;
  /** Verifies the acknowledgement: HMAC-SHA1 under Kbm, and the address it is computed with. */
  readonly hmac: Hmac;
  readonly bound: Address;
  readonly attempts: number;
  readonly timeout: number;
  retransmitAt: number;
}

/** One care-of address at the correspondent. */
export interface DirectPath {
  readonly bid: number;
  careOfAddress: Address;
  /** Of this care-of address. */
  readonly test: KeygenTest;
  binding: DirectBinding | undefined;
  pending: PendingUpdate | undefined;
  /** Rejections answered at once with a corrected message, since the last success. */
  corrections: number;
  failures: number;
  pausedUntil: number;
  /** It does not lead there any more: not used, and taken back, until it is registered again after the pause. */
  lost: boolean;
  /** How often that was found lately. */
  losses: number;
}

export interface CorrespondentEntry {
  readonly address: Address;
  /** It stands in the configuration, and is kept whether or not there is traffic. */
  readonly configured: boolean;
  /** Of the home address. */
  readonly home: KeygenTest;
  readonly paths: Map<number, DirectPath>;
  readonly flows: DirectFlows;
  /** The path in use; undefined: none is. */
  watched: Watched | undefined;
  /** Since the kernel's counters were looked at, an answer to a probe or to signalling has come the direct way. */
  answered: boolean;
  /** It has answered an ICMPv6 Echo: silence means something. */
  answersEcho: boolean;
  /** All Binding Updates to this correspondent share it (RFC 5648 §4.1). */
  sequence: number;
  /** It knows no identifiers: one binding, of the uplink in use. */
  single: boolean;
  /** It does not know route optimisation at all (RFC 6275 §11.3.5). */
  unsupported: boolean;
  /** It has been told that the correspondent does not know the Home Address option. */
  optionRefused: boolean;
  /** The next registration replaces what an earlier life has left (RFC 5648 §5.9). */
  overwrite: boolean;
  failures: number;
  pausedUntil: number;
  /** When traffic with it was seen last. */
  usedAt: number;
  askedToRefreshAt: number;
  /** Of Home Test Inits, Care-of Test Inits and Binding Updates: three a second each. */
  readonly rates: { readonly home: UpdateRate; readonly careOf: UpdateRate; readonly update: UpdateRate };
}

export function newEntry(
  address: Address,
  configured: boolean,
  sequence: number,
  flows: DirectFlows,
  now: number,
): CorrespondentEntry {
  return {
    address,
    configured,
    home: new KeygenTest(),
    paths: new Map(),
    flows,
    watched: undefined,
    answered: false,
    answersEcho: false,
    sequence,
    single: false,
    unsupported: false,
    optionRefused: false,
    overwrite: true,
    failures: 0,
    pausedUntil: Number.NEGATIVE_INFINITY,
    usedAt: now,
    askedToRefreshAt: Number.NEGATIVE_INFINITY,
    rates: { home: new UpdateRate(), careOf: new UpdateRate(), update: new UpdateRate() },
  };
}

export function newPath(bid: number, careOfAddress: Address): DirectPath {
  return {
    bid,
    careOfAddress,
    test: new KeygenTest(),
    binding: undefined,
    pending: undefined,
    corrections: 0,
    failures: 0,
    pausedUntil: Number.NEGATIVE_INFINITY,
    lost: false,
    losses: 0,
  };
}

/** It has not worked out: longer and longer pauses, up to ten minutes. */
export function pause(what: CorrespondentEntry | DirectPath, now: number): void {
  what.pausedUntil = now + Math.min(FIRST_PAUSE * 2 ** what.failures, LONGEST_PAUSE);
  what.failures += 1;
}

/** Something is on its way to the correspondent. */
export function isOutstanding({ home, paths }: CorrespondentEntry): boolean {
  if (home.isOutstanding) return true;
  return [...paths.values()].some(path => path.test.isOutstanding || path.pending !== undefined);
}

export function isBound({ paths }: CorrespondentEntry): boolean {
  return [...paths.values()].some(path => path.binding !== undefined || path.pending !== undefined);
}
