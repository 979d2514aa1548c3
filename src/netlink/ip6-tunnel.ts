/** `ip6tnl` devices: the IFLA_INFO_DATA of a link of that kind (linux/if_tunnel.h, RFC 2473). */
import type { Address } from '../wire/address.ts';
import { address, attributes, u8, u32 } from './codec.ts';

export interface Ip6TunnelParameters {
  /** Index of the device that the outer packets leave by; 0: any. */
  readonly link: number;
  readonly local: Address;
  readonly remote: Address;
  /** Hop limit of the outer packet. */
  readonly hopLimit: number;
  /** {@link Ip6TunnelFlag}s. */
  readonly flags: number;
  /** Inner protocol: 41 IPv6, 4 IPv4, 0 either. */
  readonly protocol: number;
  /** Tunnel Encapsulation Limit (RFC 2473 §4.1.1); without effect under `ignoreEncapsulationLimit`. */
  readonly encapsulationLimit: number;
}

export const Ip6TunnelFlag = { ignoreEncapsulationLimit: 0x1 } as const;

interface Fields {
  link?: number;
  local?: Address;
  remote?: Address;
  hopLimit?: number;
  encapsulationLimit?: number;
  flags?: number;
  protocol?: number;
}

const fields = attributes<Fields>({
  link: [1, u32],
  local: [2, address],
  remote: [3, address],
  hopLimit: [4, u8],
  encapsulationLimit: [6, u8],
  flags: [8, u32],
  protocol: [9, u8],
});

export const Ip6Tunnel = {
  kind: 'ip6tnl',
  decode(bytes: Uint8Array): Ip6TunnelParameters | undefined {
    const found = fields.decode(bytes);
    if (found?.local === undefined || found.remote === undefined) return undefined;
    return {
      link: found.link ?? 0,
      local: found.local,
      remote: found.remote,
      hopLimit: found.hopLimit ?? 0,
      flags: found.flags ?? 0,
      protocol: found.protocol ?? 0,
      encapsulationLimit: found.encapsulationLimit ?? 0,
    };
  },
  encode: (parameters: Ip6TunnelParameters): Uint8Array => fields.encode(parameters),
} as const;
