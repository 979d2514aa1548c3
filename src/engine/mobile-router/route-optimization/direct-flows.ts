/**
 * The policy at one correspondent: which flow bindings it is asked to keep (RFC 6089 §5.3), how it is to divide the rest
 * (draft-montavont-mip6-mmi-02 §7.3), and which care-of addresses the node's own packets leave from.
 */
import { type Address, equalAddress } from '../../../wire/address.ts';
import type { MobilityOption } from '../../../wire/mobility-option.ts';
import type { FlowSelector, Lane, Steering, SteeringAction, SteeringRule } from '../../steering.ts';
import type { DirectLane } from '../../view.ts';
import type { FlowAnswer, FlowBindingList } from '../flow-bindings/flow-binding-list.ts';
import { type CorrespondentEntry, isBound } from './correspondent-entry.ts';
import { contains, type HomeRegistration } from './registration.ts';

/** Octets that any path carries (RFC 8200 §5). */
const LONGEST_PACKET = 1280;

export class DirectFlows {
  /** Undefined: not installed. */
  readonly list: FlowBindingList | undefined;
  readonly #correspondent: Address;
  /** What concerns it, and what that was made of. */
  #own:
    | { readonly policy: Steering; readonly paths: number[] | undefined; readonly steering: Steering }
    | undefined;
  /** The same as flow bindings can say it to a correspondent. */
  #asked: Steering | undefined;

  constructor(list: FlowBindingList | undefined, correspondent: Address) {
    this.list = list;
    this.#correspondent = correspondent;
  }

  /** The correspondent has shown that it keeps flow bindings. */
  get areKept(): boolean {
    return this.list?.proven ?? false;
  }

  /** To be called before anything else. @param now monotonic, milliseconds */
  want(home: HomeRegistration, entry: CorrespondentEntry, now: number): void {
    if (this.list === undefined) return;
    // Whoever has no binding holds no flow bindings, and may be another one by the time of the next.
    if (!isBound(entry)) this.list.startAnew();
    const bound = new Map<number, Address>();
    for (const { bid, binding, lost } of entry.paths.values()) {
      if (binding !== undefined && !lost) bound.set(bid, binding.careOfAddress);
    }
    const own = entry.single ? undefined : this.#steering(home);
    this.list.want(own && this.#asked, home.active?.bid, bound, now);
  }

  /** When a Binding Update has to say something new, or again. */
  dueAt(): number {
    return this.list?.dueAt() ?? Number.POSITIVE_INFINITY;
  }

  /**
   * The options for a Binding Update, which {@link sent} must follow.
   * @param anew the message ends all that was before
   * @param write the message with these options
   */
  compose(
    anew: boolean,
    write: (options: readonly MobilityOption[]) => Uint8Array,
  ): readonly MobilityOption[] {
    if (anew) this.list?.forget();
    return this.list?.compose(anew ? undefined : () => LONGEST_PACKET - write([]).length) ?? [];
  }

  sent(sequence: number, now: number): void {
    this.list?.sent(sequence, now);
  }

  /** An authentic acknowledgement that accepts the message with this sequence number. */
  answered(sequence: number, options: readonly MobilityOption[], now: number): FlowAnswer | undefined {
    return this.list?.answered(sequence, options, now);
  }

  /** Where the node's own packets leave from, lane by lane; what is to be copied takes the tunnels, where copies are made. */
  lanes(home: HomeRegistration, { single, paths }: CorrespondentEntry): DirectLane[] {
    const own = single ? undefined : this.#steering(home);
    const used = new Map((own?.rules ?? []).flatMap(({ action }) => lanesOf(action)));
    return (own?.lanes ?? []).flatMap(({ number, active }): DirectLane[] => {
      if (!used.has(number) || active === undefined) return [];
      const path = home.paths.find(({ bid }) => bid === active);
      const { binding, lost } = paths.get(active) ?? {};
      const isBoundThere =
        path && binding && !lost && equalAddress(binding.careOfAddress, path.careOfAddress);
      const isUsable = isBoundThere && used.get(number) === 'direct';
      return [{ number, careOfAddress: isUsable ? path.careOfAddress : undefined }];
    });
  }

  /** Of the policy what may concern packets between the home address and this correspondent; the same one while it stays. */
  #steering(home: HomeRegistration): Steering | undefined {
    const { steering } = home;
    if (steering === undefined) return undefined;
    const paths = home.homeLink === undefined ? undefined : home.paths.map(({ bid }) => bid);
    const known = this.#own;
    if (known?.policy === steering && known.paths?.join() === paths?.join()) return known.steering;
    const concerns = ({ inside, outside }: FlowSelector): boolean =>
      (inside === undefined || contains(inside, home.homeAddress)) &&
      (outside === undefined || contains(outside, this.#correspondent));
    const rules = steering.rules.flatMap((rule): SteeringRule[] => {
      const selectors = rule.selectors.filter(concerns);
      return rule.selectors.length === 0 || selectors.length > 0 ? [{ ...rule, selectors }] : [];
    });
    // At home no lane leads abroad, and the order of its uplinks counts.
    const lanes = steering.lanes.map(
      (lane): Lane => ({ ...lane, active: lane.bids.find(bid => paths?.includes(bid)) ?? lane.active }),
    );
    const own = { lanes, rules };
    this.#asked = { lanes, rules: rules.map(withoutCopies) };
    this.#own = { policy: steering, paths, steering: own };
    return own;
  }
}

/** Nobody at a correspondent's packets drops all copies but the first: it sends by the first of their paths that lives. */
function withoutCopies(rule: SteeringRule): SteeringRule {
  const { action } = rule;
  if (action.kind !== 'replicate') return rule;
  return { ...rule, action: { kind: 'lanes', shares: [{ lane: action.through, weight: 1 }], per: 'flow' } };
}

function lanesOf(action: SteeringAction): [number, 'direct' | 'copies'][] {
  if (action.kind === 'drop') return [];
  if (action.kind === 'replicate') return [[action.through, 'copies']];
  return action.shares.map(({ lane }) => [lane, 'direct']);
}
