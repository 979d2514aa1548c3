/** The validated configuration: what the sections of `/etc/config/kedge` mean. */
import type { Address, Prefix } from '../wire/address.ts';
import type { Range } from '../wire/flow/range-field.ts';
import type { DraftNumbers } from '../wire/mobility-header.ts';

/** Profiles of path probing; their figures stand in `engine/probe-profile.ts`. */
export type ProbeProfileName = 'fast' | 'normal' | 'saver';

/** Profiles of path quality; their figures stand in `engine/quality-profile.ts`. */
export type QualityProfileName = 'strict' | 'normal' | 'off';

/** Security association for the RFC 4285 MN-HA authentication option. */
export interface Rfc4285Auth {
  readonly kind: 'rfc4285';
  /** Mobility SPI, 256..4294967295 (RFC 4285 §5.1). */
  readonly spi: number;
  /** Shared key, at least 16 octets. */
  readonly key: Uint8Array;
  /** RFC 4285 §6 timestamps, or the sequence number of RFC 6275 alone. */
  readonly replay: 'timestamp' | 'sequence';
}
export type Auth = Rfc4285Auth | { readonly kind: 'none' };

/** What an uplink may carry in a month, in both directions. */
export interface BudgetConfig {
  readonly octets: number;
  /** Day of the month that it begins anew with, 1..31; the last one where there is no such day. */
  readonly resetDay: number;
  /** Used up it carries nothing; else what no other uplink can. */
  readonly closes: boolean;
}

export interface UplinkConfig {
  readonly name: string;
  /** Empty where `interface` tells it. */
  readonly device: string;
  /** Name of the logical interface of netifd whose device it is; undefined: it is always `device`. */
  readonly interface?: string | undefined;
  /** Name of the mobile router of this host whose home address is the care-of address, in place of a device. */
  readonly through?: string | undefined;
  /** The care-of address is one of this prefix; undefined: any. */
  readonly careOf?: Prefix | undefined;
  /** Lower is preferred, 1..125. Unique per mobile router. */
  readonly priority: number;
  /** Binding identifier, 1..65535 (RFC 5648 §4.1). Unique per mobile router. */
  readonly bid: number;
  /** Used when no other uplink can be. */
  readonly metered?: boolean | undefined;
  readonly budget?: BudgetConfig | undefined;
  /** In place of those of the profile: milliseconds, and the share of bad probes (0..1). */
  readonly limits?: { readonly rtt?: number; readonly jitter?: number; readonly loss?: number } | undefined;
}

/** Which packets a rule of the policy is about: of each list that is not empty one value must fit. */
export interface FlowCriteria {
  /** In the mobile network. */
  readonly sources: readonly Prefix[];
  /** Devices in the mobile network, six octets each. */
  readonly linkLayerAddresses: readonly Uint8Array[];
  readonly destinations: readonly Prefix[];
  /** Upper-layer protocol numbers. */
  readonly protocols: readonly number[];
  readonly sourcePorts: readonly Range<number>[];
  readonly destinationPorts: readonly Range<number>[];
  /** Differentiated Services code points, 0..63. */
  readonly dscps: readonly number[];
  readonly mark: { readonly value: number; readonly mask: number } | undefined;
}

/** A rule of the policy; the first one that fits decides. */
export interface FlowConfig {
  readonly name: string;
  readonly criteria: FlowCriteria;
  readonly action: 'prefer' | 'balance' | 'replicate' | 'drop';
  /** Names of uplinks, in order of preference; with their parts of the flows for `balance`. */
  readonly uplinks: readonly { readonly name: string; readonly weight: number }[];
  /** Never another uplink than those. */
  readonly only: boolean;
  /** Names of uplinks that are never taken. */
  readonly avoid: readonly string[];
  /** What `balance` divides. */
  readonly per: 'flow' | 'packet';
  /** It leaves an uplink that has become bad before others do. */
  readonly sensitive: boolean;
}

/** Whether the prefixes are sent in registrations, or the home agent knows them (RFC 3963 §5.2). */
export type PrefixMode = 'explicit' | 'implicit';

/** What a mobile router does on its home link. */
export type AtHome = 'return' | 'direct' | 'stay-away' | 'both';

export interface RouteOptimizationConfig {
  /** Those with which it is kept up whether or not there is traffic. */
  readonly correspondents: readonly Address[];
  /** So many packets a minute out of the tunnel make their sender a correspondent too; 0, or absent: none do. */
  readonly after?: number;
  /** They do not make these. */
  readonly except?: readonly Prefix[];
}

/** A prefix that is delegated for a time. Times are monotonic, milliseconds; Infinity: for ever. */
export interface Lease {
  readonly prefix: Prefix;
  readonly preferredUntil: number;
  readonly validUntil: number;
}

/** The home agent delegates the mobile network prefixes (RFC 6276). */
export interface DelegationConfig {
  /** Once there are some. */
  readonly mode: PrefixMode | 'auto';
  /** Those of `prefixes`. */
  readonly leases: readonly Lease[];
}

export interface MobileRouterConfig {
  readonly name: string;
  /** Place among the `mobile_router` sections, from 0 (0 unless stated): its tunnels and routing tables go by it. */
  readonly slot?: number | undefined;
  readonly homeAddress: Address;
  /** In order of preference; empty: only discovery finds one. */
  readonly homeAgents: readonly Address[];
  /** Prefix of the home network, whose home agents discovery asks for (RFC 6275 §11.4.1); undefined: it does not. */
  readonly discovery?: Prefix | undefined;
  /** Of the home link: where it is on-link, the router is at home; undefined: nowhere. */
  readonly homePrefix?: Prefix | undefined;
  /** `return` unless stated. */
  readonly atHome?: AtHome | undefined;
  /** Seconds of silence after which another home agent is tried. */
  readonly failoverAfter: number;
  /**
   * What follows from prefixes of the home network that come and go (RFC 6275 §11.4.2-11.4.3): nothing, shorter registrations, or
   * home addresses that come and go with them.
   */
  readonly renumbering?: 'report' | 'follow' | 'adopt' | undefined;
  /** The mobile network is another home address's as long as there is that one. */
  readonly standby?: boolean | undefined;
  /** New sessions should use another home address. */
  readonly deprecated?: boolean | undefined;
  /** Mobile network prefixes (RFC 3963). */
  readonly prefixes: readonly Prefix[];
  /** Undefined: the prefixes are configured. */
  readonly delegation?: DelegationConfig | undefined;
  /**
   * RFC 3963 §5.2: `explicit` carries the prefixes in the Binding Update. `auto` begins so, and changes to the other one where
   * no home agent takes that (§5.4).
   */
  readonly mode: PrefixMode | 'auto';
  /** Binding lifetime to ask for, seconds, a multiple of 4. */
  readonly lifetime: number;
  /**
   * `single`: a Binding Update per care-of address; `bulk`: several in one (RFC 5648 §5.3); `alone-first`: those that are
   * new or changed by themselves, refreshes in one (§10); `regular`: the best care-of
   * address only, without identifier (RFC 6275).
   */
  readonly registration: 'single' | 'bulk' | 'alone-first' | 'regular';
  /** Name of the uplink that all Binding Updates leave by while it can be used; undefined: each by its own. */
  readonly registerOver?: string | undefined;
  readonly probe: ProbeProfileName;
  /** When a path is too bad to be used while a better one is there; undefined: `normal`. */
  readonly quality?: QualityProfileName | undefined;
  readonly auth: Auth;
  /** NAI for the MN Identifier option (RFC 4283); undefined: not sent. */
  readonly identifier: string | undefined;
  /** What the home agent speaks of Internet-Drafts; undefined: nothing. */
  readonly dialect?: DraftNumbers | undefined;
  /** Undefined: everything goes by the home agent. */
  readonly routeOptimization?: RouteOptimizationConfig | undefined;
  readonly uplinks: readonly UplinkConfig[];
  /** In order of priority; absent: the active uplink carries everything. */
  readonly flows?: readonly FlowConfig[] | undefined;
  /** Orders of uplinks that packets' marks can tell apart. */
  readonly mostLanes?: number | undefined;
}

/** A mobile router that the home agent serves. */
export interface PeerConfig {
  readonly name: string;
  readonly homeAddress: Address;
  /** The only prefixes this peer may register. */
  readonly prefixes: readonly Prefix[];
  /** It gets them by DHCPv6 (RFC 6276). */
  readonly delegation?: boolean | undefined;
  readonly auth: Auth;
  readonly identifier: string | undefined;
  /** What the peer speaks of Internet-Drafts; undefined: nothing. */
  readonly dialect?: DraftNumbers | undefined;
  /** It may register the home address with the same interface identifier in each other prefix of the home network too. */
  readonly renumbering?: boolean | undefined;
  /** It is such a further home address of another peer, whose prefixes it shares. */
  readonly renumbered?: boolean | undefined;
  /** Served as a mobile host only (RFC 3963 §6.6). */
  readonly hostOnly?: boolean | undefined;
  /** Bindings (BIDs) it may hold at a time. */
  readonly maxBindings: number;
  /**
   * Connections that no flow binding matches come back by the path that they go by. Undefined: those of a peer that has
   * flow bindings.
   */
  readonly symmetric?: boolean | undefined;
  /** Flow bindings (RFC 6089) it may hold at a time; 0: none, they are refused. Undefined: 128. */
  readonly maxFlows?: number | undefined;
  /**
   * Several care-of addresses: also in one message, one a message (RFC 5648 status 168), not at all (166), or as if their
   * identifiers were not there (§6.1). Undefined: `bulk`.
   */
  readonly multiple?: 'bulk' | 'single' | 'refused' | 'ignored' | undefined;
}

/** A home link with a device of its own (RFC 6275 §10.4.1). */
export interface HomeLinkConfig {
  readonly device: string;
  /** At least one. */
  readonly prefixes: readonly Prefix[];
  /**
   * RFC 5648 §6.3, for a node at home and abroad at once: who answers for its home address on the home link, the home agent
   * (`proxy`) or the node (`direct`); `none`: it must not be both.
   */
  readonly homeBinding: 'proxy' | 'direct' | 'none';
}

export interface PeerHomeAgent {
  readonly address: Address;
  readonly preference: number;
}

export interface HomeAgentConfig {
  readonly name: string;
  readonly address: Address;
  /** Longest lifetime granted, seconds, a multiple of 4. */
  readonly maxLifetime: number;
  readonly probe: ProbeProfileName;
  /** Among the home agents of the home network, higher first (RFC 6275 §7.4). */
  readonly preference?: number | undefined;
  /** A care-of address is used only after its first answered probe (RFC 5648 §10). */
  readonly verify?: boolean | undefined;
  /** The home agents of the home network beside this one. */
  readonly peerHomeAgents?: readonly PeerHomeAgent[] | undefined;
  /** Seconds that a prefix is delegated for. */
  readonly delegationLifetime?: number | undefined;
  /** Hosts that stand for all correspondents: without an answer of any the home agent falls silent. */
  readonly watched?: readonly Address[] | undefined;
  /** For which home agent discovery is answered (RFC 6275 §10.5). */
  readonly homePrefixes?: readonly Prefix[] | undefined;
  /** Undefined: home addresses are on no link. */
  readonly homeLink?: HomeLinkConfig | undefined;
  readonly peers: readonly PeerConfig[];
}

/** A node that talks to mobile nodes without the detour over their home agents (RFC 6275 §9). */
export interface CorrespondentConfig {
  readonly name: string;
  /** Home addresses that may have bindings; empty: all. */
  readonly mobileNodes: readonly Prefix[];
  /** Bindings at a time. */
  readonly maxBindings: number;
  /** Several care-of addresses of one home address (RFC 5648). */
  readonly multiple: boolean;
  /** Flow bindings of a home address; 0: none. */
  readonly maxFlows: number;
  /** What mobile nodes speak of Internet-Drafts; undefined: nothing. */
  readonly dialect?: DraftNumbers | undefined;
}

/** Bits of the marks of packets and of connections: one run of bits each. */
export interface Marks {
  readonly packet: number;
  readonly connection: number;
}

export interface Config {
  /** First of the hundred priorities of `ip rule`s; undefined: the usual one. */
  readonly rulePriority?: number | undefined;
  readonly logLevel: 'error' | 'warning' | 'notice' | 'info' | 'debug';
  /** Those that are kedge's. */
  readonly marks: Marks;
  /** Each with a home address of its own. */
  readonly mobileRouters: readonly MobileRouterConfig[];
  readonly homeAgent: HomeAgentConfig | undefined;
  readonly correspondent: CorrespondentConfig | undefined;
}
