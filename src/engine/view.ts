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
  readonly careOfAddress: Address;
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
}

export interface HomeAgentView {
  readonly address: Address;
  readonly nodes: readonly AnchorNode[];
}
