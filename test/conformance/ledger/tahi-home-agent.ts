/** The home agent: MIP6/ct-mipv6-ha and NEMO/nemo-ha. */
import { sequences } from './tahi-sequences.ts';
import {
  ANCHOR_FORWARDING,
  FILTER,
  HOME_AGENT_BASE,
  HOME_AGENT_DISCOVERY,
  HOME_LINK,
  LAB_ADDRESSING,
  LAB_ERRORS,
  LAB_HOME_LINK,
  LAB_HOSTILE,
  LAB_NESTED,
  LAB_SESSIONS,
  LAB_TWO_HOME_AGENTS,
  LAB_UNANSWERED,
  OPTION,
  PREFIX_DELIVERY,
  REGISTRATION,
  SECURITY,
} from './tests.ts';
import type { Statement } from './types.ts';

const NO_IPSEC = 'Kedge authenticates by RFC 4285 and offers neither IPsec nor IKE';

export const homeAgentSequences: readonly Statement[] = [
  ...sequences('HA_0_0_0 NEMO-HA_0_0_0', {
    role: 'ha',
    says: 'Sets up the tester and the node',
    na: 'Sets up the tester; nothing is tried',
  }),
  ...sequences('HA_1_1_1 HA_1_1_5 NEMO-HA_1_1_1 NEMO-HA_1_1_5', {
    role: 'ha',
    says: 'An unknown MH type, with a binding and without',
    shown: [`${HOME_AGENT_BASE} > a Binding Error answers unknown types`],
  }),
  ...sequences('HA_1_1_2 HA_1_1_6 HA_1_1_9 NEMO-HA_1_1_2 NEMO-HA_1_1_6 NEMO-HA_1_1_9', {
    role: 'ha',
    says: 'Something follows the Mobility Header, with a binding and without',
    shown: [`${HOME_AGENT_BASE} > a Parameter Problem goes to the care-of address`],
  }),
  ...sequences('HA_1_1_3 HA_1_1_8 NEMO-HA_1_1_3 NEMO-HA_1_1_8', {
    role: 'ha',
    says: 'A Binding Update with a wrong checksum',
    shown: [`${SECURITY} > silence for a wrong checksum`],
  }),
  ...sequences('HA_1_1_4 HA_1_1_7 HA_1_1_10 NEMO-HA_1_1_4 NEMO-HA_1_1_7 NEMO-HA_1_1_10', {
    role: 'ha',
    says: 'A Header Len that is too small, with a binding and without',
    shown: [`${HOME_AGENT_BASE} > a Parameter Problem goes to the care-of address`],
  }),
  ...sequences('HA_2_1_1 HA_2_1_5 NEMO-HA_2_1_1 NEMO-HA_2_1_5', {
    role: 'ha',
    says: 'A registration with A flag',
    shown: [`${REGISTRATION} > registers, copies the sequence number`],
  }),
  ...sequences('HA_2_1_2 HA_2_1_6 NEMO-HA_2_1_2 NEMO-HA_2_1_6', {
    role: 'ha',
    says: 'A registration without A flag',
    shown: [`${REGISTRATION} > acknowledges whatever the A flag says`],
  }),
  ...sequences('HA_2_1_3 HA_2_1_7 NEMO-HA_2_1_3 NEMO-HA_2_1_7', {
    role: 'ha',
    says: 'A refresh with a shorter lifetime',
    shown: [`${HOME_AGENT_BASE} > a refresh with a shorter lifetime shortens the binding`],
  }),
  ...sequences('HA_2_1_4 HA_2_1_8 NEMO-HA_2_1_4 NEMO-HA_2_1_8', {
    role: 'ha',
    says: 'The lifetime of a binding ends',
    shown: [`${REGISTRATION} > grants no more than its own limit`],
  }),
  ...sequences('HA_2_1_9 NEMO-HA_2_1_9', {
    role: 'ha',
    says: 'The lifetime of the home prefix limits that of the binding',
    shown: [`${HOME_LINK} > s valid at most`, `${HOME_LINK} > status 0 or 1:`],
  }),
  ...sequences('HA_2_1_10..13', {
    role: 'ha',
    says: 'A registration with the K flag clear and set',
    shown: [`${HOME_AGENT_BASE} > the K flag of an answer is clear`],
  }),
  ...sequences('HA_2_1_14 HA_2_1_15 NEMO-HA_2_1_14 NEMO-HA_2_1_15', {
    role: 'ha',
    says: 'Reserved bits of a Binding Update are not zero',
    shown: [`${HOME_AGENT_BASE} > reserved octets and bits mean nothing`],
  }),
  ...sequences(
    'HA_2_2_1 HA_2_2_2 HA_2_2_4 HA_2_2_5 NEMO-HA_2_2_1 NEMO-HA_2_2_2 NEMO-HA_2_2_4 NEMO-HA_2_2_5',
    {
      role: 'ha',
      says: 'A home address outside the home subnet, with A flag and without',
      shown: [`${HOME_LINK} > is refused with 132, with A flag`],
    },
  ),
  ...sequences('HA_2_2_3 HA_2_2_6 NEMO-HA_2_2_3 NEMO-HA_2_2_6', {
    role: 'ha',
    says: 'A Binding Update that is not authorised (RFC 4285 in the place of IPsec)',
    shown: [`${SECURITY} > no authentication option`, `${SECURITY} > answers 146 to a wrong authenticator`],
  }),
  ...sequences('HA_2_2_7 HA_2_2_8 NEMO-HA_2_2_7 NEMO-HA_2_2_8', {
    role: 'ha',
    says: 'Nonce Indices in a home registration',
    shown: [`${SECURITY} > silence for Nonce Indices in a home registration`],
  }),
  ...sequences('HA_2_2_9..12 NEMO-HA_2_2_9..12', {
    role: 'ha',
    says: 'A link-local home address, L flag clear and set',
    shown: [`${HOME_AGENT_BASE} > that is not unicast routable: fe80::2`],
  }),
  ...sequences('HA_2_2_13 HA_2_2_14 NEMO-HA_2_2_13 NEMO-HA_2_2_14', {
    role: 'ha',
    says: 'A multicast home address',
    shown: [`${HOME_AGENT_BASE} > that is not unicast routable: ff02::1`],
  }),
  ...sequences('HA_2_3_1 NEMO-HA_2_3_1', {
    role: 'ha',
    says: 'DAD succeeds, L flag clear',
    shown: [
      `${HOME_LINK} > solicits the home address on the home link, and holds the answer back for a second`,
      `${LAB_HOME_LINK} > holds the first acknowledgement back for a second, and no later one`,
    ],
  }),
  ...sequences('HA_2_3_2 NEMO-HA_2_3_2', {
    role: 'ha',
    says: 'DAD succeeds, L flag set',
    shown: [
      `${HOME_LINK} > L=1: both addresses are tested, and either fails the test`,
      `${LAB_HOME_LINK} > the link-local address is advertised and defended as well`,
    ],
  }),
  ...sequences('HA_2_3_3 NEMO-HA_2_3_3', {
    role: 'ha',
    says: 'L flag clear: an advertisement for the link-local address does not matter',
    shown: [`${HOME_LINK} > L=0: only the home address is tested`],
  }),
  ...sequences('NEMO-HA_2_3_4', {
    role: 'ha',
    says: 'No DAD for a home address out of the mobile network prefix',
    shown: [`${HOME_LINK} > there is none for a home address out of the mobile network prefix`],
  }),
  ...sequences(
    'HA_2_4_1 HA_2_4_2 HA_2_4_4 HA_2_4_5 NEMO-HA_2_4_1 NEMO-HA_2_4_2 NEMO-HA_2_4_4 NEMO-HA_2_4_5',
    {
      role: 'ha',
      says: 'DAD fails by an advertisement for the home address, with A and L flags and without',
      shown: [`${HOME_LINK} > rejects with 134 when somebody has the address`],
    },
  ),
  ...sequences('HA_2_4_3 HA_2_4_6 NEMO-HA_2_4_3 NEMO-HA_2_4_6', {
    role: 'ha',
    says: 'L flag set: DAD fails by an advertisement for the link-local address',
    shown: [
      `${HOME_LINK} > L=1: both addresses are tested, and either fails the test`,
      `${LAB_HOME_LINK} > a home address that a neighbour has is refused with 134; its link-local address with the L flag only`,
    ],
  }),
  ...sequences('HA_2_5_1..8 NEMO-HA_2_5_1..8', {
    role: 'ha',
    says: 'Sequence number 15, then 16 or 32782',
    shown: [`${HOME_AGENT_BASE} > after 15 come 16 to 32782`],
  }),
  ...sequences('HA_2_6_1..12 NEMO-HA_2_6_1..12', {
    role: 'ha',
    says: 'Sequence number 15, then 14, 15 or 32783',
    shown: [`${HOME_AGENT_BASE} > after 15 come 16 to 32782`],
  }),
  ...sequences('HA_2_7_1..8 NEMO-HA_2_7_1..8', {
    role: 'ha',
    says: 'Sequence number 32783, then 32784 or 14',
    shown: [`${HOME_AGENT_BASE} > after 32783 come 32784 to 14`],
  }),
  ...sequences('HA_2_8_1..12 NEMO-HA_2_8_1..12', {
    role: 'ha',
    says: 'Sequence number 32783, then 32782, 32783 or 15',
    shown: [`${HOME_AGENT_BASE} > after 32783 come 32784 to 14`],
  }),
  ...sequences('NEMO-HA_2_9_1 NEMO-HA_2_9_11', {
    role: 'ha',
    says: 'Explicit registration of two prefixes',
    shown: [`${REGISTRATION} > a prefix that is absent from a later Binding Update is disabled`],
  }),
  ...sequences('NEMO-HA_2_9_2 NEMO-HA_2_9_12', {
    role: 'ha',
    says: 'Explicit registration of one prefix, then of another',
    shown: [`${HOME_AGENT_BASE} > the prefixes of the latest Binding Update count`],
  }),
  ...sequences('NEMO-HA_2_9_3 NEMO-HA_2_9_13', {
    role: 'ha',
    says: 'Explicit registration of one prefix, then of it and another',
    shown: [`${HOME_AGENT_BASE} > the prefixes of the latest Binding Update count`],
  }),
  ...sequences('NEMO-HA_2_9_4 NEMO-HA_2_9_14', {
    role: 'ha',
    says: 'Explicit registration of two prefixes, twice',
    shown: [`${HOME_AGENT_BASE} > the prefixes of the latest Binding Update count`],
  }),
  ...sequences('NEMO-HA_2_9_5 NEMO-HA_2_9_15', {
    role: 'ha',
    says: 'Explicit registration of two prefixes, then of one of them',
    shown: [`${HOME_AGENT_BASE} > the prefixes of the latest Binding Update count`],
  }),
  ...sequences('NEMO-HA_2_10_1 NEMO-HA_2_10_7', {
    role: 'ha',
    says: 'R flag without H flag, no binding',
    shown: [`${REGISTRATION} > answers 140 to an R flag without an H flag`],
  }),
  ...sequences('NEMO-HA_2_10_2..6', {
    role: 'ha',
    says: 'Other H and R flags than those of the existing binding',
    shown: [`${HOME_AGENT_BASE} > the home registration flag does not change`],
  }),
  ...sequences('NEMO-HA_2_10_8..12', {
    role: 'ha',
    says: 'Other H and R flags than those of the existing binding',
    shown: [`${HOME_AGENT_BASE} > the home registration flag does not change`],
  }),
  ...sequences('NEMO-HA_2_11_1 NEMO-HA_2_11_11', {
    role: 'ha',
    says: 'An unknown option type in the place of the prefix option',
    shown: [`${HOME_AGENT_BASE} > a mobility option of an unknown type is skipped`],
  }),
  ...sequences('NEMO-HA_2_11_2 NEMO-HA_2_11_12', {
    role: 'ha',
    says: 'A prefix option of 17 octets',
    shown: [`${HOME_AGENT_BASE} > a Mobile Network Prefix option of 17 octets`],
  }),
  ...sequences('NEMO-HA_2_11_3 NEMO-HA_2_11_13', {
    role: 'ha',
    says: 'A prefix option of 19 octets',
    shown: [`${HOME_AGENT_BASE} > a Mobile Network Prefix option of 19 octets`],
  }),
  ...sequences('NEMO-HA_2_11_4 NEMO-HA_2_11_14', {
    role: 'ha',
    says: 'The reserved octet of a prefix option is not zero',
    shown: [`${OPTION} > ignores the reserved octet of a Mobile Network Prefix`],
  }),
  ...sequences('NEMO-HA_2_11_5 NEMO-HA_2_11_15', {
    role: 'ha',
    says: 'A prefix of length 63 where one of 64 is authorised',
    shown: [`${HOME_AGENT_BASE} > a prefix one bit shorter than the authorised one`],
  }),
  ...sequences('NEMO-HA_2_11_7 NEMO-HA_2_11_17', {
    role: 'ha',
    says: 'A multicast prefix',
    shown: [`${REGISTRATION} > answers 141 to the prefix ff00::/8`],
  }),
  ...sequences('NEMO-HA_2_11_8 NEMO-HA_2_11_18', {
    role: 'ha',
    says: 'A link-local prefix',
    shown: [`${REGISTRATION} > answers 141 to the prefix fe80::/64`],
  }),
  ...sequences('NEMO-HA_2_11_9 NEMO-HA_2_11_19', {
    role: 'ha',
    says: 'A prefix the node is not authorised for',
    shown: [`${REGISTRATION} > answers 142 to 2001:db8:200::/64`],
  }),
  ...sequences('NEMO-HA_2_12_1 NEMO-HA_2_12_4', {
    role: 'ha',
    says: 'Implicit registration with two configured prefixes',
    shown: [`${REGISTRATION} > implicit mode forwards the configured prefixes`],
  }),
  ...sequences('NEMO-HA_2_12_3 NEMO-HA_2_12_6', {
    role: 'ha',
    says: 'Implicit registration without a configured prefix',
    shown: [`${REGISTRATION} > answers 143 in implicit mode when no prefix is configured`],
  }),
  ...sequences(
    'HA_3_1_1 HA_3_1_6 HA_3_1_11 HA_3_1_12 NEMO-HA_3_1_1 NEMO-HA_3_1_6 NEMO-HA_3_1_11 NEMO-HA_3_1_12',
    {
      role: 'ha',
      says: 'De-registration by a care-of address',
      shown: [`${HOME_AGENT_BASE} > [RFC 6275 §10.3.2] by a care-of address, lifetime 0`],
    },
  ),
  ...sequences('HA_3_1_2 HA_3_1_7 NEMO-HA_3_1_2 NEMO-HA_3_1_7', {
    role: 'ha',
    says: 'De-registration by the home address with option, lifetime 0',
    shown: [`${HOME_AGENT_BASE} > [RFC 6275 §10.3.2] by the home address with option, lifetime 0`],
  }),
  ...sequences('HA_3_1_3 HA_3_1_8 NEMO-HA_3_1_3 NEMO-HA_3_1_8', {
    role: 'ha',
    says: 'De-registration by the home address with option, lifetime not 0',
    shown: [`${HOME_AGENT_BASE} > [RFC 6275 §10.3.2] by the home address with option, lifetime 600`],
  }),
  ...sequences('HA_3_1_4 HA_3_1_9 NEMO-HA_3_1_4 NEMO-HA_3_1_9', {
    role: 'ha',
    says: 'De-registration by the home address without option, lifetime 0',
    shown: [`${HOME_AGENT_BASE} > [RFC 6275 §10.3.2] by the home address without option, lifetime 0`],
  }),
  ...sequences('HA_3_1_5 HA_3_1_10 NEMO-HA_3_1_5 NEMO-HA_3_1_10', {
    role: 'ha',
    says: 'De-registration by the home address without option, lifetime not 0',
    shown: [`${HOME_AGENT_BASE} > [RFC 6275 §10.3.2] by the home address without option, lifetime 600`],
  }),
  ...sequences(
    'HA_3_2_1 HA_3_2_6 HA_3_2_11 HA_3_2_12 NEMO-HA_3_2_1 NEMO-HA_3_2_6 NEMO-HA_3_2_11 NEMO-HA_3_2_12',
    {
      role: 'ha',
      says: 'De-registration by a care-of address without a binding',
      shown: [`${HOME_AGENT_BASE} > by a care-of address, lifetime 0: 133`],
    },
  ),
  ...sequences('HA_3_2_2 HA_3_2_7 NEMO-HA_3_2_2 NEMO-HA_3_2_7', {
    role: 'ha',
    says: 'De-registration by the home address with option, lifetime 0, without a binding',
    shown: [`${HOME_AGENT_BASE} > by the home address with option, lifetime 0: 133`],
  }),
  ...sequences('HA_3_2_3 HA_3_2_8 NEMO-HA_3_2_3 NEMO-HA_3_2_8', {
    role: 'ha',
    says: 'De-registration by the home address with option, lifetime not 0, without a binding',
    shown: [`${HOME_AGENT_BASE} > by the home address with option, lifetime 600: 133`],
  }),
  ...sequences('HA_3_2_4 HA_3_2_9 NEMO-HA_3_2_4 NEMO-HA_3_2_9', {
    role: 'ha',
    says: 'De-registration by the home address without option, lifetime 0, without a binding',
    shown: [`${HOME_AGENT_BASE} > by the home address without option, lifetime 0: 133`],
  }),
  ...sequences('HA_3_2_5 HA_3_2_10 NEMO-HA_3_2_5 NEMO-HA_3_2_10', {
    role: 'ha',
    says: 'De-registration by the home address without option, lifetime not 0, without a binding',
    shown: [`${HOME_AGENT_BASE} > by the home address without option, lifetime 600: 133`],
  }),
  ...sequences('HA_3_3_1..4 NEMO-HA_3_3_1..4', {
    role: 'ha',
    says: 'De-registration at home with an old sequence number, lifetime 0',
    shown: [`${HOME_AGENT_BASE} > a de-registration by the home address obeys them too: lifetime 0`],
  }),
  ...sequences('HA_3_3_5..8 NEMO-HA_3_3_5..8', {
    role: 'ha',
    says: 'De-registration at home with an old sequence number, lifetime not 0',
    shown: [`${HOME_AGENT_BASE} > a de-registration by the home address obeys them too: lifetime 600`],
  }),
  ...sequences('NEMO-HA_3_4_1..5 NEMO-HA_3_4_16..20', {
    role: 'ha',
    says: 'R flag and prefixes of a de-registration by a care-of address are disregarded',
    shown: [`${HOME_AGENT_BASE} > by a care-of address, lifetime 0: R flag and prefixes`],
  }),
  ...sequences('NEMO-HA_3_4_6..10', {
    role: 'ha',
    says: 'R flag and prefixes of a de-registration at home with option are disregarded',
    shown: [`${HOME_AGENT_BASE} > by the home address with option, lifetime 0: R flag and prefixes`],
  }),
  ...sequences('NEMO-HA_3_4_11..15', {
    role: 'ha',
    says: 'R flag and prefixes of a de-registration at home without option are disregarded',
    shown: [`${HOME_AGENT_BASE} > by the home address without option, lifetime 0: R flag and prefixes`],
  }),
  ...sequences('HA_4_1_1 HA_4_1_2 NEMO-HA_4_1_1 NEMO-HA_4_1_2', {
    role: 'ha',
    says: 'A multicast advertisement when serving begins, L flag clear and set',
    shown: [
      `${HOME_LINK} > multicasts an advertisement with the fields that are demanded, before it answers`,
      `${HOME_LINK} > the link-local address too if the L flag is`,
      `${LAB_HOME_LINK} > three advertisements to all nodes say that its packets go to the home agent`,
      `${LAB_HOME_LINK} > the link-local address is advertised and defended as well`,
    ],
  }),
  ...sequences('NEMO-HA_4_1_3', {
    role: 'ha',
    says: 'No advertisement for a home address out of the mobile network prefix',
    shown: [`${HOME_LINK} > there is none for a home address out of the mobile network prefix`],
  }),
  ...sequences(
    `
      HA_4_2_1 HA_4_2_2 HA_4_2_4 HA_4_2_5 HA_4_2_13 HA_4_2_14 NEMO-HA_4_2_1 NEMO-HA_4_2_2
      NEMO-HA_4_2_4 NEMO-HA_4_2_5 NEMO-HA_4_2_13 NEMO-HA_4_2_14
    `,
    {
      role: 'ha',
      says: 'Solicitations for the home address, multicast and unicast, with and without link-layer option',
      shown: [
        `${LAB_HOME_LINK} > solicitations to the group, to the address, without link-layer address and from :: are answered, with the R bit of a router`,
      ],
    },
  ),
  ...sequences('HA_4_2_3 HA_4_2_6 NEMO-HA_4_2_3 NEMO-HA_4_2_6', {
    role: 'ha',
    says: 'DAD of another node for the home address',
    shown: [
      `${LAB_HOME_LINK} > a neighbour that wants its address fails duplicate address detection`,
      `${LAB_HOME_LINK} > solicitations to the group, to the address, without link-layer address and from :: are answered, with the R bit of a router`,
    ],
  }),
  ...sequences('HA_4_2_7 HA_4_2_8 HA_4_2_15 NEMO-HA_4_2_7 NEMO-HA_4_2_8 NEMO-HA_4_2_15', {
    role: 'ha',
    says: 'L flag set: solicitations for the link-local address',
    shown: [`${LAB_HOME_LINK} > the link-local address is advertised and defended as well`],
  }),
  ...sequences('HA_4_2_9 NEMO-HA_4_2_9', {
    role: 'ha',
    says: 'L flag set: DAD of another node for the link-local address',
    shown: [`${LAB_HOME_LINK} > the link-local address is advertised and defended as well`],
  }),
  ...sequences('HA_4_2_10..12 HA_4_2_16 NEMO-HA_4_2_10..12 NEMO-HA_4_2_16', {
    role: 'ha',
    says: 'L flag clear: solicitations for the link-local address have no answer',
    shown: [`${LAB_HOME_LINK} > without the L flag solicitations for the link-local address have no answer`],
  }),
  ...sequences('HA_4_3_1..16 NEMO-HA_4_3_1..16', {
    role: 'ha',
    says: 'Solicitations for an address that nobody has registered have no answer',
    shown: [`${LAB_HOME_LINK} > solicitations for an address that nobody has registered have no answer`],
  }),
  ...sequences('HA_4_4_1..6 HA_4_4_13 HA_4_4_14 NEMO-HA_4_4_1..6 NEMO-HA_4_4_13 NEMO-HA_4_4_14', {
    role: 'ha',
    says: 'After de-registration solicitations for the home address have no answer',
    shown: [`${LAB_HOME_LINK} > solicitations for its addresses have no answer of the home agent`],
  }),
  ...sequences('HA_4_4_7..9 HA_4_4_15 NEMO-HA_4_4_7..9 NEMO-HA_4_4_15', {
    role: 'ha',
    says: 'After de-registration solicitations for the link-local address have no answer',
    shown: [`${LAB_HOME_LINK} > solicitations for its addresses have no answer of the home agent`],
  }),
  ...sequences('HA_5_1_1 HA_5_1_5 NEMO-HA_5_1_1 NEMO-HA_5_1_5', {
    role: 'ha',
    says: 'A packet of a correspondent for the home address is tunneled',
    shown: [
      `${ANCHOR_FORWARDING} > goes by the tunnel of the active binding`,
      `${LAB_SESSIONS} > a TCP transfer lives through failures`,
    ],
  }),
  ...sequences('HA_5_1_2 NEMO-HA_5_1_2', {
    role: 'ha',
    says: 'A packet for the link-local address is refused, not tunneled',
    shown: [
      `${LAB_HOME_LINK} > packets for it are refused with Destination Unreachable code 3, and never tunnelled`,
    ],
  }),
  ...sequences('HA_5_1_3 HA_5_1_7 NEMO-HA_5_1_3 NEMO-HA_5_1_7', {
    role: 'ha',
    says: 'An ICMPv6 error from within the tunnel is relayed to the correspondent',
    shown: [`${LAB_ERRORS} > pings and ICMPv6 errors pass the tunnel both ways`],
  }),
  ...sequences('HA_5_1_4 HA_5_1_6 NEMO-HA_5_1_4 NEMO-HA_5_1_6', {
    role: 'ha',
    says: 'The tunnel follows the care-of address',
    shown: [`${LAB_ADDRESSING} > care-of addresses by router advertisement`],
  }),
  ...sequences('NEMO-HA_5_2_1 NEMO-HA_5_2_3 NEMO-HA_5_2_5 NEMO-HA_5_2_7', {
    role: 'ha',
    says: 'An echo request for the home address of the router, whichever prefix it is of',
    shown: [`${ANCHOR_FORWARDING} > goes by the tunnel of the active binding`],
  }),
  ...sequences('NEMO-HA_5_2_2 NEMO-HA_5_2_4 NEMO-HA_5_2_6 NEMO-HA_5_2_8', {
    role: 'ha',
    says: "An echo request for the router's address in the mobile network",
    shown: [`${ANCHOR_FORWARDING} > goes by the tunnel of the active binding`],
  }),
  ...sequences('NEMO-HA_5_3_1', {
    role: 'ha',
    says: 'A packet for a link-local address of the router is refused, home address of the home link',
    shown: [
      `${LAB_HOME_LINK} > packets for it are refused with Destination Unreachable code 3, and never tunnelled`,
    ],
  }),
  ...sequences('NEMO-HA_5_3_4', {
    role: 'ha',
    says: 'A packet for a link-local address of the router is refused, home address of the mobile network',
    na: 'no link-local address is derived from a home address out of the mobile network: it is on no link',
  }),
  ...sequences('NEMO-HA_5_3_5 NEMO-HA_5_3_6 NEMO-HA_5_3_8..10 NEMO-HA_5_3_12', {
    role: 'ha',
    says: 'An ICMPv6 error from within the tunnel to the router is relayed',
    shown: [`${LAB_ERRORS} > pings and ICMPv6 errors pass the tunnel both ways`],
  }),
  ...sequences('NEMO-HA_5_4_1 NEMO-HA_5_4_3', {
    role: 'ha',
    says: 'A packet for a host of the mobile network, implicit registration',
    shown: [
      `${ANCHOR_FORWARDING} > goes by the tunnel of the active binding`,
      `${REGISTRATION} > implicit mode forwards the configured prefixes`,
    ],
  }),
  ...sequences('NEMO-HA_5_4_2 NEMO-HA_5_4_4', {
    role: 'ha',
    says: 'The tunnel follows the care-of address, implicit registration',
    shown: [
      `${LAB_ADDRESSING} > care-of addresses by router advertisement`,
      `${REGISTRATION} > implicit mode forwards the configured prefixes`,
    ],
  }),
  ...sequences('NEMO-HA_5_4_5 NEMO-HA_5_4_6 NEMO-HA_5_4_12 NEMO-HA_5_4_13', {
    role: 'ha',
    says: 'A packet for a host of the mobile network, one prefix or several registered explicitly',
    shown: [
      `${LAB_SESSIONS} > a TCP transfer lives through failures`,
      `${REGISTRATION} > a prefix that is absent from a later Binding Update is disabled`,
    ],
  }),
  ...sequences('NEMO-HA_5_4_7 NEMO-HA_5_4_8 NEMO-HA_5_4_14 NEMO-HA_5_4_15', {
    role: 'ha',
    says: 'The tunnel follows the care-of address, the prefixes stay',
    shown: [
      `${LAB_ADDRESSING} > care-of addresses by router advertisement`,
      `${HOME_AGENT_BASE} > the prefixes of the latest Binding Update count`,
    ],
  }),
  ...sequences('NEMO-HA_5_4_9 NEMO-HA_5_4_16', {
    role: 'ha',
    says: 'A prefix more with the new care-of address',
    shown: [
      `${REGISTRATION} > asks for a new forwarding state when bindings or prefixes change`,
      `${HOME_AGENT_BASE} > the prefixes of the latest Binding Update count`,
    ],
  }),
  ...sequences('NEMO-HA_5_4_10 NEMO-HA_5_4_17', {
    role: 'ha',
    says: 'A prefix less with the new care-of address: packets for it are refused',
    shown: [
      `${ANCHOR_FORWARDING} > is refused while there is no binding, or the prefix is not registered`,
      `${HOME_AGENT_BASE} > the prefixes of the latest Binding Update count`,
    ],
  }),
  ...sequences('NEMO-HA_5_4_11 NEMO-HA_5_4_18', {
    role: 'ha',
    says: 'Another prefix with the new care-of address',
    shown: [
      `${ANCHOR_FORWARDING} > is refused while there is no binding, or the prefix is not registered`,
      `${HOME_AGENT_BASE} > the prefixes of the latest Binding Update count`,
    ],
  }),
  ...sequences('NEMO-HA_5_5_1 NEMO-HA_5_5_4', {
    role: 'ha',
    says: 'An error of a router on the way of the tunnel is relayed to the correspondent',
    shown: [`${LAB_ERRORS} > pings and ICMPv6 errors pass the tunnel both ways`],
  }),
  ...sequences('NEMO-HA_5_5_3 NEMO-HA_5_5_6', {
    role: 'ha',
    says: 'An error of a host in the mobile network reaches the correspondent',
    shown: [`${LAB_ERRORS} > pings and ICMPv6 errors pass the tunnel both ways`],
  }),
  ...sequences('HA_6_1_1 HA_6_1_3 NEMO-HA_6_1_1 NEMO-HA_6_1_3', {
    role: 'ha',
    says: 'Reverse tunneling',
    shown: [`${LAB_SESSIONS} > a TCP transfer lives through failures`],
  }),
  ...sequences('HA_6_1_2 HA_6_1_4 NEMO-HA_6_1_2 NEMO-HA_6_1_4', {
    role: 'ha',
    says: 'Reverse tunneling after a change of the care-of address',
    shown: [`${LAB_ADDRESSING} > care-of addresses by router advertisement`],
  }),
  ...sequences('HA_6_2_1 HA_6_2_2 NEMO-HA_6_2_1 NEMO-HA_6_2_2', {
    role: 'ha',
    says: 'A tunnel packet from another address than the care-of address',
    shown: [`${LAB_HOSTILE} > bad input is counted by reason`],
  }),
  ...sequences('NEMO-HA_6_2_3 NEMO-HA_6_2_4', {
    role: 'ha',
    says: 'A tunnel packet from the former care-of address after de-registration',
    shown: [
      `${ANCHOR_FORWARDING} > is refused while there is no binding`,
      `${LAB_HOSTILE} > bad input is counted by reason`,
    ],
  }),
  ...sequences('HA_6_3_1..8', {
    role: 'ha',
    says: 'Home Test Init and Home Test in an ESP tunnel, before and after a change of the care-of address',
    na: NO_IPSEC,
  }),
  ...sequences('HA_6_3_9 HA_6_3_10', {
    role: 'ha',
    says: 'A Home Test Init outside its ESP tunnel',
    na: NO_IPSEC,
  }),
  ...sequences('NEMO-HA_6_4_1 NEMO-HA_6_4_3 NEMO-HA_6_4_5 NEMO-HA_6_4_7', {
    role: 'ha',
    says: 'An echo request of the router by its home address, whichever prefix it is of',
    shown: [`${LAB_ERRORS} > pings and ICMPv6 errors pass the tunnel both ways`],
  }),
  ...sequences('NEMO-HA_6_4_2 NEMO-HA_6_4_4 NEMO-HA_6_4_6 NEMO-HA_6_4_8', {
    role: 'ha',
    says: 'An echo request of the router by its address in the mobile network',
    shown: [`${LAB_ERRORS} > pings and ICMPv6 errors pass the tunnel both ways`],
  }),
  ...sequences('NEMO-HA_6_5_1..8', {
    role: 'ha',
    says: 'A tunnel packet with a genuine inner source from another address than the care-of address',
    shown: [`${LAB_HOSTILE} > bad input is counted by reason`],
  }),
  ...sequences('NEMO-HA_6_6_1 NEMO-HA_6_6_3', {
    role: 'ha',
    says: 'Reverse tunneling of the mobile network, implicit registration',
    shown: [
      `${LAB_SESSIONS} > a TCP transfer lives through failures`,
      `${ANCHOR_FORWARDING} > gives each node its home address and registered prefixes as sources`,
    ],
  }),
  ...sequences('NEMO-HA_6_6_2 NEMO-HA_6_6_4', {
    role: 'ha',
    says: 'Reverse tunneling after a change of the care-of address, implicit registration',
    shown: [
      `${LAB_ADDRESSING} > care-of addresses by router advertisement`,
      `${ANCHOR_FORWARDING} > gives each node its home address and registered prefixes as sources`,
    ],
  }),
  ...sequences('NEMO-HA_6_6_5 NEMO-HA_6_6_6 NEMO-HA_6_6_12 NEMO-HA_6_6_13', {
    role: 'ha',
    says: 'Reverse tunneling of the mobile network, one prefix or several registered explicitly',
    shown: [`${LAB_SESSIONS} > a TCP transfer lives through failures`],
  }),
  ...sequences('NEMO-HA_6_6_7 NEMO-HA_6_6_8 NEMO-HA_6_6_14 NEMO-HA_6_6_15', {
    role: 'ha',
    says: 'Reverse tunneling after a change of the care-of address, the prefixes stay',
    shown: [`${LAB_ADDRESSING} > care-of addresses by router advertisement`],
  }),
  ...sequences('NEMO-HA_6_6_9..11 NEMO-HA_6_6_16..18', {
    role: 'ha',
    says: 'Reverse tunneling after prefixes came or went with a new care-of address',
    shown: [
      `${ANCHOR_FORWARDING} > gives each node its home address and registered prefixes as sources`,
      `${HOME_AGENT_BASE} > the prefixes of the latest Binding Update count`,
    ],
  }),
  ...sequences('NEMO-HA_6_7_1 NEMO-HA_6_7_2', {
    role: 'ha',
    says: 'A tunnel packet with an inner source outside the mobile network',
    shown: [
      `${LAB_HOSTILE} > bad input is counted by reason`,
      `${FILTER} > drops what comes out of a tunnel with a source`,
    ],
  }),
  ...sequences('NEMO-HA_6_7_3 NEMO-HA_6_7_4', {
    role: 'ha',
    says: 'A tunnel packet of the mobile network from the former care-of address after de-registration',
    shown: [
      `${ANCHOR_FORWARDING} > is refused while there is no binding`,
      `${LAB_HOSTILE} > bad input is counted by reason`,
    ],
  }),
  ...sequences('NEMO-HA_6_7_5..8', {
    role: 'ha',
    says: 'A tunnel packet with an inner source of a prefix that is no longer registered',
    shown: [
      `${LAB_UNANSWERED} > multicast and DHCPv6 in the tunnel, solicitations on a foreign link`,
      `${ANCHOR_FORWARDING} > changes with the registered prefixes of a node`,
    ],
  }),
  ...sequences('HA_7_1_1 HA_7_1_2 NEMO-HA_7_1_1 NEMO-HA_7_1_2', {
    role: 'ha',
    says: 'Home agent address discovery',
    shown: [
      `${HOME_AGENT_DISCOVERY} > is answered with its identifier, from the home agent, to where it came from`,
      `${LAB_TWO_HOME_AGENTS} > a router finds two home agents, and sessions outlive the first one`,
    ],
  }),
  ...sequences('HA_7_1_3 HA_7_1_4 NEMO-HA_7_1_3 NEMO-HA_7_1_4', {
    role: 'ha',
    says: 'Reserved bits of the request are not zero',
    shown: [`${HOME_AGENT_DISCOVERY} > is answered whatever its reserved bits are`],
  }),
  ...sequences('NEMO-HA_7_1_5 NEMO-HA_7_1_6', {
    role: 'ha',
    says: 'A request without R flag',
    shown: [`${HOME_AGENT_DISCOVERY} > who asks without R flag hears of all, without R flag`],
  }),
  ...sequences('HA_7_2_1 HA_7_2_2 HA_7_2_9 NEMO-HA_7_2_1 NEMO-HA_7_2_2 NEMO-HA_7_2_9', {
    role: 'ha',
    says: 'The preference of a Router Advertisement: 0, 65535 or none',
    shown: [
      `${HOME_AGENT_DISCOVERY} > is unsigned`,
      `${HOME_AGENT_DISCOVERY} > without Home Agent Information option the preference is 0`,
    ],
  }),
  ...sequences('HA_7_2_3..8 NEMO-HA_7_2_3..8', {
    role: 'ha',
    says: 'Three home agents with every order of preferences',
    shown: [`${HOME_AGENT_DISCOVERY} > is that of the preferences: every order of three`],
  }),
  ...sequences('HA_7_2_10 HA_7_2_11 NEMO-HA_7_2_10 NEMO-HA_7_2_11', {
    role: 'ha',
    says: 'The lifetime of a home agent ends, with and without Home Agent Information',
    shown: [`${HOME_AGENT_DISCOVERY} > forgets a home agent when its lifetime has ended`],
  }),
  ...sequences('HA_7_2_12 HA_7_2_13 NEMO-HA_7_2_12 NEMO-HA_7_2_13', {
    role: 'ha',
    says: 'A new preference or lifetime of a known home agent',
    shown: [`${HOME_AGENT_DISCOVERY} > takes a new preference and a new lifetime`],
  }),
  ...sequences('HA_7_2_14 NEMO-HA_7_2_14', {
    role: 'ha',
    says: 'Two home agents of equal preference',
    shown: [
      `${HOME_AGENT_DISCOVERY} > is another one each time for home agents of equal preference, and for addresses of one`,
    ],
  }),
  ...sequences('HA_7_2_15 NEMO-HA_7_2_15', {
    role: 'ha',
    says: 'A home agent with several global addresses',
    shown: [
      `${HOME_AGENT_DISCOVERY} > is another one each time for home agents of equal preference, and for addresses of one`,
    ],
  }),
  ...sequences('HA_7_3_1 HA_7_3_2 NEMO-HA_7_3_1 NEMO-HA_7_3_2', {
    role: 'ha',
    says: 'A lifetime of zero removes a home agent',
    shown: [`${HOME_AGENT_DISCOVERY} > lifetime 0 ends it at once`],
  }),
  ...sequences('HA_7_4_1 NEMO-HA_7_4_1', {
    role: 'ha',
    says: 'A Router Advertisement without H bit removes a home agent',
    shown: [`${HOME_AGENT_DISCOVERY} > has who advertises with the H bit, and no other`],
  }),
  ...sequences('HA_7_4_2 NEMO-HA_7_4_2', {
    role: 'ha',
    says: 'A prefix without R bit gives no address',
    shown: [
      `${HOME_AGENT_DISCOVERY} > has no address of a prefix without R bit, and none whose lifetime has ended`,
    ],
  }),
  ...sequences('HA_7_5_1 NEMO-HA_7_5_1', {
    role: 'ha',
    says: 'A reply fits the minimum MTU',
    shown: [`${HOME_AGENT_DISCOVERY} > the reply fits the minimum MTU, and those of highest preference stay`],
  }),
  ...sequences('NEMO-HA_7_6_1..10', {
    role: 'ha',
    says: 'Router Advertisements whose H bit and mobile router flag come and go',
    shown: [`${HOME_AGENT_DISCOVERY} > follow the H bit and the R flag as they come and go`],
  }),
  ...sequences('HA_8_1_1 HA_8_1_2 NEMO-HA_8_1_1 NEMO-HA_8_1_2', {
    role: 'ha',
    says: 'A Mobile Prefix Solicitation',
    shown: [
      `${PREFIX_DELIVERY} > is answered at once, where it came from, with the routing header and all prefixes`,
      `${LAB_TWO_HOME_AGENTS} > prefixes of the home network`,
    ],
  }),
  ...sequences('HA_8_1_3 HA_8_1_4 NEMO-HA_8_1_3 NEMO-HA_8_1_4', {
    role: 'ha',
    says: 'A Mobile Prefix Solicitation without a registration',
    shown: [`${PREFIX_DELIVERY} > without registration, of a stranger or from elsewhere has no answer`],
  }),
  ...sequences('HA_8_1_7 HA_8_1_8 NEMO-HA_8_1_7 NEMO-HA_8_1_8', {
    role: 'ha',
    says: 'Lifetimes of the advertisement beside that of the binding',
    shown: [`${PREFIX_DELIVERY} > hears what remains of the lifetimes on the home link`],
  }),
  ...sequences('HA_8_1_15 HA_8_1_16 NEMO-HA_8_1_15 NEMO-HA_8_1_16', {
    role: 'ha',
    says: 'Reserved bits of a Mobile Prefix Solicitation are not zero',
    shown: [`${PREFIX_DELIVERY} > is answered whatever its reserved bits are`],
  }),
  ...sequences('NEMO-HA_9_1_1..4 NEMO-HA_9_1_17..20', {
    role: 'ha',
    says: 'Nested, other home agent: messages of route optimisation for a correspondent in the mobile network',
    shown: [`${LAB_NESTED} > nested mobile networks keep their sessions`],
  }),
  ...sequences('NEMO-HA_9_1_5..8 NEMO-HA_9_1_21..24', {
    role: 'ha',
    says: 'Nested, other home agent: discovery, registration, prefix solicitation and echo of a visiting mobile node',
    shown: [`${LAB_NESTED} > nested mobile networks keep their sessions`],
  }),
  ...sequences('NEMO-HA_9_1_9..12 NEMO-HA_9_1_25..28', {
    role: 'ha',
    says: 'Nested, other home agent: route optimisation of a visiting mobile node',
    shown: [`${LAB_NESTED} > nested mobile networks keep their sessions`],
  }),
  ...sequences('NEMO-HA_9_1_13..16 NEMO-HA_9_1_29..32', {
    role: 'ha',
    says: 'Nested, other home agent: discovery, registration, prefix solicitation and echo of a visiting mobile router',
    shown: [`${LAB_NESTED} > nested mobile networks keep their sessions`],
  }),
  ...sequences('NEMO-HA_9_2_1..4 NEMO-HA_9_2_15..18', {
    role: 'ha',
    says: 'Nested, same home agent: discovery, registration, echo and prefix solicitation of a visiting mobile node',
    shown: [`${LAB_NESTED} > nested mobile networks keep their sessions`],
  }),
  ...sequences('NEMO-HA_9_2_5..8 NEMO-HA_9_2_19..22', {
    role: 'ha',
    says: 'Nested, same home agent: route optimisation of a visiting mobile node',
    shown: [`${LAB_NESTED} > nested mobile networks keep their sessions`],
  }),
  ...sequences('NEMO-HA_9_2_9..12 NEMO-HA_9_2_23..26', {
    role: 'ha',
    says: 'Nested, same home agent: discovery, registration, echo and prefix solicitation of a visiting mobile router',
    shown: [`${LAB_NESTED} > nested mobile networks keep their sessions`],
  }),
  ...sequences('NEMO-HA_9_2_13 NEMO-HA_9_2_14 NEMO-HA_9_2_27 NEMO-HA_9_2_28', {
    role: 'ha',
    says: 'Nested, same home agent: echo of a host behind both routers, to the home agent and to a correspondent',
    shown: [`${LAB_NESTED} > nested mobile networks keep their sessions`],
  }),
];
