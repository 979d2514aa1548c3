/** fast-check generators for return routability, fast handovers, localized routing and what else is close to RFC 6275. */
import fc from 'fast-check';
import type { MobilityMessage } from '../../../src/wire/mobility-message.ts';
import type { MobilityOption } from '../../../src/wire/mobility-option.ts';
import { anyAddress, anyIpv4Address, octetsUpTo, u8, u16, u32 } from './arbitrary-fields.ts';

const flag = fc.boolean();
const kind = <const K extends string>(value: K) => fc.constant(value);
const octetsFrom = (minLength: number, maxLength: number) => fc.uint8Array({ minLength, maxLength });
/** A cookie, a token or an interface identifier. */
const eightOctets = octetsFrom(8, 8);

export const relativeOptions = {
  'nonce-indices': fc.record({ kind: kind('nonce-indices'), home: u16, careOf: u16 }),
  'binding-authorization-data': fc.record({
    kind: kind('binding-authorization-data'),
    authenticator: fc.oneof(octetsFrom(12, 12), octetsFrom(1, 255)),
  }),
  'mh-link-layer-address': fc.record({
    kind: kind('mh-link-layer-address'),
    code: u8,
    address: octetsUpTo(254),
  }),
  'cga-parameters-request': fc.record({ kind: kind('cga-parameters-request') }),
  'cga-parameters': fc.record({ kind: kind('cga-parameters'), parameters: octetsUpTo(255) }),
  signature: fc.record({ kind: kind('signature'), signature: octetsUpTo(255) }),
  'permanent-home-keygen-token': fc.record({
    kind: kind('permanent-home-keygen-token'),
    token: octetsUpTo(255),
  }),
  'care-of-test-init': fc.record({ kind: kind('care-of-test-init') }),
  'care-of-test': fc.record({ kind: kind('care-of-test'), keygenToken: eightOctets }),
  'dns-update': fc.record({ kind: kind('dns-update'), status: u8, remove: flag, identity: octetsUpTo(253) }),
  experimental: fc.record({ kind: kind('experimental'), data: octetsUpTo(255) }),
  'vendor-specific': fc.record({
    kind: kind('vendor-specific'),
    vendor: u32,
    subtype: u8,
    data: octetsUpTo(250),
  }),
  'service-selection': fc.record({ kind: kind('service-selection'), identifier: octetsFrom(1, 255) }),
  'binding-authorization-data-fmipv6': fc.record({
    kind: kind('binding-authorization-data-fmipv6'),
    spi: u32,
    authenticator: fc.oneof(octetsFrom(12, 12), octetsFrom(1, 255)),
  }),
  'mh-ipv6-address-prefix': fc.record({
    kind: kind('mh-ipv6-address-prefix'),
    code: u8,
    prefixLength: fc.integer({ min: 0, max: 128 }),
    address: anyAddress,
  }),
  'context-request': fc.record({
    kind: kind('context-request'),
    requests: fc.array(fc.record({ kind: kind('opaque'), type: u8, data: octetsUpTo(40) }), { maxLength: 6 }),
  }),
  'lma-address': fc.oneof(
    fc.record({ kind: kind('lma-address'), code: fc.constant(1), address: anyAddress }),
    fc.record({ kind: kind('lma-address'), code: fc.constant(2), address: anyIpv4Address }),
  ),
  'mn-lla-iid': fc.record({ kind: kind('mn-lla-iid'), interfaceIdentifier: eightOctets }),
} satisfies Record<string, fc.Arbitrary<MobilityOption>>;

const test = { nonceIndex: u16, cookie: eightOctets, keygenToken: eightOctets };

/** With options of the given generator. */
export const relativeMessages = (options: fc.Arbitrary<MobilityOption[]>) =>
  ({
    'home-test-init': fc.record({ kind: kind('home-test-init'), cookie: eightOctets, options }),
    'care-of-test-init': fc.record({ kind: kind('care-of-test-init'), cookie: eightOctets, options }),
    'home-test': fc.record({ kind: kind('home-test'), ...test, options }),
    'care-of-test': fc.record({ kind: kind('care-of-test'), ...test, options }),
    'home-agent-switch': fc.record({
      kind: kind('home-agent-switch'),
      // Beside as many options as there may be.
      homeAgents: fc.array(anyAddress, { maxLength: 9 }),
      options: options.map(list => list.slice(0, 5)),
    }),
    'handover-initiate': fc.record({
      kind: kind('handover-initiate'),
      sequence: u16,
      assign: flag,
      buffer: flag,
      proxy: flag,
      forward: flag,
      code: u8,
      options,
    }),
    'handover-acknowledge': fc.record({
      kind: kind('handover-acknowledge'),
      sequence: u16,
      buffer: flag,
      proxy: flag,
      forward: flag,
      code: u8,
      options,
    }),
    'localized-routing-initiation': fc.record({
      kind: kind('localized-routing-initiation'),
      sequence: u16,
      lifetime: u16,
      options,
    }),
    'localized-routing-acknowledgment': fc.record({
      kind: kind('localized-routing-acknowledgment'),
      sequence: u16,
      unsolicited: flag,
      status: u8,
      lifetime: u16,
      options,
    }),
  }) satisfies Record<string, fc.Arbitrary<MobilityMessage>>;
