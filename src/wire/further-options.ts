/** Mobility options that no role of kedge acts upon: only what shows packets to people knows them. */
import { accessNetworkIdentifier } from './options/access-network-identifier.ts';
import { accessTechnologyType } from './options/access-technology-type.ts';
import { activeMulticastSubscriptionIpv4 } from './options/active-multicast-subscription-ipv4.ts';
import { activeMulticastSubscriptionIpv6 } from './options/active-multicast-subscription-ipv6.ts';
import { anchoredPrefix } from './options/anchored-prefix.ts';
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
import { mhIpv6AddressPrefix } from './options/mh-ipv6-address-prefix.ts';
import { mnGroupIdentifier } from './options/mn-group-identifier.ts';
import { mnLinkLayerIdentifier } from './options/mn-link-layer-identifier.ts';
import { mnLlaIid } from './options/mn-lla-iid.ts';
import { natDetection } from './options/nat-detection.ts';
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

/** By number. */
export const FURTHER_OPTIONS = [
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
  mhIpv6AddressPrefix,
  ipv4HomeAddressRequest,
  ipv4HomeAddressReply,
  ipv4DefaultRouterAddress,
  ipv4DhcpSupportMode,
  contextRequest,
  lmaAddress,
  mnLlaIid,
  transientBinding,
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
