/** The correspondent: MIP6/ct-mipv6-cn. */
import { sequences } from './tahi-sequences.ts';
import type { Statement } from './types.ts';

export const correspondentSequences: readonly Statement[] = [
  ...sequences('CN-1-1', {
    role: 'cn',
    says: 'Return routability',
    open: 'correspondent: HoTI and CoTI answered; unit test and simulation',
  }),
  ...sequences('CN-1-2', {
    role: 'cn',
    says: 'A Binding Update after it',
    open: 'correspondent: accepted; unit test and simulation',
  }),
  ...sequences('CN-1-3', {
    role: 'cn',
    says: 'Route optimisation after it',
    open: 'data path: lab test with the second kernel',
  }),
  ...sequences('CN-2-1-1 CN-2-2-1-1 CN-2-2-1-2', {
    role: 'cn',
    says: 'Options that do not belong into test messages',
    open: 'correspondent: skipped, the test message is answered; unit test',
  }),
  ...sequences('CN-2-1-2 CN-2-2-2', {
    role: 'cn',
    says: 'Test messages with Home Address option',
    open: 'correspondent: ignored silently; unit test',
  }),
  ...sequences('CN-2-1-3 CN-2-2-3', {
    role: 'cn',
    says: 'Test messages with too small a Header Len',
    open: 'correspondent: Parameter Problem code 0 at Header Len; unit test',
  }),
  ...sequences('CN-2-1-4 CN-2-2-4', {
    role: 'cn',
    says: 'Reserved octets of test messages are not zero',
    open: 'correspondent: answered all the same; unit test',
  }),
  ...sequences('CN-2-1-5 CN-2-2-5', {
    role: 'cn',
    says: 'Test messages with another Payload Proto',
    open: 'correspondent: Parameter Problem code 0 at Payload Proto; unit test',
  }),
  ...sequences('CN-2-1-6 CN-2-2-6', {
    role: 'cn',
    says: 'Test messages with a wrong checksum',
    open: 'correspondent: silence; unit test',
  }),
  ...sequences('CN-2-3-1-1', {
    role: 'cn',
    says: 'Binding Refresh Advice in a Binding Update',
    open: 'correspondent: skipped; unit test',
  }),
  ...sequences('CN-2-3-1-2', {
    role: 'cn',
    says: 'Options at wrong alignments',
    open: 'correspondent: read all the same; unit test',
  }),
  ...sequences('CN-2-3-3', {
    role: 'cn',
    says: 'A Binding Update with too small a Header Len',
    open: 'correspondent: Parameter Problem code 0 at Header Len; unit test',
  }),
  ...sequences('CN-2-3-4 CN-2-3-9', {
    role: 'cn',
    says: 'Reserved octets and bits of a Binding Update are not zero',
    open: 'correspondent: accepted all the same; unit test',
  }),
  ...sequences('CN-2-3-5', {
    role: 'cn',
    says: 'A Binding Update with another Payload Proto',
    open: 'correspondent: Parameter Problem code 0 at Payload Proto; unit test',
  }),
  ...sequences('CN-2-3-6', {
    role: 'cn',
    says: 'A Binding Update with a wrong checksum',
    open: 'correspondent: silence; unit test',
  }),
  ...sequences('CN-2-3-7 CN-2-3-8', {
    role: 'cn',
    says: 'L and K flags of a Binding Update',
    open: 'correspondent: mean nothing; unit test',
  }),
  ...sequences('CN-2-3-10-1 CN-2-3-10-2', {
    role: 'cn',
    says: 'A Binding Update without Nonce Indices, registration and deletion',
    open: 'correspondent: silence; unit test',
  }),
  ...sequences('CN-2-3-11', {
    role: 'cn',
    says: 'Wrong Binding Authorization Data',
    open: 'correspondent: silence; unit test',
  }),
  ...sequences('CN-2-4-1', {
    role: 'cn',
    says: 'An unknown MH type',
    open: 'correspondent: Binding Error 2; unit test',
  }),
  ...sequences('CN-2-4-2', {
    role: 'cn',
    says: 'Return routability for two addresses',
    open: 'correspondent: independent, no state in between; unit test',
  }),
  ...sequences('CN-2-5-1', {
    role: 'cn',
    says: 'Without A flag an acceptance has no answer',
    open: 'correspondent: unit test',
  }),
  ...sequences('CN-2-5-2', {
    role: 'cn',
    says: 'Without A flag an old sequence number has the answer 135',
    open: 'correspondent: unit test',
  }),
  ...sequences('CN-2-5-3..5', {
    role: 'cn',
    says: 'Without A flag expired nonces have the answers 136, 137 and 138',
    open: 'correspondent: unit test',
  }),
  ...sequences('CN-2-6-1..5', {
    role: 'cn',
    says: 'Home, source and alternate care-of addresses that are not unicast routable',
    open: 'correspondent: silence, registration and deletion; unit test',
  }),
  ...sequences('CN-3-1-1 CN-3-1-2', {
    role: 'cn',
    says: 'Registration with an alternate care-of address other than and equal to the source',
    open: 'correspondent: the token is that of the alternate address; unit test',
  }),
  ...sequences('CN-3-2-1 CN-3-2-2', {
    role: 'cn',
    says: 'Re-registration with new and with recent tokens',
    open: 'correspondent: unit test',
  }),
  ...sequences('CN-3-2-3 CN-3-2-4', {
    role: 'cn',
    says: 'A Binding Refresh Request, and the re-registration it causes',
    open: 'correspondent: sent to the home address while the binding is in use; unit test',
  }),
  ...sequences('CN-3-3-1-1..4', {
    role: 'cn',
    says: 'Deletion from the foreign link, with and without alternate care-of address, new and recent tokens',
    open: 'correspondent: Kbm of the home token alone; unit test of the four',
  }),
  ...sequences('CN-3-3-1-5 CN-3-3-1-6', {
    role: 'cn',
    says: 'Alternate care-of address equal to the home address with a lifetime',
    open: 'correspondent: a deletion; unit test',
  }),
  ...sequences('CN-3-3-2-1..8', {
    role: 'cn',
    says: 'Deletion from the home link, with and without home address and alternate options, new and recent tokens',
    open: 'correspondent: unit test of the eight',
  }),
  ...sequences('CN-3-3-2-9..16', {
    role: 'cn',
    says: 'Deletion from the home link with a lifetime, with and without these options',
    open: 'correspondent: care-of address equal to home address is a deletion; unit test of the eight',
  }),
  ...sequences('CN-3-3-3', {
    role: 'cn',
    says: 'A deletion that fails the tests',
    open: 'correspondent: the binding stays; unit test',
  }),
  ...sequences('CN-3-4-1 CN-3-4-2', {
    role: 'cn',
    says: 'Handover with both tokens new, and with the care-of token new',
    open: 'correspondent: unit test',
  }),
  ...sequences('CN-3-4-3', {
    role: 'cn',
    says: 'A handover that fails the tests',
    open: 'correspondent: the binding stays as it was; unit test',
  }),
  ...sequences('CN-4-2-1..3', {
    role: 'cn',
    says: 'The home nonce has expired',
    open: 'correspondent: 136, registration and deletions; unit test',
  }),
  ...sequences('CN-4-3-1', {
    role: 'cn',
    says: 'The care-of nonce has expired at a registration',
    open: 'correspondent: 137; unit test',
  }),
  ...sequences('CN-4-3-2 CN-4-3-3', {
    role: 'cn',
    says: 'The care-of nonce has expired at a deletion',
    open: 'correspondent: accepted, the index is ignored; unit test',
  }),
  ...sequences('CN-4-4-1..3', {
    role: 'cn',
    says: 'A home nonce index never given',
    open: 'correspondent: 136, registration and deletions; unit test',
  }),
  ...sequences('CN-4-5-1', {
    role: 'cn',
    says: 'A care-of nonce index never given, at a registration',
    open: 'correspondent: 137; unit test',
  }),
  ...sequences('CN-4-5-2 CN-4-5-3', {
    role: 'cn',
    says: 'A care-of nonce index never given, at a deletion',
    open: 'correspondent: accepted, the index is ignored; unit test',
  }),
  ...sequences('CN-4-6-1..3', {
    role: 'cn',
    says: 'A wrong home keygen token',
    open: 'correspondent: silence, registration and deletions; unit test',
  }),
  ...sequences('CN-4-7-1', {
    role: 'cn',
    says: 'A wrong care-of keygen token',
    open: 'correspondent: silence; unit test',
  }),
  ...sequences('CN-4-8-1', {
    role: 'cn',
    says: 'Both nonces have expired at a registration',
    open: 'correspondent: 138; unit test',
  }),
  ...sequences('CN-4-8-2 CN-4-8-3', {
    role: 'cn',
    says: 'Both nonces have expired at a deletion',
    open: 'correspondent: 136, for the care-of index is ignored; unit test',
  }),
  ...sequences('CN-4-9-1', {
    role: 'cn',
    says: 'Both nonce indices never given, at a registration',
    open: 'correspondent: 138; unit test',
  }),
  ...sequences('CN-4-9-2 CN-4-9-3', {
    role: 'cn',
    says: 'Both nonce indices never given, at a deletion',
    open: 'correspondent: 136, for the care-of index is ignored; unit test',
  }),
  ...sequences('CN-4-11', {
    role: 'cn',
    says: 'Nonces are made anew',
    open: 'correspondent: a new one at the latest every MAX_NONCE_LIFETIME/2, index grows; unit test in virtual time',
  }),
  ...sequences('CN-4-12-1..3', {
    role: 'cn',
    says: 'Indices that are not the newest and still valid',
    open: 'correspondent: accepted, registration and deletions; unit test',
  }),
  ...sequences('CN-5-1-1-1..4', {
    role: 'cn',
    says: 'Greater sequence numbers, with and without wrapping round',
    open: 'correspondent: accepted; unit test (engine/sequence.ts is shown by small.test.ts)',
  }),
  ...sequences('CN-5-1-2-1..4', {
    role: 'cn',
    says: 'Lower or equal sequence numbers',
    open: 'correspondent: 135 with the last accepted number; unit test',
  }),
  ...sequences('CN-5-1-3-1..3', {
    role: 'cn',
    says: 'Any sequence number without a binding',
    open: 'correspondent: accepted; unit test',
  }),
  ...sequences('CN-5-2-1 CN-5-2-3', {
    role: 'cn',
    says: 'Lifetimes beyond 420 s without a binding',
    open: 'correspondent: 420 s granted; unit test',
  }),
  ...sequences('CN-5-2-2', {
    role: 'cn',
    says: 'Lifetimes up to 420 s without a binding',
    open: 'correspondent: granted as asked; unit test',
  }),
  ...sequences('CN-5-2-4..7', {
    role: 'cn',
    says: 'Lifetimes beside what remains of an existing binding',
    open: 'correspondent: the new one counts, 420 s at most; unit test',
  }),
  ...sequences('CN-5-2-8', {
    role: 'cn',
    says: 'A refresh that fails the tests leaves the lifetime',
    open: 'correspondent: unit test',
  }),
  ...sequences('CN-5-3-1 CN-5-3-4', {
    role: 'cn',
    says: 'An H flag without a binding, with Nonce Indices and without',
    open: 'correspondent: 131 where it can be authenticated, silence with Nonce Indices; unit test',
  }),
  ...sequences('CN-5-3-2 CN-5-3-3', {
    role: 'cn',
    says: 'An H flag with an existing binding, registration and deletion',
    open: 'correspondent: 139, the binding stays; unit test',
  }),
  ...sequences('CN-5-3-5 CN-5-3-6', {
    role: 'cn',
    says: 'An H flag with Nonce Indices and an existing binding',
    open: 'correspondent: silence, the binding stays; unit test',
  }),
  ...sequences('CN-5-4-1', {
    role: 'cn',
    says: 'A replayed Binding Update',
    open: 'correspondent: after a deletion the same nonces are refused for these addresses; unit test',
  }),
  ...sequences('CN-5-4-2', {
    role: 'cn',
    says: 'Bindings that refer to each other',
    open: 'correspondent: a care-of address that is the home address of another binding is refused; unit test',
  }),
  ...sequences('CN-5-4-3', {
    role: 'cn',
    says: 'Several bindings at a time',
    open: 'correspondent: independent; unit test',
  }),
  ...sequences('CN-6-1', {
    role: 'cn',
    says: 'Persistent Destination Unreachable',
    open: 'correspondent: the binding goes; unit test',
  }),
  ...sequences('CN-6-2-1', {
    role: 'cn',
    says: 'A Home Address option without binding',
    open: 'data path: lab test with the second kernel, Binding Error 1',
  }),
  ...sequences('CN-6-2-2 CN-6-2-3', {
    role: 'cn',
    says: 'A Home Address option with a binding',
    open: 'data path: taken, and the binding is not changed; lab test with the second kernel',
  }),
  ...sequences('CN-6-3-1..3', {
    role: 'cn',
    says: 'Multicast source and home addresses of packets with Home Address option',
    open: 'data path: dropped without Binding Error; lab test with the second kernel',
  }),
  ...sequences('CN-6-4-1', {
    role: 'cn',
    says: 'The checksum of an echo over the home address',
    open: 'data path: lab test with the second kernel',
  }),
  ...sequences('CN-6-4-2', {
    role: 'cn',
    says: 'IPsec of packets with Home Address option',
    na: 'Kedge authenticates by RFC 4285 and offers neither IPsec nor IKE',
  }),
  ...sequences('CN-6-5', {
    role: 'cn',
    says: 'A type 2 routing header to a correspondent',
    open: 'data path: dropped silently; lab test with the second kernel',
  }),
];
