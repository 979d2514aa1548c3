import { sections2And3 } from './multiplecoa-00-2.ts';
import { section4 } from './multiplecoa-00-4.ts';
import { section5 } from './multiplecoa-00-5.ts';
import { sections6To8 } from './multiplecoa-00-6.ts';
import { appendixA } from './multiplecoa-00-a.ts';
import type { Document } from './types.ts';

export const multipleCoa00: Document = {
  name: 'multiplecoa-00',
  title: 'draft-ietf-monami6-multiplecoa-00, Multiple Care-of Addresses Registration',
  statements: [...sections2And3, ...section4, ...section5, ...sections6To8, ...appendixA],
};
