import { multipleCoa00 } from './multiplecoa-00.ts';
import { rfc5648 } from './rfc5648.ts';
import type { Document } from './types.ts';

/** Every document with a ledger, in the order of the report. */
export const DOCUMENTS: readonly Document[] = [multipleCoa00, rfc5648];
