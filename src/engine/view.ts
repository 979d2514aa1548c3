/** What a role tells `forwarding/` and `status` about its bindings: the only things they may depend on. */
import type { Address, Prefix } from '../wire/address.ts';

/** One registered (or registering) uplink of a mobile router. */
export interface RouterPath {
  readonly uplink: string;
  readonly device: string;
  readonly ifindex: number;
  readonly bid: number;
  readonly gateway: Address | undefined;
  readonly careOfAddress: Address;
  /** IPv6 MTU of the access device, octets. */
  readonly mtu: number;
  /** True from the accepted Binding Acknowledgement until the binding ends: the tunnel must exist. */
  readonly registered: boolean;
}

export interface MobileRouterView {
  readonly homeAddress: Address;
  readonly homeAgent: Address;
  readonly prefixes: readonly Prefix[];
  /** Usable care-of addresses, registered or not: each needs its own source-address routing. */
  readonly paths: readonly RouterPath[];
  /** Name of the uplink that carries the traffic; undefined: none, the mobile network is unreachable. */
  readonly active: string | undefined;
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
}

export interface HomeAgentView {
  readonly address: Address;
  readonly nodes: readonly AnchorNode[];
}
