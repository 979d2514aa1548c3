/**
 * What `kedge status --json` says: plain JSON values. Addresses and prefixes are RFC 5952 text; `null` stands for
 * "none" or "not known". Nothing here contains key material.
 */
import type { ProbeProfileName } from '../uci/types.ts';
import type { JsonObject, Level } from './types.ts';

export interface Status {
  readonly version: string;
  /** Seconds since the daemon started. */
  readonly uptime: number;
  /** Of the first enabled `mobile_router` section; null: there is none. */
  readonly mobileRouter: MobileRouterReport | null;
  /** Of further ones, in their order. */
  readonly otherMobileRouters: readonly MobileRouterReport[];
  readonly homeAgent: HomeAgentReport | null;
  readonly correspondent: CorrespondentReport | null;
  /** Sentences about what an operator should change, e.g. unauthenticated peers. */
  readonly warnings: readonly string[];
}

export const mobileRoutersOf = ({ mobileRouter, otherMobileRouters }: Status): MobileRouterReport[] =>
  mobileRouter === null ? [] : [mobileRouter, ...otherMobileRouters];

/** Why the active uplink or binding is the active one. */
export type ChoiceReason =
  /** Several live ones: the lowest priority value counts. */
  | 'lowest-priority-value'
  | 'preferred-by-operator'
  /** The home agent holds no binding: packets take the home link as they are. */
  | 'at-home'
  /** The others are dead, not registered or not there. */
  | 'only-one-alive'
  /** Those with a lower priority value are degraded or held back. */
  | 'best-quality'
  /** They cost money, this one does not. */
  | 'unmetered'
  /** They have used up their budget. */
  | 'within-budget'
  /** None answers probes; this one is at least registered. */
  | 'last-resort'
  /** Nothing is registered. */
  | 'none';

/** What probing has found out about a path. */
export interface PathReport {
  /** `unknown`: no probe has been answered yet. */
  readonly state: 'unknown' | 'alive' | 'dead';
  readonly profile: ProbeProfileName;
  /** Round-trip time and its mean deviation, milliseconds. */
  readonly rtt: number | null;
  readonly jitter: number | null;
  /** Share of probes without an answer, percent. */
  readonly loss: number;
  /** `impaired`: too bad for what is sensitive; `degraded`: for everything. Null: not judged at this end. */
  readonly quality: 'good' | 'impaired' | 'degraded' | null;
  /** Of the tunnel; null: not counted yet. */
  readonly traffic: TrafficReport | null;
}

/** `rx` is what this end receives. */
export interface TrafficReport {
  /** Since the daemon started or the configuration was read, without outer headers where it is a tunnel. */
  readonly rxOctets: number;
  readonly txOctets: number;
  /** Bits a second over the latest interval of counting, some seconds. */
  readonly rxBitRate: number;
  readonly txBitRate: number;
}

export interface Lifetime {
  /** Seconds. */
  readonly granted: number;
  readonly remaining: number;
}

export interface MobileRouterReport {
  readonly name: string;
  readonly homeAddress: string;
  /** Its prefix is about to leave the home network: it is not for new sessions. */
  readonly deprecated: boolean;
  /** Null while discovery has found none yet. */
  readonly homeAgent: string | null;
  /** Why it is that one, and for how many seconds. */
  readonly homeAgentChoice: { readonly reason: HomeAgentChoice; readonly since: number };
  /** All that are known, in the order in which they are tried. */
  readonly homeAgents: readonly HomeAgentCandidateReport[];
  readonly prefixes: readonly string[];
  /** Home agents have refused them, and none has accepted them since: they are not advertised (RFC 3963 §5.4.2). */
  readonly prefixesRefused: boolean;
  /** Prefixes of the home network, as the home agent has told them (RFC 6275 §11.4.3); null: not heard. */
  /** Null: the prefixes are configured. */
  readonly delegation: DelegationReport | null;
  readonly homePrefixes: readonly HomePrefixReport[] | null;
  /** As it is now. */
  readonly mode: 'explicit' | 'implicit';
  /** No home agent registers the router, and none is asked for now; null: not so. */
  readonly refused: {
    readonly status: number;
    readonly name: string;
    /** Seconds. */
    readonly since: number;
    /** Seconds; null: not without an intervention. */
    readonly retryIn: number | null;
  } | null;
  readonly registration: {
    /** As configured. */
    readonly mode: 'single' | 'bulk' | 'alone-first' | 'regular';
    /** What is done instead since the home agent turned out not to support it. */
    readonly fallback: 'single' | 'regular' | null;
  };
  readonly active: {
    /** Name of the uplink that carries the traffic. */
    readonly uplink: string | null;
    readonly reason: ChoiceReason;
    /** Seconds since it became the active one. */
    readonly since: number;
  };
  /** The uplink that the operator prefers, alive or not. */
  readonly preferred: string | null;
  readonly uplinks: readonly UplinkReport[];
  /** What the home agent is told of the flows, in the order of priority. */
  readonly flowBindings: readonly WantedFlowBindingReport[];
  /** Null: switched off. */
  readonly routeOptimization: RouteOptimizationReport | null;
  /** Occurrences by reason, e.g. packets dropped. */
  readonly counters: Readonly<Record<string, number>>;
}

/** Why the home agent in use is that one. */
export type HomeAgentChoice =
  /** The most preferred one of those that were known at the start. */
  | 'first'
  /** Others have failed. */
  | 'failover'
  | 'operator';

export type HomeAgentFailure =
  /** No answer at all. */
  | 'silent'
  /** Authentic, with a status that another home agent may not have. */
  | 'refused';

/** Prefixes that the home agent delegates (RFC 6276). */
export interface DelegationReport {
  /** What is being done; `bound`: nothing; `waiting`: nothing until the home agent can be reached. */
  readonly state: 'waiting' | 'asking' | 'bound' | 'renewing' | 'rebinding' | 'giving back';
  /** Seconds that are left; null: for ever. */
  readonly prefixes: readonly HomePrefixReport[];
  /** Seconds; null: never, or nothing is there to be renewed. */
  readonly renewIn: number | null;
  /** Why the latest answer was of no use. */
  readonly complaint: string | null;
}

export interface HomePrefixReport {
  readonly prefix: string;
  /** Seconds; null: for ever. */
  readonly valid: number | null;
  readonly preferred: number | null;
}

export interface HomeAgentCandidateReport {
  readonly address: string;
  readonly source: 'configuration' | 'discovery';
  /** The latest failure since it worked; `status` is the refusal in words. */
  readonly failure: {
    readonly reason: HomeAgentFailure;
    readonly status: string | null;
    /** Seconds. */
    readonly ago: number;
  } | null;
}

export type UplinkState =
  | 'no-device'
  | 'no-carrier'
  | 'no-address'
  | 'no-route'
  /** Its budget is, and it is to carry nothing then. */
  | 'used-up'
  | 'registering'
  /** Not registered, while the home agent takes one care-of address only, or none because the node is at home. */
  | 'reserve'
  | 'registered'
  /** On the home link, where it stands for the node. */
  | 'at-home'
  /** On the home link, and not used there. */
  | 'home-unused'
  /** The home agent refused the binding; it is tried again later. */
  | 'refused'
  /** Registered, but probes are not answered. */
  | 'dead'
  /** Registered, but its quality is bad: used when no other one is fit. */
  | 'degraded'
  /** Registered, but it came and went: held back for a while. */
  | 'unsteady';

export interface UplinkReport {
  readonly name: string;
  /** The logical interface that tells the device; null: the device is configured. */
  readonly interface: string | null;
  /** Empty: not known yet. */
  readonly device: string;
  readonly priority: number;
  readonly bid: number;
  readonly state: UplinkState;
  readonly carrier: boolean;
  readonly careOfAddress: string | null;
  readonly gateway: string | null;
  /** Octets; 0: no device. */
  readonly mtu: number;
  /** Name of the tunnel device. */
  readonly tunnel: string | null;
  readonly binding: Lifetime | null;
  /** Sequence number of the latest Binding Update. */
  readonly sequence: number | null;
  /** Status of the latest Binding Acknowledgement. */
  readonly acknowledgement: { readonly status: number; readonly name: string } | null;
  readonly path: PathReport | null;
  /** Of the device, whoever it was for; null: not counted yet. */
  readonly traffic: TrafficReport | null;
  /** Of the device in this month; null: it has none. */
  readonly budget: BudgetReport | null;
  /** Seconds since `state` changed; null: not since the start. */
  readonly since: number | null;
}

export interface BudgetReport {
  /** Octets, received and sent. */
  readonly limit: number;
  readonly used: number;
  readonly usedUp: boolean;
  /** When it is renewed: milliseconds since 1970, UTC. */
  readonly renewedAt: number;
}

export interface HomeAgentReport {
  readonly name: string;
  readonly address: string;
  /** Whether the hosts of `watch` answer; `cut-off`: it is silent to its mobile routers. Null: none is watched. */
  readonly homeSide: 'unknown' | 'reached' | 'cut-off' | null;
  /** Every peer of the configuration, registered or not. */
  readonly nodes: readonly NodeReport[];
  readonly counters: Readonly<Record<string, number>>;
}

export interface NodeReport {
  /** Name of the `peer` section. */
  readonly name: string;
  readonly homeAddress: string;
  /** The prefixes that are forwarded now. */
  readonly prefixes: readonly string[];
  readonly active: { readonly bid: number | null; readonly reason: ChoiceReason };
  readonly bindings: readonly BindingReport[];
  /** In the order of their priority. */
  readonly flowBindings: readonly FlowBindingReport[];
}

/** A flow binding (RFC 6089). */
export interface FlowBindingReport {
  readonly fid: number;
  /** FID-PRI: the lowest is the first. */
  readonly priority: number;
  /** Which packets, in words. */
  readonly selector: string;
  /** The bindings that they go to, each a copy. */
  readonly bids: readonly number[];
  /** False: none of `bids` is registered, and it counts for nothing. */
  readonly active: boolean;
}

/** A flow binding at the mobile router. */
export interface WantedFlowBindingReport extends Omit<FlowBindingReport, 'active'> {
  /** The rule of the policy that it comes from. */
  readonly rule: string;
  /** `inactive`: none of its uplinks is registered. */
  readonly state: 'accepted' | 'asked' | 'refused' | 'inactive';
  /** Why it was refused; null: it was not. */
  readonly refusal: string | null;
}

export interface BindingReport {
  /** 0: a binding without identifier. */
  readonly bid: number;
  readonly careOfAddress: string;
  readonly tunnel: string | null;
  readonly lifetime: Lifetime;
  /** As the mobile router stated it; 0: not stated. */
  readonly priority: number;
  readonly path: PathReport;
}

/** Packets that go without the detour over a home agent, at the mobile node. */
export interface RouteOptimizationReport {
  /** Why there are none; null: there may be. */
  readonly obstacle: string | null;
  readonly correspondents: readonly DirectCorrespondentReport[];
}

export interface DirectCorrespondentReport {
  readonly address: string;
  /** `waiting`: a pause after what did not work out; `unable`: it knows no route optimisation. */
  readonly state: 'registered' | 'testing' | 'waiting' | 'unable';
  readonly bindings: readonly DirectBindingReport[];
  /** In the order of their priority. */
  readonly flowBindings: readonly WantedFlowBindingReport[];
  /** Care-of addresses from which it is not reached directly. */
  readonly lost: readonly LostPathReport[];
}

export interface LostPathReport {
  readonly careOfAddress: string;
  /** Seconds until it is tried again. */
  readonly again: number;
}

export interface DirectBindingReport {
  /** 0: a binding without identifier. */
  readonly bid: number;
  readonly careOfAddress: string;
  readonly lifetime: Lifetime;
}

export interface CorrespondentReport {
  readonly name: string;
  /** Why mobile nodes are not answered; null: they are. */
  readonly obstacle: string | null;
  readonly nodes: readonly DirectNodeReport[];
  readonly counters: Readonly<Record<string, number>>;
}

export interface DirectNodeReport {
  /** Our own address that the mobile node talks to. */
  readonly address: string;
  readonly homeAddress: string;
  /** Where packets for it go, but for those of its flow bindings. */
  readonly active: string;
  readonly bindings: readonly DirectBindingReport[];
  /** In the order of their priority. */
  readonly flowBindings: readonly FlowBindingReport[];
}

/** A line of `kedge monitor --json`. */
export interface EventReport {
  /** Milliseconds since 1970-01-01 UTC. */
  readonly time: number;
  readonly level: Level;
  /** Stable, lower-case, dashed. */
  readonly name: string;
  readonly text: string;
  /** The facts of `text` for programs; never anything secret. */
  readonly data: JsonObject;
}

/** A rule of policy or flow bindings. */
export interface FlowRuleReport {
  readonly id: number;
  /** Name of the `flow` section; at a home agent `fid-N`. */
  readonly rule: string;
  /** In the words of nft, each for itself; none: all packets. */
  readonly matches: readonly string[];
  readonly action: 'prefer' | 'balance' | 'replicate' | 'drop';
  readonly shares: readonly FlowShareReport[];
}

export interface FlowShareReport {
  /** Names of uplinks; at a home agent `BID N`. The first live one is taken. */
  readonly paths: readonly string[];
  /** Never another one. */
  readonly only: boolean;
  readonly weight: number;
  /** The path that carries it now; null: none may. */
  readonly carrier: string | null;
}

/** Of `kedge flows --json`. */
export interface FlowReport extends FlowRuleReport {
  readonly role: 'mobile_router' | 'home_agent' | 'correspondent';
  /** Name of the `mobile_router` or `peer` section; at a correspondent the home address. */
  readonly node: string;
  /** Since the rules were written; null: the kernel does not tell. */
  readonly packets: number | null;
  readonly octets: number | null;
}

/** Of `kedge why --json`. */
export interface WhyReport {
  readonly role: FlowReport['role'];
  readonly node: string;
  /** The care-of address that it goes from or to without the tunnel; null: it takes the tunnel, or the rule divides. */
  readonly direct: string | null;
  /** The first one that matches whatever is not known of the packet; null: none. */
  readonly rule: FlowRuleReport | null;
  /** Those before it that may match. */
  readonly possible: readonly FlowRuleReport[];
  /** The path of what no rule matches. */
  readonly active: string | null;
  /** What no rule matches may come back by another path: the one that it goes by. */
  readonly symmetric: boolean;
  /** Uplinks that come last because they have used up their budget. */
  readonly usedUp: readonly string[];
  /** Uplinks that are not fit, for what is sensitive to quality at least: what is the matter with each. */
  readonly unfit: Readonly<Record<string, string>>;
}

/** What the reconciler would do to the kernel now. */
export interface DiffReport {
  readonly changes: readonly ForwardingChange[];
}

export interface ForwardingChange {
  readonly action: 'add' | 'remove' | 'change';
  readonly kind: 'tunnel' | 'address' | 'route' | 'rule' | 'neighbor' | 'filter';
  /** The thing, in the words of `ip`, without its kind: `kdg-lte local 2001:db8::1 remote 2001:db8::2`. */
  readonly text: string;
}

/** What the uplinks were like, and how the traffic moved between them. */
export interface HistoryReport {
  /** Seconds of a point. */
  readonly step: number;
  /** Seconds since the last point of all series began. */
  readonly age: number;
  readonly uplinks: Readonly<Record<string, SeriesReport>>;
  /** The oldest first. */
  readonly handovers: readonly HandoverReport[];
}

/**
 * Means of an uplink, the oldest first, of as many points in each series: numbers with commas between them, nothing where
 * nothing is known. Hundreds of values a series are text because everything that carries them would take its time for each.
 */
export interface SeriesReport {
  /** Milliseconds. */
  readonly rtt: string;
  /** Percent of the probes. */
  readonly loss: string;
  /** Bits a second of the traffic in the uplink's tunnel. */
  readonly received: string;
  readonly sent: string;
}

export interface HandoverReport {
  /** Seconds. */
  readonly ago: number;
  /** Names of uplinks; null: none. */
  readonly from: string | null;
  readonly to: string | null;
  /** Why the traffic went there. */
  readonly reason: ChoiceReason;
  /** What was the matter with the uplink that it left; null: nothing, or there is none. */
  readonly left: UplinkState | null;
}
