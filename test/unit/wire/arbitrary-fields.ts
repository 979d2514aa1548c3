/** fast-check generators for the fields of messages and options. */
import fc from 'fast-check';
import { type Address, type Ipv4Address, isGlobalUnicast, type Prefix } from '../../../src/wire/address.ts';

export const u8 = fc.integer({ min: 0, max: 0xff });
export const u16 = fc.integer({ min: 0, max: 0xffff });
export const u32 = fc.integer({ min: 0, max: 0xffffffff });
export const seconds = u16.map(units => 4 * units);
export const octetsUpTo = (maxLength: number) => fc.uint8Array({ maxLength });

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
