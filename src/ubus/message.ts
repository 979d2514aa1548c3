/**
 * Messages of ubus, big-endian: u8 version 0, u8 type, u16 sequence number, u32 peer, then one attribute around all the
 * others.
 */
import type { JsonObject } from '../engine/types.ts';
import { BlobWriter, parseAttributes } from './blob.ts';
import { parseMembers, parseText, writeMembers } from './blobmsg.ts';

export const MessageType = {
  hello: 0,
  status: 1,
  data: 2,
  lookup: 4,
  invoke: 5,
  addObject: 6,
  subscribe: 8,
  unsubscribe: 9,
  notify: 10,
} as const;

/** The meaning of a STATUS; others are failures too. */
export const Status = {
  ok: 0,
  invalidArgument: 2,
  methodNotFound: 3,
  notFound: 4,
  permissionDenied: 6,
  timeout: 7,
  unknownError: 9,
  connectionFailed: 10,
} as const;

/** What a message can say; the identifiers of the attributes are in {@link ATTRIBUTES}. */
export interface Fields {
  readonly status?: number;
  readonly path?: string;
  readonly object?: number;
  readonly method?: string;
  /** Methods, and the types of their arguments. */
  readonly signature?: JsonObject;
  readonly data?: JsonObject;
  readonly target?: number;
  readonly noReply?: boolean;
}

export interface Message extends Fields {
  /** One of {@link MessageType} or another one. */
  readonly type: number;
  readonly sequence: number;
  /** Of HELLO the client's own number, of INVOKE the caller's, of what answers it the object's. */
  readonly peer: number;
}

type Kind = 'number' | 'text' | 'table' | 'flag';

const ATTRIBUTES: { readonly [field in keyof Fields]-?: readonly [id: number, kind: Kind] } = {
  status: [1, 'number'],
  path: [2, 'text'],
  object: [3, 'number'],
  method: [4, 'text'],
  signature: [6, 'table'],
  data: [7, 'table'],
  target: [8, 'number'],
  noReply: [10, 'flag'],
};
const FIELDS = new Map(Object.entries(ATTRIBUTES).map(([field, [id, kind]]) => [id, { field, kind }]));

const HEADER = 8;
const BLOB_HEADER = 4;
/** Octets of a message behind its header: ubusd takes no longer ones. */
export const LONGEST_MESSAGE = 1024 * 1024;

/** Throws a RangeError when it would be longer than ubusd takes. */
export function emitMessage({ type, sequence, peer, ...fields }: Message): Uint8Array {
  const writer = new BlobWriter();
  writer.u32((type << 16) | sequence);
  writer.u32(peer);
  const whole = writer.open(0);
  for (const [field, [id, kind]] of Object.entries(ATTRIBUTES)) {
    const value = fields[field as keyof Fields];
    if (value === undefined) continue;
    const start = writer.open(id);
    if (kind === 'number') writer.u32(value as number);
    else if (kind === 'text') writer.text(value as string);
    else if (kind === 'flag') writer.octets(Uint8Array.of(value ? 1 : 0));
    else writeMembers(writer, value as JsonObject);
    writer.close(start);
  }
  writer.close(whole);
  const octets = writer.end();
  if (octets.length - HEADER > LONGEST_MESSAGE) throw new RangeError('a message is too long');
  return octets;
}

/** Undefined when an attribute that is known makes no sense. */
function parseMessage(octets: Uint8Array): Message | undefined {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
  const attributes = parseAttributes(octets.subarray(HEADER + BLOB_HEADER));
  if (attributes === undefined) return undefined;
  const fields: Record<string, unknown> = {};
  for (const { id, content } of attributes) {
    const known = FIELDS.get(id);
    if (known === undefined) continue;
    const value = parseField(known.kind, content);
    if (value === undefined) return undefined;
    fields[known.field] = value;
  }
  return { ...fields, type: octets[1]!, sequence: view.getUint16(2), peer: view.getUint32(4) };
}

function parseField(kind: Kind, content: Uint8Array): unknown {
  if (kind === 'text') return parseText(content);
  if (kind === 'table') return parseMembers(content);
  if (kind === 'flag') return content.length === 1 ? content[0] !== 0 : undefined;
  return content.length === 4 ? new DataView(content.buffer, content.byteOffset, 4).getUint32(0) : undefined;
}

/** Octets of a stream -> messages. */
export class MessageSplitter {
  #kept = new Uint8Array(0);

  /**
   * The messages that are complete now; those that make no sense are left out. Undefined: what comes is no message, and the
   * stream is of no use any more.
   */
  push(octets: Uint8Array): Message[] | undefined {
    const waiting = new Uint8Array(this.#kept.length + octets.length);
    waiting.set(this.#kept);
    waiting.set(octets, this.#kept.length);
    const view = new DataView(waiting.buffer);
    const messages: Message[] = [];
    let at = 0;
    while (waiting.length - at >= HEADER + BLOB_HEADER) {
      const length = view.getUint32(at + HEADER) & 0xff_ffff;
      if (waiting[at] !== 0 || length < BLOB_HEADER || length > LONGEST_MESSAGE) return undefined;
      const end = at + HEADER + length;
      if (end > waiting.length) break;
      const message = parseMessage(waiting.subarray(at, end));
      if (message !== undefined) messages.push(message);
      at = end;
    }
    this.#kept = waiting.subarray(at);
    return messages;
  }
}
