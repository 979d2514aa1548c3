/**
 * XFRM states and policies (linux/xfrm.h), as far as the kernel's Mobile IPv6 needs them: a state puts a Home Address option
 * or a type 2 routing header into packets, or accepts it; a policy says to which packets that happens.
 */
import { type Address, isUnspecified, UNSPECIFIED } from '../wire/address.ts';
import { address, attributes, concat, fixedAddress, octets, struct, u8, u16, u32, u64 } from './codec.ts';
import type { Request } from './message.ts';
import type { Mark } from './rule.ts';
import { MobilityExtension } from './xfrm-key.ts';

export const XfrmType = {
  newState: 16,
  deleteState: 17,
  getState: 18,
  newPolicy: 19,
  deletePolicy: 20,
  getPolicy: 21,
  updatePolicy: 25,
  updateState: 26,
  flushStates: 28,
  flushPolicies: 29,
  report: 32,
} as const;

/** Multicast groups of states, policies and reports, as the mask that `bind` takes. */
export const XFRM_GROUPS = (1 << 2) | (1 << 3) | (1 << 5);

/** `from` and `to` are what the upper layers see: the home address, never a care-of address. */
export interface KernelXfrmState {
  readonly header: MobilityExtension;
  /** `::`: any. */
  readonly from: Address;
  readonly to: Address;
  /** What stands in the IPv6 header in place of the home address; `::`: whatever does (receiving). */
  readonly careOfAddress: Address;
  /** Of the packets (receiving) or of their policy (sending). */
  readonly mark: number;
  /** Bits of the mark that count; absent: all, or with mark 0 none. */
  readonly mask?: number | undefined;
  /** Chosen by who made it. */
  readonly owner: number;
}

/** What a policy does for packets that pass it: `in` those that are received, `out` those that are sent. */
export type XfrmDirection = 'in' | 'out';

export interface KernelXfrmPolicy {
  readonly direction: XfrmDirection;
  /** `::`: any. */
  readonly from: Address;
  readonly to: Address;
  /** Of the upper layer; 0: any. */
  readonly protocol: number;
  /** Of ICMPv6; undefined: any. */
  readonly messageType?: number | undefined;
  /** Only packets with this value in these bits of their mark. */
  readonly mark?: Mark | undefined;
  /** What packets get or may have, the outermost first; without any they must have none. */
  readonly headers: readonly MobilityExtension[];
  /** Of several policies for a packet that with the lowest counts. */
  readonly priority: number;
}

/** A state as the kernel has it. */
export interface FoundXfrmState extends KernelXfrmState {
  /** That it has been used for. */
  readonly packets: number;
}

/** A packet with a Home Address option that the kernel had no use for (XFRM_MSG_REPORT). */
export interface XfrmReport {
  /** Of the IPv6 header. */
  readonly source: Address;
  readonly destination: Address;
  readonly homeAddress: Address;
}

const INET6 = 10;
/** XFRM_MODE_ROUTEOPTIMIZATION */
const ROUTE_OPTIMIZATION = 2;
/** XFRM_STATE_WILDRECV: the state is for packets from anywhere. */
const WILD = 8;
const EXACT = 0xffffffff;
const WHOLE = 0xffff;
const DIRECTIONS: readonly XfrmDirection[] = ['in', 'out'];

interface Selector {
  to: Address;
  from: Address;
  family: number;
  toLength: number;
  fromLength: number;
  protocol: number;
  messageType: number;
  messageTypeMask: number;
}
// Where other protocols have the source port, in network byte order.
const selector = struct<Selector>(56, {
  to: [0, fixedAddress],
  from: [16, fixedAddress],
  messageType: [37, u8],
  messageTypeMask: [38, u16],
  family: [40, u16],
  toLength: [42, u8],
  fromLength: [43, u8],
  protocol: [44, u8],
});
const lengthOf = (address: Address): number => (isUnspecified(address) ? 0 : 128);
const select = (from: Address, to: Address, protocol: number, messageType?: number): Selector => ({
  to,
  from,
  family: INET6,
  toLength: lengthOf(to),
  fromLength: lengthOf(from),
  protocol,
  messageType: messageType ?? 0,
  messageTypeMask: messageType === undefined ? 0 : WHOLE,
});

/** `struct xfrm_lifetime_cfg`: as many octets and packets as may come. */
const UNLIMITED = 32;
function withoutLimits(bytes: Uint8Array, offset: number): Uint8Array {
  return bytes.fill(0xff, offset, offset + UNLIMITED);
}

interface StateInfo {
  selector: Selector;
  to: Address;
  header: number;
  from: Address;
  packets: number;
  owner: number;
  family: number;
  mode: number;
  flags: number;
}
const STATE_LIMITS = 96;
const stateInfo = struct<StateInfo>(224, {
  selector: [0, selector],
  to: [56, fixedAddress],
  header: [76, u8],
  from: [80, fixedAddress],
  packets: [168, u64],
  owner: [208, u32],
  family: [212, u16],
  mode: [214, u8],
  flags: [216, u8],
});
const stateId = struct<{ to: Address; family: number; header: number }>(24, {
  to: [0, fixedAddress],
  family: [20, u16],
  header: [22, u8],
});
const markStruct = struct<{ value: number; mask: number }>(8, { value: [0, u32], mask: [4, u32] });

interface StateAttributes {
  /** Of what is deleted. */
  info?: StateInfo;
  from?: Address;
  careOfAddress?: Address;
  mark?: { value: number; mask: number };
}
const stateAttributes = attributes<StateAttributes>({
  info: [6, stateInfo],
  from: [13, address],
  careOfAddress: [14, address],
  mark: [21, markStruct],
});

interface Template {
  to: Address;
  header: number;
  family: number;
  from: Address;
  owner: number;
  mode: number;
  optional: number;
}
const template = struct<Template>(64, {
  to: [0, fixedAddress],
  header: [20, u8],
  family: [24, u16],
  from: [28, fixedAddress],
  owner: [44, u32],
  mode: [48, u8],
  optional: [50, u8],
});

interface PolicyInfo {
  selector: Selector;
  priority: number;
  direction: number;
  action: number;
}
const POLICY_LIMITS = 56;
const policyInfo = struct<PolicyInfo>(168, {
  selector: [0, selector],
  priority: [152, u32],
  direction: [160, u8],
  action: [161, u8],
});
const policyId = struct<{ selector: Selector; direction: number }>(64, {
  selector: [0, selector],
  direction: [60, u8],
});

interface PolicyAttributes {
  templates?: Uint8Array;
  /** Of what is deleted. */
  info?: PolicyInfo;
  mark?: { value: number; mask: number };
}
const policyAttributes = attributes<PolicyAttributes>({
  templates: [5, octets],
  info: [7, policyInfo],
  mark: [21, markStruct],
});

const reportInfo = struct<{ header: number; selector: Selector }>(60, {
  header: [0, u8],
  selector: [4, selector],
});

/** Reads what tells of a state or of its end; undefined for what is not of Mobile IPv6. */
export function parseXfrmState(type: number, bytes: Uint8Array): FoundXfrmState | undefined {
  const isGone = type === XfrmType.deleteState;
  const found = stateAttributes.decode(bytes.subarray(isGone ? stateId.size : stateInfo.size));
  const info = isGone ? found?.info : stateInfo.decode(bytes);
  if (found === undefined || info === undefined || info.mode !== ROUTE_OPTIMIZATION) return undefined;
  const { header, from, to, owner, packets } = info;
  if (info.family !== INET6 || !isExtension(header)) return undefined;
  const { careOfAddress = UNSPECIFIED, mark: { value, mask } = { value: 0, mask: 0 } } = found;
  const isUsual = mask === (value === 0 ? 0 : EXACT);
  return { header, from, to, careOfAddress, mark: value, ...(isUsual ? {} : { mask }), owner, packets };
}

/** Body of a message that makes or updates a state. */
export function emitXfrmState(state: KernelXfrmState): Uint8Array {
  const { header, from, to, owner, careOfAddress } = state;
  const flags = isUnspecified(from) ? WILD : 0;
  const info = { selector: select(from, to, 0), to, header, from, packets: 0, owner, family: INET6 };
  return concat([
    withoutLimits(stateInfo.encode({ ...info, mode: ROUTE_OPTIMIZATION, flags }), STATE_LIMITS),
    stateAttributes.encode({ careOfAddress, ...markOf(state) }),
  ]);
}

/** Body of a message that deletes it. */
export function emitXfrmStateId(state: KernelXfrmState): Uint8Array {
  const { header, from, to } = state;
  return concat([
    stateId.encode({ to, family: INET6, header }),
    stateAttributes.encode({ from, ...markOf(state) }),
  ]);
}

const markOf = ({ mark: value, mask = value === 0 ? 0 : EXACT }: KernelXfrmState) =>
  mask === 0 ? {} : { mark: { value, mask } };

/** Reads what tells of a policy or of its end; undefined for one that does what none of Mobile IPv6 does. */
export function parseXfrmPolicy(type: number, bytes: Uint8Array): KernelXfrmPolicy | undefined {
  const isGone = type === XfrmType.deletePolicy;
  const found = policyAttributes.decode(bytes.subarray(isGone ? policyId.size : policyInfo.size));
  const info = isGone ? found?.info : policyInfo.decode(bytes);
  const direction = info && DIRECTIONS[info.direction];
  if (found === undefined || info === undefined || direction === undefined) return undefined;
  const headers = templatesOf(found.templates ?? new Uint8Array()).map(each => each.header);
  if (info.selector.family !== INET6 || info.action !== 0 || !headers.every(isExtension)) return undefined;
  const { from, to, protocol, messageType, messageTypeMask } = info.selector;
  const { mark } = found;
  const policy = { direction, from, to, protocol, ...(mark && { mark }), headers, priority: info.priority };
  return messageTypeMask === 0 ? policy : { ...policy, messageType };
}

/** Body of a message that makes a policy, or takes the place of the one with the same addresses and protocol. */
export function emitXfrmPolicy(policy: KernelXfrmPolicy, owner: number): Uint8Array {
  const { direction, from, to, protocol, messageType, priority } = policy;
  const info = {
    selector: select(from, to, protocol, messageType),
    priority,
    direction: DIRECTIONS.indexOf(direction),
    action: 0,
  };
  const templates = policy.headers.map(header => {
    // The kernel looks at these addresses for packets that it receives: no other state may have let them in.
    const ends =
      header === MobilityExtension.homeAddress ? { from, to } : { from: UNSPECIFIED, to: UNSPECIFIED };
    return template.encode({ ...ends, header, family: INET6, owner, mode: ROUTE_OPTIMIZATION, optional: 1 });
  });
  return concat([
    withoutLimits(policyInfo.encode(info), POLICY_LIMITS),
    policyAttributes.encode({
      ...(templates.length === 0 ? {} : { templates: concat(templates) }),
      ...(policy.mark && { mark: policy.mark }),
    }),
  ]);
}

/** Body of a message that deletes it. */
export function emitXfrmPolicyId({
  direction,
  from,
  to,
  protocol,
  messageType,
  mark,
}: KernelXfrmPolicy): Uint8Array {
  const selector = select(from, to, protocol, messageType);
  return concat([
    policyId.encode({ selector, direction: DIRECTIONS.indexOf(direction) }),
    policyAttributes.encode(mark === undefined ? {} : { mark }),
  ]);
}

/** Undefined for a report about anything else than a Home Address option. */
export function parseXfrmReport(bytes: Uint8Array): XfrmReport | undefined {
  const info = reportInfo.decode(bytes);
  const found = stateAttributes.decode(bytes.subarray(reportInfo.size));
  if (info === undefined || found?.careOfAddress === undefined) return undefined;
  if (info.header !== MobilityExtension.homeAddress || info.selector.family !== INET6) return undefined;
  // The option and the header have changed places by the time of the report.
  const { from: homeAddress, to: destination } = info.selector;
  return { source: found.careOfAddress, destination, homeAddress };
}

/** Ask for all states and all policies. */
export const dumpXfrmStates: Request = { type: XfrmType.getState, flags: 0, body: new Uint8Array() };
export const dumpXfrmPolicies: Request = { type: XfrmType.getPolicy, flags: 0, body: new Uint8Array() };

const isExtension = (header: number): header is MobilityExtension =>
  header === MobilityExtension.homeAddress || header === MobilityExtension.routing;

function templatesOf(bytes: Uint8Array): Template[] {
  const count = Math.floor(bytes.length / template.size);
  return Array.from({ length: count }, (_, at) => template.decode(bytes.subarray(at * template.size))!);
}
