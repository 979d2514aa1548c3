/** Changes of XFRM states and policies, as the `ip xfrm` commands that would make them. */
import { MobilityExtension } from '../netlink/xfrm-key.ts';
import { formatAddress, isUnspecified } from '../wire/address.ts';
import { XFRM_OWNER, XFRM_PRIORITY, type XfrmPolicy, type XfrmState } from './state.ts';

export type StateKind = 'state-add' | 'state-replace' | 'state-delete';
export type PolicyKind = 'policy-add' | 'policy-replace' | 'policy-delete';

/** The more exact one comes first. */
export const priorityOf = ({ from, protocol, messageType, mark }: XfrmPolicy): number =>
  XFRM_PRIORITY.first +
  (messageType !== undefined || mark !== undefined
    ? 0
    : (isUnspecified(from) ? 2 : 0) + (protocol === 0 ? 1 : 0));

const VERBS = { add: 'add', replace: 'update', delete: 'delete' } as const;
const verbOf = (kind: StateKind | PolicyKind): string =>
  VERBS[kind.slice(kind.indexOf('-') + 1) as keyof typeof VERBS];

const nameOf = (header: MobilityExtension): string =>
  header === MobilityExtension.routing ? 'route2' : 'hao';

const markText = (mark: number, mask: number): string =>
  mask === 0 ? '' : ` mark ${mark} mask 0x${mask.toString(16)}`;

export function stateText(kind: StateKind, state: XfrmState): string {
  const { header, from, to, careOfAddress, mark, mask = mark === 0 ? 0 : 0xffffffff } = state;
  const marked = markText(mark, mask);
  const id = `ip xfrm state ${verbOf(kind)} src ${formatAddress(from)} dst ${formatAddress(to)} proto ${nameOf(header)}`;
  if (kind === 'state-delete') return `${id}${marked}`;
  const wild = isUnspecified(from) ? ' flag wildrecv' : '';
  return `${id} reqid ${XFRM_OWNER} mode ro coa ${formatAddress(careOfAddress)}${wild}${marked}`;
}

export function policyText(kind: PolicyKind, policy: XfrmPolicy): string {
  const { direction, from, to, protocol, messageType, mark, headers } = policy;
  const type = messageType === undefined ? '' : ` type ${messageType}`;
  const upper = protocol === 0 ? '' : ` proto ${protocol}${type}`;
  const id = `ip xfrm policy ${verbOf(kind)} src ${formatAddress(from)} dst ${formatAddress(to)}${upper} dir ${direction}${mark ? markText(mark.value, mark.mask) : ''}`;
  if (kind === 'policy-delete') return id;
  const templates = headers.map(
    header => ` tmpl proto ${nameOf(header)} reqid ${XFRM_OWNER} mode ro level use`,
  );
  return `${id} priority ${priorityOf(policy)}${templates.join('')}`;
}
