/** The mobility options of a message (RFC 6275 §6.2): their registry. Pads are not values. */
import { DRAFT_OPTIONS } from './draft/options.ts';
import { OPAQUE_OPTIONS } from './opaque-options.ts';
import type { OpaqueOption, OptionOf } from './option-format.ts';
import { OptionSet } from './option-set.ts';
import { accessNetworkIdentifier } from './options/access-network-identifier.ts';
import { accessTechnologyType } from './options/access-technology-type.ts';
import { activeMulticastSubscriptionIpv4 } from './options/active-multicast-subscription-ipv4.ts';
import { activeMulticastSubscriptionIpv6 } from './options/active-multicast-subscription-ipv6.ts';
import { alternateCareOfAddress } from './options/alternate-care-of-address.ts';
import { anchoredPrefix } from './options/anchored-prefix.ts';
import { authentication } from './options/authentication.ts';
import { bindingAuthorizationData } from './options/binding-authorization-data.ts';
import { bindingAuthorizationDataFmipv6 } from './options/binding-authorization-data-fmipv6.ts';
import { bindingIdentifier } from './options/binding-identifier.ts';
import { bindingRefreshAdvice } from './options/binding-refresh-advice.ts';
import { careOfTest } from './options/care-of-test.ts';
import { careOfTestInit } from './options/care-of-test-init.ts';
import { cgaParameters } from './options/cga-parameters.ts';
import { cgaParametersRequest } from './options/cga-parameters-request.ts';
import { contextRequest } from './options/context-request.ts';
import { delegatedMobileNetworkPrefix } from './options/delegated-mobile-network-prefix.ts';
import { dlifLinkLayerAddress } from './options/dlif-link-layer-address.ts';
import { dlifLinkLocalAddress } from './options/dlif-link-local-address.ts';
import { dnsUpdate } from './options/dns-update.ts';
import { experimental } from './options/experimental.ts';
import { flowIdentification } from './options/flow-identification.ts';
import { flowSummary } from './options/flow-summary.ts';
import { greKey } from './options/gre-key.ts';
import { handoffIndicator } from './options/handoff-indicator.ts';
import { homeNetworkPrefix } from './options/home-network-prefix.ts';
import { ipv4AddressAcknowledgement } from './options/ipv4-address-acknowledgement.ts';
import { ipv4CareOfAddress } from './options/ipv4-care-of-address.ts';
import { ipv4DefaultRouterAddress } from './options/ipv4-default-router-address.ts';
import { ipv4DhcpSupportMode } from './options/ipv4-dhcp-support-mode.ts';
import { ipv4HomeAddress } from './options/ipv4-home-address.ts';
import { ipv4HomeAddressReply } from './options/ipv4-home-address-reply.ts';
import { ipv4HomeAddressRequest } from './options/ipv4-home-address-request.ts';
import { linkLocalAddress } from './options/link-local-address.ts';
import { lmaAddress } from './options/lma-address.ts';
import { lmaControlledMagParameters } from './options/lma-controlled-mag-parameters.ts';
import { lmaUserPlaneAddress } from './options/lma-user-plane-address.ts';
import { localPrefix } from './options/local-prefix.ts';
import { magIdentifier } from './options/mag-identifier.ts';
import { magIpv6Address } from './options/mag-ipv6-address.ts';
import { magMultipathBinding } from './options/mag-multipath-binding.ts';
import { messageId } from './options/message-id.ts';
import { mhIpv6AddressPrefix } from './options/mh-ipv6-address-prefix.ts';
import { mhLinkLayerAddress } from './options/mh-link-layer-address.ts';
import { mnGroupIdentifier } from './options/mn-group-identifier.ts';
import { mnIdentifier } from './options/mn-identifier.ts';
import { mnLinkLayerIdentifier } from './options/mn-link-layer-identifier.ts';
import { mnLlaIid } from './options/mn-lla-iid.ts';
import { mobileNetworkPrefix } from './options/mobile-network-prefix.ts';
import { natDetection } from './options/nat-detection.ts';
import { nonceIndices } from './options/nonce-indices.ts';
import { permanentHomeKeygenToken } from './options/permanent-home-keygen-token.ts';
import { previousMaar } from './options/previous-maar.ts';
import { qualityOfService } from './options/quality-of-service.ts';
import { restartCounter } from './options/restart-counter.ts';
import { serviceSelection } from './options/service-selection.ts';
import { servingMaar } from './options/serving-maar.ts';
import { signature } from './options/signature.ts';
import { timestamp } from './options/timestamp.ts';
import { transientBinding } from './options/transient-binding.ts';
import { vendorSpecific } from './options/vendor-specific.ts';

/** IANA "Mobility Options", by number. */
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
  cgaParametersRequest,
  cgaParameters,
  signature,
  permanentHomeKeygenToken,
  careOfTestInit,
  careOfTest,
  dnsUpdate,
  experimental,
  vendorSpecific,
  serviceSelection,
  bindingAuthorizationDataFmipv6,
  homeNetworkPrefix,
  handoffIndicator,
  accessTechnologyType,
  mnLinkLayerIdentifier,
  linkLocalAddress,
  timestamp,
  restartCounter,
  ipv4HomeAddress,
  ipv4AddressAcknowledgement,
  natDetection,
  ipv4CareOfAddress,
  greKey,
  mhIpv6AddressPrefix,
  bindingIdentifier,
  ipv4HomeAddressRequest,
  ipv4HomeAddressReply,
  ipv4DefaultRouterAddress,
  ipv4DhcpSupportMode,
  contextRequest,
  lmaAddress,
  mnLlaIid,
  transientBinding,
  flowSummary,
  flowIdentification,
  mnGroupIdentifier,
  magIpv6Address,
  accessNetworkIdentifier,
  delegatedMobileNetworkPrefix,
  activeMulticastSubscriptionIpv4,
  activeMulticastSubscriptionIpv6,
  qualityOfService,
  lmaUserPlaneAddress,
  lmaControlledMagParameters,
  magMultipathBinding,
  magIdentifier,
  anchoredPrefix,
  localPrefix,
  previousMaar,
  servingMaar,
  dlifLinkLocalAddress,
  dlifLinkLayerAddress,
] as const;

type KnownOption = OptionOf<(typeof FORMATS)[number]>;
type DraftOption = OptionOf<(typeof DRAFT_OPTIONS)[number]>;
type StructuredOption = KnownOption | DraftOption;
export type MobilityOption = StructuredOption | OpaqueOption;

/** The option of this kind. */
export type OptionOfKind<K extends MobilityOption['kind']> = Extract<MobilityOption, { kind: K }>;
export type { OpaqueOption };

/** Numbers of the drafts' own options, by kind; those without are unknown. */
export type DraftOptionNumbers = Readonly<Partial<Record<DraftOption['kind'], number | undefined>>>;

/** A draft may use its number instead (RFC 5096 §4). */
export const EXPERIMENTAL_OPTION = experimental.type;

/** The reader and writer of mobility options. Throws a RangeError when a draft's number is taken. */
export function mobilityOptions(numbers: DraftOptionNumbers = {}): OptionSet<StructuredOption> {
  const drafts = DRAFT_OPTIONS.flatMap(format => {
    const type = numbers[format.kind];
    return type === undefined ? [] : [{ ...format, type }];
  });
  const rules = { what: 'mobility option', section: 'RFC 6275 §6.2.1', pads: true, names: OPAQUE_OPTIONS };
  const isReplaced = (type: number) =>
    type === EXPERIMENTAL_OPTION && drafts.some(draft => draft.type === type);
  return new OptionSet(rules, [...FORMATS.filter(({ type }) => !isReplaced(type)), ...drafts]);
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
