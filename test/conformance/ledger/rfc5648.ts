import { sections2And3 } from './rfc5648-3.ts';
import { section4 } from './rfc5648-4.ts';
import { section5 } from './rfc5648-5.ts';
import { section6 } from './rfc5648-6.ts';
import { sections7To11 } from './rfc5648-8.ts';
import type { Document } from './types.ts';

export const rfc5648: Document = {
  name: 'rfc5648',
  title: 'RFC 5648, Multiple Care-of Addresses Registration',
  statements: [...sections2And3, ...section4, ...section5, ...section6, ...sections7To11],
};
