/** The mobility options of a message (RFC 6275 §6.2): those that roles act upon. Pads are not values. */
import { EXPERIMENTAL_OPTION } from './draft/dialect.ts';
import { DRAFT_OPTIONS } from './draft/options.ts';
import type { FURTHER_OPTIONS } from './further-options.ts';
import type { AnyOptionFormat, OpaqueOption, OptionOf } from './option-format.ts';
import { type NamedType, OptionSet } from './option-set.ts';
import { alternateCareOfAddress } from './options/alternate-care-of-address.ts';
import { authentication } from './options/authentication.ts';
import { bindingAuthorizationData } from './options/binding-authorization-data.ts';
import { bindingAuthorizationDataFmipv6 } from './options/binding-authorization-data-fmipv6.ts';
import { bindingIdentifier } from './options/binding-identifier.ts';
import { bindingRefreshAdvice } from './options/binding-refresh-advice.ts';
import { flowIdentification } from './options/flow-identification.ts';
import { flowSummary } from './options/flow-summary.ts';
import { greKey } from './options/gre-key.ts';
import { messageId } from './options/message-id.ts';
import { mhLinkLayerAddress } from './options/mh-link-layer-address.ts';
import { mnIdentifier } from './options/mn-identifier.ts';
import { mobileNetworkPrefix } from './options/mobile-network-prefix.ts';
import { nonceIndices } from './options/nonce-indices.ts';

/** Of IANA's "Mobility Options", by number. The others are in `further-options.ts`: to a role they are unknown. */
const FORMATS = [
  bindingRefreshAdvice,
  alternateCareOfAddress,
  nonceIndices,
  bindingAuthorizationData,
  mobileNetworkPrefix,
  mhLinkLayerAddress,
  mnIdentifier,
  authentication,
  messageId,
  // Its length leaves out some octets: without it what follows would be looked for in the wrong place.
  bindingAuthorizationDataFmipv6,
  greKey,
  bindingIdentifier,
  flowSummary,
  flowIdentification,
] as const;

type KnownOption = OptionOf<(typeof FORMATS | typeof FURTHER_OPTIONS)[number]>;
type DraftOption = OptionOf<(typeof DRAFT_OPTIONS)[number]>;
type StructuredOption = KnownOption | DraftOption;
export type MobilityOption = StructuredOption | OpaqueOption;

/** The option of this kind. */
export type OptionOfKind<K extends MobilityOption['kind']> = Extract<MobilityOption, { kind: K }>;
export type { OpaqueOption };

/** Numbers of the drafts' own options, by kind; those without are unknown. */
export type DraftOptionNumbers = Readonly<Partial<Record<DraftOption['kind'], number | undefined>>>;

/** Formats beside those that roles act upon, and the names of types without a format. */
export interface FurtherOptions {
  readonly formats: readonly AnyOptionFormat[];
  readonly names: Readonly<Record<number, NamedType>>;
}

/** The reader and writer of mobility options. Throws a RangeError when a draft's number is taken. */
export function mobilityOptions(
  numbers: DraftOptionNumbers = {},
  { formats, names }: FurtherOptions = { formats: [], names: {} },
): OptionSet<StructuredOption> {
  const drafts = DRAFT_OPTIONS.flatMap(format => {
    const type = numbers[format.kind];
    return type === undefined ? [] : [{ ...format, type }];
  });
  const rules = { what: 'mobility option', section: 'RFC 6275 §6.2.1', pads: true, names };
  const isReplaced = (type: number) =>
    type === EXPERIMENTAL_OPTION && drafts.some(draft => draft.type === type);
  return new OptionSet(rules, [...FORMATS, ...formats.filter(({ type }) => !isReplaced(type)), ...drafts]);
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
 * answer with a status: 35 (Binding Identifier) with 164, 6 (Mobile Network Prefix) with 141, 45 (Flow Identification)
 * with 130 in its own Status field.
 */
export function isMalformed(option: MobilityOption): option is OpaqueOption {
  return option.kind === 'opaque' && FORMATS.some(format => format.type === option.type);
}
