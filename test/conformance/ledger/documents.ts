import type { Document } from './types.ts';

/** Every document with a ledger, in the order of the report. */
export const DOCUMENTS: readonly Document[] = [];
