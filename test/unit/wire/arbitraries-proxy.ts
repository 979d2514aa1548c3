/** fast-check generators for the options and messages of Proxy Mobile IPv6, Dual-Stack Mobile IPv6 and relatives. */
import fc from 'fast-check';
import type { MobilityMessage } from '../../../src/wire/mobility-message.ts';
import type { MobilityOption } from '../../../src/wire/mobility-option.ts';
import {
  anyAddress,
  anyIpv4Address,
  anyPrefix,
  octetsUpTo,
  seconds,
  u8,
  u16,
  u32,
} from './arbitrary-fields.ts';

const flag = fc.boolean();
const kind = <const K extends string>(value: K) => fc.constant(value);
const octetsFrom = (minLength: number, maxLength: number) => fc.uint8Array({ minLength, maxLength });
const ipv4PrefixLength = fc.integer({ min: 0, max: 32 });
const degrees = fc.integer({ min: -(2 ** 23), max: 2 ** 23 - 1 }).map(raw => raw / 2 ** 15);
/** A sub-option of a type that nobody here knows. */
const unknownFrom = (min: number) =>
  fc.record({ kind: kind('opaque'), type: fc.integer({ min, max: 255 }), data: octetsUpTo(20) });

/** As many as surely fit in an option. */
const accessNetworkIdentifiers = fc.array(
  fc.oneof(
    fc.record({
      kind: kind('network-identifier'),
      utf8: flag,
      networkName: octetsUpTo(20),
      accessPointName: octetsUpTo(20),
    }),
    fc.record({ kind: kind('geo-location'), latitude: degrees, longitude: degrees }),
    fc.record({ kind: kind('operator-identifier'), identifierType: u8, identifier: octetsUpTo(20) }),
    fc.record({ kind: kind('civic-location'), format: u8, location: octetsUpTo(20) }),
    fc.record({ kind: kind('mag-group-identifier'), group: u16 }),
    fc.record({ kind: kind('update-timer'), timer: seconds }),
    unknownFrom(7),
  ),
  { maxLength: 5 },
);

const magParameters = fc.array(
  fc.oneof(
    fc.record({
      kind: kind('re-registration-control'),
      startTime: seconds,
      initialRetransmissionTime: u16,
      maximumRetransmissionTime: u16,
    }),
    fc.record({
      kind: kind('heartbeat-control'),
      interval: u16,
      retransmissionDelay: u16,
      maximumRetransmissions: u16,
    }),
    unknownFrom(3),
  ),
  { maxLength: 5 },
);

export const proxyOptions = {
  'home-network-prefix': fc.record({ kind: kind('home-network-prefix'), offLink: flag, prefix: anyPrefix }),
  'handoff-indicator': fc.record({ kind: kind('handoff-indicator'), handoff: u8 }),
  'access-technology-type': fc.record({ kind: kind('access-technology-type'), technology: u8 }),
  'mn-link-layer-identifier': fc.record({
    kind: kind('mn-link-layer-identifier'),
    identifier: fc.oneof(octetsFrom(1, 9), octetsFrom(1, 253)),
  }),
  'link-local-address': fc.record({ kind: kind('link-local-address'), address: anyAddress }),
  timestamp: fc.record({
    kind: kind('timestamp'),
    seconds: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
    fraction: u16,
  }),
  'restart-counter': fc.record({ kind: kind('restart-counter'), counter: u32 }),
  'ipv4-home-address': fc.record({
    kind: kind('ipv4-home-address'),
    prefixLength: fc.integer({ min: 1, max: 32 }),
    prefixRequested: flag,
    address: anyIpv4Address,
  }),
  'ipv4-address-acknowledgement': fc.record({
    kind: kind('ipv4-address-acknowledgement'),
    status: u8,
    prefixLength: ipv4PrefixLength,
    address: anyIpv4Address,
  }),
  'nat-detection': fc.record({ kind: kind('nat-detection'), forceUdp: flag, refreshTime: u32 }),
  'ipv4-care-of-address': fc.record({ kind: kind('ipv4-care-of-address'), address: anyIpv4Address }),
  'gre-key': fc.record({ kind: kind('gre-key'), key: fc.option(u32, { nil: undefined }) }),
  'ipv4-home-address-request': fc.record({
    kind: kind('ipv4-home-address-request'),
    prefixLength: ipv4PrefixLength,
    address: anyIpv4Address,
  }),
  'ipv4-home-address-reply': fc.record({
    kind: kind('ipv4-home-address-reply'),
    status: u8,
    prefixLength: ipv4PrefixLength,
    address: anyIpv4Address,
  }),
  'ipv4-default-router-address': fc.record({
    kind: kind('ipv4-default-router-address'),
    address: anyIpv4Address,
  }),
  'ipv4-dhcp-support-mode': fc.record({ kind: kind('ipv4-dhcp-support-mode'), server: flag }),
  'transient-binding': fc.record({
    kind: kind('transient-binding'),
    latePathSwitch: flag,
    lifetime: u8.map(units => 100 * units),
  }),
  'mn-group-identifier': fc.record({ kind: kind('mn-group-identifier'), subtype: u8, group: u32 }),
  'mag-ipv6-address': fc.record({
    kind: kind('mag-ipv6-address'),
    addressLength: fc.constant(128),
    address: anyAddress,
  }),
  'access-network-identifier': fc.record({
    kind: kind('access-network-identifier'),
    identifiers: accessNetworkIdentifiers,
  }),
  'delegated-mobile-network-prefix': fc.oneof(
    fc.record({
      kind: kind('delegated-mobile-network-prefix'),
      ipv4: fc.constant(false),
      prefixLength: fc.integer({ min: 0, max: 128 }),
      address: anyAddress,
    }),
    fc.record({
      kind: kind('delegated-mobile-network-prefix'),
      ipv4: fc.constant(true),
      prefixLength: ipv4PrefixLength,
      address: anyIpv4Address,
    }),
  ),
  'active-multicast-subscription-ipv4': fc.record({
    kind: kind('active-multicast-subscription-ipv4'),
    igmpType: u8,
    membership: octetsUpTo(254),
  }),
  'active-multicast-subscription-ipv6': fc.record({
    kind: kind('active-multicast-subscription-ipv6'),
    mldType: u8,
    membership: octetsUpTo(254),
  }),
  'quality-of-service': fc.record({
    kind: kind('quality-of-service'),
    request: u8,
    dscp: fc.integer({ min: 0, max: 63 }),
    operation: u8,
    attributes: fc.array(unknownFrom(0), { maxLength: 6 }),
  }),
  'lma-user-plane-address': fc.record({
    kind: kind('lma-user-plane-address'),
    address: fc.option(fc.oneof(anyAddress, anyIpv4Address), { nil: undefined }),
  }),
  'lma-controlled-mag-parameters': fc.record({
    kind: kind('lma-controlled-mag-parameters'),
    parameters: magParameters,
  }),
  'mag-multipath-binding': fc
    .record({
      kind: kind('mag-multipath-binding'),
      technology: u8,
      label: u8,
      bid: u8,
      bulk: flag,
      overwrite: flag,
    })
    .filter(({ bulk, overwrite }) => !(bulk && overwrite)),
  'mag-identifier': fc.record({ kind: kind('mag-identifier'), subtype: u8, identifier: octetsUpTo(253) }),
  'anchored-prefix': fc.record({ kind: kind('anchored-prefix'), prefix: anyPrefix }),
  'local-prefix': fc.record({ kind: kind('local-prefix'), prefix: anyPrefix }),
  'previous-maar': fc
    .tuple(anyAddress, anyPrefix)
    .map(([address, { address: homeNetworkPrefix, length: prefixLength }]) => ({
      kind: 'previous-maar' as const,
      prefixLength,
      address,
      homeNetworkPrefix,
    })),
  'serving-maar': fc.record({ kind: kind('serving-maar'), address: anyAddress }),
  'dlif-link-local-address': fc.record({ kind: kind('dlif-link-local-address'), address: anyAddress }),
  'dlif-link-layer-address': fc.record({
    kind: kind('dlif-link-layer-address'),
    address: fc.oneof(octetsFrom(1, 9), octetsFrom(1, 253)),
  }),
} satisfies Record<string, fc.Arbitrary<MobilityOption>>;

const revocationFlags = { sequence: u16, proxy: flag, ipv4Only: flag, global: flag };

/** With options of the given generator. */
export const proxyMessages = (options: fc.Arbitrary<MobilityOption[]>) =>
  ({
    'binding-revocation (indication)': fc.record({
      kind: kind('binding-revocation'),
      revocation: kind('indication'),
      trigger: u8,
      ...revocationFlags,
      options,
    }),
    'binding-revocation (acknowledgement)': fc.record({
      kind: kind('binding-revocation'),
      revocation: kind('acknowledgement'),
      status: u8,
      ...revocationFlags,
      options,
    }),
    'update-notification': fc.record({
      kind: kind('update-notification'),
      sequence: u16,
      reason: u16,
      acknowledge: flag,
      retransmission: flag,
      options,
    }),
    'update-notification-acknowledgement': fc.record({
      kind: kind('update-notification-acknowledgement'),
      sequence: u16,
      status: u8,
      options,
    }),
    'subscription-query': fc.record({ kind: kind('subscription-query'), sequence: u8, options }),
    'subscription-response': fc.record({
      kind: kind('subscription-response'),
      sequence: u8,
      subscribed: flag,
      options,
    }),
  }) satisfies Record<string, fc.Arbitrary<MobilityMessage>>;
