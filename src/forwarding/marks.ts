/**
 * The bits of marks that are kedge's. A packet's firewall mark names its lane: `ip rule`s look at it. A connection's mark
 * says what the rules have decided about its packets:
 *
 *     | generation (2 bits) | slot |
 *
 * The generation is that of the rules, 1 to 3 by turns; with any other one the rules are asked again. A slot is a share of a
 * rule, or the path by which the latest packet from the mobile network came, or neither.
 */

/** Masks of one run of bits each. */
export interface Marks {
  /** Of packets. */
  readonly packet: number;
  /** Of connections. */
  readonly connection: number;
}

/** Those of the configuration, unless it says otherwise. */
export const DEFAULT_MARKS: Marks = { packet: 0xff000000, connection: 0xffff0000 };

const GENERATION_BITS = 2;
export const GENERATIONS = 3;
/** Shares of a rule that a connection can tell apart. */
export const MOST_SHARES = 8;
/** Paths of a node (BIDs, RFC 5648 has no limit; kedge's configuration has). */
const MOST_PATHS = 64;

const bitsOf = (mask: number): number => Math.clz32(lowestBit(mask)) - Math.clz32(mask >>> 0) + 1;
const shiftOf = (mask: number): number => 31 - Math.clz32(lowestBit(mask));
const lowestBit = (mask: number): number => (mask & -mask) >>> 0;
const slotBits = ({ connection }: Marks): number => bitsOf(connection) - GENERATION_BITS;

/** Rules have numbers from 1 to this. */
const mostRules = (marks: Marks): number => Math.floor((2 ** slotBits(marks) - MOST_PATHS) / MOST_SHARES) - 1;

/**
 * Numbers that slots can tell apart, by the ids of rules: the ids themselves, except for those that are too large. The same
 * ids have the same numbers.
 */
export function ruleNumbers(ids: readonly number[], marks: Marks): ReadonlyMap<number, number> {
  const most = mostRules(marks);
  const fitting = ids.filter(id => id <= most);
  const taken = new Set(fitting);
  const numbers = new Map(fitting.map(id => [id, id]));
  let next = most;
  for (const id of ids.filter(other => other > most).sort((a, b) => b - a)) {
    while (taken.has(next)) next--;
    numbers.set(id, next--);
  }
  return numbers;
}

/** Of a packet. */
export const laneMark = ({ packet }: Marks, lane: number): number => (lane << shiftOf(packet)) >>> 0;

/** No rule: the first of the slots. */
export const NO_RULE = 0;
export const ruleSlot = (rule: number, share: number): number => rule * MOST_SHARES + share;
/** The slots behind all that rules can have. */
export const pathSlot = (marks: Marks, path: number): number => 2 ** slotBits(marks) - 1 - path;

/** Of a connection; generation 0: of none. */
export const slotMark = (marks: Marks, slot: number, generation: number): number =>
  (((generation << slotBits(marks)) | slot) << shiftOf(marks.connection)) >>> 0;

/** The bits of the slot alone. */
export const slotMask = (marks: Marks): number => slotMark(marks, 2 ** slotBits(marks) - 1, 0);
