/** draft-montavont-mip6-mmi-02: reasons to redirect (§3), mechanisms (§4-6), load balancing (§7). */
import {
  ANCHOR_FORWARDING,
  CN_FLOWS,
  CONFIG,
  DIRECT,
  DIRECT_FLOWS,
  DRAFT_OPTION,
  FLOW_BINDINGS,
  FLOW_ROUTER,
  FLOW_SELECTOR,
  FLOW_SIMULATION,
  IDENTIFIER,
  LAB_DIRECT,
  LAB_FLOW_MOVES,
  LAB_FLOWS,
  LAB_TRIGGERS,
  LAB_TWO_DOCKS,
  LAB_TWO_HOMES,
  PER_CORRESPONDENT,
  QUALITY,
} from './tests.ts';
import type { Document, Statement } from './types.ts';

const statements: readonly Statement[] = [
  {
    id: '3-1',
    level: 'prose',
    role: 'mn',
    says: 'An interface that goes down: its flows are redirected to another one',
    shown: [
      `${LAB_TRIGGERS} > an interface in use comes down`,

      `${FLOW_SIMULATION} > a lost carrier: the flow is moved by the message that ends the binding`,
      `${FLOW_SIMULATION} > a silent uplink: the anchor hands the flow on by itself, the router moves it; it comes back later`,
    ],
  },
  {
    id: '3-2',
    level: 'prose',
    role: 'mn',
    says: 'An interface that comes up takes the flows that it suits best',
    shown: [
      `${LAB_TRIGGERS} > a more suitable interface comes up`,
      `${LAB_TRIGGERS} > a new address becomes available`,

      `${FLOW_SIMULATION} > a silent uplink: the anchor hands the flow on by itself, the router moves it; it comes back later`,
    ],
  },
  {
    id: '3-3',
    level: 'prose',
    role: 'mn',
    says: 'A handover on one interface: flows take another one meanwhile',
    shown: [
      `${LAB_TRIGGERS} > the address of an interface goes`,

      `${LAB_FLOW_MOVES} > [RFC 6089 §4.3] [RFC 6089 §5.2.2.2] [RFC 6089 §5.3.6] [mmi-02 §3] [mmi-02 §4.2] [analysis-01 §A] a flow is moved by policy, failures and a handover, both ways, with all that belongs to it, and nothing else notices`,
    ],
  },
  {
    id: '3-4',
    level: 'prose',
    role: 'mn',
    says: 'The capabilities of an interface change: flows are redirected to a more suitable one',
    shown: [
      `${LAB_TRIGGERS} > an uplink gets slower`,
      `${LAB_TRIGGERS} > an uplink gets too slow for all`,
      `${LAB_TRIGGERS} > its quality is better again`,
      `${QUALITY} > the uplink is left at both ends, and taken back`,
    ],
  },
  {
    id: '3-5',
    level: 'prose',
    role: 'mn',
    says: 'A new flow is put on the interface that suits it best',
    shown: [
      `${LAB_TRIGGERS} > a flow begins`,

      `${LAB_FLOWS} > each flow goes where the policy says, by all that it can match, and comes back by the same path`,
    ],
  },
  {
    id: '4.1-1',
    level: 'prose',
    role: 'mn',
    says: 'One home address for each interface, each with a home agent of its own',
    shown: [
      `${CONFIG} > several routers: uplinks are of those that they name, or of all`,
      `${LAB_TWO_HOMES} > at two home agents have tunnels of their own, and both keep their sessions`,
    ],
  },
  {
    id: '4.2-1',
    level: 'prose',
    role: 'mn',
    says: 'Redirection of an interface: a Binding Update with its home address and the address of the new interface',
    shown: [
      `${LAB_TWO_DOCKS} > a home address that fails is redirected to the other interface`,
      `${LAB_TWO_DOCKS} > when the interface moves, every home agent that has its address is told`,
    ],
  },
  {
    id: '4.2-2',
    level: 'prose',
    role: 'mn',
    says: 'That Binding Update leaves by the new interface',
    shown: [`${LAB_TWO_DOCKS} > a home address that fails is redirected to the other interface`],
  },
  {
    id: '4.2-3',
    level: 'prose',
    role: 'mn',
    says: 'What uses the new interface already is not disturbed',
    shown: [
      `${LAB_TWO_HOMES} > at one home agent share their tunnels, and both keep their sessions`,
      `${LAB_TWO_HOMES} > at two home agents have tunnels of their own, and both keep their sessions`,
    ],
  },
  {
    id: '4.2-4',
    level: 'prose',
    role: 'mn',
    says: 'When the new interface moves, all home agents and correspondents that have its address are told',
    shown: [`${LAB_TWO_DOCKS} > when the interface moves, every home agent that has its address is told`],
  },
  {
    id: '4.2-5',
    level: 'prose',
    role: 'mn',
    says: 'The previous interface is taken into use again by a Binding Update with its address, or by returning home',
    shown: [
      `${LAB_TWO_DOCKS} > back at its interface it returns home`,
      `${LAB_TWO_DOCKS} > its care-of address fails: the flows are redirected`,
    ],
  },
  {
    id: '4.3-1',
    level: 'prose',
    role: 'mn',
    says: 'New communications of a redirected home address are taken, or refused',
    shown: [`${LAB_TWO_DOCKS} > a new communication of the redirected home address is taken`],
  },
  {
    id: '4.4-1',
    level: 'SHOULD',
    role: 'mn',
    says: 'A preference table names the interface for each type of flow, and a default one',
    shown: [
      `${LAB_FLOWS} > each flow goes where the policy says, by all that it can match, and comes back by the same path`,
    ],
  },
  {
    id: '4.4-2',
    level: 'prose',
    role: 'mn',
    says: 'The interface determines the home address and the home agent of a new flow',
    shown: [
      `${LAB_TWO_DOCKS} > each flow takes the interface of its home address as it is, and no home agent holds a binding`,
      `${LAB_TWO_DOCKS} > each flow has its interface by policy, in both directions; a home address serves as care-of address beside the foreign one`,
    ],
  },
  {
    id: '4.4-3',
    level: 'prose',
    role: 'mn',
    says: 'Away from home there has to be a binding for that home address: it is created',
    shown: [`${LAB_TWO_DOCKS} > home link and foreign link at once`],
  },
  {
    id: '5.1-1',
    level: 'prose',
    role: 'mn',
    says: 'A correspondent is given any address of an interface as care-of address, for per-correspondent mobility',
    shown: [
      `${PER_CORRESPONDENT} > chooses the care-of address of its direct path, and the correspondent is told by priorities`,
    ],
  },
  {
    id: '5.1-2',
    level: 'MUST',
    role: 'mn',
    says: 'Where two policies meet at one correspondent, the more important one is followed',
    shown: [
      `${PER_CORRESPONDENT} > of several rules that name it the first one decides, whatever they say of flows`,
    ],
  },
  {
    id: '5.2-1',
    level: 'MUST',
    role: 'mn',
    says: 'All flows with one correspondent use the same care-of address',
    na: 'Kedge binds several care-of addresses at a correspondent too (RFC 5648), so flows with it need not share one',
  },
  {
    id: '5.2-2',
    level: 'prose',
    role: 'mn',
    says: 'A flow discriminant is any subset of ports, addresses and protocol',
    shown: [
      `${LAB_FLOWS} > each flow goes where the policy says, by all that it can match, and comes back by the same path`,
    ],
  },
  {
    id: '5.2-3',
    level: 'prose',
    role: 'mn',
    says: 'An entry of the table has an ordered list of interfaces and a priority',
    shown: [
      `${LAB_FLOWS} > failures move only the flows of their uplink, a changed policy only those that it is about, restarts none`,
    ],
  },
  {
    id: '5.2-4',
    level: 'MUST',
    role: 'mn',
    says: 'The Binding Update List tells whether the correspondent has a binding already',
    shown: [
      `${DIRECT} > [RFC 6275 §11.5.1] [RFC 6275 §11.7.2] each correspondent is told of a new care-of address`,
    ],
  },
  {
    id: '5.3-1',
    level: 'MUST',
    role: 'mn',
    says: 'When several flows with a correspondent want different interfaces, one rule is chosen',
    shown: [
      `${PER_CORRESPONDENT} > of several rules that name it the first one decides, whatever they say of flows`,
    ],
  },
  {
    id: '5.3-2',
    level: 'prose',
    role: 'mn',
    says: 'The flow with the highest priority determines the interface of the correspondent',
    shown: [
      `${PER_CORRESPONDENT} > of several rules that name it the first one decides, whatever they say of flows`,
    ],
  },
  {
    id: '5.3-3',
    level: 'prose',
    role: 'mn',
    says: 'If that is another interface than now, return routability is run; otherwise nothing is done',
    shown: [
      `${PER_CORRESPONDENT} > when it changes, return routability runs for the other care-of address; otherwise nothing is done`,
    ],
  },
  {
    id: '6-1',
    level: 'prose',
    role: 'mn',
    says: 'Each flow is managed on its own, also several with one correspondent, and no other one is disturbed',
    shown: [
      `${LAB_FLOW_MOVES} > a flow is moved by policy, failures and a handover, both ways, with all that belongs to it, and nothing else notices`,
      `${LAB_FLOWS} > failures move only the flows of their uplink, a changed policy only those that it is about, restarts none`,
    ],
  },
  {
    id: '6-2',
    level: 'prose',
    role: 'mn',
    says: 'Established flows, by all of the quintuple, and future ones, by part of it, can be bound',
    shown: [
      `${FLOW_ROUTER} > name the correspondent as the source`,
      `${FLOW_SELECTOR} > are those of packets to the mobile node: the source is the correspondent`,
    ],
  },
  {
    id: '6-3',
    level: 'prose',
    role: ['mn', 'ha'],
    says: 'An entry has an identifier, so that it can be updated',
    shown: [`${FLOW_BINDINGS} > is moved by a binding reference alone: the selector stays`],
  },
  {
    id: '6-4',
    level: 'prose',
    role: 'mn',
    says: 'A Binding Update may have several per-flow options',
    shown: [`${FLOW_ROUTER} > are said at once, whole, in one Binding Update about the uplink that speaks`],
  },
  {
    id: '7.1-1',
    level: 'prose',
    role: 'all',
    says: 'The load balancing option has the fields S, D, CoA ID and an address, as in Figure 3',
    shown: [
      `${DRAFT_OPTION} > [mmi-02 §7.1] a source care-of address: S`,
      `${DRAFT_OPTION} > [mmi-02 §7.1] a destination care-of address: a proportion in D`,
    ],
  },
  {
    id: '7.1-2',
    level: 'prose',
    role: ['ha', 'cn'],
    says: 'S set: packets may come from the care-of address',
    shown: [`${ANCHOR_FORWARDING} > go to the care-of address of each binding`],
  },
  {
    id: '7.1-3',
    level: 'MUST',
    role: ['ha', 'cn'],
    says: 'D set: packets go to the care-of address, in the proportion that D says',
    shown: [`${FLOW_BINDINGS} > divides what no flow binding matches by the D fields`],
  },
  {
    id: '7.1-4',
    level: 'prose',
    role: 'mn',
    says: 'CoA ID 0 stands for the source of the Binding Update',
    shown: [`${FLOW_ROUTER} > every Binding Update says the proportions, with the care-of addresses`],
  },
  {
    id: '7.2-1',
    level: 'MUST',
    role: ['ha', 'cn'],
    says: 'The Binding Cache holds several care-of addresses of a home address',
    shown: [`${IDENTIFIER} > [RFC 5648 §6.2] keeps a binding for each BID`],
  },
  {
    id: '7.2-2',
    level: 'prose',
    role: ['ha', 'cn'],
    says: 'With each is kept whether and in which proportion it is a destination',
    shown: [
      `${FLOW_BINDINGS} > divides what no flow binding matches by the D fields`,
      `${FLOW_BINDINGS} > holds until a message says otherwise, and over a restart`,
    ],
  },
  {
    id: '7.2-3',
    level: 'prose',
    role: ['ha', 'cn'],
    says: 'With each is kept whether it is a source',
    na: 'Each care-of address that is bound may be a source: S does not take that away',
  },
  {
    id: '7.3-1',
    level: 'prose',
    role: 'mn',
    says: 'The options go to home agents and correspondents',
    shown: [
      `${FLOW_ROUTER} > every Binding Update says the proportions, with the care-of addresses`,
      `${DIRECT_FLOWS} > [mmi-02 §7.3] weights > are told where the dialect has the option, once both care-of addresses are proven, and obeyed outward`,
      `${LAB_DIRECT} > flows of a correspondent that keeps flow bindings > [mmi-02 §7.2] [mmi-02 §7.3] all else is divided by weight, flow by flow and both ways`,
    ],
  },
  {
    id: '7.3-2',
    level: 'prose',
    role: 'mn',
    says: 'Several options may stand in one Binding Update',
    shown: [`${FLOW_ROUTER} > every Binding Update says the proportions, with the care-of addresses`],
  },
  {
    id: '7.3-3',
    level: 'prose',
    role: ['mn', 'ha'],
    says: 'The source address of such a Binding Update is registered too, with CoA ID 0',
    na: 'Care-of addresses are bound by their identifiers (RFC 5648); the options only say how traffic is divided',
  },
  {
    id: '7.3-4',
    level: 'prose',
    role: 'ha',
    says: 'Options with D alone: packets go to their addresses and not to the source of the message',
    shown: [
      `${FLOW_BINDINGS} > D of 0 sends nothing there, and a care-of address without a binding counts for nothing`,
    ],
  },
  {
    id: '7.3-5',
    level: 'prose',
    role: 'ha',
    says: 'Options with S alone: packets go to the source of the message',
    shown: [`${FLOW_BINDINGS} > D of 0 everywhere leaves the active binding in charge`],
  },
  {
    id: '7.3-6',
    level: 'prose',
    role: 'ha',
    says: 'A later Binding Update replaces what was said before',
    shown: [`${FLOW_BINDINGS} > holds until a message says otherwise, and over a restart`],
  },
  {
    id: '7.3.1-1',
    level: 'SHOULD',
    role: 'mn',
    says: 'A care-of address that packets are sent from has an option with S',
    shown: [`${FLOW_ROUTER} > every Binding Update says the proportions, with the care-of addresses`],
  },
  {
    id: '7.3.2-1',
    level: 'SHOULD',
    role: 'mn',
    says: 'A care-of address that packets are to come to has an option with D',
    shown: [`${FLOW_ROUTER} > every Binding Update says the proportions, with the care-of addresses`],
  },
  {
    id: '7.3.2-2',
    level: 'MUST',
    role: 'mn',
    says: 'Such an option has S, D, CoA ID and the address as Figure 3 has them',
    shown: [`${FLOW_ROUTER} > every Binding Update says the proportions, with the care-of addresses`],
  },
  {
    id: '7.3.2-3',
    level: 'MUST',
    role: 'ha',
    says: 'The receiver uses the address as a destination',
    shown: [`${FLOW_BINDINGS} > divides what no flow binding matches by the D fields`],
  },
  {
    id: '7.3.2-4',
    level: 'MUST',
    role: 'ha',
    says: 'It has as many care-of addresses as the proportions need',
    shown: [
      `${FLOW_BINDINGS} > D of 0 sends nothing there, and a care-of address without a binding counts for nothing`,
      `${FLOW_ROUTER} > a dead path hands its share to the one that carries its lane`,
    ],
  },
  {
    id: '7.3.3-1',
    level: 'MUST',
    role: 'all',
    says: 'The security of Mobile IPv6 holds for such Binding Updates',
    shown: [`${FLOW_BINDINGS} > that nobody has signed, or somebody else, changes no flow binding`],
  },
  {
    id: '7.3.3-2',
    level: 'prose',
    role: 'mn',
    says: 'At a correspondent each care-of address takes a return routability procedure',
    shown: [
      `${DIRECT_FLOWS} > [RFC 6089 §5.2] [RFC 6089 §5.3] a policy > [mmi-02 §7.3.3] is told to the correspondent when both care-of addresses have been proven, each by itself`,
      `${CN_FLOWS} > [mmi-02 §7.2] [mmi-02 §7.3] load balancing with mobile nodes that speak it > counts no care-of address that is not bound, nor one of which it says nothing`,
    ],
  },
];

export const mmi02: Document = {
  name: 'mmi-02',
  title: 'draft-montavont-mip6-mmi-02, Mobile IPv6 for multiple interfaces',
  statements,
};
