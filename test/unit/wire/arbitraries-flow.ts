/** fast-check generators for flow bindings. */
import fc from 'fast-check';
import type { Range } from '../../../src/wire/flow/range-field.ts';
import type { FlowSubOption } from '../../../src/wire/flow/sub-options.ts';
import type { TrafficSelector } from '../../../src/wire/flow/traffic-selector.ts';
import type { MobilityMessage } from '../../../src/wire/mobility-message.ts';
import type { MobilityOption } from '../../../src/wire/mobility-option.ts';
import { anyAddress, anyIpv4Address, octetsUpTo, u8, u16, u32 } from './arbitrary-fields.ts';

const kind = <const K extends string>(value: K) => fc.constant(value);
const absent = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

/** One value, or two in their order. */
const rangeOf = <T>(value: fc.Arbitrary<T>, isBefore: (a: T, b: T) => boolean): fc.Arbitrary<Range<T>> =>
  fc.oneof(
    value.map(start => ({ start })),
    fc.tuple(value, value).map(([a, b]) => (isBefore(b, a) ? { start: b, end: a } : { start: a, end: b })),
  );
const numbers = (value: fc.Arbitrary<number>) => absent(rangeOf(value, (a, b) => a < b));
const addresses = (value: fc.Arbitrary<Uint8Array>) =>
  absent(rangeOf(value, (a, b) => String.fromCharCode(...a) < String.fromCharCode(...b)));
/** Some of the fields: `undefined` stands for an absent one, and is left out as the parser does. */
const present = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;

export const trafficSelector: fc.Arbitrary<TrafficSelector> = fc.oneof(
  fc
    .record({
      format: kind('ipv4'),
      source: addresses(anyIpv4Address),
      destination: addresses(anyIpv4Address),
      spi: numbers(u32),
      sourcePort: numbers(u16),
      destinationPort: numbers(u16),
      differentiatedServices: numbers(u8),
      protocol: numbers(u8),
    })
    .map(present),
  fc
    .record({
      format: kind('ipv6'),
      source: addresses(anyAddress),
      destination: addresses(anyAddress),
      spi: numbers(u32),
      flowLabel: numbers(fc.integer({ min: 0, max: 0xfffff })),
      sourcePort: numbers(u16),
      destinationPort: numbers(u16),
      trafficClass: numbers(u8),
      nextHeader: numbers(u8),
    })
    .map(present),
  fc.record({
    format: kind('opaque'),
    number: u8.filter(number => number !== 1 && number !== 2),
    data: octetsUpTo(20),
  }),
);

const subOption = fc.oneof(
  fc.record({ kind: kind('binding-reference'), bids: fc.array(u16, { minLength: 1, maxLength: 5 }) }),
  fc.record({ kind: kind('traffic-selector'), selector: trafficSelector }),
  fc.record({ kind: kind('flow-binding-action'), action: u8 }),
  fc.record({ kind: kind('target-care-of-address'), address: fc.oneof(anyAddress, anyIpv4Address) }),
  fc.record({ kind: kind('opaque'), type: fc.integer({ min: 6, max: 255 }), data: octetsUpTo(10) }),
);

/** As many as surely fit in an option; each kind at most once. */
const subOptions: fc.Arbitrary<FlowSubOption[]> = fc.uniqueArray(subOption, {
  maxLength: 4,
  selector: option => option.kind,
});

export const flowOptions = {
  'flow-summary': fc.record({
    kind: kind('flow-summary'),
    fids: fc.array(u16, { minLength: 1, maxLength: 20 }),
  }),
  'flow-identification': fc.record({
    kind: kind('flow-identification'),
    fid: u16,
    priority: u16,
    status: u8,
    subOptions,
  }),
} satisfies Record<string, fc.Arbitrary<MobilityOption>>;

export const flowMessages = (options: fc.Arbitrary<MobilityOption[]>) =>
  ({
    'flow-binding (indication)': fc.record({
      kind: kind('flow-binding'),
      flowBinding: kind('indication'),
      sequence: u16,
      trigger: u8,
      acknowledge: fc.boolean(),
      options,
    }),
    'flow-binding (acknowledgement)': fc.record({
      kind: kind('flow-binding'),
      flowBinding: kind('acknowledgement'),
      sequence: u16,
      status: u8,
      options,
    }),
  }) satisfies Record<string, fc.Arbitrary<MobilityMessage>>;
