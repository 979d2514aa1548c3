/** Changes of XFRM states and policies, as netlink requests. */
import { Flag, type Request } from '../netlink/message.ts';
import {
  emitXfrmPolicy,
  emitXfrmPolicyId,
  emitXfrmState,
  emitXfrmStateId,
  XfrmType,
} from '../netlink/xfrm.ts';
import { MobilityExtension } from '../netlink/xfrm-key.ts';
import { type Address, isUnspecified, parseAddress } from '../wire/address.ts';
import type { XfrmChange } from './diff.ts';
import { XFRM_OWNER, type XfrmPolicy, type XfrmState } from './state.ts';
import { type PolicyKind, priorityOf, type StateKind } from './xfrm-text.ts';

/** What kedge sends itself has all its headers already: the protocol of its socket. */
const WHOLE_PACKETS = 255;

/** Exempts what kedge sends to a peer. */
export const bypass = ({ from, to }: Pick<XfrmState, 'from' | 'to'>): XfrmPolicy => ({
  direction: 'out',
  from,
  to,
  protocol: WHOLE_PACKETS,
  headers: [],
});

/** What is received comes from marked care-of addresses or to any. */
export const isSent = ({ mark, mask, careOfAddress }: XfrmState): boolean =>
  (mark === 0 || mask !== undefined) && !isUnspecified(careOfAddress);

export const xfrmRequests = (change: XfrmChange): Request[] =>
  'state' in change ? stateRequests(change.kind, change.state) : [policyRequest(change.kind, change.policy)];

export function stateRequests(kind: StateKind, state: XfrmState): Request[] {
  const whole = { ...state, owner: XFRM_OWNER };
  if (kind === 'state-delete') {
    return [{ type: XfrmType.deleteState, flags: 0, body: emitXfrmStateId(whole) }];
  }
  const type = kind === 'state-add' ? XfrmType.newState : XfrmType.updateState;
  const request = { type, flags: Flag.create, body: emitXfrmState(whole) };
  // Sockets keep to the route of the care-of address from before; any policy that is written anew makes them look again.
  return isSent(state) ? [request, policyRequest('policy-replace', bypass(state))] : [request];
}

function policyRequest(kind: PolicyKind, policy: XfrmPolicy): Request {
  const whole = { ...policy, priority: priorityOf(policy) };
  return kind === 'policy-delete'
    ? { type: XfrmType.deletePolicy, flags: 0, body: emitXfrmPolicyId(whole) }
    : { type: XfrmType.updatePolicy, flags: Flag.create, body: emitXfrmPolicy(whole, XFRM_OWNER) };
}

/** Makes a state that no packet meets, and takes it away again: what the kernel says of it, it says of all of them. */
export function trialRequests(): Request[] {
  const { loopback: from } = TRIAL;
  const state = { header: MobilityExtension.routing, from, to: from, careOfAddress: from, mark: TRIAL.mark };
  return [...stateRequests('state-add', state), ...stateRequests('state-delete', state)];
}

const TRIAL = { loopback: parseAddress('::1')!, mark: 1 };

/** Undefined for a state that is for any peer. */
export function peerOf(state: XfrmState): Address | undefined {
  if (isUnspecified(state.from)) return undefined;
  return isSent(state) ? state.to : state.from;
}
