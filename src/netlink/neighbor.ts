/** IPv6 neighbours of links: RTM_NEWNEIGH, RTM_DELNEIGH, RTM_GETNEIGH (`struct ndmsg`). */
import type { Address } from '../wire/address.ts';
import { address, attributes, body, octets, s32, struct, u8, u16 } from './codec.ts';
import type { Message, Request } from './message.ts';

export const NeighborType = { new: 28, delete: 29, get: 30 } as const;

/** An entry that somebody configured, and that the kernel keeps until it is taken away or the link goes down. */
export interface KernelNeighbor {
  /** Index of the link. */
  readonly link: number;
  readonly neighbor: Address;
  /**
   * Where packets for the neighbour go on the link; undefined: the kernel answers neighbour solicitations for it, as its
   * proxy (RFC 4861 §7.2.8).
   */
  readonly linkLayerAddress: Uint8Array | undefined;
  /** R bit of these answers. */
  readonly router: boolean;
  /** Who made it (NDA_PROTOCOL, Linux 5.2). */
  readonly protocol: number;
}

export type NeighborOnLink = Pick<KernelNeighbor, 'link' | 'neighbor'>;

interface NeighborHeader {
  family: number;
  link: number;
  state: number;
  flags: number;
}
interface NeighborAttributes {
  neighbor?: Address;
  linkLayerAddress?: Uint8Array;
  protocol?: number;
}

const INET6 = 10;
const PERMANENT = 0x80;
/** Neighbor Unreachability Detection has given up (RFC 4861 §7.3.3). */
const FAILED = 0x20;
const NeighborFlag = { proxy: 0x08, router: 0x80 } as const;
const format = body<NeighborHeader, NeighborAttributes>(
  struct(12, { family: [0, u8], link: [4, s32], state: [8, u16], flags: [10, u8] }),
  attributes({ neighbor: [1, address], linkLayerAddress: [2, octets], protocol: [12, u8] }),
);

/** Reads RTM_NEWNEIGH and RTM_DELNEIGH; undefined for another family, an entry that nobody configured, malformed octets. */
export function parseNeighbor(bytes: Uint8Array): KernelNeighbor | undefined {
  const found = format.decode(bytes);
  if (found === undefined || found.family !== INET6 || found.neighbor === undefined) return undefined;
  const { link, neighbor, protocol = 0 } = found;
  const router = (found.flags & NeighborFlag.router) !== 0;
  if (found.flags & NeighborFlag.proxy) {
    return { link, neighbor, linkLayerAddress: undefined, router, protocol };
  }
  if ((found.state & PERMANENT) === 0 || found.linkLayerAddress === undefined) return undefined;
  return { link, neighbor, linkLayerAddress: found.linkLayerAddress.slice(), router, protocol };
}

/** The neighbour that a notification says cannot be reached any more; undefined: it says something else. */
export function failedNeighbor({ type, body }: Message): NeighborOnLink | undefined {
  if (type !== NeighborType.new) return undefined;
  const found = format.decode(body);
  if (found?.family !== INET6 || (found.state & FAILED) === 0 || found.neighbor === undefined)
    return undefined;
  return { link: found.link, neighbor: found.neighbor };
}

/** Body of a RTM_NEWNEIGH or RTM_DELNEIGH. */
export function emitNeighbor(value: KernelNeighbor): Uint8Array {
  const { link, neighbor, linkLayerAddress, router, protocol } = value;
  const kind = linkLayerAddress === undefined ? NeighborFlag.proxy : 0;
  return format.encode({
    family: INET6,
    link,
    state: PERMANENT,
    flags: kind | (router ? NeighborFlag.router : 0),
    neighbor,
    ...(linkLayerAddress && { linkLayerAddress }),
    protocol,
  });
}

const dump = (flags: number): Request => ({
  type: NeighborType.get,
  flags: 0,
  body: format.encode({ family: INET6, link: 0, state: 0, flags }),
});

/** Asks for all neighbours that have a link-layer address. */
export const dumpNeighbors = dump(0);
/** Asks for all that the kernel is the proxy of. */
export const dumpProxies = dump(NeighborFlag.proxy);
