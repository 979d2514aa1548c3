/** What route optimisation has to know of the registration with the home agent. */
import { type Address, addressKey, equalAddress } from '../../../wire/address.ts';
import type { FlowSelector, Steering } from '../../steering.ts';
import type { CorrespondentEntry } from './correspondent-entry.ts';

/** A care-of address that the home agent has acknowledged and that answers, as far as is known. */
export interface HomePath {
  readonly bid: number;
  readonly device: string;
  readonly careOfAddress: Address;
  /** BID-PRI. */
  readonly priority: number;
  /** Of the binding at the home agent; monotonic, milliseconds. */
  readonly expiresAt: number;
}

export interface HomeRegistration {
  readonly homeAddress: Address;
  readonly homeAgent: Address | undefined;
  /** When the home address ends, as far as that is to be heeded; monotonic, milliseconds. */
  readonly homeAddressUntil: number;
  readonly paths: readonly HomePath[];
  /** The one that carries the traffic. */
  readonly active: HomePath | undefined;
  /** Of all uplinks: not the tunnels. */
  readonly devices: readonly string[];
  /** Device of the home link, while the node is at home. */
  readonly homeLink: string | undefined;
  /** The same value while nothing in it changes. */
  readonly steering?: Steering | undefined;
}

/**
 * The path that direct packets take which are in no lane. For a correspondent that keeps no flow bindings it has to serve
 * all that it sends, so of several rules that name the correspondent the first one decides (draft-montavont-mip6-mmi-02
 * §5.3); of a balance its first choice. Without such a rule, or when none of its paths is of use, the usual one. At home no
 * lane leads abroad, and the order of its uplinks counts.
 */
export function pathFor(
  home: HomeRegistration,
  { address: correspondent, flows }: CorrespondentEntry,
): HomePath | undefined {
  if (flows.areKept) return usualPath(home);
  const { steering, paths } = home;
  const names = (selector: FlowSelector): boolean =>
    contains(selector.outside, correspondent) &&
    (selector.inside === undefined || contains(selector.inside, home.homeAddress));
  const action = steering?.rules.find(({ selectors }) => selectors.some(names))?.action;
  const number = action?.kind === 'lanes' ? action.shares[0]!.lane : undefined;
  const lane = steering?.lanes.find(each => each.number === number);
  const bids = [lane?.active, ...(home.homeLink === undefined ? [] : (lane?.bids ?? []))];
  const [first] = bids.flatMap(number => paths.filter(({ bid }) => bid === number));
  return first ?? usualPath(home);
}

/** The path that carries the traffic; where that is none of them, as at home, the one with the best priority. */
export function usualPath({ active, paths }: HomeRegistration): HomePath | undefined {
  return active ?? [...paths].sort((a, b) => a.priority - b.priority)[0];
}

/** As if the home agent did not have these paths; then the most preferred one of the others comes first. */
export function withoutPaths(home: HomeRegistration, isOut: (path: HomePath) => boolean): HomeRegistration {
  if (!home.paths.some(isOut)) return home;
  const paths = home.paths.filter(path => !isOut(path)).sort((a, b) => a.priority - b.priority);
  return { ...home, paths, active: paths.find(({ bid }) => bid === home.active?.bid) };
}

/** An absent range contains nothing. */
export function contains(range: FlowSelector['outside'], address: Address): boolean {
  if (range === undefined) return false;
  const key = addressKey(address);
  return addressKey(range.start) <= key && key <= addressKey(range.end ?? range.start);
}

/** Whether there is nothing new in it but time. */
export function isSameRegistration(a: HomeRegistration, b: HomeRegistration): boolean {
  return (
    a.homeLink === b.homeLink &&
    a.steering === b.steering &&
    a.homeAddressUntil === b.homeAddressUntil &&
    String(a.devices) === String(b.devices) &&
    equalOptional(a.homeAgent, b.homeAgent) &&
    a.active?.bid === b.active?.bid &&
    a.paths.length === b.paths.length &&
    a.paths.every((path, index) => isSamePath(path, b.paths[index]!))
  );
}

function isSamePath(a: HomePath, b: HomePath): boolean {
  const sameTerms = a.bid === b.bid && a.priority === b.priority && a.expiresAt === b.expiresAt;
  return sameTerms && a.device === b.device && equalAddress(a.careOfAddress, b.careOfAddress);
}

function equalOptional(a: Address | undefined, b: Address | undefined): boolean {
  return a === undefined || b === undefined ? a === b : equalAddress(a, b);
}
