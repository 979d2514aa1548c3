/** Changes of XFRM states and policies, as netlink requests and as the `ip xfrm` commands that would make them. */
import { Flag, type Request } from '../netlink/message.ts';
import {
  emitXfrmPolicy,
  emitXfrmPolicyId,
  emitXfrmState,
  emitXfrmStateId,
  MobilityExtension,
  XfrmType,
} from '../netlink/xfrm.ts';
import { type Address, formatAddress, isUnspecified, parseAddress } from '../wire/address.ts';
import { XFRM_OWNER, XFRM_PRIORITY, type XfrmPolicy, type XfrmState } from './state.ts';

type StateKind = 'state-add' | 'state-replace' | 'state-delete';
type PolicyKind = 'policy-add' | 'policy-replace' | 'policy-delete';

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
const isSent = ({ mark, careOfAddress }: XfrmState): boolean => mark === 0 && !isUnspecified(careOfAddress);

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

export function policyRequest(kind: PolicyKind, policy: XfrmPolicy): Request {
  const whole = { ...policy, priority: priorityOf(policy) };
  return kind === 'policy-delete'
    ? { type: XfrmType.deletePolicy, flags: 0, body: emitXfrmPolicyId(whole) }
    : { type: XfrmType.updatePolicy, flags: Flag.create, body: emitXfrmPolicy(whole, XFRM_OWNER) };
}

/** The more exact one comes first. */
const priorityOf = ({ from, protocol }: XfrmPolicy): number =>
  XFRM_PRIORITY.first + (isUnspecified(from) ? 2 : 0) + (protocol === 0 ? 1 : 0);

const VERBS = { add: 'add', replace: 'update', delete: 'delete' } as const;
const verbOf = (kind: StateKind | PolicyKind): string =>
  VERBS[kind.slice(kind.indexOf('-') + 1) as keyof typeof VERBS];

const nameOf = (header: MobilityExtension): string =>
  header === MobilityExtension.routing ? 'route2' : 'hao';

export function stateText(kind: StateKind, { header, from, to, careOfAddress, mark }: XfrmState): string {
  const marked = mark === 0 ? '' : ` mark ${mark} mask 0xffffffff`;
  const id = `ip xfrm state ${verbOf(kind)} src ${formatAddress(from)} dst ${formatAddress(to)} proto ${nameOf(header)}`;
  if (kind === 'state-delete') return `${id}${marked}`;
  const wild = isUnspecified(from) ? ' flag wildrecv' : '';
  return `${id} reqid ${XFRM_OWNER} mode ro coa ${formatAddress(careOfAddress)}${wild}${marked}`;
}

export function policyText(kind: PolicyKind, policy: XfrmPolicy): string {
  const { direction, from, to, protocol, headers } = policy;
  const upper = protocol === 0 ? '' : ` proto ${protocol}`;
  const id = `ip xfrm policy ${verbOf(kind)} src ${formatAddress(from)} dst ${formatAddress(to)}${upper} dir ${direction}`;
  if (kind === 'policy-delete') return id;
  const templates = headers.map(
    header => ` tmpl proto ${nameOf(header)} reqid ${XFRM_OWNER} mode ro level use`,
  );
  return `${id} priority ${priorityOf(policy)}${templates.join('')}`;
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
