/** fast-check generators for everything that wire/ reads and writes. Runs wherever the wire code runs. */
import fc from 'fast-check';
import { equalAddress, prefixOf } from '../../../src/wire/address.ts';
import { COMPLETE } from '../../../src/wire/complete-codec.ts';
import type { MobilityMessage } from '../../../src/wire/mobility-message.ts';
import type { MobilityOption } from '../../../src/wire/mobility-option.ts';
import type { MobilityPacket } from '../../../src/wire/mobility-packet.ts';
import { OPAQUE_MESSAGES } from '../../../src/wire/opaque-messages.ts';
import { flowMessages, flowOptions } from './arbitraries-flow.ts';
import { relativeMessages, relativeOptions } from './arbitraries-mobility.ts';
import { proxyMessages, proxyOptions } from './arbitraries-proxy.ts';
import {
  anyAddress,
  anyIpv4Address,
  anyPrefix,
  octetsUpTo,
  seconds,
  u8,
  u16,
  u32,
  unicastAddress,
} from './arbitrary-fields.ts';

export { anyAddress, anyIpv4Address, anyPrefix, unicastAddress };

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
  type: fc.integer({ min: 2, max: 255 }).filter(type => COMPLETE.options.format(type) === undefined),
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
  ...proxyOptions,
  ...flowOptions,
  ...relativeOptions,
  'opaque (unknown)': unknownOption,
  'opaque (malformed)': malformedOption,
} satisfies Record<string, fc.Arbitrary<MobilityOption>>;

export const anyOption: fc.Arbitrary<MobilityOption> = fc.oneof(...Object.values(optionsByKind));

/** As many as surely fit in a Mobility Header. */
export const optionList = (option: fc.Arbitrary<MobilityOption> = anyOption) =>
  fc.array(option, { maxLength: 7 });

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
    ...proxyMessages(optionList(option)),
    ...flowMessages(optionList(option)),
    ...relativeMessages(optionList(option)),
    opaque: fc
      .tuple(u8, fc.uint8Array({ maxLength: 2042 }))
      .filter(([type]) => type in OPAQUE_MESSAGES || COMPLETE.format(type) === undefined)
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
