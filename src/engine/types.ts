/**
 * What goes into and comes out of every role. A role is a value with
 * `handle(input, now): Output[]`: no clock, no I/O, no randomness of its own.
 */
import type { Address, Prefix } from '../wire/address.ts';
import type { BudgetState } from './uplink-budget.ts';

/** The two clocks of the host, both in milliseconds. */
export interface Now {
  /** CLOCK_MONOTONIC: survives a restart of the process, not of the machine. Timers and lifetimes use it. */
  readonly monotonic: number;
  /** Since 1970-01-01 UTC. Only the RFC 4285 §6 timestamps use it; it may jump. */
  readonly wall: number;
}

/** When an address becomes invalid; monotonic, milliseconds. */
export interface AddressEnd {
  readonly address: Address;
  readonly validUntil: number;
}

/** An access interface of the router, as the kernel shows it now. */
export interface UplinkStatus {
  /** The name of the uplink section in the configuration. */
  readonly name: string;
  /** Name of the network device; undefined: as before, or as configured. */
  readonly device?: string | undefined;
  /** Index of the network device, 0 while the device does not exist. */
  readonly ifindex: number;
  /** Administratively up, with carrier. */
  readonly carrier: boolean;
  /** The address to register: global, not tentative, not deprecated if there is a choice. */
  readonly careOfAddress: Address | undefined;
  /** Next hop of the device's default route; `::` when that route has no next hop (point-to-point); undefined: no route. */
  readonly gateway: Address | undefined;
  /** IPv6 MTU of the device, octets. */
  readonly mtu: number;
  /** Every address and every next hop that could be chosen, the chosen ones among them. */
  readonly candidates?: {
    readonly careOfAddresses: readonly Address[];
    readonly gateways: readonly Address[];
  };
  /** Of the addresses that do not last for ever. */
  readonly ends?: readonly AddressEnd[] | undefined;
  /** Global prefixes whose addresses are on the link. */
  readonly onLinkPrefixes?: readonly Prefix[];
  /** Of the device. */
  readonly linkLayerAddress?: Uint8Array | undefined;
  readonly linkLocalAddress?: Address | undefined;
}

/** What a device has carried since it was made, as the kernel counts it. */
export interface Octets {
  readonly received: number;
  readonly sent: number;
}

/** The devices of a path. */
export interface PathOctets {
  readonly homeAddress: Address;
  readonly bid: number;
  readonly tunnel: Octets | undefined;
  /** Of the uplink's device, which carries other traffic too; at the mobile router only. */
  readonly access?: Octets | undefined;
}

/** A prefix of a link, from the addresses of a device. Times are monotonic, milliseconds; Infinity: for ever. */
export interface OnLinkPrefix {
  readonly prefix: Prefix;
  readonly preferredUntil: number;
  readonly validUntil: number;
}

/** The home link of the home agent, as the kernel shows it now. */
export interface HomeLinkStatus {
  /** Undefined while the device does not exist or has no carrier. */
  readonly linkLayerAddress: Uint8Array | undefined;
  /** Of the home agent on the link; undefined: nothing can be said there. */
  readonly linkLocalAddress: Address | undefined;
  readonly prefixes: readonly OnLinkPrefix[];
}

/** A packet from a raw socket: the kernel has removed the IPv6 header. */
export interface ReceivedPacket {
  readonly source: Address;
  readonly destination: Address;
  /**
   * Number of the header that `bytes` begins with: 60, 43, 135, or 58 for an ICMPv6 message whose checksum the kernel has
   * verified. 17: `bytes` are the payload of a UDP datagram to port 547.
   */
  readonly nextHeader: number;
  readonly bytes: Uint8Array;
  /** Name of the device it arrived on. */
  readonly device: string;
  readonly hopLimit: number;
}

/** What has come out of a tunnel from one address for another one within a minute. */
export interface TunneledTraffic {
  /** The sender, by its home address if it is a mobile node. */
  readonly peer: Address;
  readonly homeAddress: Address;
  readonly packets: number;
}

export type Input =
  | { readonly kind: 'packet'; readonly packet: ReceivedPacket }
  | { readonly kind: 'uplinks'; readonly uplinks: readonly UplinkStatus[] }
  /** The next hop of this uplink does not answer neighbour solicitations any more (RFC 6275 §11.5.1). */
  | { readonly kind: 'gateway-failed'; readonly uplink: string }
  | { readonly kind: 'home-link'; readonly status: HomeLinkStatus }
  /** What the kernel has counted; every few seconds. */
  | { readonly kind: 'traffic'; readonly paths: readonly PathOctets[] }
  /** Of uplinks, by their names; every few seconds. */
  | { readonly kind: 'budgets'; readonly budgets: ReadonlyMap<string, BudgetState> }
  /** The kernel cannot make the copies of `engine/copies.ts`, or not tell them apart. */
  | { readonly kind: 'no-copies' }
  | { readonly kind: 'timer' }
  /** An operator's wish that one uplink carries the traffic while it lives; undefined returns to priorities. */
  | { readonly kind: 'prefer'; readonly uplink: string | undefined }
  /** An operator's wish to use this home agent; undefined: the most preferred one. */
  | { readonly kind: 'home-agent'; readonly address: Address | undefined }
  /** Whether the kernel can carry packets without the detour over a home agent; `obstacle`: why not. */
  | {
      readonly kind: 'direct-path';
      readonly obstacle: string | undefined;
      /** It is about to end, and the correspondents of the configuration will be agreed with anew. */
      readonly renewed?: boolean;
    }
  /**
   * What the kernel has counted since the last time: packets have gone the direct way from or to these home addresses or
   * correspondents; from those of `heard` some came.
   */
  | { readonly kind: 'used'; readonly peers: readonly Address[]; readonly heard: readonly Address[] }
  /** A packet with a Home Address option that no binding covers; the kernel has dropped it. */
  | {
      readonly kind: 'unknown-home-address';
      /** Of the IPv6 header. */
      readonly source: Address;
      readonly destination: Address;
      readonly homeAddress: Address;
    }
  /** Packets have come out of a tunnel for home addresses lately. */
  | { readonly kind: 'tunneled'; readonly traffic: readonly TunneledTraffic[] }
  /** Orderly end: de-register everything. */
  | { readonly kind: 'shutdown' };

export type Output =
  /**
   * A whole IPv6 packet. `device`: send out of this device only; undefined leaves it to routing. `onLink`: the destination
   * is on that link, whatever more specific routes say.
   */
  | {
      readonly kind: 'send';
      readonly packet: Uint8Array;
      readonly destination: Address;
      readonly device?: string;
      readonly onLink?: true;
    }
  /** The paths of the node with this home address changed: compute and apply its forwarding state again. */
  | { readonly kind: 'forwarding'; readonly homeAddress: Address }
  /** Remember (or forget, when `value` is undefined) a record across restarts of the process. */
  | { readonly kind: 'record'; readonly key: string; readonly value: JsonObject | undefined }
  | { readonly kind: 'event'; readonly event: EngineEvent }
  /** What is delegated to a mobile router, as its record says, lasts longer; or (`changed`) is something else than before. */
  | { readonly kind: 'delegation'; readonly changed: boolean };

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

export type Level = 'error' | 'warning' | 'notice' | 'info' | 'debug';

/** Something that a person may want to know; logs and `kedge monitor` show it. */
export interface EngineEvent {
  readonly level: Level;
  /** Stable, lower-case, dashed name of what happened, e.g. `binding-registered`. */
  readonly name: string;
  /** One readable sentence without secrets. */
  readonly text: string;
  /** The same facts for programs. */
  readonly data: JsonObject;
}

/** A role of the daemon. */
export interface Role {
  /** Takes one input and returns what it causes, in the order in which it must happen. */
  handle(input: Input, now: Now): Output[];
  /** Types of the ICMPv6 messages that it wants to see (RFC 4443); the same as long as it lives. */
  readonly icmpv6Types: readonly number[];
  /** Monotonic time (ms) at which `{kind: 'timer'}` is wanted next; Infinity for never. */
  nextWake(): number;
}
