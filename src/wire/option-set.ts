/** Lists of options: type, length, data. The same reader, writer and shower for every registry of such options. */
import { type Field, hexadecimal, layoutLength, octetsField } from './layout/part.ts';
import {
  type AnyOptionFormat,
  aligned,
  alignmentOf,
  type OpaqueOption,
  type OptionFormat,
} from './option-format.ts';
import { PAD1, PADN, writePad } from './pad.ts';
import { failure, type Result } from './result.ts';

type AnyOption = { readonly kind: string };

const HEADER = 2;
const LARGEST_LENGTH = 255;

/** A type without a format: its options are opaque, and shown with this. */
export interface NamedType {
  readonly name: string;
  readonly section: string;
}

/** What is common to all options of a registry. */
export interface OptionRules {
  /** In messages: `mobility option`. */
  readonly what: string;
  /** Of the type-length-value form. */
  readonly section: string;
  /** Whether types 0 and 1 are Pad1 and PadN; they are not values. */
  readonly pads: boolean;
  /** Octets that the length counts, of the whole option then; absent: it counts the octets of the data. */
  readonly unit?: 8;
  /** By type, those without a format. */
  readonly names?: Readonly<Record<number, NamedType>>;
}

export class OptionSet<Known extends AnyOption> {
  readonly #rules: OptionRules;
  readonly #byType = new Map<number, AnyOptionFormat>();
  readonly #byKind = new Map<string, AnyOptionFormat>();

  /** Throws a RangeError when two formats have the same number. */
  constructor(rules: OptionRules, formats: readonly AnyOptionFormat[]) {
    this.#rules = rules;
    for (const format of formats) {
      if (this.#byType.has(format.type)) throw new RangeError(`two formats of ${rules.what} ${format.type}`);
      this.#byType.set(format.type, format);
      this.#byKind.set(format.kind, format);
    }
  }

  format(type: number): OptionFormat | undefined {
    return this.#byType.get(type);
  }

  /** Where the option or pad at `at` ends by its own length. */
  endOf(octets: Uint8Array, at: number): number {
    const type = octets[at]!;
    const { pads, unit } = this.#rules;
    if (pads && type === PAD1) return at + 1;
    const length = octets[at + 1] ?? 0;
    return unit === undefined ? at + HEADER + length + this.#uncounted(type) : at + unit * length;
  }

  #uncounted(type: number): number {
    return this.#byType.get(type)?.uncounted ?? 0;
  }

  /** The rule that an option from `at` to `next` breaks. */
  #overrun(at: number, next: number, end: number): string | undefined {
    const { what } = this.#rules;
    if (at + HEADER > end || next > end) return `a ${what} runs past its end`;
    return next < at + HEADER ? `a ${what} of length 0` : undefined;
  }

  /** Reads the options in `octets` from `start` to `end`. Pads are skipped whatever they contain. */
  parse(octets: Uint8Array, start: number, end: number): Result<(Known | OpaqueOption)[]> {
    const { what, section, pads } = this.#rules;
    const options: (Known | OpaqueOption)[] = [];
    let at = start;
    while (at < end) {
      const type = octets[at]!;
      if (pads && type === PAD1) {
        at++;
        continue;
      }
      const data = at + HEADER;
      const next = this.endOf(octets, at);
      const overrun = this.#overrun(at, next, end);
      if (overrun !== undefined) return failure(at, overrun, section, 'option-overrun');
      if (!pads || type !== PADN) {
        const format = this.#byType.get(type);
        const option = { kind: format?.kind };
        const fault = format?.layout.read(octets, data, next, option);
        if (fault !== undefined && format?.malformed === 'refused') {
          const rule = `${format.name} (${what} ${type}): ${fault.rule}`;
          return failure(fault.offset ?? at, rule, format.section, 'option-malformed');
        }
        options.push(
          format === undefined || fault !== undefined
            ? { kind: 'opaque', type, data: octets.slice(data, next) }
            : (option as unknown as Known),
        );
      }
      at = next;
    }
    return { ok: true, value: options };
  }

  /**
   * Writes the options from `start` of `octets`, each at its alignment with the least padding. Returns their end.
   * Throws a RangeError when a value does not fit its field, or the octets do not suffice.
   */
  emit(options: readonly (Known | OpaqueOption)[], octets: Uint8Array, start: number): number {
    let at = start;
    for (const option of options) {
      at = isOpaque(option) ? this.#emitOpaque(option, octets, at) : this.#emitKnown(option, octets, at);
    }
    return at;
  }

  /** Octets that `emit` would write from `start`, padding included. */
  lengthOf(options: readonly (Known | OpaqueOption)[], start: number): number {
    let at = start;
    for (const option of options) {
      if (isOpaque(option)) {
        at += HEADER + option.data.length;
      } else {
        const format = this.#formatOf(option);
        at = aligned(at, alignmentOf(format, option)) + HEADER;
        at += layoutLength(format.layout, option, at);
      }
    }
    return at - start;
  }

  #formatOf({ kind }: Known): AnyOptionFormat {
    const format = this.#byKind.get(kind);
    if (format === undefined) throw new RangeError(`no ${this.#rules.what} of kind ${kind}`);
    return format;
  }

  #emitKnown(option: Known, octets: Uint8Array, start: number): number {
    const format = this.#formatOf(option);
    const at = aligned(start, alignmentOf(format, option));
    const length = layoutLength(format.layout, option, at + HEADER);
    const data = this.#emitHeader(format.type, length, octets, at);
    writePad(octets, start, at);
    format.layout.write(octets, data, option);
    return data + length;
  }

  #emitOpaque({ type, data }: OpaqueOption, octets: Uint8Array, start: number): number {
    const { what, pads } = this.#rules;
    if (pads && (type === PAD1 || type === PADN)) throw new RangeError('a pad is no option');
    const at = this.#emitHeader(type, data.length, octets, start);
    octets.set(data, at);
    const end = at + data.length;
    const format = this.#byType.get(type);
    if (format?.malformed === 'refused' && format.layout.read(octets, at, end, {}) !== undefined) {
      throw new RangeError(`${what} ${type} is malformed`);
    }
    return end;
  }

  #emitHeader(type: number, length: number, octets: Uint8Array, at: number): number {
    const { what, unit } = this.#rules;
    if (!(type >= 0 && type <= 255 && Number.isInteger(type))) throw new RangeError(`${what} type ${type}`);
    const field = unit === undefined ? length - this.#uncounted(type) : (HEADER + length) / unit;
    if (field < 0 || field > LARGEST_LENGTH || !Number.isInteger(field)) {
      throw new RangeError(`${what} ${type}: ${length} octets do not fit`);
    }
    const data = at + HEADER;
    if (data + length > octets.length) throw new RangeError(`no room for ${what} ${type}`);
    octets[at] = type;
    octets[at + 1] = field;
    return data;
  }

  /** Appends every option and pad, with what is wrong about it. */
  show(octets: Uint8Array, start: number, end: number, shown: Field[]): void {
    const { what, section, pads } = this.#rules;
    let at = start;
    while (at < end) {
      const type = octets[at]!;
      if (pads && type === PAD1) {
        shown.push({ name: 'Pad1', offset: at, length: 1, section });
        at++;
        continue;
      }
      const data = at + HEADER;
      const next = this.endOf(octets, at);
      const fault = this.#overrun(at, next, end);
      if (fault !== undefined) {
        shown.push({ ...octetsField(what, octets, at, end), fault, section });
        return;
      }
      const place = { offset: at, length: next - at };
      if (pads && type === PADN) {
        const isZero = octets.subarray(data, next).every(octet => octet === 0);
        const padFault = isZero ? undefined : 'padding is not zero';
        shown.push({ name: 'PadN', ...place, section, fault: padFault });
      } else {
        shown.push(this.#shownOption(type, octets, at, next, place));
      }
      at = next;
    }
  }

  #shownOption(type: number, octets: Uint8Array, at: number, end: number, place: object): Field {
    const { what, names } = this.#rules;
    const data = at + HEADER;
    const format = this.#byType.get(type);
    const number = `${what} ${type}`;
    if (format === undefined) {
      const field = {
        ...octetsField(number, octets, at, end),
        value: hexadecimal(octets.subarray(data, end)),
      };
      const named = names?.[type];
      return named === undefined ? field : { ...field, ...named, meaning: number };
    }
    const fields: Field[] = [];
    format.layout.show(octets, data, end, fields);
    const value = {};
    let fault = format.layout.read(octets, data, end, value)?.rule;
    if (fault === undefined) {
      const [multiple, offset] = alignmentOf(format, value);
      if ((at - offset) % multiple !== 0) fault = `not at ${multiple}n${offset === 0 ? '' : `+${offset}`}`;
    }
    const { name, section } = format;
    return {
      name,
      offset: at,
      length: end - at,
      ...place,
      meaning: number,
      section,
      fields,
      fault,
    };
  }
}

function isOpaque(option: AnyOption): option is OpaqueOption {
  return option.kind === 'opaque';
}
