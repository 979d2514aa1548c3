/** The rules that bind several options or sections together. */
import { type Address, formatPrefix, hostPrefix, type Prefix, prefixCovers } from '../wire/address.ts';
import type { Reading, Report } from './section-reader.ts';

type Role = 'prefix' | 'home address' | 'home agent address';

/** A use of address space by a section. */
interface Claim {
  readonly role: Role;
  readonly prefix: Prefix;
  /** Title of the section. */
  readonly owner: string;
  readonly line: number;
}

/** The address space that a mobile router or peer uses; values that had a fault are left out. */
export function claimsOf(section: Reading<'mobile_router'> | Reading<'peer'>): Claim[] {
  const claims: Claim[] = [];
  const owner = section.title;
  for (const [index, prefix] of (section.values.prefix ?? []).entries()) {
    if (prefix !== undefined)
      claims.push({ role: 'prefix', prefix, owner, line: section.lineOf('prefix', index) });
  }
  const { home_address: home } = section.values;
  if (home !== undefined) {
    claims.push({
      role: 'home address',
      prefix: hostPrefix(home),
      owner,
      line: section.lineOf('home_address'),
    });
  }
  return claims;
}

export function agentClaim(owner: string, address: Address | undefined, line: number): Claim[] {
  return address === undefined
    ? []
    : [{ role: 'home agent address', prefix: hostPrefix(address), owner, line }];
}

/**
 * Reports address space that is claimed twice: prefixes that overlap, a home address or the home agent's address
 * inside a prefix, an address with two uses. A home address inside its own router's prefix is in order
 * (RFC 3963 §4). Prefixes nest or are disjoint, so one pass over the sorted claims finds every conflict.
 */
export function checkClaims(claims: readonly Claim[], fault: Report): void {
  const order = [...claims].sort(compareClaims);
  let enclosing: Claim[] = [];
  for (const claim of order) {
    enclosing = enclosing.filter(outer => prefixCovers(outer.prefix, claim.prefix));
    const other = enclosing.findLast(outer => conflict(outer, claim));
    if (other !== undefined) reportConflict(other, claim, fault);
    enclosing.push(claim);
  }
}

function compareClaims(a: Claim, b: Claim): number {
  for (let index = 0; index < 16; index++) {
    const difference = a.prefix.address[index]! - b.prefix.address[index]!;
    if (difference !== 0) return difference;
  }
  return a.prefix.length - b.prefix.length || rank(a) - rank(b) || a.line - b.line;
}

const rank = (claim: Claim) => (claim.role === 'prefix' ? 0 : 1);

function conflict(outer: Claim, inner: Claim): boolean {
  const areAgents = outer.role === 'home agent address' && inner.role === 'home agent address';
  // Several mobile routers may have the same home agent.
  if (areAgents) return outer.owner === inner.owner;
  return !(outer.role === 'prefix' && inner.role === 'home address' && outer.owner === inner.owner);
}

/** A tunnel that begins in the mobile network would have to go through itself, or two of them through each other. */
export function checkCareOf(
  claims: readonly Claim[],
  uplinks: readonly Reading<'uplink'>[],
  fault: Report,
): void {
  for (const { title, values, lineOf } of uplinks) {
    const { care_of: careOf } = values;
    const claim = careOf && claims.find(({ prefix }) => prefixCovers(prefix, careOf));
    if (claim === undefined) continue;
    fault(
      lineOf('care_of'),
      `${title}: care_of ${formatPrefix(careOf!)} lies in ${describe(claim)} of ${claim.owner} (line ${claim.line}): expected a prefix of an access network`,
    );
  }
}

function reportConflict(outer: Claim, inner: Claim, fault: Report): void {
  const [first, later] = outer.line <= inner.line ? [outer, inner] : [inner, outer];
  const relation =
    outer.role !== inner.role && outer.role === 'prefix'
      ? later === inner
        ? 'lies in'
        : 'contains'
      : outer.role === 'prefix'
        ? 'overlaps'
        : 'is also';
  const expected =
    outer.role === 'prefix' && inner.role === 'prefix'
      ? 'prefixes that do not overlap'
      : inner.role === 'home agent address'
        ? 'a home agent address outside the mobile network prefixes, different from every home address'
        : 'a home address of its own, outside the prefixes of others';
  fault(
    later.line,
    `${later.owner}: ${describe(later)} ${relation} ${describe(first)} of ${first.owner} (line ${first.line}): expected ${expected}`,
  );
}

function describe(claim: Claim): string {
  const text = formatPrefix(claim.prefix);
  return `${claim.role} ${claim.role === 'prefix' ? text : text.replace(/\/128$/, '')}`;
}

/** Something that must be unique among sections. */
interface Identity {
  readonly owner: string;
  readonly line: number;
  readonly value: string | number | undefined;
}

/** Reports the second and every further use of a value. `what` as in "priority 1". */
export function checkUnique(what: string, identities: readonly Identity[], fault: Report): void {
  const seen = new Map<string | number, Identity>();
  for (const identity of identities) {
    if (identity.value === undefined) continue;
    const first = seen.get(identity.value);
    if (first === undefined) {
      seen.set(identity.value, identity);
    } else {
      fault(
        identity.line,
        `${identity.owner}: ${what} ${identity.value} is already that of ${first.owner} (line ${first.line}): expected one of its own`,
      );
    }
  }
}

/** Uplinks may share a device if each takes its care-of address from a prefix that the others do not touch. */
export function checkDevices(
  uplinks: readonly {
    readonly section: Reading<'uplink'>;
    readonly device: string;
    readonly interface?: string | undefined;
    readonly careOf: Prefix | undefined;
  }[],
  fault: Report,
): void {
  for (const [index, { section, device, interface: name, careOf }] of uplinks.entries()) {
    const other = uplinks.slice(0, index).find(before => {
      if (before.device !== device || before.interface !== name || (device === '' && !name)) return false;
      if (careOf === undefined || before.careOf === undefined) return true;
      return prefixCovers(careOf, before.careOf) || prefixCovers(before.careOf, careOf);
    });
    if (other === undefined) continue;
    const { title, line } = other.section;
    const what = name === undefined ? (['device', device] as const) : (['interface', name] as const);
    fault(
      section.lineOf(what[0]),
      `${section.title}: ${what.join(' ')} is already that of ${title} (line ${line}): expected one of its own, or option care_of in both with prefixes that do not overlap`,
    );
  }
}
