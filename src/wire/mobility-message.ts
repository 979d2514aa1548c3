/** The Mobility Header (RFC 6275 §6.1) and the messages in it. */

import { NextHeader } from './ipv6.ts';
import { type BindingAcknowledgement, bindingAcknowledgement } from './messages/binding-acknowledgement.ts';
import { type BindingError, bindingError } from './messages/binding-error.ts';
import { type BindingRefreshRequest, bindingRefreshRequest } from './messages/binding-refresh-request.ts';
import { type BindingUpdate, bindingUpdate } from './messages/binding-update.ts';
import type { MessageFormat } from './messages/format.ts';
import { type Heartbeat, heartbeat } from './messages/heartbeat.ts';
import { emitOptions, parseOptions } from './mobility-option.ts';
import { failure, type Result } from './result.ts';

type KnownMessage = BindingRefreshRequest | BindingUpdate | BindingAcknowledgement | BindingError | Heartbeat;

/** A message of a type that is not known here. Re-emitted bit for bit. */
export interface OpaqueMessage {
  readonly kind: 'opaque';
  /** MH Type. */
  readonly type: number;
  /** Everything after the checksum: 8n+2 octets. */
  readonly data: Uint8Array;
}

export type MobilityMessage = KnownMessage | OpaqueMessage;

export type { BindingAcknowledgement, BindingError, BindingRefreshRequest, BindingUpdate, Heartbeat };

const FORMATS: readonly MessageFormat<KnownMessage>[] = [
  bindingRefreshRequest,
  bindingUpdate,
  bindingAcknowledgement,
  bindingError,
  heartbeat,
];
const byType = new Map(FORMATS.map(format => [format.type, format]));
const byKind = new Map(FORMATS.map(format => [format.kind, format]));

/** Octets before the message data. */
const COMMON_LENGTH = 6;
const UNIT = 8;
const LONGEST_HEADER = 256 * UNIT;

/** Offsets of the common fields, in octets from the start of the header. */
const PAYLOAD_PROTO = 0;
export const HEADER_LEN = 1;
const MH_TYPE = 2;
export const CHECKSUM = 4;

/** Octets of a Mobility Header by its own Header Len field. */
export function headerLength(header: Uint8Array, at = 0): number {
  return (header[at + HEADER_LEN]! + 1) * UNIT;
}

/** Where the options of a header begin; undefined for a type that is not known here. */
export function optionsOffset(header: Uint8Array): number | undefined {
  const format = byType.get(header[MH_TYPE]!);
  return format && COMMON_LENGTH + format.layout.size;
}

/** Reads a header of exactly `headerLength` octets. The checksum is the caller's business. */
export function parseMobilityHeader(header: Uint8Array): Result<MobilityMessage> {
  if (header[PAYLOAD_PROTO] !== NextHeader.none) {
    const parameterProblem = { code: 0, pointer: PAYLOAD_PROTO };
    return failure(
      PAYLOAD_PROTO,
      'Payload Proto is not 59',
      'RFC 6275 §9.2',
      'payload-proto',
      parameterProblem,
    );
  }
  const type = header[MH_TYPE]!;
  const format = byType.get(type);
  if (format === undefined) {
    return { ok: true, value: { kind: 'opaque', type, data: header.slice(COMMON_LENGTH) } };
  }
  const start = COMMON_LENGTH + format.layout.size;
  if (header.length < start) {
    const rule = `Header Len is too small for MH Type ${type}`;
    return failure(HEADER_LEN, rule, 'RFC 6275 §9.2', 'header-len', { code: 0, pointer: HEADER_LEN });
  }
  const options = parseOptions(header, start, header.length);
  if (!options.ok) return options;
  const message = { kind: format.kind, options: options.value };
  format.layout.read(header, COMMON_LENGTH, start, message);
  return { ok: true, value: message as unknown as KnownMessage };
}

const scratch = new Uint8Array(LONGEST_HEADER);

/**
 * The whole header with checksum zero. Throws a RangeError when a value does not fit its field or the header
 * would be longer than 2048 octets.
 */
export function emitMobilityHeader(message: MobilityMessage): Uint8Array {
  const { type, end } = message.kind === 'opaque' ? emitOpaque(message) : emitKnown(message);
  scratch.fill(0, 0, COMMON_LENGTH);
  scratch[PAYLOAD_PROTO] = NextHeader.none;
  scratch[HEADER_LEN] = end / UNIT - 1;
  scratch[MH_TYPE] = type;
  return scratch.slice(0, end);
}

function emitKnown(message: KnownMessage): { type: number; end: number } {
  const { type, layout } = byKind.get(message.kind)!;
  layout.write(scratch, COMMON_LENGTH, message);
  return { type, end: emitOptions(message.options, scratch, COMMON_LENGTH + layout.size) };
}

function emitOpaque({ type, data }: OpaqueMessage): { type: number; end: number } {
  const end = COMMON_LENGTH + data.length;
  if (!(type >= 0 && type <= 255 && Number.isInteger(type)) || byType.has(type)) {
    throw new RangeError(`MH Type ${type} is no opaque one`);
  }
  if (end % UNIT !== 0 || end > LONGEST_HEADER) throw new RangeError(`${data.length} octets of message data`);
  scratch.set(data, COMMON_LENGTH);
  return { type, end };
}
