/** fast-check generators for DHCPv6. */
import fc from 'fast-check';
import type { Dhcpv6Message } from '../../../src/wire/dhcpv6/message.ts';
import type { Dhcpv6Option } from '../../../src/wire/dhcpv6/options.ts';
import { anyAddress, anyPrefix, octetsUpTo, u8, u16, u32 } from './arbitrary-fields.ts';

const kind = <K extends string>(name: K) => ({ kind: fc.constant(name) });
const octetsBetween = (minLength: number, maxLength: number) => fc.uint8Array({ minLength, maxLength });
const duid = octetsBetween(3, 130);

const statusCode = fc.record({ ...kind('status-code'), status: u16, message: octetsUpTo(40) });
/** Of a type that nobody here knows. */
const unknown = fc.record({
  ...kind('opaque'),
  type: fc.integer({ min: 200, max: 0xffff }),
  data: octetsUpTo(20),
});
const iaPrefix = fc.record({
  ...kind('ia-prefix'),
  preferredLifetime: u32,
  validLifetime: u32,
  prefix: anyPrefix,
  options: fc.array(fc.oneof(statusCode, unknown), { maxLength: 2 }),
});

export const dhcpv6Options: fc.Arbitrary<Dhcpv6Option> = fc.oneof(
  fc.record({ ...kind('client-id'), duid }),
  fc.record({ ...kind('server-id'), duid }),
  fc.record({ ...kind('option-request'), codes: fc.array(u16, { maxLength: 8 }) }),
  fc.record({ ...kind('preference'), preference: u8 }),
  fc.record({ ...kind('elapsed-time'), elapsed: u16 }),
  fc.record({ ...kind('relay-message'), message: octetsUpTo(60) }),
  statusCode,
  fc.record(kind('rapid-commit')),
  fc.record({ ...kind('interface-id'), interfaceId: octetsBetween(1, 20) }),
  fc.record({
    ...kind('ia-pd'),
    iaid: u32,
    t1: u32,
    t2: u32,
    options: fc.array(fc.oneof(iaPrefix, statusCode, unknown), { maxLength: 4 }),
  }),
  fc.record({ ...kind('sol-max-rt'), solMaxRt: u32 }),
  unknown,
);

const options = fc.array(dhcpv6Options, { maxLength: 6 });

export const dhcpv6Messages: fc.Arbitrary<Dhcpv6Message> = fc.oneof(
  fc.record({
    kind: fc.constantFrom(
      ...(['solicit', 'advertise', 'request', 'confirm', 'renew', 'rebind'] as const),
      ...(['reply', 'release', 'decline', 'reconfigure', 'information-request'] as const),
    ),
    transaction: fc.integer({ min: 0, max: 0xffffff }),
    options,
  }),
  fc.record({
    kind: fc.constantFrom('relay-forward' as const, 'relay-reply' as const),
    hopCount: u8,
    linkAddress: anyAddress,
    peerAddress: anyAddress,
    options,
  }),
);
