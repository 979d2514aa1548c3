import type { BindingUpdate } from './mobility-message.ts';

/** Status of a Binding Acknowledgement (IANA registry "Status Codes"): the values that somebody gives or acts upon. */
export const STATUS = {
  accepted: 0,
  prefixDiscoveryNecessary: 1,
  /** RFC 5648: look at the status of each Binding Identifier option. */
  notComplete: 4,
  returnHomeWithoutNeighborDiscovery: 5,
  unspecified: 128,
  administrativelyProhibited: 129,
  insufficientResources: 130,
  homeRegistrationNotSupported: 131,
  notHomeSubnet: 132,
  notHomeAgent: 133,
  duplicateAddress: 134,
  sequenceOutOfWindow: 135,
  expiredHomeNonce: 136,
  expiredCareOfNonce: 137,
  expiredNonces: 138,
  registrationTypeChange: 139,
  mobileRouterNotPermitted: 140,
  invalidPrefix: 141,
  notAuthorizedForPrefix: 142,
  forwardingSetupFailed: 143,
  idMismatch: 144,
  messageIdRequired: 145,
  authenticationFailed: 146,
  mcoaMalformed: 164,
  nonMcoaBindingExists: 165,
  mcoaProhibited: 166,
  mcoaUnknownCareOfAddress: 167,
  bulkProhibited: 168,
  simultaneousHomeProhibited: 169,
  invalidCareOfAddress: 174,
} as const;

/** Names of the Binding Acknowledgement status values (IANA registry "Status Codes"). Below 128: accepted. */
export const BINDING_STATUS_NAMES: Readonly<Record<number, string>> = {
  0: 'accepted',
  1: 'accepted, prefix discovery necessary',
  2: 'GRE key option not required',
  3: 'GRE tunneling but TLV header not supported',
  4: 'MCOA not complete',
  5: 'MCOA return home without neighbour discovery',
  6: 'PBU accepted, Transient Binding ignored: settings mismatch',
  128: 'reason unspecified',
  129: 'administratively prohibited',
  130: 'insufficient resources',
  131: 'home registration not supported',
  132: 'not home subnet',
  133: 'not home agent for this mobile node',
  134: 'duplicate address detection failed',
  135: 'sequence number out of window',
  136: 'expired home nonce index',
  137: 'expired care-of nonce index',
  138: 'expired nonces',
  139: 'registration type change disallowed',
  140: 'mobile router operation not permitted',
  141: 'invalid prefix',
  142: 'not authorized for prefix',
  143: 'forwarding setup failed',
  144: 'message-id mismatch', // or, without that protocol, as `meaningOf144` says
  145: 'message-id required',
  146: 'authentication failed',
  147: 'permanent home keygen token unavailable',
  148: 'CGA and signature verification failed',
  149: 'permanent home keygen token exists',
  150: 'non-null home nonce index expected',
  151: 'service authorization failed',
  152: 'proxy registration not enabled',
  153: 'not LMA for this mobile node',
  154: 'MAG not authorized for proxy registration',
  155: 'not authorized for home network prefix',
  156: 'timestamp mismatch',
  157: 'timestamp lower than previously accepted',
  158: 'missing Home Network Prefix option',
  159: 'BCE and PBU prefix sets do not match',
  160: 'missing Mobile Node Identifier option',
  161: 'missing Handoff Indicator option',
  162: 'missing Access Technology Type option',
  163: 'GRE Key option required',
  164: 'MCOA malformed',
  165: 'MCOA non-MCOA binding exists',
  166: 'MCOA prohibited',
  167: 'MCOA unknown care-of address',
  168: 'MCOA bulk registration prohibited',
  169: 'MCOA simultaneous home and foreign prohibited',
  170: 'not authorized for IPv4 mobility service',
  171: 'not authorized for IPv4 home address',
  172: 'not authorized for IPv6 mobility service',
  173: 'multiple IPv4 home address assignment not supported',
  174: 'invalid care-of address',
  175: 'invalid mobile node group identifier',
  176: 're-initialise the security association with the home agent controller',
  177: 'not authorized for delegated mobile network prefix',
  178: 'requested delegated mobile network prefix in use',
  179: 'cannot meet QoS service request',
  180: 'cannot support multipath binding',
};

/** The name of a status, or `status N` for one that is not in the list. */
export function bindingStatusName(status: number): string {
  return BINDING_STATUS_NAMES[status] ?? `status ${status}`;
}

/**
 * What a refusal with status 144 says: RFC 4285 has that number for a message identifier that mismatches, and RFC 5555
 * §4.5 uses it as well, for a home agent that refuses the UDP encapsulation which F asks for.
 * @param update the Binding Update that is answered
 */
export function meaningOf144({
  forceUdp,
  options,
}: BindingUpdate): 'id-mismatch' | 'udp-encapsulation-refused' {
  const hasAuthentication = options.some(({ kind }) => kind === 'authentication');
  return forceUdp === true && !hasAuthentication ? 'udp-encapsulation-refused' : 'id-mismatch';
}
