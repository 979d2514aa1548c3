/**
 * The frames between the script and kedged as values. `src/netio/README.md` is the protocol.
 * Field layout: u8 type, u8 flags, u16 id, payload; little-endian.
 */
import { decodeUtf8, encodeUtf8 } from '../wire/utf8.ts';

export const FRAME_MAX = 65536;
const HEADER = 4;
/** Source, destination and device before what is received, and before what is sent on `raw6-send`. */
export const META = 36;
/** Most octets of payload. */
export const PAYLOAD_MAX = FRAME_MAX - HEADER;
/** Ids below are the script's to give, ids from here on are the helper's, for accepted connections. */
export const FIRST_ACCEPTED_ID = 64;

/** What the helper can open. */
export type SocketKind =
  /** Receives what follows the IPv6 header of packets with this protocol. */
  | { readonly kind: 'raw6'; readonly protocol: 43 | 60 | 135 }
  /** Receives ICMPv6 messages of these types: 1, 4, 133-136, 144-147. */
  | { readonly kind: 'icmpv6'; readonly types: readonly number[] }
  /** Sends whole IPv6 packets. */
  | { readonly kind: 'raw6-send' }
  /** Receives the payloads of UDP datagrams to port 547 of the address. */
  | { readonly kind: 'dhcpv6'; readonly address: Uint8Array }
  /** `groups`: bit mask, 1 << (group - 1). */
  | { readonly kind: 'netlink-route' | 'netlink-xfrm'; readonly groups: number }
  | { readonly kind: 'unix-listen'; readonly path: string }
  | { readonly kind: 'unix-connect'; readonly path: string }
  /** Datagrams to /dev/log. */
  | { readonly kind: 'syslog' }
  /** A stream to ubusd. */
  | { readonly kind: 'ubus' };

const KINDS = {
  raw6: 1,
  'raw6-send': 2,
  'netlink-route': 3,
  'unix-listen': 4,
  'unix-connect': 5,
  syslog: 6,
  icmpv6: 7,
  ubus: 8,
  'netlink-xfrm': 9,
  dhcpv6: 10,
} as const;

/** Where a packet goes, whatever it says itself. What is absent the kernel chooses. */
export interface SendTarget {
  readonly destination?: Uint8Array | undefined;
  /** Selects the route. */
  readonly source?: Uint8Array | undefined;
  readonly ifindex?: number | undefined;
}

/** A message that arrived. What the kind of socket does not know is 0 or undefined. */
export interface ReceivedMessage {
  readonly bytes: Uint8Array;
  readonly source?: Uint8Array;
  readonly destination?: Uint8Array;
  readonly ifindex: number;
  readonly hopLimit: number;
}

export type Request =
  | { readonly type: 'open'; readonly id: number; readonly socket: SocketKind }
  /** `answer` (streams): report `sent` when these octets are in the kernel's hands. */
  | {
      readonly type: 'send';
      readonly id: number;
      readonly bytes: Uint8Array;
      readonly target?: SendTarget | undefined;
      readonly answer?: boolean | undefined;
    }
  | { readonly type: 'close'; readonly id: number }
  /** Runs `nft -f -`. `more`: further input follows in requests with the same id. */
  | { readonly type: 'nft'; readonly id: number; readonly input: Uint8Array; readonly more: boolean }
  | { readonly type: 'sysctl'; readonly id: number; readonly name: string; readonly value: number };

export type Report =
  | { readonly type: 'opened'; readonly id: number }
  | { readonly type: 'received'; readonly id: number; readonly message: ReceivedMessage }
  | { readonly type: 'accepted'; readonly id: number; readonly listener: number; readonly user: number }
  | { readonly type: 'sent'; readonly id: number }
  | { readonly type: 'fault'; readonly id: number; readonly lost: boolean; readonly reason: string }
  | { readonly type: 'closed'; readonly id: number; readonly reason: string }
  | { readonly type: 'done'; readonly id: number; readonly status: number; readonly text: string }
  | { readonly type: 'signal'; readonly number: number };

class Writer {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private at = HEADER;

  constructor(type: number, flags: number, id: number, payload: number) {
    this.bytes = new Uint8Array(HEADER + payload);
    this.view = new DataView(this.bytes.buffer);
    this.bytes[0] = type;
    this.bytes[1] = flags;
    this.view.setUint16(2, id, true);
  }
  u8(value: number): this {
    this.bytes[this.at++] = value;
    return this;
  }
  u32(value: number): this {
    this.view.setUint32(this.at, value, true);
    this.at += 4;
    return this;
  }
  address(value: Uint8Array | undefined): this {
    if (value) this.bytes.set(value, this.at);
    this.at += 16;
    return this;
  }
  octets(value: Uint8Array): this {
    this.bytes.set(value, this.at);
    this.at += value.length;
    return this;
  }
  end(): Uint8Array {
    return this.bytes;
  }
}

function emitOpen(id: number, socket: SocketKind): Uint8Array {
  const frame = (payload: number) => new Writer(1, 0, id, 1 + payload).u8(KINDS[socket.kind]);
  switch (socket.kind) {
    case 'raw6':
      return frame(1).u8(socket.protocol).end();
    case 'icmpv6':
      return frame(socket.types.length).octets(Uint8Array.from(socket.types)).end();
    case 'netlink-route':
    case 'netlink-xfrm':
      return frame(4).u32(socket.groups).end();
    case 'unix-listen':
    case 'unix-connect': {
      const path = encodeUtf8(socket.path);
      return frame(path.length).octets(path).end();
    }
    case 'dhcpv6':
      return frame(16).address(socket.address).end();
    case 'raw6-send':
    case 'syslog':
    case 'ubus':
      return frame(0).end();
  }
}

/** The frame of a request. Its caller keeps it within FRAME_MAX octets. */
export function emitRequest(request: Request): Uint8Array {
  const { id } = request;
  switch (request.type) {
    case 'open':
      return emitOpen(id, request.socket);
    case 'send': {
      const { bytes, target } = request;
      const writer = new Writer(2, request.answer ? 1 : 0, id, (target ? META : 0) + bytes.length);
      if (target) {
        const { source, destination, ifindex = 0 } = target;
        writer.address(source).address(destination).u32(ifindex);
      }
      return writer.octets(bytes).end();
    }
    case 'close':
      return new Writer(3, 0, id, 0).end();
    case 'nft':
      return new Writer(4, request.more ? 1 : 0, id, request.input.length).octets(request.input).end();
    case 'sysctl': {
      const name = encodeUtf8(request.name);
      return new Writer(5, 0, id, 4 + name.length).u32(request.value).octets(name).end();
    }
  }
}

function knownAddress(bytes: Uint8Array): Uint8Array | undefined {
  return bytes.some(octet => octet !== 0) ? bytes.slice() : undefined;
}

function parseReceived(view: DataView, payload: Uint8Array, hopLimit: number): ReceivedMessage {
  const source = knownAddress(payload.subarray(0, 16));
  const destination = knownAddress(payload.subarray(16, 32));
  return {
    bytes: payload.slice(META),
    ...(source && { source }),
    ...(destination && { destination }),
    ifindex: view.getUint32(32, true),
    hopLimit,
  };
}

/** Least payload of each report, by type. */
const LEAST = [Number.POSITIVE_INFINITY, 0, META, 6, 0, 0, 0, 4, 1];

/** The report in a frame, copied out of it; undefined when the frame is broken. */
export function parseReport(frame: Uint8Array): Report | undefined {
  if (frame.length < HEADER || frame.length > FRAME_MAX) return undefined;
  const payload = frame.subarray(HEADER);
  const type = frame[0]!;
  if (payload.length < (LEAST[type] ?? Number.POSITIVE_INFINITY)) return undefined;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  const id = frame[2]! | (frame[3]! << 8);
  switch (type) {
    case 1:
      return { type: 'opened', id };
    case 2:
      return { type: 'received', id, message: parseReceived(view, payload, frame[1]!) };
    case 3:
      return { type: 'accepted', id, listener: view.getUint16(0, true), user: view.getUint32(2, true) };
    case 4:
      return { type: 'sent', id };
    case 5:
      return { type: 'fault', id, lost: (frame[1]! & 1) !== 0, reason: decodeUtf8(payload) };
    case 6:
      return { type: 'closed', id, reason: decodeUtf8(payload) };
    case 7:
      return { type: 'done', id, status: view.getInt32(0, true), text: decodeUtf8(payload.subarray(4)) };
    default:
      return { type: 'signal', number: payload[0]! };
  }
}
