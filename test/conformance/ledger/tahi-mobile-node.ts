/** Mobile node and mobile router: MIP6/ct-mipv6-mn and NEMO/nemo-mr. */
import { sequences } from './tahi-sequences.ts';
import {
  ANCHOR_FORWARDING,
  ANSWERS,
  CN_ROLES,
  DIRECT,
  DIRECT_ANSWERS,
  DIRECT_CONFIG,
  FILTER,
  HOME_AGENTS,
  KERNEL_WATCH,
  LAB_ADDRESSING,
  LAB_DIRECT_PACKETS,
  LAB_DIRECT_TRAFFIC,
  LAB_ERRORS,
  LAB_JOURNEY,
  LAB_NESTED,
  LAB_RETURNING_HOME,
  LAB_SESSIONS,
  LAB_TWO_HOME_AGENTS,
  LAB_UNANSWERED,
  LIFETIMES,
  MESSAGE,
  MOVEMENT,
  PREFIX_DISCOVERY,
  REGISTERING,
  RETURNING_HOME,
  ROUTER_BASE,
  ROUTER_DISCOVERY,
  ROUTER_ERRORS,
  ROUTER_FORWARDING,
  TUNNELED,
} from './tests.ts';
import type { Statement } from './types.ts';

const NO_ADVERTISEMENTS = "Kedge sends no Router Advertisements, the router's own daemon does";
const NO_IPSEC = 'Kedge authenticates by RFC 4285 and offers neither IPsec nor IKE';

export const mobileNodeSequences: readonly Statement[] = [
  ...sequences('MN-0-0-0-1-001 MN-0-0-0-2-001 MN-0-0-0-3-001 NEMO-MR-0-0-0-1-001 NEMO-MR-0-0-0-2-001', {
    role: ['mn', 'mr'],
    says: 'Whole journeys: home, foreign links, home',
    shown: [
      `${LAB_JOURNEY} > from home to a foreign link, to another one and home again, mobile router and mobile node: sessions go on`,
    ],
  }),
  ...sequences('NEMO-MR-1-1-1-4-002 NEMO-MR-1-1-1-4-003 NEMO-MR-1-1-1-4-007 NEMO-MR-1-1-1-4-009..011', {
    role: 'mr',
    says: 'No answer to Router Solicitations on the egress interface',
    na: NO_ADVERTISEMENTS,
  }),
  ...sequences('MN-1-1-2-1-001 NEMO-MR-1-1-2-1-001', {
    role: ['mn', 'mr'],
    says: 'Security associations configured by hand',
    na: NO_IPSEC,
  }),
  ...sequences(
    `
      MN-1-2-1-1-001 MN-1-2-1-1-002 MN-1-2-1-1-004 MN-1-2-1-1-012 MN-1-2-1-1-014 MN-1-2-1-1-022
      MN-1-2-1-1-024 MN-1-2-1-1-025 NEMO-MR-1-2-1-1-001 NEMO-MR-1-2-1-1-002 NEMO-MR-1-2-1-1-004
      NEMO-MR-1-2-1-1-012 NEMO-MR-1-2-1-1-014 NEMO-MR-1-2-1-1-022 NEMO-MR-1-2-1-1-024
      NEMO-MR-1-2-1-1-025
    `,
    {
      role: ['mn', 'mr'],
      says: 'Binding Updates while security associations are made, expire and move',
      na: NO_IPSEC,
    },
  ),
  ...sequences(
    `
      MN-1-2-2-1-001 MN-1-2-2-1-002 MN-1-2-2-1-004 MN-1-2-2-1-006 MN-1-2-2-1-010 MN-1-2-2-1-014
      MN-1-2-2-1-018 MN-1-2-2-1-019
    `,
    {
      role: 'mn',
      says: 'Home Test Inits while security associations are made, expire and move',
      na: NO_IPSEC,
    },
  ),
  ...sequences(
    `
      MN-1-2-3-1-001 MN-1-2-3-1-002 MN-1-2-3-1-004 MN-1-2-3-1-006 MN-1-2-3-1-010 MN-1-2-3-1-014
      MN-1-2-3-1-017
    `,
    {
      role: 'mn',
      says: 'Prefix solicitations while security associations are made, expire and move',
      na: NO_IPSEC,
    },
  ),
  ...sequences('NEMO-MR-1-2-3-1-018..024', {
    role: 'mr',
    says: 'Prefix solicitations while security associations are made, expire and move',
    na: NO_IPSEC,
  }),
  ...sequences('NEMO-MR-1-2-1-4-001..004 NEMO-MR-1-2-1-4-006..016', {
    role: 'mr',
    says: 'Router Advertisements on egress and ingress interface, at home and away',
    na: NO_ADVERTISEMENTS,
  }),
  ...sequences('NEMO-MR-1-3-2-4-007 NEMO-MR-1-3-2-4-010', {
    role: 'mr',
    says: 'Away, no answer to solicitations for the home address on the egress interface',
    shown: [`${LAB_UNANSWERED} > multicast and DHCPv6 in the tunnel, solicitations on a foreign link`],
  }),
  ...sequences(
    `
      NEMO-MR-1-4-1-4-001..004 NEMO-MR-1-4-1-4-006 NEMO-MR-1-4-1-4-007 NEMO-MR-1-4-1-4-009
      NEMO-MR-1-4-1-4-010
    `,
    {
      role: 'mr',
      says: 'Answers to solicitations for the addresses of an interface',
      na: "Neighbor Discovery of an interface's own addresses is the kernel's",
    },
  ),
  ...sequences('MN-2-1-1-1-001 NEMO-MR-2-1-1-1-001', {
    role: ['mn', 'mr'],
    says: 'The first Binding Update after leaving home',
    shown: [
      `${RETURNING_HOME} > registers the others at once, as from nothing`,
      `${RETURNING_HOME} > the same interface elsewhere: its new care-of address is registered`,
      `${LAB_RETURNING_HOME} > returning home with one interface: sessions survive, no binding is left`,
    ],
  }),
  ...sequences('MN-2-1-1-1-002', {
    role: 'mn',
    says: 'The L flag is set',
    na: 'The home address is on the loopback device and belongs to no interface: never the same identifier by intent',
  }),
  ...sequences('NEMO-MR-2-1-1-1-002', {
    role: 'mr',
    says: 'The L flag is set with a home address of the home prefix',
    na: 'The home address is on the loopback device and belongs to no interface: never the same identifier by intent',
  }),
  ...sequences('NEMO-MR-2-1-1-1-003', {
    role: 'mr',
    says: 'The L flag is clear with a home address of the mobile network prefix',
    shown: [`${ROUTER_BASE} > have L and K clear`],
  }),
  ...sequences('MN-2-1-1-1-004 NEMO-MR-2-1-1-1-004', {
    role: ['mn', 'mr'],
    says: 'The K flag is clear with keys by hand',
    shown: [`${ROUTER_BASE} > have L and K clear`],
  }),
  ...sequences('MN-2-1-1-1-006 MN-2-1-1-1-007 NEMO-MR-2-1-1-1-006 NEMO-MR-2-1-1-1-007', {
    role: ['mn', 'mr'],
    says: 'The lifetime asked for beside those of home address and care-of address',
    shown: [
      `${LIFETIMES} > is that of the one that ends first: the home address`,
      `${LIFETIMES} > is that of the one that ends first: the care-of address`,
    ],
  }),
  ...sequences('MN-2-1-1-1-008 NEMO-MR-2-1-1-1-008', {
    role: ['mn', 'mr'],
    says: 'A Binding Update after the registration has ended',
    shown: [
      `${ANSWERS} > no storm, and the router recovers`,
      `${REGISTERING} > a granted lifetime shorter than asked counts`,
    ],
  }),
  ...sequences('MN-2-1-1-1-013 NEMO-MR-2-1-1-1-013', {
    role: ['mn', 'mr'],
    says: 'Repetition of the first Binding Update',
    shown: [`${ANSWERS} > doubles the pause up to 32 s`],
  }),
  ...sequences('NEMO-MR-2-1-1-1-021', {
    role: 'mr',
    says: 'After an acceptance without R flag: de-registration, then another home agent',
    shown: [`${HOME_AGENTS} > an acceptance without R flag is taken back before another one is tried`],
  }),
  ...sequences('NEMO-MR-2-1-1-4-002 NEMO-MR-2-1-1-4-005', {
    role: 'mr',
    says: 'Acknowledgement and Home Test for a visiting mobile node pass the router',
    shown: [`${LAB_NESTED} > nested mobile networks keep their sessions`],
  }),
  ...sequences('NEMO-MR-2-1-1-4-012', {
    role: 'mr',
    says: "An echo request for the router's home address",
    shown: [`${LAB_ERRORS} > pings and ICMPv6 errors pass the tunnel both ways`],
  }),
  ...sequences('NEMO-MR-2-1-1-4-013', {
    role: 'mr',
    says: 'Nothing for the mobile network is forwarded while its registration has failed',
    shown: [
      `${ROUTER_BASE} > without the R flag refuse the prefixes`,
      `${ANCHOR_FORWARDING} > is refused while there is no binding, or the prefix is not registered`,
    ],
  }),
  ...sequences('MN-2-1-1-2-001 MN-2-1-1-2-002 MN-2-1-1-2-019', {
    role: 'mn',
    says: 'A tunneled packet causes a Home Test Init, with Home Address option too',
    shown: [
      `${DIRECT_ANSWERS} > enough of them in a minute cause both test messages, to their source`,
      `${TUNNELED} > is the home address of a Home Address option, where there is a binding for it`,
    ],
  }),
  ...sequences('MN-2-1-1-2-003 MN-2-1-1-2-004 MN-2-1-1-2-006 MN-2-1-1-2-028', {
    role: 'mn',
    says: 'Packets that cause no Home Test Init',
    shown: [
      `${LAB_DIRECT_TRAFFIC} > is found by its traffic through the tunnel, and by nothing else, and dropped without`,
    ],
  }),
  ...sequences('MN-2-1-1-2-009', {
    role: 'mn',
    says: 'Home Test Inits for every correspondent after re-registration',
    shown: [`${DIRECT} > each is asked for both tokens again when those of before are too old`],
  }),
  ...sequences('MN-2-1-1-2-017', {
    role: 'mn',
    says: 'Home Test Inits for every correspondent after a shortened prefix lifetime',
    shown: [
      `${LIFETIMES} > are told at once when its life is shortened`,
      `${LIFETIMES} > with old tokens each is asked for new ones first`,
    ],
  }),
  ...sequences('MN-2-1-1-2-010', {
    role: 'mn',
    says: 'Repetition of Home Test Inits',
    shown: [`${DIRECT} > they are repeated after 1, 2 and 4 s with new cookies, then there is a pause`],
  }),
  ...sequences('MN-2-1-1-2-015 MN-2-1-1-2-016', {
    role: 'mn',
    says: 'Route optimisation can be absent and switched off',
    shown: [
      `${DIRECT_CONFIG} > can be switched off`,
      `${DIRECT} > nothing is sent while the kernel cannot carry the packets`,
    ],
  }),
  ...sequences('MN-2-1-1-3-001 MN-2-1-2-3-001', {
    role: 'mn',
    says: 'As a correspondent away from home: Home Test and Care-of Test by reverse tunnel',
    shown: [
      `${CN_ROLES} > is answered from the home address, by whatever way that has`,
      `${ROUTER_FORWARDING} > of the mobile network leaves by the active tunnel`,
    ],
  }),
  ...sequences('MN-2-1-2-1-001 NEMO-MR-2-1-2-1-001', {
    role: ['mn', 'mr'],
    says: 'A Binding Update after moving to another foreign link',
    shown: [`${REGISTERING} > a new care-of address is registered at once`],
  }),
  ...sequences('MN-2-1-2-1-004 NEMO-MR-2-1-2-1-004', {
    role: ['mn', 'mr'],
    says: 'A Binding Update before the registration ends',
    shown: [`${REGISTERING} > are refreshed before the binding ends`],
  }),
  ...sequences('MN-2-1-2-1-005 NEMO-MR-2-1-2-1-005', {
    role: ['mn', 'mr'],
    says: 'A Binding Update when a prefix lifetime is shortened',
    shown: [`${PREFIX_DISCOVERY} > that shortens the life of the home prefix causes Binding Updates at once`],
  }),
  ...sequences('MN-2-1-2-1-006 NEMO-MR-2-1-2-1-006', {
    role: ['mn', 'mr'],
    says: 'Repetition of a later Binding Update',
    shown: [`${ROUTER_BASE} > a binding that exists waits a second`],
  }),
  ...sequences('MN-2-1-2-2-001 MN-2-1-2-2-019', {
    role: 'mn',
    says: 'A tunneled packet causes a Care-of Test Init',
    shown: [`${DIRECT_ANSWERS} > enough of them in a minute cause both test messages, to their source`],
  }),
  ...sequences('MN-2-1-2-2-004', {
    role: 'mn',
    says: 'Inner source equal to outer: no Care-of Test Init',
    shown: [
      `${LAB_DIRECT_TRAFFIC} > is found by its traffic through the tunnel, and by nothing else, and dropped without`,
    ],
  }),
  ...sequences('MN-2-1-2-2-009', {
    role: 'mn',
    says: 'Care-of Test Inits for every correspondent after re-registration',
    shown: [`${DIRECT} > each is asked for both tokens again when those of before are too old`],
  }),
  ...sequences('MN-2-1-2-2-017', {
    role: 'mn',
    says: 'Care-of Test Inits for every correspondent after a shortened prefix lifetime',
    shown: [
      `${LIFETIMES} > are told at once when its life is shortened`,
      `${LIFETIMES} > with old tokens each is asked for new ones first`,
    ],
  }),
  ...sequences('MN-2-1-2-2-010', {
    role: 'mn',
    says: 'Repetition of Care-of Test Inits',
    shown: [`${DIRECT} > they are repeated after 1, 2 and 4 s with new cookies, then there is a pause`],
  }),
  ...sequences('MN-2-1-3-1-001 NEMO-MR-2-1-3-1-001', {
    role: ['mn', 'mr'],
    says: 'The de-registration at home',
    shown: [
      `${RETURNING_HOME} > then de-registers all over the home link`,
      `${LAB_RETURNING_HOME} > returning home with one interface: sessions survive, no binding is left`,
    ],
  }),
  ...sequences('MN-2-1-3-1-007 NEMO-MR-2-1-3-1-007', {
    role: ['mn', 'mr'],
    says: 'The Neighbor Solicitation for the home agent before it',
    shown: [`${RETURNING_HOME} > asks in these octets`],
  }),
  ...sequences('NEMO-MR-2-1-3-1-008', {
    role: 'mr',
    says: 'The same for a home address out of the mobile network prefix',
    na: 'such a home address is on no link, so nobody there answers for it: the router stays registered, wherever it is',
  }),
  ...sequences('NEMO-MR-2-1-3-1-009', {
    role: 'mr',
    says: 'De-registration at home after an acceptance without R flag',
    shown: [`${HOME_AGENTS} > an acceptance without R flag is taken back`],
  }),
  ...sequences('MN-2-1-3-2-001 MN-2-1-3-2-007', {
    role: 'mn',
    says: 'Home Test after and before the Care-of Test',
    shown: [`${DIRECT} > with both tokens a Binding Update is sent`],
  }),
  ...sequences('MN-2-1-3-2-002', {
    role: 'mn',
    says: 'A Home Test that comes late',
    shown: [`${DIRECT} > an answer that comes late, to a cookie that has been replaced, is ignored`],
  }),
  ...sequences('MN-2-1-3-2-003', {
    role: 'mn',
    says: 'A Home Test with another cookie',
    shown: [`${DIRECT} > another cookie is ignored`],
  }),
  ...sequences('MN-2-1-3-2-004', {
    role: 'mn',
    says: 'A Home Test with another inner source',
    shown: [`${DIRECT} > of an unknown node: ignored`],
  }),
  ...sequences('MN-2-1-3-2-008 MN-2-1-3-2-012', {
    role: 'mn',
    says: 'A second or unexpected Home Test of a known correspondent',
    shown: [`${DIRECT} > a second one changes nothing, nor does one that nobody asked for`],
  }),
  ...sequences('MN-2-1-3-2-011', {
    role: 'mn',
    says: 'A Home Test of an unknown node',
    shown: [`${DIRECT} > of an unknown node: ignored`],
  }),
  ...sequences('MN-2-1-3-2-015', {
    role: 'mn',
    says: 'Reserved octets of a Home Test are not zero',
    shown: [`${DIRECT} > reserved octets mean nothing`],
  }),
  ...sequences('MN-2-1-4-2-001 MN-2-1-4-2-006', {
    role: 'mn',
    says: 'Care-of Test before and after the Home Test',
    shown: [`${DIRECT} > with both tokens a Binding Update is sent`],
  }),
  ...sequences('MN-2-1-4-2-002', {
    role: 'mn',
    says: 'A Care-of Test that comes late',
    shown: [`${DIRECT} > an answer that comes late, to a cookie that has been replaced, is ignored`],
  }),
  ...sequences('MN-2-1-4-2-003', {
    role: 'mn',
    says: 'A Care-of Test with another cookie',
    shown: [`${DIRECT} > another cookie is ignored`],
  }),
  ...sequences('MN-2-1-4-2-004', {
    role: 'mn',
    says: 'A Care-of Test with another source',
    shown: [`${DIRECT} > of an unknown node: ignored`],
  }),
  ...sequences('MN-2-1-4-2-007 MN-2-1-4-2-011', {
    role: 'mn',
    says: 'A second or unexpected Care-of Test of a known correspondent',
    shown: [`${DIRECT} > a second one changes nothing, nor does one that nobody asked for`],
  }),
  ...sequences('MN-2-1-4-2-010', {
    role: 'mn',
    says: 'A Care-of Test of an unknown node',
    shown: [`${DIRECT} > of an unknown node: ignored`],
  }),
  ...sequences('MN-2-1-4-2-014', {
    role: 'mn',
    says: 'Reserved octets of a Care-of Test are not zero',
    shown: [`${DIRECT} > reserved octets mean nothing`],
  }),
  ...sequences('MN-2-2-1-1-001 NEMO-MR-2-2-1-1-001', {
    role: ['mn', 'mr'],
    says: 'Status 0 accepts',
    shown: [`${ROUTER_BASE} > of status 0 count as accepted`],
  }),
  ...sequences('MN-2-2-1-1-002', {
    role: 'mn',
    says: 'Status 1 accepts',
    shown: [`${ROUTER_BASE} > of status 1 count as accepted`],
  }),
  ...sequences('MN-2-2-1-1-033', {
    role: 'mn',
    says: 'Statuses 2 to 127 accept',
    shown: [
      `${ROUTER_BASE} > of status 2 count as accepted`,
      `${ROUTER_BASE} > of status 127 count as accepted`,
    ],
  }),
  ...sequences('MN-2-2-1-1-003 NEMO-MR-2-2-1-1-003', {
    role: ['mn', 'mr'],
    says: 'Status 128 refuses',
    shown: [`${ROUTER_BASE} > of status 128 refuse the binding`],
  }),
  ...sequences('MN-2-2-1-1-004 NEMO-MR-2-2-1-1-004', {
    role: ['mn', 'mr'],
    says: 'Status 129 refuses',
    shown: [`${ROUTER_BASE} > of status 129 refuse the binding`],
  }),
  ...sequences('MN-2-2-1-1-005 NEMO-MR-2-2-1-1-005', {
    role: ['mn', 'mr'],
    says: 'Status 130 refuses',
    shown: [`${ROUTER_BASE} > of status 130 refuse the binding`],
  }),
  ...sequences('MN-2-2-1-1-006 NEMO-MR-2-2-1-1-006', {
    role: ['mn', 'mr'],
    says: 'Status 131 refuses',
    shown: [`${ROUTER_BASE} > of status 131 refuse the binding`],
  }),
  ...sequences('MN-2-2-1-1-007 NEMO-MR-2-2-1-1-007', {
    role: ['mn', 'mr'],
    says: 'Status 132 refuses',
    shown: [`${ROUTER_BASE} > of status 132 refuse the binding`],
  }),
  ...sequences('MN-2-2-1-1-009 NEMO-MR-2-2-1-1-009', {
    role: ['mn', 'mr'],
    says: 'Status 134 refuses',
    shown: [`${ROUTER_BASE} > of status 134 refuse the binding`],
  }),
  ...sequences('MN-2-2-1-1-010 NEMO-MR-2-2-1-1-010', {
    role: ['mn', 'mr'],
    says: 'Status 135 refuses, and is corrected',
    shown: [`${ANSWERS} > 135 is corrected at once`],
  }),
  ...sequences('MN-2-2-1-1-014 NEMO-MR-2-2-1-1-014', {
    role: ['mn', 'mr'],
    says: 'The K flag of the acknowledgement is clear',
    shown: [`${ROUTER_BASE} > of status 0 count as accepted`],
  }),
  ...sequences('MN-2-2-1-1-016 NEMO-MR-2-2-1-1-016', {
    role: ['mn', 'mr'],
    says: 'Status 135 with number 65535',
    shown: [`${ROUTER_BASE} > after 135 with number 65535 comes 0`],
  }),
  ...sequences('MN-2-2-1-1-017 NEMO-MR-2-2-1-1-017', {
    role: ['mn', 'mr'],
    says: 'An acknowledgement with another sequence number',
    shown: [`${ANSWERS} > another sequence number`],
  }),
  ...sequences('MN-2-2-1-1-020 NEMO-MR-2-2-1-1-020', {
    role: ['mn', 'mr'],
    says: 'A granted lifetime shorter than asked',
    shown: [`${REGISTERING} > a granted lifetime shorter than asked counts`],
  }),
  ...sequences('MN-2-2-1-1-026 NEMO-MR-2-2-1-1-026', {
    role: ['mn', 'mr'],
    says: 'A refresh interval shorter than the lifetime',
    shown: [`${REGISTERING} > follow the Binding Refresh Advice`],
  }),
  ...sequences('MN-2-2-1-1-035 NEMO-MR-2-2-1-1-035', {
    role: ['mn', 'mr'],
    says: 'Status 255 refuses',
    shown: [`${ROUTER_BASE} > of status 255 refuse the binding`],
  }),
  ...sequences('MN-2-2-1-1-038 NEMO-MR-2-2-1-1-038', {
    role: ['mn', 'mr'],
    says: 'An acknowledgement that is not protected (RFC 4285 in the place of IPsec)',
    shown: [`${ANSWERS} > no authentication`],
  }),
  ...sequences('MN-2-2-1-1-039 NEMO-MR-2-2-1-1-039', {
    role: ['mn', 'mr'],
    says: 'Reserved bits of an acknowledgement are not zero',
    shown: [`${ROUTER_BASE} > reserved octets and bits mean nothing`],
  }),
  ...sequences('NEMO-MR-2-2-1-1-040..042', {
    role: 'mr',
    says: 'An acceptance without R flag, statuses 0, 1 and 2 to 127',
    shown: [`${ROUTER_BASE} > without the R flag refuse the prefixes`],
  }),
  ...sequences('NEMO-MR-2-2-1-1-043', {
    role: 'mr',
    says: 'Status 140, one home agent',
    shown: [`${ROUTER_BASE} > of status 140 refuse the binding`],
  }),
  ...sequences('NEMO-MR-2-2-1-1-045 NEMO-MR-2-2-1-1-047', {
    role: 'mr',
    says: 'Status 141, one home agent, implicit and explicit',
    shown: [`${ROUTER_BASE} > of status 141 refuse the binding`],
  }),
  ...sequences('NEMO-MR-2-2-1-1-050 NEMO-MR-2-2-1-1-052', {
    role: 'mr',
    says: 'Status 142, one home agent, implicit and explicit',
    shown: [`${ROUTER_BASE} > of status 142 refuse the binding`],
  }),
  ...sequences('NEMO-MR-2-2-1-1-055 NEMO-MR-2-2-1-1-058', {
    role: 'mr',
    says: 'Status 143, one home agent, implicit and explicit',
    shown: [`${ROUTER_BASE} > of status 143 refuse the binding`],
  }),
  ...sequences(
    `
      NEMO-MR-2-2-1-1-044 NEMO-MR-2-2-1-1-046 NEMO-MR-2-2-1-1-048 NEMO-MR-2-2-1-1-051
      NEMO-MR-2-2-1-1-053 NEMO-MR-2-2-1-1-056 NEMO-MR-2-2-1-1-059
    `,
    {
      role: 'mr',
      says: 'Statuses 140 to 143 with several home agents',
      shown: [
        `${HOME_AGENTS} > status 140 makes the next one tried: explicit and implicit`,
        `${HOME_AGENTS} > status 141 makes the next one tried: explicit and implicit`,
        `${HOME_AGENTS} > status 142 makes the next one tried: explicit and implicit`,
        `${HOME_AGENTS} > status 143 makes the next one tried: explicit and implicit`,
      ],
    },
  ),
  ...sequences('NEMO-MR-2-2-1-1-060..062', {
    role: 'mr',
    says: 'A home agent that has stopped to support mobile routers',
    shown: [
      `${HOME_AGENTS} > a refresh that is answered without R flag: the tunnels go, and the next one is tried`,
    ],
  }),
  ...sequences('NEMO-MR-2-2-1-4-006', {
    role: 'mr',
    says: 'The Home Test Init of a visiting mobile node leaves by the reverse tunnel',
    shown: [`${LAB_NESTED} > nested mobile networks keep their sessions`],
  }),
  ...sequences('NEMO-MR-2-2-1-4-013 NEMO-MR-2-2-1-4-015 NEMO-MR-2-2-1-4-017 NEMO-MR-2-2-1-4-018', {
    role: 'mr',
    says: 'Packets of LAN hosts with a foreign source, outer or inner, are not forwarded by the tunnel',
    shown: [
      `${LAB_UNANSWERED} > multicast and DHCPv6 in the tunnel, solicitations on a foreign link`,
      `${FILTER} > drops forwarded packets that would enter the router’s tunnels`,
    ],
  }),
  ...sequences('NEMO-MR-2-2-1-4-014 NEMO-MR-2-2-1-4-016', {
    role: 'mr',
    says: "Packets of LAN hosts that bear the router's own address are not forwarded",
    shown: [`${FILTER} > drops forwarded packets that bear the router’s own address`],
  }),
  ...sequences('MN-2-2-2-1-001 NEMO-MR-2-2-2-1-001', {
    role: ['mn', 'mr'],
    says: 'Status 0 ends a de-registration',
    shown: [`${REGISTERING} > 133 and 167 end a de-registration as well as 0 does`],
  }),
  ...sequences('MN-2-2-2-1-008 NEMO-MR-2-2-2-1-008', {
    role: ['mn', 'mr'],
    says: 'Status 133 ends a de-registration',
    shown: [`${REGISTERING} > 133 and 167 end a de-registration as well as 0 does`],
  }),
  ...sequences('MN-2-2-2-1-027 NEMO-MR-2-2-2-1-027', {
    role: ['mn', 'mr'],
    says: 'At home it answers solicitations for the home address',
    shown: [
      `${LAB_RETURNING_HOME} > returning home with one interface: sessions survive, no binding is left`,
    ],
  }),
  ...sequences('MN-3-1-1-1-001', {
    role: 'mn',
    says: 'The home address is made by stateless configuration',
    na: "Kedge's home addresses are configured",
  }),
  ...sequences('MN-3-1-1-1-009 MN-3-1-1-1-010', {
    role: 'mn',
    says: 'A home prefix by configuration, started at home and away',
    shown: [
      `${RETURNING_HOME} > starts at home: whatever an earlier life has left at the home agent is removed`,
      `${LAB_RETURNING_HOME} > returning home with one interface: sessions survive, no binding is left`,
    ],
  }),
  ...sequences('MN-3-1-1-2-001 MN-3-1-1-2-003 MN-3-1-1-2-004', {
    role: 'mn',
    says: 'The Binding Update for a correspondent, A flag set, care-of address in source and option',
    shown: [`${DIRECT} > has what the correspondent needs, the authenticator last`],
  }),
  ...sequences('MN-3-1-1-2-002', {
    role: 'mn',
    says: 'The Binding Update for a correspondent, A flag clear',
    na: 'Kedge asks correspondents for an acknowledgement each time, as RFC 6275 §11.7.2 lets it',
  }),
  ...sequences('MN-3-1-1-2-006', {
    role: 'mn',
    says: 'Its repetition',
    shown: [`${DIRECT} > is repeated with back-off until it is acknowledged`],
  }),
  ...sequences('MN-3-1-1-3-001', {
    role: 'mn',
    says: 'As a correspondent away from home: the acknowledgement by reverse tunnel',
    shown: [`${LAB_DIRECT_PACKETS} > a mobile correspondent acknowledges through its tunnel`],
  }),
  ...sequences('MN-3-1-2-2-001 MN-3-1-3-3-001', {
    role: 'mn',
    says: 'Binding Updates for correspondents when a prefix lifetime is shortened',
    shown: [
      `${LIFETIMES} > are told at once when its life is shortened`,
      `${LIFETIMES} > have their bindings deleted when it has ended`,
    ],
  }),
  ...sequences('MN-3-1-2-2-002 MN-3-1-2-2-004 MN-3-1-2-2-006 MN-3-1-2-3-001', {
    role: 'mn',
    says: 'Binding Updates for correspondents after movement and before an end',
    shown: [
      `${DIRECT} > each correspondent is told of a new care-of address`,
      `${DIRECT} > is refreshed after three quarters of the lifetime, by return routability`,
      `${DIRECT} > its lifetime is no greater than what remains of the home registration`,
    ],
  }),
  ...sequences('MN-3-1-3-2-001', {
    role: 'mn',
    says: 'The deletion of a correspondent binding',
    shown: [`${DIRECT} > at home all bindings are deleted: Home Test Init only, from the home address`],
  }),
  ...sequences('MN-3-2-1-1-001 NEMO-MR-3-2-1-1-001', {
    role: ['mn', 'mr'],
    says: 'A care-of address by stateless configuration',
    shown: [`${LAB_ADDRESSING} > care-of addresses by router advertisement`],
  }),
  ...sequences('MN-3-2-1-2-001 MN-3-2-1-2-003 MN-3-2-1-2-010..013', {
    role: 'mn',
    says: 'Acknowledgements of a correspondent: 0, 128, 135, 136, 137, 138',
    shown: [
      `${DIRECT_ANSWERS} > one with the key of both tokens is taken`,
      `${DIRECT_ANSWERS} > a pause, and then another attempt`,
      `${DIRECT_ANSWERS} > 135: the next one follows the number that it names, at once`,
      `${DIRECT_ANSWERS} > begins return routability again for the token it names`,
    ],
  }),
  ...sequences('MN-3-2-1-2-014', {
    role: 'mn',
    says: "Another sequence number in a correspondent's acknowledgement",
    shown: [`${DIRECT_ANSWERS} > another sequence number is ignored`],
  }),
  ...sequences('MN-3-2-1-2-017 MN-3-2-1-2-018', {
    role: 'mn',
    says: "A correspondent's lifetime, shorter than or equal to the one asked for",
    shown: [`${DIRECT_ANSWERS} > a shorter lifetime counts, a longer one does not`],
  }),
  ...sequences('MN-3-2-1-2-023', {
    role: 'mn',
    says: 'Binding Refresh Advice of a correspondent is ignored',
    shown: [`${DIRECT_ANSWERS} > Binding Refresh Advice is ignored`],
  }),
  ...sequences('MN-3-2-1-2-024 MN-3-2-1-2-025', {
    role: 'mn',
    says: 'Wrong Binding Authorization Data, and one that is not last',
    shown: [
      `${DIRECT_ANSWERS} > Binding Authorization Data:`,
      `${DIRECT_ANSWERS} > behind the authenticator: ignored`,
    ],
  }),
  ...sequences('MN-3-2-1-2-029', {
    role: 'mn',
    says: "Reserved bits of a correspondent's acknowledgement are not zero",
    shown: [`${DIRECT_ANSWERS} > reserved octets and bits mean nothing`],
  }),
  ...sequences('MN-3-3-1-1-002 NEMO-MR-3-3-1-1-002', {
    role: ['mn', 'mr'],
    says: 'Another router appears while the old one is reachable',
    shown: [
      `${MOVEMENT} > a new prefix by another router of the link is no movement`,
      `${MOVEMENT} > a second router of the same prefix changes neither care-of address nor binding`,
    ],
  }),
  ...sequences('MN-3-3-1-1-003 NEMO-MR-3-3-1-1-003', {
    role: ['mn', 'mr'],
    says: 'The default router is no longer reachable by Neighbor Unreachability Detection',
    shown: [
      `${MOVEMENT} > a next hop that Neighbor Unreachability Detection has given up has its uplink probed at once`,
      `${KERNEL_WATCH} > the next hop of an uplink that fails is told of`,
    ],
  }),
  ...sequences('MN-3-3-1-1-004 NEMO-MR-3-3-1-1-004', {
    role: ['mn', 'mr'],
    says: 'The care-of address of an unreachable link is given up',
    shown: [`${REGISTERING} > a lost uplink is de-registered over another one`],
  }),
  ...sequences('MN-3-3-1-1-005 NEMO-MR-3-3-1-1-005', {
    role: ['mn', 'mr'],
    says: 'Routers of two links with the same link-local address',
    shown: [`${MOVEMENT} > the same router with another prefix has renumbered the link`],
  }),
  ...sequences('MN-3-3-1-2-001 MN-3-3-1-2-009 MN-3-3-1-2-011', {
    role: 'mn',
    says: 'Binding Error 2 after a Binding Update, a CoTI and a HoTI to a correspondent',
    shown: [`${DIRECT_ANSWERS} > route optimisation with it ends, for an hour`],
  }),
  ...sequences('MN-3-3-1-2-002', {
    role: 'mn',
    says: 'Binding Error 2 when nothing is outstanding',
    shown: [`${DIRECT_ANSWERS} > status 2 when nothing is outstanding is ignored`],
  }),
  ...sequences('MN-3-3-1-2-004', {
    role: 'mn',
    says: 'Binding Error 1 of a correspondent',
    shown: [`${DIRECT_ANSWERS} > status 1: the binding goes, and return routability starts again after 10 s`],
  }),
  ...sequences('MN-3-3-1-2-007', {
    role: 'mn',
    says: 'A Binding Error of an unknown node',
    shown: [`${ROUTER_BASE} > a Binding Error of a stranger is ignored`],
  }),
  ...sequences('MN-3-4-1-1-001 NEMO-MR-3-4-1-1-001', {
    role: ['mn', 'mr'],
    says: 'After returning home it multicasts a Neighbor Advertisement',
    shown: [
      `${RETURNING_HOME} > advertises its link-layer address three times, a second apart`,
      `${LAB_RETURNING_HOME} > returning home with one interface: sessions survive, no binding is left`,
    ],
  }),
  ...sequences('MN-3-4-1-1-002 NEMO-MR-3-4-1-1-002', {
    role: ['mn', 'mr'],
    says: 'Returning home after the registration has ended',
    shown: [
      `${RETURNING_HOME} > tests the home address for duplicates, and tells nobody, when all bindings have ended`,
    ],
  }),
  ...sequences('MN-3-4-1-2-001', {
    role: 'mn',
    says: 'A Binding Refresh Request of a correspondent',
    shown: [
      `${DIRECT_ANSWERS} > return routability where the tokens are old, then a Binding Update that extends the binding`,
    ],
  }),
  ...sequences('MN-3-4-1-2-005', {
    role: 'mn',
    says: 'A Binding Refresh Request of an unknown node',
    shown: [`${ROUTER_BASE} > a Binding Refresh Request for a binding that is not there`],
  }),
  ...sequences('MN-3-4-1-2-006', {
    role: 'mn',
    says: 'Reserved octets of a Binding Refresh Request are not zero',
    shown: [`${MESSAGE} > the reserved octets of a Binding Refresh Request`],
  }),
  ...sequences('MN-4-1-1-1-001 NEMO-MR-4-1-1-1-001', {
    role: ['mn', 'mr'],
    says: 'A prefix solicitation before the home address becomes invalid',
    shown: [`${PREFIX_DISCOVERY} > comes again before the prefix of the home address ends`],
  }),
  ...sequences('MN-4-1-1-1-002 NEMO-MR-4-1-1-1-002', {
    role: ['mn', 'mr'],
    says: 'A prefix solicitation after an unsolicited advertisement',
    shown: [`${PREFIX_DISCOVERY} > follows an unsolicited advertisement, but not every one of a flood`],
  }),
  ...sequences('MN-4-1-1-1-004 NEMO-MR-4-1-1-1-004', {
    role: ['mn', 'mr'],
    says: 'Repetition of prefix solicitations',
    shown: [`${PREFIX_DISCOVERY} > is repeated after 3, 6, 12, 24 and 32 s, and not for ever`],
  }),
  ...sequences('MN-4-1-1-2-001 NEMO-MR-4-1-1-2-001', {
    role: ['mn', 'mr'],
    says: 'Packets go by the home agent',
    shown: [`${LAB_SESSIONS} > a TCP transfer lives through failures`],
  }),
  ...sequences('MN-4-1-1-2-002', {
    role: 'mn',
    says: 'Packets go directly to a correspondent',
    shown: [
      `${LAB_DIRECT_PACKETS} > sends from the care-of address of the interface, with its home address in the option`,
    ],
  }),
  ...sequences('MN-4-1-1-2-004 NEMO-MR-4-1-1-2-004', {
    role: ['mn', 'mr'],
    says: 'At home packets go as usual',
    shown: [
      `${RETURNING_HOME} > holds no binding afterwards, and packets take the home link`,
      `${LAB_RETURNING_HOME} > returning home with one interface: sessions survive, no binding is left`,
    ],
  }),
  ...sequences('MN-4-1-1-2-005', {
    role: 'mn',
    says: 'After the entry has gone packets go by the home agent',
    shown: [
      `${LAB_DIRECT_PACKETS} > a session goes on by the home agent when the bindings have come to their ends`,
    ],
  }),
  ...sequences('MN-4-1-1-2-006 NEMO-MR-4-1-1-2-006', {
    role: ['mn', 'mr'],
    says: 'Neighbor Discovery has no Home Address option',
    shown: [`${LAB_DIRECT_PACKETS} > Neighbor Discovery takes no direct way`],
  }),
  ...sequences('MN-4-1-1-2-007', {
    role: 'mn',
    says: 'IPsec between mobile node and correspondent',
    na: NO_IPSEC,
  }),
  ...sequences('MN-4-1-1-3-001', {
    role: 'mn',
    says: 'Type 2 routing header and Home Address option in one packet, between two mobile nodes',
    shown: [
      `${LAB_DIRECT_PACKETS} > between two mobile nodes packets have routing header and option, both ways`,
    ],
  }),
  ...sequences('NEMO-MR-4-1-2-2-001', {
    role: 'mr',
    says: 'Packets for the mobile network from any node come by the home agent',
    shown: [`${LAB_SESSIONS} > a TCP transfer lives through failures`],
  }),
  ...sequences('MN-4-1-2-2-003', {
    role: 'mn',
    says: 'Packets with type 2 routing header of a known correspondent',
    shown: [
      `${LAB_DIRECT_PACKETS} > takes a type 2 routing header of the right form with its home address, and nothing else`,
    ],
  }),
  ...sequences('MN-4-1-2-2-004 MN-4-1-2-2-005 MN-4-1-2-2-011', {
    role: 'mn',
    says: 'Type 2 routing headers with another length, segments left or home address',
    shown: [
      `${LAB_DIRECT_PACKETS} > takes a type 2 routing header of the right form with its home address, and nothing else`,
    ],
  }),
  ...sequences('MN-4-1-2-2-010', {
    role: 'mn',
    says: 'A type 2 routing header to an address that is no care-of address',
    shown: [
      `${LAB_DIRECT_PACKETS} > takes a type 2 routing header of the right form with its home address, and nothing else`,
    ],
  }),
  ...sequences('MN-4-1-2-2-006 NEMO-MR-4-1-2-2-006', {
    role: ['mn', 'mr'],
    says: 'Packets to a link-local address on a foreign link',
    na: "Link-local traffic of an interface is the kernel's",
  }),
  ...sequences('MN-4-1-2-2-007 NEMO-MR-4-1-2-2-007', {
    role: ['mn', 'mr'],
    says: 'Packets at home',
    shown: [
      `${LAB_RETURNING_HOME} > returning home with one interface: sessions survive, no binding is left`,
    ],
  }),
  ...sequences('MN-4-1-2-3-001', {
    role: 'mn',
    says: 'As a correspondent away from home: a Binding Error by reverse tunnel',
    shown: [
      `${CN_ROLES} > so is a Home Address option without binding`,
      `${ROUTER_FORWARDING} > of the mobile network leaves by the active tunnel`,
    ],
  }),
  ...sequences('MN-4-2-1-1-001 NEMO-MR-4-2-1-1-001', {
    role: ['mn', 'mr'],
    says: 'A solicited prefix advertisement',
    shown: [`${PREFIX_DISCOVERY} > that was asked for says which prefixes there are: event and status`],
  }),
  ...sequences('MN-4-2-1-1-004 NEMO-MR-4-2-1-1-004', {
    role: ['mn', 'mr'],
    says: 'New valid and preferred lifetimes',
    shown: [
      `${PREFIX_DISCOVERY} > that says when the home prefix ends is reported, and followed only where that is configured`,
    ],
  }),
  ...sequences('MN-4-2-1-1-012 NEMO-MR-4-2-1-1-012', {
    role: ['mn', 'mr'],
    says: 'A prefix advertisement of an unknown home agent',
    shown: [`${PREFIX_DISCOVERY} > of another source is discarded`],
  }),
  ...sequences('MN-4-2-1-1-013 NEMO-MR-4-2-1-1-013', {
    role: ['mn', 'mr'],
    says: 'A prefix advertisement without type 2 routing header',
    shown: [`${PREFIX_DISCOVERY} > without type 2 routing header is discarded`],
  }),
  ...sequences('MN-4-2-1-1-014 NEMO-MR-4-2-1-1-014', {
    role: ['mn', 'mr'],
    says: 'A prefix advertisement with another identifier',
    shown: [
      `${PREFIX_DISCOVERY} > with another identifier is discarded`,
      `${PREFIX_DISCOVERY} > follows an unsolicited advertisement, but not every one of a flood`,
    ],
  }),
  ...sequences('MN-4-2-1-1-015 NEMO-MR-4-2-1-1-015', {
    role: ['mn', 'mr'],
    says: 'Reserved bits of a prefix advertisement are not zero',
    shown: [`${PREFIX_DISCOVERY} > has reserved bits that mean nothing`],
  }),
  ...sequences('MN-4-2-1-1-019 NEMO-MR-4-2-1-1-019', {
    role: ['mn', 'mr'],
    says: 'An unknown option in a prefix advertisement',
    shown: [`${PREFIX_DISCOVERY} > has options that are skipped`],
  }),
  ...sequences('MN-4-2-1-2-005..007 MN-4-2-1-2-010', {
    role: 'mn',
    says: 'Home Tests with wrong Payload Proto, Header Len, checksum or type',
    shown: [`${ROUTER_ERRORS} > a faulty home-test > [RFC 6275 §9.2]`],
  }),
  ...sequences('MN-4-2-1-2-011..013 MN-4-2-1-2-015', {
    role: 'mn',
    says: 'Care-of Tests with wrong Payload Proto, Header Len, checksum or type',
    shown: [`${ROUTER_ERRORS} > a faulty care-of-test > [RFC 6275 §9.2]`],
  }),
  ...sequences('MN-4-2-2-2-002 MN-4-2-2-2-005 MN-4-2-2-2-007 MN-4-2-2-2-012', {
    role: 'mn',
    says: 'ICMPv6 errors after a HoTI, a CoTI and a Binding Update to a correspondent',
    shown: [
      `${DIRECT_ANSWERS} > code 1 about a Home Test Init ends route optimisation`,
      `${DIRECT_ANSWERS} > code 1 about a Care-of Test Init ends route optimisation`,
      `${DIRECT_ANSWERS} > code 1 about a Binding Update ends route optimisation`,
      `${DIRECT_ANSWERS} > a Destination Unreachable does not`,
    ],
  }),
  ...sequences('MN-4-2-2-2-010', {
    role: 'mn',
    says: 'An ICMPv6 error in the tunnel starts no return routability',
    shown: [
      `${LAB_DIRECT_TRAFFIC} > is found by its traffic through the tunnel, and by nothing else, and dropped without`,
    ],
  }),
  ...sequences('MN-4-2-2-2-011', {
    role: 'mn',
    says: 'Parameter Problem code 2 of a registered correspondent',
    shown: [`${DIRECT_ANSWERS} > code 2 about the Home Address option is told once, and ends nothing`],
  }),
  ...sequences('MN-5-1-1-1-001 MN-5-1-1-1-005 NEMO-MR-5-1-1-1-001 NEMO-MR-5-1-1-1-005', {
    role: ['mn', 'mr'],
    says: 'A home agent discovery request at home and away',
    shown: [
      `${ROUTER_DISCOVERY} > on its home link without a configured home agent`,
      `${ROUTER_DISCOVERY} > asks the anycast address of its home prefix, from a care-of address, with R flag`,
      `${ROUTER_DISCOVERY} > a single host asks without R flag, and takes any answer`,
    ],
  }),
  ...sequences('MN-5-1-1-1-006 NEMO-MR-5-1-1-1-006', {
    role: ['mn', 'mr'],
    says: 'Repetition of the request',
    shown: [`${ROUTER_DISCOVERY} > repeats the same request after 3, 6, 12 and 24 s`],
  }),
  ...sequences('MN-5-1-2-1-002 MN-5-1-2-1-016 NEMO-MR-5-1-2-1-002 NEMO-MR-5-1-2-1-016', {
    role: ['mn', 'mr'],
    says: 'A reply at home and away',
    shown: [
      `${ROUTER_DISCOVERY} > on its home link without a configured home agent`,
      `${ROUTER_DISCOVERY} > registers with the first one of the reply, whoever has sent it`,
      `${ROUTER_DISCOVERY} > a single host asks without R flag, and takes any answer`,
    ],
  }),
  ...sequences('MN-5-1-2-1-021 NEMO-MR-5-1-2-1-021', {
    role: ['mn', 'mr'],
    says: 'Reserved bits of a reply are not zero',
    shown: [`${ROUTER_DISCOVERY} > reserved bits of the reply do not matter`],
  }),
  ...sequences('MN-5-1-2-1-026 MN-5-1-2-1-027 NEMO-MR-5-1-2-1-026 NEMO-MR-5-1-2-1-027', {
    role: ['mn', 'mr'],
    says: 'Replies of the first and of the second home agent of the list',
    shown: [`${ROUTER_DISCOVERY} > registers with the first one of the reply, whoever has sent it`],
  }),
  ...sequences('MN-5-1-2-1-028 MN-5-1-2-1-029 NEMO-MR-5-1-2-1-028 NEMO-MR-5-1-2-1-029', {
    role: ['mn', 'mr'],
    says: 'The next home agent of the list after the first has failed',
    shown: [
      `${ROUTER_DISCOVERY} > goes on to the second one of the reply when the first one fails, and remembers both`,
      `${LAB_TWO_HOME_AGENTS} > a router finds two home agents, and sessions outlive the first one`,
    ],
  }),
  ...sequences('NEMO-MR-5-1-2-1-030 NEMO-MR-5-1-2-1-031', {
    role: 'mr',
    says: 'A reply without R flag, one home agent and several',
    shown: [`${ROUTER_DISCOVERY} > a reply without R flag names nobody for a mobile router`],
  }),
  ...sequences('NEMO-MR-5-1-2-1-032', {
    role: 'mr',
    says: 'A reply with R flag of a home agent that is not in it',
    shown: [`${ROUTER_DISCOVERY} > registers with the first one of the reply, whoever has sent it`],
  }),
  ...sequences('MN-6-2-1-1-001 NEMO-MR-6-2-1-1-001', {
    role: ['mn', 'mr'],
    says: 'An acknowledgement with another Payload Proto',
    shown: [`${ROUTER_BASE} > without Payload Proto 59 are none`],
  }),
  ...sequences('MN-6-2-1-1-002 NEMO-MR-6-2-1-1-002', {
    role: ['mn', 'mr'],
    says: 'An acknowledgement with another Header Len',
    shown: [`${ROUTER_BASE} > with a Header Len of 0 are none`],
  }),
  ...sequences('MN-6-2-1-1-003 NEMO-MR-6-2-1-1-003', {
    role: ['mn', 'mr'],
    says: 'An acknowledgement with an unknown type',
    shown: [`${ROUTER_BASE} > with an unknown MH Type are none`],
  }),
  ...sequences('MN-6-2-1-1-004 NEMO-MR-6-2-1-1-004', {
    role: ['mn', 'mr'],
    says: 'An acknowledgement with a wrong checksum',
    shown: [`${ROUTER_BASE} > with a wrong checksum are none`],
  }),
  ...sequences('MN-6-2-2-1-001 NEMO-MR-6-2-2-1-001', {
    role: ['mn', 'mr'],
    says: 'Parameter Problem code 1 after a Binding Update to the home agent',
    shown: [
      `${HOME_AGENTS} > no registration comes sooner than 1.5 s after one elsewhere: code 1`,
      `${ROUTER_ERRORS} > a lone home agent is asked on, at last each 32 s`,
    ],
  }),
];
