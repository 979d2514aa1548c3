/** The correspondent: MIP6/ct-mipv6-cn. */

import { sequences } from './tahi-sequences.ts';
import { CN_ADMISSION, CN_BINDINGS, CN_ROUTABILITY, LAB_DIRECT_PACKETS, TRIANGLE } from './tests.ts';
import type { Statement } from './types.ts';

export const correspondentSequences: readonly Statement[] = [
  ...sequences('CN-1-1', {
    role: 'cn',
    says: 'Return routability',
    shown: [
      `${CN_ROUTABILITY} > the answer goes back to its source, with its cookie, bare`,
      `${TRIANGLE} > both care-of addresses are proven and registered within a second`,
    ],
  }),
  ...sequences('CN-1-2', {
    role: 'cn',
    says: 'A Binding Update after it',
    shown: [
      `${CN_ADMISSION} > Kbm of both keygen tokens is accepted`,
      `${TRIANGLE} > both care-of addresses are proven and registered within a second`,
    ],
  }),
  ...sequences('CN-1-3', {
    role: 'cn',
    says: 'Route optimisation after it',
    shown: [`${LAB_DIRECT_PACKETS} > sends to the care-of address with the home address in a routing header`],
  }),
  ...sequences('CN-2-1-1 CN-2-2-1-1 CN-2-2-1-2', {
    role: 'cn',
    says: 'Options that do not belong into test messages',
    shown: [`${CN_ROUTABILITY} > an option that does not belong there is skipped`],
  }),
  ...sequences('CN-2-1-2 CN-2-2-2', {
    role: 'cn',
    says: 'Test messages with Home Address option',
    shown: [`${CN_ROUTABILITY} > with Home Address option it is ignored`],
  }),
  ...sequences('CN-2-1-3 CN-2-2-3', {
    role: 'cn',
    says: 'Test messages with too small a Header Len',
    shown: [`${CN_ROUTABILITY} > too small a Header Len is pointed at by a Parameter Problem`],
  }),
  ...sequences('CN-2-1-4 CN-2-2-4', {
    role: 'cn',
    says: 'Reserved octets of test messages are not zero',
    shown: [`${CN_ROUTABILITY} > reserved octets mean nothing`],
  }),
  ...sequences('CN-2-1-5 CN-2-2-5', {
    role: 'cn',
    says: 'Test messages with another Payload Proto',
    shown: [`${CN_ROUTABILITY} > another Payload Proto is pointed at by a Parameter Problem`],
  }),
  ...sequences('CN-2-1-6 CN-2-2-6', {
    role: 'cn',
    says: 'Test messages with a wrong checksum',
    shown: [`${CN_ROUTABILITY} > silence for a wrong checksum`],
  }),
  ...sequences('CN-2-3-1-1', {
    role: 'cn',
    says: 'Binding Refresh Advice in a Binding Update',
    shown: [
      `${CN_ADMISSION} > reserved bits, L and K flags and options that do not belong there mean nothing`,
    ],
  }),
  ...sequences('CN-2-3-1-2', {
    role: 'cn',
    says: 'Options at wrong alignments',
    shown: [`${CN_ADMISSION} > an option at a wrong alignment is read all the same`],
  }),
  ...sequences('CN-2-3-3', {
    role: 'cn',
    says: 'A Binding Update with too small a Header Len',
    shown: [`${CN_ADMISSION} > a wrong Header Len is pointed at by a Parameter Problem`],
  }),
  ...sequences('CN-2-3-4 CN-2-3-9', {
    role: 'cn',
    says: 'Reserved octets and bits of a Binding Update are not zero',
    shown: [`${CN_ADMISSION} > reserved octets and bits that are not zero are accepted`],
  }),
  ...sequences('CN-2-3-5', {
    role: 'cn',
    says: 'A Binding Update with another Payload Proto',
    shown: [`${CN_ADMISSION} > a wrong Payload Proto is pointed at by a Parameter Problem`],
  }),
  ...sequences('CN-2-3-6', {
    role: 'cn',
    says: 'A Binding Update with a wrong checksum',
    shown: [`${CN_ADMISSION} > silence for a Binding Update with a wrong checksum`],
  }),
  ...sequences('CN-2-3-7 CN-2-3-8', {
    role: 'cn',
    says: 'L and K flags of a Binding Update',
    shown: [
      `${CN_ADMISSION} > reserved bits, L and K flags and options that do not belong there mean nothing`,
    ],
  }),
  ...sequences('CN-2-3-10-1 CN-2-3-10-2', {
    role: 'cn',
    says: 'A Binding Update without Nonce Indices, registration and deletion',
    shown: [`${CN_ADMISSION} > silence without Nonce Indices`],
  }),
  ...sequences('CN-2-3-11', {
    role: 'cn',
    says: 'Wrong Binding Authorization Data',
    shown: [`${CN_ADMISSION} > silence for a wrong authenticator`],
  }),
  ...sequences('CN-2-4-1', {
    role: 'cn',
    says: 'An unknown MH type',
    shown: [`${CN_BINDINGS} > Binding Error 2 for an unknown MH Type`],
  }),
  ...sequences('CN-2-4-2', {
    role: 'cn',
    says: 'Return routability for two addresses',
    shown: [
      `${CN_ROUTABILITY} > leaves no state, whoever asks`,
      `${CN_BINDINGS} > several home addresses are independent`,
    ],
  }),
  ...sequences('CN-2-5-1', {
    role: 'cn',
    says: 'Without A flag an acceptance has no answer',
    shown: [`${CN_ADMISSION} > without A flag an acceptance has no answer`],
  }),
  ...sequences('CN-2-5-2', {
    role: 'cn',
    says: 'Without A flag an old sequence number has the answer 135',
    shown: [`${CN_ADMISSION} > more has the answer 135 with the last accepted number`],
  }),
  ...sequences('CN-2-5-3..5', {
    role: 'cn',
    says: 'Without A flag expired nonces have the answers 136, 137 and 138',
    shown: [`${CN_ADMISSION} > 136, 137 and 138 come without authorization, and without A flag too`],
  }),
  ...sequences('CN-2-6-1..5', {
    role: 'cn',
    says: 'Home, source and alternate care-of addresses that are not unicast routable',
    shown: [
      `${CN_ADMISSION} > as alternate care-of address, registration and deletion`,
      `${CN_ADMISSION} > silence for the source address`,
    ],
  }),
  ...sequences('CN-3-1-1 CN-3-1-2', {
    role: 'cn',
    says: 'Registration with an alternate care-of address other than and equal to the source',
    shown: [`${CN_ADMISSION} > the authenticator is that of the alternate care-of address`],
  }),
  ...sequences('CN-3-2-1 CN-3-2-2', {
    role: 'cn',
    says: 'Re-registration with new and with recent tokens',
    shown: [
      `${CN_BINDINGS} > registration, refresh and another care-of address`,
      `${CN_BINDINGS} > a refresh with recent tokens`,
    ],
  }),
  ...sequences('CN-3-2-3 CN-3-2-4', {
    role: 'cn',
    says: 'A Binding Refresh Request, and the re-registration it causes',
    shown: [
      `${CN_BINDINGS} > three at most, with growing pauses, to the home address`,
      `${CN_BINDINGS} > none after the Binding Update has come`,
    ],
  }),
  ...sequences('CN-3-3-1-1..4', {
    role: 'cn',
    says: 'Deletion from the foreign link, with and without alternate care-of address, new and recent tokens',
    shown: [`${CN_BINDINGS} > a deletion, tokens new and recent`],
  }),
  ...sequences('CN-3-3-1-5 CN-3-3-1-6', {
    role: 'cn',
    says: 'Alternate care-of address equal to the home address with a lifetime',
    shown: [`${CN_BINDINGS} > a deletion, tokens new and recent`],
  }),
  ...sequences('CN-3-3-2-1..8', {
    role: 'cn',
    says: 'Deletion from the home link, with and without home address and alternate options, new and recent tokens',
    shown: [`${CN_BINDINGS} > a deletion, tokens new and recent`],
  }),
  ...sequences('CN-3-3-2-9..16', {
    role: 'cn',
    says: 'Deletion from the home link with a lifetime, with and without these options',
    shown: [`${CN_BINDINGS} > a deletion, tokens new and recent`],
  }),
  ...sequences('CN-3-3-3', {
    role: 'cn',
    says: 'A deletion that fails the tests',
    shown: [`${CN_BINDINGS} > an update that fails the tests leaves binding and lifetime`],
  }),
  ...sequences('CN-3-4-1 CN-3-4-2', {
    role: 'cn',
    says: 'Handover with both tokens new, and with the care-of token new',
    shown: [
      `${CN_BINDINGS} > registration, refresh and another care-of address`,
      `${CN_BINDINGS} > a handover with the care-of token new`,
    ],
  }),
  ...sequences('CN-3-4-3', {
    role: 'cn',
    says: 'A handover that fails the tests',
    shown: [`${CN_BINDINGS} > an update that fails the tests leaves binding and lifetime`],
  }),
  ...sequences('CN-4-2-1..3', {
    role: 'cn',
    says: 'The home nonce has expired',
    shown: [
      `${CN_ADMISSION} > unknown nonce indices are answered with 136, 137 and 138`,
      `${CN_ADMISSION} > has a valid home nonce index, or 136`,
    ],
  }),
  ...sequences('CN-4-3-1', {
    role: 'cn',
    says: 'The care-of nonce has expired at a registration',
    shown: [`${CN_ADMISSION} > unknown nonce indices are answered with 136, 137 and 138`],
  }),
  ...sequences('CN-4-3-2 CN-4-3-3', {
    role: 'cn',
    says: 'The care-of nonce has expired at a deletion',
    shown: [`${CN_ADMISSION} > the care-of nonce index of a deletion`],
  }),
  ...sequences('CN-4-4-1..3', {
    role: 'cn',
    says: 'A home nonce index never given',
    shown: [
      `${CN_ADMISSION} > unknown nonce indices are answered with 136, 137 and 138`,
      `${CN_ADMISSION} > has a valid home nonce index, or 136`,
    ],
  }),
  ...sequences('CN-4-5-1', {
    role: 'cn',
    says: 'A care-of nonce index never given, at a registration',
    shown: [`${CN_ADMISSION} > unknown nonce indices are answered with 136, 137 and 138`],
  }),
  ...sequences('CN-4-5-2 CN-4-5-3', {
    role: 'cn',
    says: 'A care-of nonce index never given, at a deletion',
    shown: [`${CN_ADMISSION} > the care-of nonce index of a deletion`],
  }),
  ...sequences('CN-4-6-1..3', {
    role: 'cn',
    says: 'A wrong home keygen token',
    shown: [`${CN_ADMISSION} > silence for a wrong home keygen token`],
  }),
  ...sequences('CN-4-7-1', {
    role: 'cn',
    says: 'A wrong care-of keygen token',
    shown: [`${CN_ADMISSION} > silence for a wrong care-of keygen token`],
  }),
  ...sequences('CN-4-8-1', {
    role: 'cn',
    says: 'Both nonces have expired at a registration',
    shown: [`${CN_ADMISSION} > unknown nonce indices are answered with 136, 137 and 138`],
  }),
  ...sequences('CN-4-8-2 CN-4-8-3', {
    role: 'cn',
    says: 'Both nonces have expired at a deletion',
    shown: [`${CN_ADMISSION} > has a valid home nonce index, or 136`],
  }),
  ...sequences('CN-4-9-1', {
    role: 'cn',
    says: 'Both nonce indices never given, at a registration',
    shown: [`${CN_ADMISSION} > unknown nonce indices are answered with 136, 137 and 138`],
  }),
  ...sequences('CN-4-9-2 CN-4-9-3', {
    role: 'cn',
    says: 'Both nonce indices never given, at a deletion',
    shown: [`${CN_ADMISSION} > has a valid home nonce index, or 136`],
  }),
  ...sequences('CN-4-11', {
    role: 'cn',
    says: 'Nonces are made anew',
    shown: [`${CN_ROUTABILITY} > a nonce serves for 30 s, then the index grows`],
  }),
  ...sequences('CN-4-12-1..3', {
    role: 'cn',
    says: 'Indices that are not the newest and still valid',
    shown: [`${CN_ADMISSION} > older indices count as well as the newest, registration and deletions`],
  }),
  ...sequences('CN-5-1-1-1..4', {
    role: 'cn',
    says: 'Greater sequence numbers, with and without wrapping round',
    shown: [`${CN_ADMISSION} > more is accepted, with and without wrapping round`],
  }),
  ...sequences('CN-5-1-2-1..4', {
    role: 'cn',
    says: 'Lower or equal sequence numbers',
    shown: [`${CN_ADMISSION} > more has the answer 135 with the last accepted number`],
  }),
  ...sequences('CN-5-1-3-1..3', {
    role: 'cn',
    says: 'Any sequence number without a binding',
    shown: [`${CN_ADMISSION} > is accepted`],
  }),
  ...sequences('CN-5-2-1 CN-5-2-3', {
    role: 'cn',
    says: 'Lifetimes beyond 420 s without a binding',
    shown: [`${CN_BINDINGS} > a lifetime of`],
  }),
  ...sequences('CN-5-2-2', {
    role: 'cn',
    says: 'Lifetimes up to 420 s without a binding',
    shown: [`${CN_BINDINGS} > a lifetime of`],
  }),
  ...sequences('CN-5-2-4..7', {
    role: 'cn',
    says: 'Lifetimes beside what remains of an existing binding',
    shown: [`${CN_BINDINGS} > a lifetime of`],
  }),
  ...sequences('CN-5-2-8', {
    role: 'cn',
    says: 'A refresh that fails the tests leaves the lifetime',
    shown: [`${CN_BINDINGS} > an update that fails the tests leaves binding and lifetime`],
  }),
  ...sequences('CN-5-3-1 CN-5-3-4', {
    role: 'cn',
    says: 'An H flag without a binding, with Nonce Indices and without',
    shown: [
      `${CN_ADMISSION} > 131 to an H flag without a binding`,
      `${CN_ADMISSION} > silence to an H flag with Nonce Indices`,
    ],
  }),
  ...sequences('CN-5-3-2 CN-5-3-3', {
    role: 'cn',
    says: 'An H flag with an existing binding, registration and deletion',
    shown: [`${CN_ADMISSION} > 139 to an H flag with a binding, which stays`],
  }),
  ...sequences('CN-5-3-5 CN-5-3-6', {
    role: 'cn',
    says: 'An H flag with Nonce Indices and an existing binding',
    shown: [`${CN_ADMISSION} > silence to an H flag with Nonce Indices`],
  }),
  ...sequences('CN-5-4-1', {
    role: 'cn',
    says: 'A replayed Binding Update',
    shown: [`${CN_ADMISSION} > after a deletion the registration is not taken again`],
  }),
  ...sequences('CN-5-4-2', {
    role: 'cn',
    says: 'Bindings that refer to each other',
    shown: [`${CN_BINDINGS} > bindings that refer to each other are refused`],
  }),
  ...sequences('CN-5-4-3', {
    role: 'cn',
    says: 'Several bindings at a time',
    shown: [`${CN_BINDINGS} > several home addresses are independent`],
  }),
  ...sequences('CN-6-1', {
    role: 'cn',
    says: 'Persistent Destination Unreachable',
    shown: [`${CN_BINDINGS} > three within 30 s delete the binding, one does not`],
  }),
  ...sequences('CN-6-2-1', {
    role: 'cn',
    says: 'A Home Address option without binding',
    shown: [
      `${LAB_DIRECT_PACKETS} > drops what has a Home Address option and no binding from there, and says so`,
    ],
  }),
  ...sequences('CN-6-2-2 CN-6-2-3', {
    role: 'cn',
    says: 'A Home Address option with a binding',
    shown: [
      `${LAB_DIRECT_PACKETS} > takes it from each care-of address that is bound, and the binding stays as it is`,
    ],
  }),
  ...sequences('CN-6-3-1..3', {
    role: 'cn',
    says: 'Multicast source and home addresses of packets with Home Address option',
    shown: [`${LAB_DIRECT_PACKETS} > has nothing to say to groups`],
  }),
  ...sequences('CN-6-4-1', {
    role: 'cn',
    says: 'The checksum of an echo over the home address',
    shown: [`${LAB_DIRECT_PACKETS} > computes the checksum of an echo with the home address`],
  }),
  ...sequences('CN-6-4-2', {
    role: 'cn',
    says: 'IPsec of packets with Home Address option',
    na: 'Kedge authenticates by RFC 4285 and offers neither IPsec nor IKE',
  }),
  ...sequences('CN-6-5', {
    role: 'cn',
    says: 'A type 2 routing header to a correspondent',
    shown: [`${LAB_DIRECT_PACKETS} > drops type 2 routing headers without a word`],
  }),
];
