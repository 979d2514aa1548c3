/** Status values of Binding Acknowledgements that a home agent gives (IANA registry). */
export const STATUS = {
  accepted: 0,
  /** RFC 5648: look at the status of each Binding Identifier option. */
  notComplete: 4,
  unspecified: 128,
  prohibited: 129,
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
  mcoaUnknownCareOfAddress: 167,
  simultaneousHomeProhibited: 169,
  invalidCareOfAddress: 174,
} as const;
