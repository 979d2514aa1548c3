/** Appendix A: figures 3 to 7. */
import {
  LAB_DIRECT_AT_HOME,
  LAB_DIRECT_PACKETS,
  LAB_HOME_LINK,
  LAB_RETURNING_HOME,
  LAB_TWO_HOME_AGENTS,
} from './tests.ts';
import type { Statement } from './types.ts';

export const appendixA: readonly Statement[] = [
  {
    id: 'A-1',
    level: 'prose',
    role: ['mn', 'ha'],
    says: 'Figure 3: three interfaces on foreign links, three bindings at the home agent',
    shown: [`${LAB_TWO_HOME_AGENTS} > a router finds two home agents, and sessions outlive the first one`],
  },
  {
    id: 'A-2',
    level: 'prose',
    role: 'ha',
    says: 'Figure 3: proxy neighbour advertisement is active',
    shown: [
      `${LAB_HOME_LINK} > a neighbour reaches its home address through the home agent`,
      `${LAB_HOME_LINK} > three advertisements to all nodes say that its packets go to the home agent`,
    ],
  },
  {
    id: 'A-3',
    level: 'prose',
    role: 'cn',
    says: 'Figure 3: three bindings at the correspondent',
    shown: [
      `${LAB_DIRECT_PACKETS} > figure 3: three bindings at both ends, and by policy all uplinks are in use`,
    ],
  },
  {
    id: 'A-4',
    level: 'prose',
    role: 'mn',
    says: 'Figure 3: all interfaces are in use',
    shown: [
      `${LAB_DIRECT_PACKETS} > figure 3: three bindings at both ends, and by policy all uplinks are in use`,
    ],
  },
  {
    id: 'A-5',
    level: 'prose',
    role: ['mn', 'ha'],
    says: 'Figure 4: home with one interface; no binding at the home agent, proxy inactive',
    shown: [
      `${LAB_RETURNING_HOME} > returning home with one interface: sessions survive, no binding is left (figures 4, 6 and 7)`,
    ],
  },
  {
    id: 'A-6',
    level: 'prose',
    role: ['mn', 'cn'],
    says: 'Figure 4: bindings of the other care-of addresses stay at the correspondent and are refreshed',
    shown: [
      `${LAB_DIRECT_AT_HOME} > at home correspondents with bindings are reached over foreign links, all others over the home link`,
    ],
  },
  {
    id: 'A-7',
    level: 'prose',
    role: 'ha',
    says: 'Figure 4: what arrives at the home agent goes to the interface at home',
    shown: [
      `${LAB_RETURNING_HOME} > returning home with one interface: sessions survive, no binding is left (figures 4, 6 and 7)`,
    ],
  },
  {
    id: 'A-8',
    level: 'prose',
    role: ['mn', 'ha'],
    says: 'Figure 5: the interface on the home link is disabled; two bindings, proxy active',
    shown: [`${LAB_RETURNING_HOME} > staying away: the interface on the home link is not used (figure 5)`],
  },
  {
    id: 'A-9',
    level: 'prose',
    role: 'ha',
    says: 'Figure 5: packets on the home link are intercepted and tunnelled to a foreign link',
    shown: [`${LAB_RETURNING_HOME} > staying away: the interface on the home link is not used (figure 5)`],
  },
  {
    id: 'A-10',
    level: 'prose',
    role: ['mn', 'ha'],
    says: 'Figure 6: several interfaces at home; no binding, proxy inactive',
    shown: [
      `${LAB_RETURNING_HOME} > returning home with one interface: sessions survive, no binding is left (figures 4, 6 and 7)`,
    ],
  },
  {
    id: 'A-11',
    level: 'prose',
    role: ['mn', 'cn'],
    says: 'Figure 6: the foreign interface serves only correspondents that have its binding',
    shown: [
      `${LAB_DIRECT_AT_HOME} > at home correspondents with bindings are reached over foreign links, all others over the home link`,
    ],
  },
  {
    id: 'A-12',
    level: 'prose',
    role: ['mn', 'ha'],
    says: 'Figure 7: a link of the home agent with another prefix is a foreign link; three bindings, proxy active',
    shown: [
      `${LAB_RETURNING_HOME} > returning home with one interface: sessions survive, no binding is left (figures 4, 6 and 7)`,
    ],
  },
  {
    id: 'A-13',
    level: 'prose',
    role: 'mn',
    says: 'Figure 7: packets over that link are tunnelled to the home agent one hop away',
    shown: [
      `${LAB_RETURNING_HOME} > returning home with one interface: sessions survive, no binding is left (figures 4, 6 and 7)`,
    ],
  },
];
