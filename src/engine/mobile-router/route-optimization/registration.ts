/** What route optimisation has to know of the registration with the home agent. */
import { type Address, equalAddress } from '../../../wire/address.ts';

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
  readonly paths: readonly HomePath[];
  /** The one that carries the traffic. */
  readonly active: HomePath | undefined;
  /** Of all uplinks: not the tunnels. */
  readonly devices: readonly string[];
  /** Device of the home link, while the node is at home. */
  readonly homeLink: string | undefined;
}

/** Whether there is nothing new in it but time. */
export function isSameRegistration(a: HomeRegistration, b: HomeRegistration): boolean {
  return (
    a.homeLink === b.homeLink &&
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
