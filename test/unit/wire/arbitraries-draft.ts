/** fast-check generators for what Internet-Drafts define, and a codec that speaks all of it. */
import fc from 'fast-check';
import { MobilityCodec } from '../../../src/wire/mobility-header.ts';
import type { MobilityMessage } from '../../../src/wire/mobility-message.ts';
import type { MobilityOption } from '../../../src/wire/mobility-option.ts';
import { anyAddress, anyIpv4Address, anyPrefix, u8, u16 } from './arbitrary-fields.ts';

const kind = <const K extends string>(value: K) => fc.constant(value);
const nibble = fc.integer({ min: 0, max: 15 });

/** The numbers of DRAFT_CODEC. */
export const NUMBERS = {
  options: {
    'monami6-binding-identifier': 222,
    'load-balancing': 223,
    muho: 224,
    'alternative-interface-indicator': 225,
  },
  messages: { 'generic-signaling-request': 90, 'generic-signaling-acknowledgement': 91 },
};
export const DRAFT_CODEC = new MobilityCodec(NUMBERS);

const binding = fc.record({
  kind: kind('monami6-binding-identifier'),
  bid: u16,
  priorityOrStatus: u8,
  removable: fc.boolean(),
});

export const draftOptions = {
  'monami6-binding-identifier': fc.oneof(
    binding.map(option => ({ ...option, hasCareOfAddress: false, careOfAddress: undefined })),
    fc
      .tuple(binding, anyAddress)
      .map(([option, careOfAddress]) => ({ ...option, hasCareOfAddress: true, careOfAddress })),
  ),
  'load-balancing': fc.record({
    kind: kind('load-balancing'),
    source: nibble,
    destination: nibble,
    careOfAddressId: u8,
    careOfAddress: anyAddress,
  }),
  muho: fc.record({ kind: kind('muho'), prefix: fc.option(anyPrefix, { nil: undefined }) }),
  'alternative-interface-indicator': fc.record({
    kind: kind('alternative-interface-indicator'),
    technology: u8,
    proxyCareOfAddress: fc.oneof(anyAddress, anyIpv4Address),
  }),
} satisfies Record<string, fc.Arbitrary<MobilityOption>>;

/** As many as surely fit in a Mobility Header. */
export const draftOptionList: fc.Arbitrary<MobilityOption[]> = fc.array(
  fc.oneof(...Object.values(draftOptions)),
  { maxLength: 7 },
);

export const draftMessages = {
  'generic-signaling-request': fc.record({
    kind: kind('generic-signaling-request'),
    sequence: u16,
    options: draftOptionList,
  }),
  'generic-signaling-acknowledgement': fc.record({
    kind: kind('generic-signaling-acknowledgement'),
    sequence: u16,
    status: u8,
    options: draftOptionList,
  }),
} satisfies Record<string, fc.Arbitrary<MobilityMessage>>;
