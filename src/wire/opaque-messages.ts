import type { NamedType } from './option-set.ts';

/** Messages that are kept as octets: nobody here acts upon them. By MH Type. */
export const OPAQUE_MESSAGES: Readonly<Record<number, NamedType>> = {
  8: { name: 'Fast Binding Update', section: 'RFC 5568 §6.2.2' },
  9: { name: 'Fast Binding Acknowledgment', section: 'RFC 5568 §6.2.3' },
  10: { name: 'Fast Neighbor Advertisement', section: 'RFC 5568 §8' }, // where it is deprecated
  11: { name: 'Experimental Mobility Header', section: 'RFC 5096 §3' },
};
