/** IPv6 policy rules: RTM_NEWRULE, RTM_DELRULE, RTM_GETRULE (`struct fib_rule_hdr`). */
import { type Address, type Prefix, UNSPECIFIED } from '../wire/address.ts';
import { address, attributes, body, struct, text, u8, u32 } from './codec.ts';
import type { Request } from './message.ts';

export const RuleType = { new: 32, delete: 33, get: 34 } as const;

/** Look the packet up in a table (FR_ACT_TO_TBL). */
const TO_TABLE = 1;

/** A value of the bits that the mask names. */
export interface Mark {
  readonly value: number;
  readonly mask: number;
}

export interface KernelRule {
  readonly priority: number;
  /** `::/0` when any may. */
  readonly from: Prefix;
  readonly to: Prefix;
  readonly table: number;
  /** Who made it (FRA_PROTOCOL). */
  readonly protocol: number;
  /** Only packets whose firewall mark has this value under this mask; undefined: any. */
  readonly mark?: Mark | undefined;
  /** True when nothing but `from`, `to`, the mark and the table matters: no interface, port or other action. */
  readonly plain: boolean;
}

interface RuleHeader {
  family: number;
  toLength: number;
  fromLength: number;
  trafficClass: number;
  lowTable: number;
  action: number;
  flags: number;
}
interface RuleAttributes {
  to?: Address;
  from?: Address;
  inputInterface?: string;
  priority?: number;
  mark?: number;
  mask?: number;
  table?: number;
  outputInterface?: string;
  protocol?: number;
}

const INET6 = 10;
const LAST_LOW_TABLE = 255;
const format = body<RuleHeader, RuleAttributes>(
  struct(12, {
    family: [0, u8],
    toLength: [1, u8],
    fromLength: [2, u8],
    trafficClass: [3, u8],
    lowTable: [4, u8],
    action: [7, u8],
    flags: [8, u32],
  }),
  attributes({
    to: [1, address],
    from: [2, address],
    inputInterface: [3, text],
    priority: [6, u32],
    mark: [10, u32],
    table: [15, u32],
    mask: [16, u32],
    outputInterface: [17, text],
    protocol: [21, u8],
  }),
);

/** Reads RTM_NEWRULE and RTM_DELRULE; undefined for another family and for malformed octets. */
export function parseRule(bytes: Uint8Array): KernelRule | undefined {
  const found = format.decode(bytes);
  if (found === undefined || found.family !== INET6) return undefined;
  return {
    priority: found.priority ?? 0,
    from: { address: found.from ?? UNSPECIFIED, length: found.fromLength },
    to: { address: found.to ?? UNSPECIFIED, length: found.toLength },
    table: found.table ?? found.lowTable,
    protocol: found.protocol ?? 0,
    mark: markOf(found),
    plain:
      found.action === TO_TABLE &&
      found.inputInterface === undefined &&
      found.outputInterface === undefined &&
      found.trafficClass === 0,
  };
}

/** The kernel leaves out a value of zero, and a mask when there is neither. */
function markOf({ mark = 0, mask = 0 }: RuleAttributes): Mark | undefined {
  return mask === 0 ? undefined : { value: mark, mask };
}

/** Body of a RTM_NEWRULE or RTM_DELRULE. */
export function emitRule(rule: Omit<KernelRule, 'plain'>): Uint8Array {
  const { priority, from, to, table, protocol, mark } = rule;
  return format.encode({
    family: INET6,
    toLength: to.length,
    fromLength: from.length,
    trafficClass: 0,
    lowTable: table > LAST_LOW_TABLE ? 0 : table,
    action: TO_TABLE,
    flags: 0,
    ...(to.length > 0 ? { to: to.address } : {}),
    ...(from.length > 0 ? { from: from.address } : {}),
    priority,
    ...(mark === undefined ? {} : { mark: mark.value, mask: mark.mask }),
    table,
    protocol,
  });
}

/** Asks for all IPv6 rules. */
export const dumpRules: Request = {
  type: RuleType.get,
  flags: 0,
  body: format.encode({
    family: INET6,
    toLength: 0,
    fromLength: 0,
    trafficClass: 0,
    lowTable: 0,
    action: 0,
    flags: 0,
  }),
};
