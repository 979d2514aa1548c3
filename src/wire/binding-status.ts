/** Status of a Binding Acknowledgement (IANA registry "Status Codes"): the values that somebody gives or acts upon. */
export const STATUS = {
  accepted: 0,
  /** RFC 5648: look at the status of each Binding Identifier option. */
  notComplete: 4,
  unspecified: 128,
  insufficientResources: 130,
  notHomeAgent: 133,
  sequenceOutOfWindow: 135,
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

/**
 * Names of the Binding Acknowledgement status values (IANA registry "Status Codes") that concern a mobile router
 * and its home agent: RFC 6275, 3963, 4285, 4866, 5149 and 5648. Below 128: accepted.
 */
const NAMES: Readonly<Record<number, string>> = {
  0: 'accepted',
  1: 'accepted, prefix discovery necessary',
  4: 'MCOA not complete',
  5: 'MCOA return home without neighbour discovery',
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
  144: 'message-id mismatch',
  145: 'message-id required',
  146: 'authentication failed',
  147: 'permanent home keygen token unavailable',
  148: 'CGA and signature verification failed',
  149: 'permanent home keygen token exists',
  150: 'non-null home nonce index expected',
  151: 'service authorization failed',
  164: 'MCOA malformed',
  165: 'MCOA non-MCOA binding exists',
  166: 'MCOA prohibited',
  167: 'MCOA unknown care-of address',
  168: 'MCOA bulk registration prohibited',
  169: 'MCOA simultaneous home and foreign prohibited',
  174: 'invalid care-of address',
};

/** The name of a status, or `status N` for one that is not in the list. */
export function bindingStatusName(status: number): string {
  return NAMES[status] ?? `status ${status}`;
}
