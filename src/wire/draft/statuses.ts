/** Binding Acknowledgement statuses of draft-ietf-monami6-multiplecoa-00 §4.3.3: it uses numbers that it calls TBD. */
export const DRAFT_STATUSES = [
  { kind: 'mcoa-conflict', name: 'MCOA CONFLICT' },
  { kind: 'bulk-registration-fail', name: 'BULK REGISTRATION FAIL' },
  { kind: 'bulk-registration-not-support', name: 'BULK REGISTRATION NOT SUPPORT' },
] as const;

/** Numbers of these statuses, by kind. */
export type DraftStatusNumbers = Readonly<
  Partial<Record<(typeof DRAFT_STATUSES)[number]['kind'], number | undefined>>
>;
