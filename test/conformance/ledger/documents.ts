import { analysis01 } from './analysis-01.ts';
import { mmi02 } from './mmi-02.ts';
import { multipleCoa00 } from './multiplecoa-00.ts';
import { rfc3963 } from './rfc3963.ts';
import { rfc5648 } from './rfc5648.ts';
import { rfc6088 } from './rfc6088.ts';
import { rfc6089 } from './rfc6089.ts';
import { rfc6275 } from './rfc6275.ts';
import { tahi } from './tahi.ts';
import type { Document } from './types.ts';

/** Every document with a ledger, in the order of the report. */
export const DOCUMENTS: readonly Document[] = [
  multipleCoa00,
  rfc5648,
  rfc6089,
  rfc6088,
  mmi02,
  analysis01,
  rfc3963,
  rfc6275,
  tahi,
];
