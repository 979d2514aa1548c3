/** fast-check generators for everything that wire/ reads and writes. Runs wherever the wire code runs. */
import fc from 'fast-check';
import {
  type Address,
  equalAddress,
  type Ipv4Address,
  isGlobalUnicast,
  type Prefix,
  prefixOf,
} from '../../../src/wire/address.ts';
import type { MobilityMessage } from '../../../src/wire/mobility-message.ts';
import type { MobilityOption } from '../../../src/wire/mobility-option.ts';
import type { MobilityPacket } from '../../../src/wire/mobility-packet.ts';

const u8 = fc.integer({ min: 0, max: 0xff });
const u16 = fc.integer({ min: 0, max: 0xffff });
const u32 = fc.integer({ min: 0, max: 0xffffffff });
const seconds = u16.map(units => 4 * units);
const octetsUpTo = (maxLength: number) => fc.uint8Array({ maxLength });

/** Any 16 octets, with runs of zeros and ones more often than chance has them. */
export const anyAddress: fc.Arbitrary<Address> = fc
  .array(fc.oneof(fc.constantFrom(0, 0, 0xffff, 1, 0xfe80, 0xff02), u16), { minLength: 8, maxLength: 8 })
  .map(groups => Uint8Array.from(groups.flatMap(group => [group >> 8, group & 0xff])));

export const anyIpv4Address: fc.Arbitrary<Ipv4Address> = fc.uint8Array({ minLength: 4, maxLength: 4 });

/** An address that a home address or a care-of address may be. */
export const unicastAddress: fc.Arbitrary<Address> = anyAddress.filter(isGlobalUnicast);

export const anyPrefix: fc.Arbitrary<Prefix> = fc
  .tuple(anyAddress, fc.integer({ min: 0, max: 128 }))
  .map(([address, length]) => ({ address: masked(address, length), length }));

function masked(address: Address, length: number): Address {
  return address.map((octet, at) => octet & (0xff00 >> Math.min(8, Math.max(0, length - 8 * at))));
}

const knownOptionTypes = [2, 3, 6, 8, 9, 10, 35];

export const bindingRefreshAdvice = fc.record({
  kind: fc.constant('binding-refresh-advice' as const),
  interval: seconds,
});
export const alternateCareOfAddress = fc.record({
  kind: fc.constant('alternate-care-of-address' as const),
  address: anyAddress,
});
export const mobileNetworkPrefix = fc.record({
  kind: fc.constant('mobile-network-prefix' as const),
  prefix: anyPrefix,
});
export const mnIdentifier = fc.record({
  kind: fc.constant('mn-identifier' as const),
  subtype: u8,
  identifier: octetsUpTo(254),
});
export const authentication = fc.record({
  kind: fc.constant('authentication' as const),
  subtype: u8,
  spi: u32,
  data: octetsUpTo(250),
});
export const messageId = fc.record({ kind: fc.constant('message-id' as const), seconds: u32, fraction: u32 });
export const bindingIdentifier = fc.record({
  kind: fc.constant('binding-identifier' as const),
  bid: u16,
  status: u8,
  home: fc.boolean(),
  priority: fc.integer({ min: 0, max: 127 }),
  careOfAddress: fc.option(fc.oneof(anyAddress, anyIpv4Address), { nil: undefined }),
});
/** Of a type that nobody here knows. */
export const unknownOption = fc.record({
  kind: fc.constant('opaque' as const),
  type: fc.integer({ min: 2, max: 255 }).filter(type => !knownOptionTypes.includes(type)),
  data: octetsUpTo(255),
});
/** Known types that are kept although malformed, so that they can be answered with a status. */
export const malformedOption = fc.oneof(
  octetsUpTo(255)
    .filter(data => data.length !== 4 && data.length !== 8 && data.length !== 20)
    .map(data => ({ kind: 'opaque' as const, type: 35, data })),
  octetsUpTo(255)
    .filter(data => data.length !== 18 || prefixOf(data.slice(2), data[1]!) === undefined)
    .map(data => ({ kind: 'opaque' as const, type: 6, data })),
);

export const optionsByKind = {
  'binding-refresh-advice': bindingRefreshAdvice,
  'alternate-care-of-address': alternateCareOfAddress,
  'mobile-network-prefix': mobileNetworkPrefix,
  'mn-identifier': mnIdentifier,
  authentication,
  'message-id': messageId,
  'binding-identifier': bindingIdentifier,
  'opaque (unknown)': unknownOption,
  'opaque (malformed)': malformedOption,
} satisfies Record<string, fc.Arbitrary<MobilityOption>>;

export const anyOption: fc.Arbitrary<MobilityOption> = fc.oneof(...Object.values(optionsByKind));

/** As many as surely fit in a Mobility Header. */
export const optionList = (option: fc.Arbitrary<MobilityOption> = anyOption) =>
  fc.array(option, { maxLength: 7 });

const knownMessageTypes = [0, 5, 6, 7, 13];

/** Messages of each kind, with options of the given generator. */
export const messagesByKind = (option: fc.Arbitrary<MobilityOption> = anyOption) =>
  ({
    'binding-refresh-request': fc.record({
      kind: fc.constant('binding-refresh-request' as const),
      options: optionList(option),
    }),
    'binding-update': fc.record({
      kind: fc.constant('binding-update' as const),
      sequence: u16,
      acknowledge: fc.boolean(),
      homeRegistration: fc.boolean(),
      linkLocalCompatibility: fc.boolean(),
      keyManagement: fc.boolean(),
      mapRegistration: fc.boolean(),
      mobileRouter: fc.boolean(),
      proxy: fc.boolean(),
      forceUdp: fc.boolean(),
      tlvHeader: fc.boolean(),
      bulkOrOverwrite: fc.boolean(),
      separateMulticast: fc.boolean(),
      distributed: fc.boolean(),
      lifetime: seconds,
      options: optionList(option),
    }),
    'binding-acknowledgement': fc.record({
      kind: fc.constant('binding-acknowledgement' as const),
      status: u8,
      keyManagement: fc.boolean(),
      mobileRouter: fc.boolean(),
      proxy: fc.boolean(),
      tlvHeader: fc.boolean(),
      bulk: fc.boolean(),
      separateMulticast: fc.boolean(),
      distributed: fc.boolean(),
      sequence: u16,
      lifetime: seconds,
      options: optionList(option),
    }),
    'binding-error': fc.record({
      kind: fc.constant('binding-error' as const),
      status: u8,
      homeAddress: anyAddress,
      options: optionList(option),
    }),
    heartbeat: fc.record({
      kind: fc.constant('heartbeat' as const),
      response: fc.boolean(),
      unsolicited: fc.boolean(),
      sequence: u32,
      options: optionList(option),
    }),
    opaque: fc
      .tuple(u8, fc.uint8Array({ maxLength: 2042 }))
      .filter(([type]) => !knownMessageTypes.includes(type))
      .map(([type, data]) => ({
        kind: 'opaque' as const,
        type,
        data: data.length < 2 ? new Uint8Array(2) : data.slice(0, 2 + ((data.length - 2) & ~7)),
      })),
  }) satisfies Record<string, fc.Arbitrary<MobilityMessage>>;

export const anyMessage: fc.Arbitrary<MobilityMessage> = fc.oneof(...Object.values(messagesByKind()));

/** Packets with each combination of home address option and type 2 routing header. */
export const packetWith = (message: fc.Arbitrary<MobilityMessage>): fc.Arbitrary<MobilityPacket> =>
  fc.record({
    source: unicastAddress,
    destination: unicastAddress,
    homeAddress: fc.option(unicastAddress, { nil: undefined }),
    routingHome: fc.option(unicastAddress, { nil: undefined }),
    hopLimit: u8,
    message,
  });

export const anyPacket: fc.Arbitrary<MobilityPacket> = packetWith(anyMessage);

export const differentAddresses = fc.tuple(anyAddress, anyAddress).filter(([a, b]) => !equalAddress(a, b));
