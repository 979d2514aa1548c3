/** Lists of DHCPv6 options (RFC 8415 §21.1): 16 bits of code, 16 of length, data; no alignment. */
import { layoutLength, type Part } from '../layout/part.ts';
import type { AnyOptionFormat, OpaqueOption } from '../option-format.ts';
import { failure, type Result } from '../result.ts';

const HEADER = 4;
const SECTION = 'RFC 8415 §21.1';

/** The options that may stand in one place; others are opaque there. */
export class OptionList<Known extends { readonly kind: string }> {
  readonly #formats: readonly AnyOptionFormat[];

  constructor(formats: readonly AnyOptionFormat[]) {
    this.#formats = formats;
  }

  /** Reads all octets from `start` to `end`. An option that its layout does not fit is opaque. */
  parse(octets: Uint8Array, start: number, end: number): Result<(Known | OpaqueOption)[]> {
    const options: (Known | OpaqueOption)[] = [];
    for (let at = start; at < end; ) {
      const data = at + HEADER;
      const next = data + (number16(octets, at + 2) || 0);
      if (data > end || next > end)
        return failure(at, 'an option runs past its end', SECTION, 'option-overrun');
      const type = number16(octets, at);
      const format = this.#formats.find(candidate => candidate.type === type);
      const option = { kind: format?.kind };
      const isKnown = format !== undefined && format.layout.read(octets, data, next, option) === undefined;
      options.push(
        isKnown ? (option as unknown as Known) : { kind: 'opaque', type, data: octets.slice(data, next) },
      );
      at = next;
    }
    return { ok: true, value: options };
  }

  lengthOf(options: readonly (Known | OpaqueOption)[]): number {
    return options.reduce((sum, option) => sum + HEADER + this.#dataLength(option), 0);
  }

  /** Throws a RangeError when a value does not fit its field. */
  emit(options: readonly (Known | OpaqueOption)[], octets: Uint8Array, start: number): void {
    let at = start;
    for (const option of options) {
      const { type, layout } = this.#formatOf(option);
      const length = this.#dataLength(option);
      if (type > 0xffff || length > 0xffff) throw new RangeError(`option ${type} of ${length} octets`);
      octets.set([type >> 8, type & 0xff, length >> 8, length & 0xff], at);
      if (isOpaque(option)) octets.set(option.data, at + HEADER);
      else layout!.write(octets, at + HEADER, option);
      at += HEADER + length;
    }
  }

  #formatOf(option: Known | OpaqueOption): { readonly type: number; readonly layout?: Part<object> } {
    if (isOpaque(option)) return { type: option.type };
    const format = this.#formats.find(({ kind }) => kind === option.kind);
    if (format === undefined) throw new RangeError(`no ${option.kind} option here`);
    return format;
  }

  #dataLength(option: Known | OpaqueOption): number {
    return isOpaque(option) ? option.data.length : layoutLength(this.#formatOf(option).layout!, option);
  }
}

/** Options within an option, or behind the fields of a message, up to its end. */
export function optionsIn<Known extends { readonly kind: string }>(
  list: OptionList<Known>,
): Part<{ readonly options: readonly (Known | OpaqueOption)[] }> {
  return {
    size: 0,
    tail: ({ options }) => list.lengthOf(options),
    read(octets, at, end, into) {
      const options = list.parse(octets, at, end);
      if (!options.ok) return options.error;
      Object.assign(into, { options: options.value });
      return undefined;
    },
    write(octets, at, { options }) {
      list.emit(options, octets, at);
    },
    // `kedge decode` leaves DHCPv6 to the analysers of all packets.
    show() {},
  };
}

function isOpaque(option: { readonly kind: string }): option is OpaqueOption {
  return option.kind === 'opaque';
}

const number16 = (octets: Uint8Array, at: number): number => (octets[at]! << 8) | octets[at + 1]!;
