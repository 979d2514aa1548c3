/** What Scapy 2.5.0 does wrong with Mobility Headers, or leaves out, beside what driver.py says. Everything else that differs is a bug of ours. */
import type { OptionOfKind } from '../../../../../src/wire/mobility-option.ts';
import { Defects } from '../comparison.ts';

/** It knows MH Types 0 to 7 and options 2 to 16; all others are octets to it. */
export const optionDefects = new Defects([
  {
    kind: 'mh-link-layer-address',
    effect: 'rest misread',
    reason: 'the format of RFC 4068: always six octets of address behind a pad, whatever the length says',
  },
  {
    kind: 'binding-authorization-data-fmipv6',
    effect: 'rest misread',
    reason: 'it does not know that the length of option 21 leaves out the SPI',
  },
  {
    kind: 'authentication',
    effect: { chokesOn: ({ data }: OptionOfKind<'authentication'>) => data.length === 0 },
    reason: 'no octets of data are shown, and written, as twelve of its own',
  },
  {
    kind: 'binding-authorization-data',
    effect: {
      chokesOn: ({ authenticator }: OptionOfKind<'binding-authorization-data'>) =>
        authenticator.length !== 12,
    },
    reason: 'always twelve octets, whatever the length says',
  },
]);

/** Lengths that it writes wrong, unless it is told the right ones: 16 by itself. */
export const WRONG_LENGTHS: Readonly<Record<string, number>> = {
  MIP6OptNonceIndices: 4,
  MIP6OptBindingAuthData: 12,
};

/** A message that it does not know is shown eight octets short. */
export const GENERIC_SHORT_BY = 8;

/** It does not pad the end of a Binding Error: such are asked for without options. */
export const UNPADDED = 'binding-error';
