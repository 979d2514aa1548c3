/** The header of a netlink message (`struct nlmsghdr`), and several messages in one datagram. */
import { align, concat, struct, u16, u32 } from './codec.ts';

export interface Message {
  readonly type: number;
  readonly flags: number;
  /** Of the request that this answers; 0 in a notification. */
  readonly sequence: number;
  /** Port of the socket that the message is for; 0 in a notification that nobody's request caused. */
  readonly port: number;
  readonly body: Uint8Array;
}

/** What is asked of the kernel; the client adds sequence number and acknowledgement flag. */
export interface Request {
  readonly type: number;
  /** {@link Flag}s beside REQUEST. */
  readonly flags: number;
  readonly body: Uint8Array;
}

/** Types of the netlink protocol itself. */
export const Control = { noop: 1, error: 2, done: 3, overrun: 4 } as const;

export const Flag = {
  request: 0x001,
  /** Part of the answer to a dump. */
  multipart: 0x002,
  acknowledge: 0x004,
  /** The dump is inconsistent: something changed meanwhile. */
  dumpInterrupted: 0x010,
  dump: 0x300,
  replace: 0x100,
  exclusive: 0x200,
  create: 0x400,
  /** In NLMSG_ERROR: only the header of the request is repeated. */
  capped: 0x100,
  /** In NLMSG_ERROR: attributes with the kernel's own words follow. */
  extended: 0x200,
} as const;

const header = struct<{ length: number; type: number; flags: number; sequence: number; port: number }>(16, {
  length: [0, u32],
  type: [4, u16],
  flags: [6, u16],
  sequence: [8, u32],
  port: [12, u32],
});

export const HEADER_LENGTH = header.size;

/** All whole messages of a datagram; what follows a length that does not fit is left out. */
export function parseMessages(datagram: Uint8Array): Message[] {
  const messages: Message[] = [];
  for (let at = 0; at < datagram.length; ) {
    const fixed = header.decode(datagram.subarray(at));
    if (fixed === undefined || fixed.length < HEADER_LENGTH || at + fixed.length > datagram.length) break;
    const { type, flags, sequence, port, length } = fixed;
    messages.push({ type, flags, sequence, port, body: datagram.subarray(at + HEADER_LENGTH, at + length) });
    at += align(length);
  }
  return messages;
}

export function emitMessage(request: Request, flags: number, sequence: number): Uint8Array {
  const length = HEADER_LENGTH + request.body.length;
  return concat([
    header.encode({
      length,
      type: request.type,
      flags: request.flags | flags | Flag.request,
      sequence,
      port: 0,
    }),
    request.body,
    new Uint8Array(align(length) - length),
  ]);
}
