/** The Mobility Header (RFC 6275 §6.1): octets <-> messages. */
import { DRAFT_MESSAGES } from './draft/messages.ts';
import { NextHeader } from './ipv6.ts';
import { type Field, layoutLength } from './layout/part.ts';
import type { MessageFormat } from './message-format.ts';
import {
  type DraftMessageNumbers,
  MESSAGE_FORMATS,
  type MobilityMessage,
  type OpaqueMessage,
  type StructuredMessage,
} from './mobility-message.ts';
import {
  type DraftOptionNumbers,
  type FurtherOptions,
  type MobilityOption,
  mobilityOptions,
} from './mobility-option.ts';
import type { NamedType, OptionSet } from './option-set.ts';
import { writePad } from './pad.ts';
import { failure, type Result } from './result.ts';

/** Octets before the message data. */
const COMMON_LENGTH = 6;
const UNIT = 8;
const LONGEST_HEADER = 256 * UNIT;

/** Offsets of the common fields, in octets from the start of the header. */
const PAYLOAD_PROTO = 0;
export const HEADER_LEN = 1;
export const MH_TYPE = 2;
export const CHECKSUM = 4;

/** Octets of a Mobility Header by its own Header Len field. */
export function headerLength(header: Uint8Array, at = 0): number {
  return (header[at + HEADER_LEN]! + 1) * UNIT;
}

/** Numbers of what the drafts left unnumbered, by kind. */
export interface DraftNumbers {
  readonly options?: DraftOptionNumbers;
  readonly messages?: DraftMessageNumbers;
}

/** What a codec knows beside what roles act upon. */
export interface FurtherFormats {
  readonly options: FurtherOptions;
  readonly messages: {
    readonly formats: readonly MessageFormat[];
    readonly names: Readonly<Record<number, NamedType>>;
  };
}

const scratch = new Uint8Array(LONGEST_HEADER);

/** Reads and writes Mobility Headers, in the dialect that its draft numbers make. */
export class MobilityCodec {
  readonly options: OptionSet<Exclude<MobilityOption, { kind: 'opaque' }>>;
  readonly #byType = new Map<number, MessageFormat>();
  readonly #byKind = new Map<string, MessageFormat>();
  readonly #names: Readonly<Record<number, NamedType>>;

  /** Throws a RangeError when a number is taken. */
  constructor(numbers: DraftNumbers = {}, further?: FurtherFormats) {
    this.options = mobilityOptions(numbers.options, further?.options);
    this.#names = further?.messages.names ?? {};
    const drafts = DRAFT_MESSAGES.flatMap(format => {
      const type = numbers.messages?.[format.kind];
      return type === undefined ? [] : [{ ...format, type }];
    });
    for (const format of [...MESSAGE_FORMATS, ...(further?.messages.formats ?? []), ...drafts]) {
      if (this.#byType.has(format.type)) throw new RangeError(`two formats of MH Type ${format.type}`);
      this.#byType.set(format.type, format as MessageFormat);
      this.#byKind.set(format.kind, format as MessageFormat);
    }
  }

  /** Where the options of a header begin; undefined for an unknown type or when they lie outside. */
  optionsOffset(header: Uint8Array): number | undefined {
    const format = this.#byType.get(header[MH_TYPE]!);
    return format && optionsOffset(format, header);
  }

  /** Reads a header of exactly `headerLength` octets. The checksum is the caller's business. */
  parse(header: Uint8Array): Result<MobilityMessage> {
    if (header[PAYLOAD_PROTO] !== NextHeader.none) {
      const problem = { code: 0, pointer: PAYLOAD_PROTO };
      return failure(PAYLOAD_PROTO, 'Payload Proto is not 59', 'RFC 6275 §9.2', 'payload-proto', problem);
    }
    const type = header[MH_TYPE]!;
    const format = this.#byType.get(type);
    if (format === undefined) {
      return { ok: true, value: { kind: 'opaque', type, data: header.slice(COMMON_LENGTH) } };
    }
    const start = optionsOffset(format, header);
    if (start === undefined) {
      const rule = `Header Len is too small for MH Type ${type}`;
      return failure(HEADER_LEN, rule, 'RFC 6275 §9.2', 'header-len', { code: 0, pointer: HEADER_LEN });
    }
    const options = this.options.parse(header, start, header.length);
    if (!options.ok) return options;
    const message = { kind: format.kind, options: options.value };
    const fault = format.layout.read(header, COMMON_LENGTH, start, message);
    if (fault !== undefined) {
      const offset = fault.offset ?? COMMON_LENGTH;
      return failure(offset, `${format.name}: ${fault.rule}`, format.section, 'message-malformed');
    }
    return { ok: true, value: message as unknown as StructuredMessage };
  }

  /**
   * The whole header with checksum zero, its end padded to a multiple of 8. Throws a RangeError when a value does not
   * fit its field or the header would be longer than 2048 octets.
   */
  emit(message: MobilityMessage): Uint8Array {
    const { type, end } = message.kind === 'opaque' ? this.#emitOpaque(message) : this.#emitKnown(message);
    scratch.fill(0, 0, COMMON_LENGTH);
    scratch[PAYLOAD_PROTO] = NextHeader.none;
    scratch[HEADER_LEN] = end / UNIT - 1;
    scratch[MH_TYPE] = type;
    return scratch.slice(0, end);
  }

  #emitKnown(message: StructuredMessage): { type: number; end: number } {
    const format = this.#byKind.get(message.kind);
    if (format === undefined) throw new RangeError(`no MH Type for ${message.kind}`);
    const { type, layout } = format;
    const start = COMMON_LENGTH + layoutLength(layout, message, COMMON_LENGTH);
    if (start > LONGEST_HEADER) throw new RangeError(`${start} octets before the options`);
    layout.write(scratch, COMMON_LENGTH, message);
    const last = this.options.emit(message.options, scratch, start);
    const end = (last + UNIT - 1) & ~(UNIT - 1);
    writePad(scratch, last, end);
    return { type, end };
  }

  #emitOpaque({ type, data }: OpaqueMessage): { type: number; end: number } {
    const end = COMMON_LENGTH + data.length;
    if (!(type >= 0 && type <= 255 && Number.isInteger(type)) || this.#byType.has(type)) {
      throw new RangeError(`MH Type ${type} is no opaque one`);
    }
    if (end % UNIT !== 0 || end > LONGEST_HEADER) {
      throw new RangeError(`${data.length} octets of message data`);
    }
    scratch.set(data, COMMON_LENGTH);
    return { type, end };
  }

  /** The name of an MH Type, and where it is defined; undefined for an unknown one. */
  format(type: number): NamedType | undefined {
    return this.#byType.get(type) ?? this.#names[type];
  }

  /**
   * Appends the fields of the message, whose header starts at offset 0, and its options. Returns the rule that the
   * message as a whole breaks.
   */
  show(header: Uint8Array, shown: Field[]): string | undefined {
    const format = this.#byType.get(header[MH_TYPE]!);
    if (format === undefined) return undefined;
    const { layout, name } = format;
    const start = optionsOffset(format, header);
    layout.show(header, COMMON_LENGTH, start ?? header.length, shown);
    if (start === undefined) return `${header.length} octets are too few for a ${name}`;
    this.options.show(header, start, header.length, shown);
    return layout.read(header, COMMON_LENGTH, start, {})?.rule;
  }
}

/** Where the options begin; undefined when the header is too short. */
function optionsOffset({ layout }: MessageFormat, header: Uint8Array): number | undefined {
  const length =
    layout.extent === undefined ? layout.size : layout.extent(header, COMMON_LENGTH, header.length);
  return length === undefined || COMMON_LENGTH + length > header.length ? undefined : COMMON_LENGTH + length;
}

/** What roles speak to everybody: assigned numbers only. */
export const STANDARD = new MobilityCodec();
