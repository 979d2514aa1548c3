/**
 * The frames between the script and kedged as values. `src/netio/README.md` is the protocol.
 * Field layout: u8 type, u8 flags, u16 id, payload; little-endian.
 */
import { decodeUtf8, encodeUtf8 } from './utf8.ts';

export const FRAME_MAX = 65536;
const HEADER = 4;
const RECEIVED_META = 48;
const SEND_META = 40;
/** Most octets that one SEND of a stream, a netlink or a packet socket carries. */
export const SEND_MAX = FRAME_MAX - HEADER;
/** Ids below are the script's to give, ids from here on are the helper's, for accepted connections. */
export const FIRST_ACCEPTED_ID = 64;

/** What the helper can open. */
export type SocketKind =
  /** Receives what follows the IPv6 header of packets with this protocol. ICMPv6 needs the types to pass (at most 16). */
  | { readonly kind: 'raw6'; readonly protocol: 43 | 60 | 135; readonly ifindex?: number }
  | {
      readonly kind: 'raw6';
      readonly protocol: 58;
      readonly types: readonly number[];
      readonly ifindex?: number;
    }
  /** Sends whole IPv6 packets. */
  | { readonly kind: 'raw6-send' }
  /** `groups`: bit mask, 1 << (group - 1). */
  | { readonly kind: 'netlink-route'; readonly groups: number }
  /** `address` 16 octets (IPv4 as v4-mapped); `port` 0 lets the kernel choose; `ifindex` binds to a device. */
  | { readonly kind: 'udp6'; readonly address: Uint8Array; readonly port: number; readonly ifindex?: number }
  /** Link-layer frames of one device that pass a classic BPF program. `protocol`: EtherType, default 3 (all). */
  | {
      readonly kind: 'packet';
      readonly ifindex: number;
      readonly protocol?: number;
      readonly filter: readonly BpfInstruction[];
    }
  | { readonly kind: 'unix-listen'; readonly path: string }
  | { readonly kind: 'unix-connect'; readonly path: string }
  /** Datagrams to /dev/log. */
  | { readonly kind: 'syslog' };

/** An instruction of classic BPF: struct sock_filter. */
export interface BpfInstruction {
  readonly code: number;
  readonly jt: number;
  readonly jf: number;
  readonly k: number;
}

const KINDS = {
  raw6: 1,
  'raw6-send': 2,
  'netlink-route': 3,
  udp6: 4,
  packet: 5,
  'unix-listen': 6,
  'unix-connect': 7,
  syslog: 8,
} as const;

/** Where a datagram goes. What is absent the kernel chooses. */
export interface SendTarget {
  readonly destination?: Uint8Array | undefined;
  /** Selects route and source; for `raw6-send` it affects routing only, the packet carries its own. */
  readonly source?: Uint8Array | undefined;
  readonly ifindex?: number | undefined;
  readonly port?: number | undefined;
}

/** A message that arrived. What the kind of socket does not know is 0 or undefined. */
export interface ReceivedMessage {
  readonly bytes: Uint8Array;
  readonly source?: Uint8Array;
  readonly destination?: Uint8Array;
  readonly ifindex: number;
  /** UDP port of the sender. */
  readonly port: number;
  readonly hopLimit: number;
  /** Milliseconds since 1970-01-01 UTC, when the kernel received it. */
  readonly timestamp: number;
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
  /** `more`: further input follows in requests with the same id and no arguments. */
  | {
      readonly type: 'run';
      readonly id: number;
      readonly arguments: readonly string[];
      readonly input: Uint8Array;
      readonly more: boolean;
    }
  | { readonly type: 'sysctl'; readonly id: number; readonly name: string; readonly value: number };

export type Report =
  | { readonly type: 'opened'; readonly id: number; readonly port: number }
  | { readonly type: 'received'; readonly id: number; readonly message: ReceivedMessage }
  | { readonly type: 'accepted'; readonly id: number; readonly listener: number; readonly user: number }
  | { readonly type: 'sent'; readonly id: number }
  | { readonly type: 'fault'; readonly id: number; readonly lost: boolean; readonly reason: string }
  | { readonly type: 'closed'; readonly id: number; readonly reason: string }
  | {
      readonly type: 'output';
      readonly id: number;
      readonly stream: 'stdout' | 'stderr';
      readonly bytes: Uint8Array;
    }
  | { readonly type: 'done'; readonly id: number; readonly status: number; readonly reason: string }
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
  u16(value: number): this {
    this.view.setUint16(this.at, value, true);
    this.at += 2;
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
  /** The frame, without what was reserved and not written. */
  end(): Uint8Array {
    return this.bytes.subarray(0, this.at);
  }
}

function emitOpen(id: number, socket: SocketKind): Uint8Array {
  const frame = (payload: number) => new Writer(1, 0, id, 1 + payload).u8(KINDS[socket.kind]);
  switch (socket.kind) {
    case 'raw6': {
      const types = socket.protocol === 58 ? socket.types : [];
      const writer = frame(5 + types.length)
        .u8(socket.protocol)
        .u32(socket.ifindex ?? 0);
      for (const type of types) writer.u8(type);
      return writer.end();
    }
    case 'netlink-route':
      return frame(4).u32(socket.groups).end();
    case 'udp6':
      return frame(22)
        .address(socket.address)
        .u16(socket.port)
        .u32(socket.ifindex ?? 0)
        .end();
    case 'packet': {
      const writer = frame(6 + 8 * socket.filter.length)
        .u32(socket.ifindex)
        .u16(socket.protocol ?? 3);
      for (const { code, jt, jf, k } of socket.filter) writer.u16(code).u8(jt).u8(jf).u32(k);
      return writer.end();
    }
    case 'unix-listen':
    case 'unix-connect': {
      const path = encodeUtf8(socket.path);
      return frame(path.length).octets(path).end();
    }
    case 'raw6-send':
    case 'syslog':
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
      const writer = new Writer(2, request.answer ? 1 : 0, id, (target ? SEND_META : 0) + bytes.length);
      if (target) {
        writer
          .address(target.source)
          .address(target.destination)
          .u32(target.ifindex ?? 0);
        writer.u16(target.port ?? 0).u16(0);
      }
      return writer.octets(bytes).end();
    }
    case 'close':
      return new Writer(3, 0, id, 0).end();
    case 'run': {
      const words = encodeUtf8(request.arguments.map(word => `${word}\0`).join(''));
      const writer = new Writer(4, request.more ? 1 : 0, id, 2 + words.length + request.input.length);
      return writer.u16(words.length).octets(words).octets(request.input).end();
    }
    case 'sysctl': {
      const text = encodeUtf8(`${request.name}=${request.value}`);
      return new Writer(5, 0, id, text.length).octets(text).end();
    }
  }
}

/** Octets of a SEND payload before the data, for a target. */
export const TARGET_OCTETS = SEND_META;

function knownAddress(bytes: Uint8Array): Uint8Array | undefined {
  return bytes.some(octet => octet !== 0) ? bytes.slice() : undefined;
}

function parseReceived(view: DataView, payload: Uint8Array): ReceivedMessage {
  const source = knownAddress(payload.subarray(0, 16));
  const destination = knownAddress(payload.subarray(16, 32));
  return {
    bytes: payload.slice(RECEIVED_META),
    ...(source && { source }),
    ...(destination && { destination }),
    ifindex: view.getUint32(32, true),
    port: view.getUint16(36, true),
    hopLimit: view.getUint8(38),
    timestamp: view.getUint32(40, true) * 1000 + view.getUint32(44, true) / 1000,
  };
}

/** Least payload of each report, by type. */
const LEAST = [Number.POSITIVE_INFINITY, 2, RECEIVED_META, 6, 0, 0, 0, 1, 4, 1];

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
      return { type: 'opened', id, port: view.getUint16(0, true) };
    case 2:
      return { type: 'received', id, message: parseReceived(view, payload) };
    case 3:
      return { type: 'accepted', id, listener: view.getUint16(0, true), user: view.getUint32(2, true) };
    case 4:
      return { type: 'sent', id };
    case 5:
      return { type: 'fault', id, lost: (frame[1]! & 1) !== 0, reason: decodeUtf8(payload) };
    case 6:
      return { type: 'closed', id, reason: decodeUtf8(payload) };
    case 7:
      return { type: 'output', id, stream: payload[0] === 1 ? 'stdout' : 'stderr', bytes: payload.slice(1) };
    case 8:
      return { type: 'done', id, status: view.getInt32(0, true), reason: decodeUtf8(payload.subarray(4)) };
    default:
      return { type: 'signal', number: payload[0]! };
  }
}
