/**
 * A classifier as nftables text. Each has objects of its own in kedge's table, so one node's rules are replaced, in one
 * transaction, without a look at those of the others:
 *
 * - map `SCOPE_slots`: where packets of a known connection go, whatever the number of rules;
 * - chain `SCOPE`: asks the map, and what is not there passes to
 * - chain `SCOPE_rules`: the rules in their order; each goes to
 * - chain `SCOPE_1` (a rule), `SCOPE_1_0` (a share of it): counts, sets both marks;
 * - counter `SCOPE_1`: of the rule.
 */
import type { SteeringAction, SteeringRule } from '../engine/steering.ts';
import { directClassifierText } from './direct-classifier-text.ts';
import { hashChoice, hex, takeLane } from './lane-text.ts';
import { type Marks, NO_RULE, pathSlot, ruleNumbers, ruleSlot, slotMark, slotMask } from './marks.ts';
import { disjoint, elementText } from './nftables.ts';
import { counterName } from './scope.ts';
import { selectorText } from './selector-text.ts';
import { chosenShares } from './shares.ts';
import { type Classifier, TUNNEL_PREFIX } from './state.ts';

/** What a classifier consists of. */
export interface ClassifierText {
  /** Chains by name, with their rules. */
  readonly chains: ReadonlyMap<string, readonly string[]>;
  readonly counters: readonly string[];
  /** Elements of maps, by map: of the classifier's own one and of those that all share. */
  readonly elements: ReadonlyMap<string, readonly string[]>;
}

const TUNNELS = `"${TUNNEL_PREFIX}*"`;

/** Maps that all classifiers share: whose packets these are. */
export const SHARED_MAPS: Readonly<Record<string, string>> = {
  outward: 'ipv6_addr : verdict; flags interval',
  inward: 'ipv6_addr : verdict; flags interval',
  returns: 'ifname : verdict',
  direct: 'ipv6_addr . ipv6_addr : verdict',
};

/** Where all classifiers begin. Marks of other software come first, with the same hooks at priority mangle. */
export const SHARED_CHAINS: ReadonlyMap<string, readonly string[]> = new Map([
  [
    'classify',
    [
      'type filter hook prerouting priority mangle + 5; policy accept;',
      `iifname ${TUNNELS} iifname vmap @returns`,
      `iifname != ${TUNNELS} ip6 saddr vmap @outward`,
      'ip6 daddr vmap @inward',
    ],
  ],
  [
    'classify_own',
    [
      'type route hook output priority mangle + 5; policy accept;',
      // Signalling is no flow (RFC 6089 §4.3); and whoever routes it anew would send it the direct way.
      'meta l4proto 135 return',
      // Numbered GRE with IPv6 in it, from where copies are made: it has its lane.
      'meta l4proto 47 @th,0,32 0x300086dd return',
      'ip6 saddr vmap @outward',
      'ip6 daddr vmap @inward',
      'ip6 saddr . ip6 daddr vmap @direct',
    ],
  ],
]);

export const slotsMap = (scope: string): string => `${scope}_slots`;

export function classifierText(classifier: Classifier, generation: number): ClassifierText {
  return classifier.direction === 'direct'
    ? directClassifierText(classifier)
    : new Writer(classifier, generation).write();
}

class Writer {
  readonly #chains = new Map<string, readonly string[]>();
  readonly #slots: string[] = [];
  /** Of the rules, as slots know them. */
  readonly #numbers: ReadonlyMap<number, number>;
  readonly #classifier: Classifier;
  readonly #generation: number;

  constructor(classifier: Classifier, generation: number) {
    this.#classifier = classifier;
    this.#generation = generation;
    const ids = classifier.rules.map(({ id }) => id);
    this.#numbers = ruleNumbers(ids, classifier.marks);
  }

  write(): ClassifierText {
    const { scope, direction, prefixes, rules, returns } = this.#classifier;
    this.#entry();
    for (const rule of rules) this.#rule(rule);
    for (const { place, lane } of returns) this.#path(place, lane);
    const elements = new Map([
      [slotsMap(scope), this.#slots],
      [direction, disjoint(prefixes).map(prefix => `${elementText(prefix)} : jump ${scope}`)],
      ['returns', returns.map(({ device, place }) => `"${device}" : jump ${scope}_from${place}`)],
    ]);
    const counters = rules.map(({ id }) => counterName(scope, id));
    return { chains: this.#chains, counters, elements };
  }

  get #marks(): Marks {
    return this.#classifier.marks;
  }

  #entry(): void {
    const { scope, direction, prefixes, rules, returns } = this.#classifier;
    const connection = `ct mark & ${hex(this.#marks.connection)}`;
    this.#chains.set(scope, [
      // Within the mobile network and on its links nothing is to be chosen.
      ...(direction === 'outward'
        ? [
            `ip6 daddr { ${[...disjoint(prefixes).map(elementText), 'fe80::/10', 'ff00::/8'].join(', ')} } return`,
          ]
        : []),
      ...(direction === 'inward' ? [`iifname ${TUNNELS} goto ${scope}_rules`] : []),
      `${connection} vmap @${slotsMap(scope)}`,
      `goto ${scope}_rules`,
    ]);
    const noted = returns.map(
      ({ place }) => `${this.#slot(pathSlot(this.#marks, place), 0)} : goto ${scope}_path${place}`,
    );
    this.#chains.set(`${scope}_rules`, [
      ...rules.flatMap(rule => this.#matches(rule)),
      ...(noted.length === 0 ? [] : [`ct mark & ${hex(slotMask(this.#marks))} vmap { ${noted.join(', ')} }`]),
      this.#remember(NO_RULE),
    ]);
    this.#slots.push(`${this.#slot(NO_RULE)} : return`);
  }

  #matches({ id, selectors, action }: SteeringRule): string[] {
    const { scope, direction } = this.#classifier;
    const verdict =
      action.kind === 'drop' ? `counter name ${counterName(scope, id)} drop` : `goto ${scope}_${id}`;
    const seen = direction === 'outward' ? 'outward' : 'inward';
    const texts = selectors.length === 0 ? [''] : selectors.map(each => selectorText(each, seen));
    return texts.map(text => (text === '' ? verdict : `${text} ${verdict}`));
  }

  #rule({ id, action }: SteeringRule): void {
    const { scope } = this.#classifier;
    const name = `${scope}_${id}`;
    const count = `counter name ${counterName(scope, id)}`;
    if (action.kind === 'drop') return;
    const [first, ...others] = sharesOf(action);
    if (others.length === 0) {
      this.#chains.set(name, [
        `${count} ${this.#take(first!.lane)}`,
        this.#remember(ruleSlot(this.#numbers.get(id)!, 0)),
      ]);
      this.#slots.push(`${this.#slot(ruleSlot(this.#numbers.get(id)!, 0))} : goto ${name}`);
    } else if (action.kind === 'lanes' && action.per === 'packet') {
      this.#chains.set(name, [
        count,
        this.#remember(ruleSlot(this.#numbers.get(id)!, 0)),
        this.#choose(name, action),
      ]);
      for (const [at, { lane }] of action.shares.entries())
        this.#chains.set(`${name}_${at}`, [this.#take(lane)]);
      this.#slots.push(`${this.#slot(ruleSlot(this.#numbers.get(id)!, 0))} : goto ${name}`);
    } else if (action.kind === 'lanes') {
      this.#balance(id, name, count, action);
    }
  }

  /** A connection that has chosen keeps to its share. */
  #balance(
    id: number,
    name: string,
    count: string,
    action: Extract<SteeringAction, { kind: 'lanes' }>,
  ): void {
    const chosen = action.shares.map(
      (_, at) => `${this.#slot(ruleSlot(this.#numbers.get(id)!, at), 0)} : goto ${name}_${at}`,
    );
    this.#chains.set(name, [
      `ct mark & ${hex(slotMask(this.#marks))} vmap { ${chosen.join(', ')} }`,
      ...this.#chooseUntracked(name, action),
      this.#choose(name, action),
    ]);
    for (const [at, { lane }] of action.shares.entries()) {
      this.#chains.set(`${name}_${at}`, [
        `${count} ${this.#take(lane)}`,
        this.#remember(ruleSlot(this.#numbers.get(id)!, at)),
      ]);
      this.#slots.push(`${this.#slot(ruleSlot(this.#numbers.get(id)!, at))} : goto ${name}_${at}`);
    }
  }

  /** Of a connection that goes directly only half is seen, so that it may have no mark to remember anything by. */
  #chooseUntracked(name: string, { shares }: Extract<SteeringAction, { kind: 'lanes' }>): string[] {
    const weights = shares.map(({ weight }) => weight);
    return hashChoice(weights, share => `${name}_${share}`).map(choice => `ct state invalid ${choice}`);
  }

  /** The next of the shares, in a pattern that repeats. */
  #choose(name: string, { shares }: Extract<SteeringAction, { kind: 'lanes' }>): string {
    const pattern = chosenShares(shares.map(({ weight }) => weight));
    const cases = pattern.map((share, at) => `${at} : goto ${name}_${share}`);
    return `numgen inc mod ${pattern.length} vmap { ${cases.join(', ')} }`;
  }

  /**
   * What comes out of a tunnel: notes it when the way back, were nothing noted, is another one; what a rule has decided
   * stays. And where packets of such a connection go.
   */
  #path(path: number, lane: number): void {
    const { scope } = this.#classifier;
    const marks = this.#marks;
    const slots = hex(slotMask(marks));
    const note = (slot: number) =>
      `ct mark set ct mark & ${hex(~slotMask(marks) >>> 0)} | ${this.#slot(slot, 0)}`;
    this.#chains.set(`${scope}_from${path}`, [
      `ct mark & ${slots} >= ${this.#slot(ruleSlot(1, 0), 0)} ct mark & ${slots} < ${this.#slot(pathSlot(marks, 63), 0)} return`,
      `fib saddr . iif oif exists ${note(NO_RULE)} return`,
      note(pathSlot(marks, path)),
    ]);
    this.#chains.set(`${scope}_path${path}`, [this.#take(lane), this.#remember(pathSlot(marks, path))]);
    this.#slots.push(`${this.#slot(pathSlot(marks, path))} : goto ${scope}_path${path}`);
  }

  #take(lane: number): string {
    return takeLane(this.#marks, lane);
  }

  #remember(slot: number): string {
    const { connection } = this.#marks;
    // Between two mobile networks a connection is of both, and each has slots of its own.
    const alone = this.#classifier.direction === 'inward' ? `iifname != ${TUNNELS} ` : '';
    return `${alone}ct mark set ct mark & ${hex(~connection >>> 0)} | ${this.#slot(slot)}`;
  }

  #slot(slot: number, generation = this.#generation): string {
    return hex(slotMark(this.#marks, slot, generation));
  }
}

type Share = Extract<SteeringAction, { kind: 'lanes' }>['shares'][number];

function sharesOf(action: Exclude<SteeringAction, { kind: 'drop' }>): readonly Share[] {
  return action.kind === 'lanes' ? action.shares : [{ lane: action.through, weight: 1 }];
}
