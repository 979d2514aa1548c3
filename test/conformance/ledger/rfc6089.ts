import { section4 } from './rfc6089-4.ts';
import { section5 } from './rfc6089-5.ts';
import { sections53To8 } from './rfc6089-6.ts';
import type { Document } from './types.ts';

export const rfc6089: Document = {
  name: 'rfc6089',
  title: 'RFC 6089, Flow Bindings in Mobile IPv6 and NEMO Basic Support',
  statements: [...section4, ...section5, ...sections53To8],
};
