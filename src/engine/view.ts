/** What a role tells `forwarding/` and `status` about its bindings: the only things they may depend on. */
import type { Address, Prefix } from '../wire/address.ts';
import type { Steering } from './steering.ts';

/** One registered (or registering) uplink of a mobile router. */
export interface RouterPath {
  readonly uplink: string;
  /** Empty: the care-of address is another mobile router's home address, whose rules lead on. */
  readonly device: string;
  /** 0 where there is no device. */
  readonly ifindex: number;
  readonly bid: number;
  readonly gateway: Address | undefined;
  readonly careOfAddress: Address;
  /** IPv6 MTU of the access device, octets. */
  readonly mtu: number;
  /** True from the accepted Binding Acknowledgement until the binding ends: the tunnel must exist. */
  readonly registered: boolean;
}

/** A mobile router on its home link. */
export interface RouterHome {
  readonly uplink: string;
  readonly prefix: Prefix;
  /** Whether the home address is on the link's device: `tested` for duplicates, or `taken` as it is. */
  readonly address: 'absent' | 'taken' | 'tested';
  readonly path: RouterPath;
  /** Of the home agent on the link, where it must not be asked for. */
  readonly agentLinkLayerAddress: Uint8Array | undefined;
}

export interface MobileRouterView {
  /** Place among the mobile routers of this host, from 0. */
  readonly slot: number;
  readonly homeAddress: Address;
  /** New sessions should use another home address. */
  readonly deprecated?: boolean | undefined;
  /** Undefined: none is known yet. */
  readonly homeAgent: Address | undefined;
  /** All that may come into use. */
  readonly homeAgents: readonly Address[];
  readonly prefixes: readonly Prefix[];
  /** Usable care-of addresses, registered or not: each needs its own source-address routing. */
  readonly paths: readonly RouterPath[];
  /** Name of the uplink that carries the traffic; undefined: none, the mobile network is unreachable. */
  readonly active: string | undefined;
  /** Undefined: no uplink is on the home link, or none is used there. */
  readonly home?: RouterHome | undefined;
  /** Undefined: the active path carries everything. */
  readonly steering?: Steering | undefined;
  /** Key of the GRE headers that copies have; undefined: the home agent does not know what to do with copies. */
  readonly copyKey?: number | undefined;
}

export interface AnchorBinding {
  readonly bid: number;
  /** The home address: the node is reached on its home link (RFC 5648 §5.6). */
  readonly careOfAddress: Address;
}

/** How a mobile node stands to the home link that its home address is on. */
export interface HomeAttachment {
  /** Name of the home link's device. */
  readonly device: string;
  /** Addresses for which the home agent answers neighbour solicitations. */
  readonly defended: readonly Address[];
  /** R bit of these answers (RFC 3963 §6.2). */
  readonly router: boolean;
  /** The node is on the link itself. */
  readonly present: boolean;
  /** Where it is on the link, when it must not be asked (RFC 5648 §6.3). */
  readonly linkLayerAddress: Uint8Array | undefined;
}

/** One mobile node (router) with all that its anchor has authorised it for. */
export interface AnchorNode {
  /** Name of the peer section in the configuration. */
  readonly name: string;
  readonly homeAddress: Address;
  /** Mobile network prefixes to forward: the registered ones (explicit mode) or the configured ones (implicit mode). */
  readonly prefixes: readonly Prefix[];
  /** All prefixes the configuration gives to this peer: unreachable while it has no binding. */
  readonly authorisedPrefixes: readonly Prefix[];
  readonly bindings: readonly AnchorBinding[];
  /** BID of the binding that carries the traffic; undefined: none. */
  readonly active: number | undefined;
  /** Undefined: the home address is on no link. */
  readonly home?: HomeAttachment | undefined;
  /** Undefined: the active binding carries everything. */
  readonly steering?: Steering | undefined;
  /** Key of the GRE headers that copies have; undefined: the node did not ask for copies. */
  readonly copyKey?: number | undefined;
}

export interface HomeAgentView {
  readonly address: Address;
  /** Where home agent discovery asks. */
  readonly anycastAddresses: readonly Address[];
  readonly nodes: readonly AnchorNode[];
}

/** A mobile node whose packets take the direct way to and from one of our own addresses. */
export interface DirectPeer {
  readonly ownAddress: Address;
  readonly homeAddress: Address;
  /** Any of them may be the source of its packets. */
  readonly careOfAddresses: readonly Address[];
  /** Where packets for it go. */
  readonly active: Address;
  /** Undefined: all to `active`. */
  readonly steering?: Steering | undefined;
  readonly lanes?: readonly DirectLane[];
}

/** Where packets of a lane go directly, or leave from. */
export interface DirectLane {
  readonly number: number;
  /** Undefined: they take the tunnels. */
  readonly careOfAddress: Address | undefined;
}

export interface CorrespondentView {
  readonly peers: readonly DirectPeer[];
}

/** A correspondent that takes packets of a mobile node's home address directly. */
export interface DirectCorrespondent {
  readonly homeAddress: Address;
  readonly correspondent: Address;
  /** Where packets for it leave from: bound there, and alive as far as is known. */
  readonly careOfAddress: Address;
  /** Other ways of lanes of the policy. */
  readonly lanes?: readonly DirectLane[];
}
