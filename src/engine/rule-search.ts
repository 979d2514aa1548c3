/** Which rule a packet meets, as far as what is known of it tells: what the kernel's table does, for explanations. */
import type { Address } from '../wire/address.ts';
import type { Range } from '../wire/flow/range-field.ts';
import type { FlowSelector, SteeringRule } from './steering.ts';

/** A packet between the mobile network and a correspondent; what is undefined is not known. */
export interface KnownPacket {
  readonly inside: Address;
  readonly outside: Address;
  readonly protocol?: number | undefined;
  readonly insidePort?: number | undefined;
  readonly outsidePort?: number | undefined;
  readonly dscp?: number | undefined;
}

export interface RuleSearch {
  /** The rule that matches for sure; undefined: none does. */
  readonly rule: SteeringRule | undefined;
  /** Rules before it that may match, depending on what is not known. */
  readonly possible: readonly SteeringRule[];
}

type Match = 'yes' | 'no' | 'perhaps';

export function searchRule(rules: readonly SteeringRule[], packet: KnownPacket): RuleSearch {
  const possible: SteeringRule[] = [];
  for (const rule of rules) {
    const match = matchRule(rule, packet);
    if (match === 'yes') return { rule, possible };
    if (match === 'perhaps') possible.push(rule);
  }
  return { rule: undefined, possible };
}

function matchRule({ selectors }: SteeringRule, packet: KnownPacket): Match {
  if (selectors.length === 0) return 'yes';
  const each = selectors.map(selector => matchSelector(selector, packet));
  return each.includes('yes') ? 'yes' : each.includes('perhaps') ? 'perhaps' : 'no';
}

function matchSelector(selector: FlowSelector, packet: KnownPacket): Match {
  const numbers = [
    inRange(selector.protocol, packet.protocol),
    inRange(selector.insidePort, packet.insidePort),
    inRange(selector.outsidePort, packet.outsidePort),
    inRange(selector.dscp, packet.dscp),
  ];
  const { flowLabel, spi, linkLayerAddress, mark } = selector;
  const unseen = [flowLabel, spi, linkLayerAddress, mark].some(field => field !== undefined);
  const all = [
    between(selector.inside, packet.inside),
    between(selector.outside, packet.outside),
    ...numbers,
    unseen ? 'perhaps' : 'yes',
  ];
  return all.includes('no') ? 'no' : all.includes('perhaps') ? 'perhaps' : 'yes';
}

function inRange(range: Range<number> | undefined, value: number | undefined): Match {
  if (range === undefined) return 'yes';
  if (value === undefined) return 'perhaps';
  return value >= range.start && value <= (range.end ?? range.start) ? 'yes' : 'no';
}

function between(range: Range<Address> | undefined, address: Address): Match {
  if (range === undefined) return 'yes';
  const { start, end = start } = range;
  return compare(start, address) <= 0 && compare(address, end) <= 0 ? 'yes' : 'no';
}

function compare(a: Address, b: Address): number {
  const at = a.findIndex((octet, index) => octet !== b[index]);
  return at < 0 ? 0 : a[at]! - b[at]!;
}
