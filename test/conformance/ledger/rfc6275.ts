import { section8 } from './rfc6275-8.ts';
import { section9 } from './rfc6275-9.ts';
import { section10 } from './rfc6275-10.ts';
import { section11 } from './rfc6275-11.ts';
import type { Document } from './types.ts';

export const rfc6275: Document = {
  name: 'rfc6275',
  title: 'Mobility Support in IPv6, sections 8 to 11',
  statements: [...section8, ...section9, ...section10, ...section11],
};
