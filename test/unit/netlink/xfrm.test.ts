import { describe, expect, it } from 'vitest';
import { LITTLE_ENDIAN } from '../../../src/netlink/byte-order.ts';
import {
  emitXfrmPolicy,
  emitXfrmPolicyId,
  emitXfrmState,
  emitXfrmStateId,
  type KernelXfrmPolicy,
  type KernelXfrmState,
  parseXfrmPolicy,
  parseXfrmReport,
  parseXfrmState,
  XfrmType,
} from '../../../src/netlink/xfrm.ts';
import { MobilityExtension, xfrmPolicyKey, xfrmStateKey } from '../../../src/netlink/xfrm-key.ts';
import { XfrmView } from '../../../src/netlink/xfrm-view.ts';
import { parseAddress, UNSPECIFIED } from '../../../src/wire/address.ts';
import { patched } from '../wire/octets.ts';
import * as layout from './xfrm-octets.ts';

const homeAddress = parseAddress('2001:db8:100::10')!;
const correspondent = parseAddress('2001:db8:2::2')!;
const careOfAddress = parseAddress('2001:db8:a::2')!;
const { homeAddress: HOME_ADDRESS, routing: ROUTING } = MobilityExtension;
const OWNER = 7100;

const STATE: KernelXfrmState = {
  header: HOME_ADDRESS,
  from: homeAddress,
  to: correspondent,
  careOfAddress,
  mark: 0x6b641234,
  owner: OWNER,
};
const WILD: KernelXfrmState = {
  header: ROUTING,
  from: UNSPECIFIED,
  to: UNSPECIFIED,
  careOfAddress: UNSPECIFIED,
  mark: 0,
  owner: OWNER,
};
const POLICY: KernelXfrmPolicy = {
  direction: 'out',
  from: correspondent,
  to: homeAddress,
  protocol: 135,
  headers: [ROUTING, HOME_ADDRESS],
  priority: 0x7fffff00,
};

describe('as linux/xfrm.h lays them out', () => {
  it('states are written and read', () => {
    expect(emitXfrmState(STATE)).toEqual(layout.STATE);
    expect(emitXfrmState(WILD)).toEqual(layout.WILD_STATE);
    expect(emitXfrmStateId(STATE)).toEqual(layout.STATE_ID);
    expect(parseXfrmState(XfrmType.newState, layout.STATE)).toEqual({ ...STATE, packets: 0 });
    expect(parseXfrmState(XfrmType.newState, layout.WILD_STATE)).toEqual({ ...WILD, packets: 0 });
    const gone = parseXfrmState(XfrmType.deleteState, layout.STATE_GONE);
    expect(gone).toEqual({ ...STATE, mark: 0, packets: 5 });
  });

  it('policies are written and read', () => {
    expect(emitXfrmPolicy(POLICY, OWNER)).toEqual(layout.POLICY);
    expect(emitXfrmPolicyId(POLICY)).toEqual(layout.POLICY_ID);
    expect(parseXfrmPolicy(XfrmType.newPolicy, layout.POLICY)).toEqual(POLICY);
    const gone = parseXfrmPolicy(XfrmType.deletePolicy, layout.POLICY_GONE);
    expect(gone).toEqual({ ...POLICY, headers: [] });
  });

  it('marks of lanes: some bits, in states and policies', () => {
    const state = { ...STATE, mark: 0, mask: 0xff000000 };
    const mark = Uint8Array.from([...[12, 0], ...[21, 0], ...[0, 0, 0, 0], ...[0, 0, 0, 0xff]]);
    const octets = emitXfrmState(state);
    if (LITTLE_ENDIAN) expect(octets.slice(-12)).toEqual(mark);
    expect(parseXfrmState(XfrmType.newState, octets)).toEqual({ ...state, packets: 0 });
    expect(xfrmStateKey(state)).not.toBe(xfrmStateKey({ ...STATE, mark: 0 }));
    const policy = { ...POLICY, mark: { value: 0x02000000, mask: 0xff000000 } };
    expect(parseXfrmPolicy(XfrmType.newPolicy, emitXfrmPolicy(policy, OWNER))).toEqual(policy);
    expect(emitXfrmPolicyId(policy).slice(0, 64)).toEqual(emitXfrmPolicyId(POLICY));
    expect(xfrmPolicyKey(policy)).not.toBe(xfrmPolicyKey(POLICY));
  });

  it('the type of an ICMPv6 message is where a source port would be, in network byte order', () => {
    const policy = { ...POLICY, protocol: 58, messageType: 135, headers: [] };
    const octets = emitXfrmPolicy(policy, OWNER);
    expect([...octets.subarray(32, 40)]).toEqual([0, 0, 0, 0, 0, 135, 0xff, 0xff]);
    expect(parseXfrmPolicy(XfrmType.newPolicy, octets)).toEqual(policy);
    expect([...emitXfrmPolicyId(policy).subarray(36, 40)]).toEqual([0, 135, 0xff, 0xff]);
  });

  it('reports are read', () => {
    const report = { source: careOfAddress, destination: correspondent, homeAddress };
    expect(parseXfrmReport(layout.REPORT)).toEqual(report);
  });
});

it('what is not of Mobile IPv6 or cut short is not read', () => {
  const [mode, family, header] = [214, 212, 76];
  for (const other of [patched(layout.STATE, mode, '00'), patched(layout.STATE, family, '0202')]) {
    expect(parseXfrmState(XfrmType.newState, other)).toBeUndefined();
  }
  expect(parseXfrmState(XfrmType.newState, patched(layout.STATE, header, '32'))).toBeUndefined();
  const [action, templateHeader] = [161, 168 + 4 + 20];
  expect(parseXfrmPolicy(XfrmType.newPolicy, patched(layout.POLICY, action, '01'))).toBeUndefined();
  expect(parseXfrmPolicy(XfrmType.newPolicy, patched(layout.POLICY, templateHeader, '32'))).toBeUndefined();
  expect(parseXfrmReport(patched(layout.REPORT, 0, '2b'))).toBeUndefined();
  for (let length = 0; length < layout.STATE.length; length += 7) {
    parseXfrmState(XfrmType.newState, layout.STATE.subarray(0, length));
    parseXfrmState(XfrmType.deleteState, layout.STATE_GONE.subarray(0, length));
    parseXfrmPolicy(XfrmType.newPolicy, layout.POLICY.subarray(0, length));
    parseXfrmReport(layout.REPORT.subarray(0, length));
  }
  expect(parseXfrmState(XfrmType.newState, layout.STATE.subarray(0, 223))).toBeUndefined();
});

describe('the view of them', () => {
  const told: object[] = [];
  const view = (owner: number) =>
    new XfrmView({ owner, priorities: { first: 0x7fffff00, last: 0x7fffff03 } }, object => told.push(object));
  const message = (type: number, body: Uint8Array) => ({ type, flags: 0, sequence: 0, port: 0, body });
  // The end of a state is told without its mark where the state had none.
  const state = emitXfrmState({ ...STATE, mark: 0 });

  it('follows notifications of what is ours, and knows when everything was flushed', () => {
    const ours = view(OWNER);
    expect(ours.notice(message(XfrmType.newState, state))).toBe(true);
    expect(ours.notice(message(XfrmType.newPolicy, layout.POLICY))).toBe(true);
    expect([ours.states.size, ours.policies.size]).toEqual([1, 1]);
    expect(ours.notice(message(XfrmType.deleteState, layout.STATE_GONE))).toBe(true);
    expect(ours.notice(message(XfrmType.deletePolicy, layout.POLICY_GONE))).toBe(true);
    expect([ours.states.size, ours.policies.size, told.length]).toEqual([0, 0, 4]);
    expect(ours.notice(message(XfrmType.deletePolicy, layout.POLICY_GONE))).toBe(false);
    ours.notice(message(XfrmType.flushStates, new Uint8Array(8)));
    expect(ours.stale).toBe(true);
  });

  it('leaves out what another one has made', () => {
    const other = view(1);
    expect(other.notice(message(XfrmType.newState, state))).toBe(false);
    const foreign = emitXfrmPolicy({ ...POLICY, priority: 10 }, OWNER);
    expect(other.notice(message(XfrmType.newPolicy, foreign))).toBe(false);
    expect([other.states.size, other.policies.size]).toEqual([0, 0]);
  });
});
