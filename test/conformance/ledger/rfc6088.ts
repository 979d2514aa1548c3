/** RFC 6088: section 3 prescribes; the rest describes and registers. */
import { FLOW_BINDINGS, FLOW_FIGURES, FLOW_SELECTOR } from './tests.ts';
import type { Document, Statement } from './types.ts';

const statements: readonly Statement[] = [
  {
    id: '3-1',
    level: 'prose',
    role: 'all',
    says: 'A binary selector matches by lists of present fields, each one value or a range',
    shown: [`${FLOW_SELECTOR} > come back as they were, over the wire and from a record`],
  },
  {
    id: '3.1-1',
    level: 'prose',
    role: 'all',
    says: 'TS Format 1 is the IPv4 binary traffic selector, laid out as in Figure 1',
    shown: [`${FLOW_FIGURES} > [RFC 6088 §3.1] IPv4: all fields, A to N`],
  },
  {
    id: '3.1-2',
    level: 'prose',
    role: 'all',
    says: 'It is aligned to 4n, 2n or n by the widest field that is present',
    shown: [
      `${FLOW_FIGURES} > [RFC 6088 §3.1] IPv4: a range of sources (A, B), a destination port (I), a protocol (M)`,
    ],
  },
  {
    id: '3.1-3',
    level: 'prose',
    role: 'all',
    says: 'Each flag says whether its field is present',
    shown: [
      `${FLOW_FIGURES} > [RFC 6088 §3.1] IPv4: a range of sources (A, B), a destination port (I), a protocol (M)`,
      `${FLOW_FIGURES} > [RFC 6088 §3.1] IPv4: all fields, A to N`,
    ],
  },
  {
    id: '3.1-4',
    level: 'prose',
    role: ['mn', 'ha'],
    says: 'Addresses and ports are those of packets to the mobile node as the home agent sees them',
    shown: [`${FLOW_SELECTOR} > are those of packets to the mobile node: the source is the correspondent`],
  },
  {
    id: '3.1-5',
    level: 'MUST',
    role: 'all',
    says: 'The end of a range of source addresses (A, B) is there only with its start; both belong to the range',
    shown: [
      `${FLOW_FIGURES} > malformed > [RFC 6088 §3.1] H without G: kept for a status`,
      `${FLOW_FIGURES} > [RFC 6088 §3.1] IPv4: all fields, A to N`,
    ],
  },
  {
    id: '3.1-6',
    level: 'MUST',
    role: 'all',
    says: 'The end of a range of destination addresses (C, D) is there only with its start; both belong to the range',
    shown: [
      `${FLOW_FIGURES} > malformed > [RFC 6088 §3.1] H without G: kept for a status`,
      `${FLOW_FIGURES} > [RFC 6088 §3.1] IPv4: all fields, A to N`,
    ],
  },
  {
    id: '3.1-7',
    level: 'MUST',
    role: 'all',
    says: 'The end of a range of SPIs (E, F) is there only with its start; both belong to the range',
    shown: [
      `${FLOW_FIGURES} > malformed > [RFC 6088 §3.1] H without G: kept for a status`,
      `${FLOW_FIGURES} > [RFC 6088 §3.1] IPv4: all fields, A to N`,
    ],
  },
  {
    id: '3.1-8',
    level: 'MUST',
    role: 'all',
    says: 'The end of a range of source ports (G, H) is there only with its start; both belong to the range',
    shown: [
      `${FLOW_FIGURES} > malformed > [RFC 6088 §3.1] H without G: kept for a status`,
      `${FLOW_FIGURES} > [RFC 6088 §3.1] IPv4: all fields, A to N`,
    ],
  },
  {
    id: '3.1-9',
    level: 'MUST',
    role: 'all',
    says: 'The end of a range of destination ports (I, J) is there only with its start; both belong to the range',
    shown: [
      `${FLOW_FIGURES} > malformed > [RFC 6088 §3.1] H without G: kept for a status`,
      `${FLOW_FIGURES} > [RFC 6088 §3.1] IPv4: all fields, A to N`,
    ],
  },
  {
    id: '3.1-10',
    level: 'MUST',
    role: 'all',
    says: 'The end of a range of DS fields (K, L) is there only with its start; both belong to the range',
    shown: [
      `${FLOW_FIGURES} > malformed > [RFC 6088 §3.1] H without G: kept for a status`,
      `${FLOW_FIGURES} > [RFC 6088 §3.1] IPv4: all fields, A to N`,
    ],
  },
  {
    id: '3.1-11',
    level: 'MUST',
    role: 'all',
    says: 'The end of a range of protocols (M, N) is there only with its start; both belong to the range',
    shown: [
      `${FLOW_FIGURES} > malformed > [RFC 6088 §3.1] H without G: kept for a status`,
      `${FLOW_FIGURES} > [RFC 6088 §3.1] IPv4: all fields, A to N`,
    ],
  },
  {
    id: '3.1-12',
    level: 'MUST',
    role: 'ha',
    says: 'The last two bits of the DS fields are ignored in comparisons',
    shown: [`${FLOW_FIGURES} > [RFC 6088 §3.1] the ECN bits, in the order of a range`],
  },
  {
    id: '3.1-13',
    level: 'MUST',
    role: 'all',
    says: 'Reserved bits are sent as zero and ignored',
    shown: [`${FLOW_FIGURES} > [RFC 6088 §3.1] IPv4: all fields, A to N`],
  },
  {
    id: '3.1-14',
    level: 'prose',
    role: 'ha',
    says: 'A home agent takes IPv4 selectors',
    shown: [
      `${FLOW_BINDINGS} > an IPv4 selector is accepted and kept, and matches nothing: there is no IPv4 home address`,
    ],
  },
  {
    id: '3.2-1',
    level: 'prose',
    role: 'all',
    says: 'TS Format 2 is the IPv6 binary traffic selector, laid out as in Figure 2',
    shown: [`${FLOW_FIGURES} > [RFC 6088 §3.2] IPv6: all fields, A to P`],
  },
  {
    id: '3.2-2',
    level: 'prose',
    role: 'all',
    says: 'It is aligned to 8n, 4n, 2n or n by the widest field that is present',
    shown: [
      `${FLOW_FIGURES} > [RFC 6088 §3.2] with an address at 8n from the start of the header, wherever the option begins`,
      `${FLOW_FIGURES} > [RFC 6088 §3.2] with a flow label at 4n`,
      `${FLOW_FIGURES} > [RFC 6088 §3.2] with octets only: no alignment beyond that of the option`,
    ],
  },
  {
    id: '3.2-3',
    level: 'prose',
    role: 'all',
    says: 'Each flag says whether its field is present; without any, every packet is matched',
    shown: [`${FLOW_FIGURES} > [RFC 6088 §3.2] no flag: every packet`],
  },
  {
    id: '3.2-4',
    level: 'prose',
    role: ['mn', 'ha'],
    says: 'Addresses and ports are those of packets to the mobile node as the home agent sees them',
    shown: [`${FLOW_SELECTOR} > are those of packets to the mobile node: the source is the correspondent`],
  },
  {
    id: '3.2-5',
    level: 'MUST',
    role: 'all',
    says: 'The end of a range of source addresses (A, B) is there only with its start; both belong to the range',
    shown: [
      `${FLOW_FIGURES} > malformed > [RFC 6088 §3.2] P without O: kept for a status`,
      `${FLOW_FIGURES} > [RFC 6088 §3.2] IPv6: all fields, A to P`,
      `${FLOW_SELECTOR} > come back as they were, over the wire and from a record`,
    ],
  },
  {
    id: '3.2-6',
    level: 'MUST',
    role: 'all',
    says: 'The end of a range of destination addresses (C, D) is there only with its start; both belong to the range',
    shown: [
      `${FLOW_FIGURES} > malformed > [RFC 6088 §3.2] P without O: kept for a status`,
      `${FLOW_FIGURES} > [RFC 6088 §3.2] IPv6: all fields, A to P`,
      `${FLOW_SELECTOR} > come back as they were, over the wire and from a record`,
    ],
  },
  {
    id: '3.2-7',
    level: 'MUST',
    role: 'all',
    says: 'The end of a range of SPIs (E, F) is there only with its start; both belong to the range',
    shown: [
      `${FLOW_FIGURES} > malformed > [RFC 6088 §3.2] P without O: kept for a status`,
      `${FLOW_FIGURES} > [RFC 6088 §3.2] IPv6: all fields, A to P`,
      `${FLOW_SELECTOR} > come back as they were, over the wire and from a record`,
    ],
  },
  {
    id: '3.2-8',
    level: 'MUST',
    role: 'all',
    says: 'The end of a range of flow labels (G, H) is there only with its start; both belong to the range',
    shown: [
      `${FLOW_FIGURES} > malformed > [RFC 6088 §3.2] P without O: kept for a status`,
      `${FLOW_FIGURES} > [RFC 6088 §3.2] IPv6: all fields, A to P`,
      `${FLOW_SELECTOR} > come back as they were, over the wire and from a record`,
    ],
  },
  {
    id: '3.2-9',
    level: 'MUST',
    role: 'all',
    says: 'The end of a range of source ports (I, J) is there only with its start; both belong to the range',
    shown: [
      `${FLOW_FIGURES} > malformed > [RFC 6088 §3.2] P without O: kept for a status`,
      `${FLOW_FIGURES} > [RFC 6088 §3.2] IPv6: all fields, A to P`,
      `${FLOW_SELECTOR} > come back as they were, over the wire and from a record`,
    ],
  },
  {
    id: '3.2-10',
    level: 'MUST',
    role: 'all',
    says: 'The end of a range of destination ports (K, L) is there only with its start; both belong to the range',
    shown: [
      `${FLOW_FIGURES} > malformed > [RFC 6088 §3.2] P without O: kept for a status`,
      `${FLOW_FIGURES} > [RFC 6088 §3.2] IPv6: all fields, A to P`,
      `${FLOW_SELECTOR} > come back as they were, over the wire and from a record`,
    ],
  },
  {
    id: '3.2-11',
    level: 'MUST',
    role: 'all',
    says: 'The end of a range of traffic classes (M, N) is there only with its start; both belong to the range',
    shown: [
      `${FLOW_FIGURES} > malformed > [RFC 6088 §3.2] P without O: kept for a status`,
      `${FLOW_FIGURES} > [RFC 6088 §3.2] IPv6: all fields, A to P`,
      `${FLOW_SELECTOR} > come back as they were, over the wire and from a record`,
    ],
  },
  {
    id: '3.2-12',
    level: 'MUST',
    role: 'all',
    says: 'The end of a range of next headers (O, P) is there only with its start; both belong to the range',
    shown: [
      `${FLOW_FIGURES} > malformed > [RFC 6088 §3.2] P without O: kept for a status`,
      `${FLOW_FIGURES} > [RFC 6088 §3.2] IPv6: all fields, A to P`,
      `${FLOW_SELECTOR} > come back as they were, over the wire and from a record`,
    ],
  },
  {
    id: '3.2-13',
    level: 'MUST',
    role: 'mn',
    says: 'A flow label is sent with zeros before it',
    shown: [`${FLOW_FIGURES} > [RFC 6088 §3.2] with a flow label at 4n`],
  },
  {
    id: '3.2-14',
    level: 'SHOULD',
    role: 'ha',
    says: 'The bits before a flow label are ignored in comparisons',
    shown: [`${FLOW_FIGURES} > [RFC 6088 §3.2] the bits before the flow label: ignored`],
  },
  {
    id: '3.2-15',
    level: 'MUST',
    role: 'ha',
    says: 'The last two bits of the traffic class are ignored in comparisons',
    shown: [`${FLOW_SELECTOR} > the two bits of the traffic class that belong to ECN do not count`],
  },
  {
    id: '3.2-16',
    level: 'MUST',
    role: 'all',
    says: 'Reserved bits are sent as zero and ignored',
    shown: [`${FLOW_FIGURES} > [RFC 6088 §3.2] IPv6: all fields, A to P`],
  },
];

export const rfc6088: Document = {
  name: 'rfc6088',
  title: 'RFC 6088, Traffic Selectors for Flow Bindings',
  statements,
};
