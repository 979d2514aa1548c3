/** The mobility options of a message (RFC 6275 §6.2): their registry. Pads are not values. */
import { DRAFT_OPTIONS } from './draft/options.ts';
import { type OpaqueOption, type OptionOf, OptionSet } from './option-set.ts';
import { alternateCareOfAddress } from './options/alternate-care-of-address.ts';
import { authentication } from './options/authentication.ts';
import { bindingIdentifier } from './options/binding-identifier.ts';
import { bindingRefreshAdvice } from './options/binding-refresh-advice.ts';
import { messageId } from './options/message-id.ts';
import { mnIdentifier } from './options/mn-identifier.ts';
import { mobileNetworkPrefix } from './options/mobile-network-prefix.ts';

/** IANA "Mobility Options", by number. */
const FORMATS = [
  bindingRefreshAdvice,
  alternateCareOfAddress,
  mobileNetworkPrefix,
  mnIdentifier,
  authentication,
  messageId,
  bindingIdentifier,
] as const;

type KnownOption = OptionOf<(typeof FORMATS)[number]>;
type DraftOption = OptionOf<(typeof DRAFT_OPTIONS)[number]>;
type StructuredOption = KnownOption | DraftOption;
export type MobilityOption = StructuredOption | OpaqueOption;

/** The option of this kind. */
export type OptionOfKind<K extends MobilityOption['kind']> = Extract<MobilityOption, { kind: K }>;
export type { OpaqueOption };

/** Types above it are unassigned (November 2026). */
export const LAST_ASSIGNED_OPTION = 70;

/** Numbers of the drafts' own options, by kind; those without are unknown. */
export type DraftOptionNumbers = Readonly<Partial<Record<DraftOption['kind'], number>>>;

/** The reader and writer of mobility options. Throws a RangeError when a draft's number is taken. */
export function mobilityOptions(numbers: DraftOptionNumbers = {}): OptionSet<StructuredOption> {
  const drafts = DRAFT_OPTIONS.flatMap(format => {
    const type = numbers[format.kind];
    return type === undefined ? [] : [{ ...format, type }];
  });
  const rules = { what: 'mobility option', section: 'RFC 6275 §6.2.1', pads: true };
  return new OptionSet(rules, [...FORMATS, ...drafts]);
}

/** The first option of this kind. */
export function findOption<K extends MobilityOption['kind']>(
  options: readonly MobilityOption[],
  kind: K,
): OptionOfKind<K> | undefined {
  return options.find((option): option is OptionOfKind<K> => option.kind === kind);
}

/**
 * True for an opaque option of a known type, whose contents are not what its RFC says and which some messages must
 * answer with a status: 35 (Binding Identifier) with 164, 6 (Mobile Network Prefix) with 141.
 */
export function isMalformed(option: MobilityOption): option is OpaqueOption {
  return option.kind === 'opaque' && FORMATS.some(format => format.type === option.type);
}
