/** The mobility options of a message (RFC 6275 §6.2): their list as octets and as values. Pads are not values. */
import { layoutLength } from './layout.ts';
import { type AlternateCareOfAddress, alternateCareOfAddress } from './options/alternate-care-of-address.ts';
import { type Authentication, authentication } from './options/authentication.ts';
import { type BindingIdentifier, bindingIdentifier } from './options/binding-identifier.ts';
import { type BindingRefreshAdvice, bindingRefreshAdvice } from './options/binding-refresh-advice.ts';
import type { OptionFormat } from './options/format.ts';
import { type MessageId, messageId } from './options/message-id.ts';
import { type MnIdentifier, mnIdentifier } from './options/mn-identifier.ts';
import { type MobileNetworkPrefix, mobileNetworkPrefix } from './options/mobile-network-prefix.ts';
import { PAD1, PADN, writePad } from './pad.ts';
import { failure, type Result } from './result.ts';

type KnownOption =
  | BindingRefreshAdvice
  | AlternateCareOfAddress
  | MobileNetworkPrefix
  | MnIdentifier
  | Authentication
  | MessageId
  | BindingIdentifier;

/** An option of a type that is not known here, or one that `isMalformed`. Re-emitted bit for bit, unaligned. */
export interface OpaqueOption {
  readonly kind: 'opaque';
  readonly type: number;
  /** The octets after Option Length, at most 255. */
  readonly data: Uint8Array;
}

export type MobilityOption = KnownOption | OpaqueOption;

export type {
  AlternateCareOfAddress,
  Authentication,
  BindingIdentifier,
  BindingRefreshAdvice,
  MessageId,
  MnIdentifier,
  MobileNetworkPrefix,
};

const FORMATS: readonly OptionFormat<KnownOption>[] = [
  bindingRefreshAdvice,
  alternateCareOfAddress,
  mobileNetworkPrefix,
  mnIdentifier,
  authentication,
  messageId,
  bindingIdentifier,
];
const byType = new Map(FORMATS.map(format => [format.type, format]));
const byKind = new Map(FORMATS.map(format => [format.kind, format]));

const OPTION_HEADER = 2;
const LONGEST_DATA = 255;

/** The first option of this kind. */
export function findOption<K extends MobilityOption['kind']>(
  options: readonly MobilityOption[],
  kind: K,
): Extract<MobilityOption, { kind: K }> | undefined {
  return options.find((option): option is Extract<MobilityOption, { kind: K }> => option.kind === kind);
}

/**
 * True for an opaque option whose type is known, but whose contents are not what its RFC says and must be
 * answered with a status: 35 (Binding Identifier) with 164, 6 (Mobile Network Prefix) with 141.
 */
export function isMalformed(option: MobilityOption): option is OpaqueOption {
  return option.kind === 'opaque' && byType.has(option.type);
}

/**
 * Reads the options in `octets` from `start` to `end`, where octet 0 is the start of the Mobility Header.
 * Pads are skipped whatever they contain. An option that runs past `end` is an error.
 */
export function parseOptions(octets: Uint8Array, start: number, end: number): Result<MobilityOption[]> {
  const options: MobilityOption[] = [];
  let at = start;
  while (at < end) {
    const type = octets[at]!;
    if (type === PAD1) {
      at++;
      continue;
    }
    const data = at + OPTION_HEADER;
    const next = data + (octets[at + 1] ?? 0);
    if (data > end || next > end) {
      return failure(
        at,
        'a mobility option runs past the Mobility Header',
        'RFC 6275 §6.2.1',
        'option-overrun',
      );
    }
    if (type !== PADN) {
      const option = parseOption(type, octets, data, next);
      if (option === undefined) {
        const { section } = byType.get(type)!;
        return failure(at, `mobility option ${type} is malformed`, section, 'option-malformed');
      }
      options.push(option);
    }
    at = next;
  }
  return { ok: true, value: options };
}

/** Undefined: the layout does not fit and the message must be refused. */
function parseOption(type: number, octets: Uint8Array, at: number, end: number): MobilityOption | undefined {
  const format = byType.get(type);
  if (format !== undefined) {
    const option = { kind: format.kind };
    if (end - at >= format.layout.size && format.layout.read(octets, at, end, option)) {
      return option as KnownOption;
    }
    if (format.malformed === 'refused') return undefined;
  }
  return { kind: 'opaque', type, data: octets.slice(at, end) };
}

/**
 * Writes the options from `start` of `octets`, where octet 0 is the start of the Mobility Header, each at its
 * alignment with the least padding, and pads the end to a multiple of 8. Returns that end.
 * Throws a RangeError when a value does not fit its field, or the octets do not suffice.
 */
export function emitOptions(options: readonly MobilityOption[], octets: Uint8Array, start: number): number {
  let at = start;
  for (const option of options) at = emitOption(option, octets, at);
  const end = (at + 7) & ~7;
  writePad(octets, at, end);
  return end;
}

function emitOption(option: MobilityOption, octets: Uint8Array, start: number): number {
  if (option.kind === 'opaque') {
    if (option.type === PAD1 || option.type === PADN) throw new RangeError('a pad is no option');
    const at = emitHeader(option.type, option.data.length, octets, start);
    octets.set(option.data, at);
    const end = at + option.data.length;
    if (parseOption(option.type, octets, at, end) === undefined) {
      throw new RangeError(`mobility option ${option.type} is malformed`);
    }
    return end;
  }
  const { type, layout, alignment } = byKind.get(option.kind)!;
  const [multiple, offset] = alignment(option);
  const aligned = start + ((offset - start) & (multiple - 1));
  const length = layoutLength(layout, option);
  const at = emitHeader(type, length, octets, aligned);
  writePad(octets, start, aligned);
  layout.write(octets, at, option);
  return at + length;
}

function emitHeader(type: number, length: number, octets: Uint8Array, at: number): number {
  if (!(type >= 0 && type <= 255 && Number.isInteger(type))) throw new RangeError(`option type ${type}`);
  if (length > LONGEST_DATA) throw new RangeError(`mobility option ${type}: ${length} octets do not fit`);
  const data = at + OPTION_HEADER;
  if (data + length > octets.length) throw new RangeError('the Mobility Header is longer than 2048 octets');
  octets[at] = type;
  octets[at + 1] = length;
  return data;
}
