/**
 * Flows that go over several paths at once (RFC 6089 §4.2.1.3). That RFC leaves the duplicates to whoever receives them.
 * Where both ends know how, what is copied goes in GRE with a number for each packet (RFC 2784, RFC 2890), by which the far
 * end takes the first copy of each and drops the others: loss on one path is made good by the other one. The GRE Key option
 * (RFC 5845 §6.1) in a Binding Update asks for that, the same one in the acknowledgement agrees; who does not know it
 * skips it, and the flow goes by the first of its paths.
 */
import type { Address } from '../wire/address.ts';
import { findOption, type MobilityOption } from '../wire/mobility-option.ts';

/** In the GRE headers between this node and its home agent. */
export const copyKey = (homeAddress: Address): number =>
  homeAddress.slice(-4).reduce((key, octet) => key * 256 + octet, 0);

export const copyOption = (homeAddress: Address): MobilityOption => ({
  kind: 'gre-key',
  key: copyKey(homeAddress),
});

/** Whether the other end asks for copies, or agrees to them. */
export const speaksOfCopies = (options: readonly MobilityOption[], homeAddress: Address): boolean =>
  findOption(options, 'gre-key')?.key === copyKey(homeAddress);
