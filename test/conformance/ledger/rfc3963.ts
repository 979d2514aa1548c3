import { sections1To4 } from './rfc3963-3.ts';
import { section5 } from './rfc3963-5.ts';
import { section6 } from './rfc3963-6.ts';
import { sections7ToB } from './rfc3963-7.ts';
import type { Document } from './types.ts';

export const rfc3963: Document = {
  name: 'rfc3963',
  title: 'RFC 3963, Network Mobility (NEMO) Basic Support Protocol',
  statements: [...sections1To4, ...section5, ...section6, ...sections7ToB],
};
