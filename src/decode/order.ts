/** Mobility options that have a place in the list. */
import type { Field } from '../wire/layout/part.ts';

const isPad = ({ name }: Field): boolean => name === 'Pad1' || name === 'PadN';

/** What may follow these options, by name. */
const LAST: Readonly<Record<string, { readonly mayFollow: readonly string[]; readonly rule: string }>> = {
  'Binding Authorization Data': { mayFollow: [], rule: 'is not the last option (RFC 6275 §6.2.7)' },
  'Mobility Message Authentication': {
    mayFollow: ['Mobility Message Authentication'],
    rule: 'is followed by options that it does not protect (RFC 4285 §5)',
  },
};

/** The fields, with a fault at each option that must be last and is not. */
export function orderFaults(fields: readonly Field[]): Field[] {
  return fields.map((field, index) => {
    const place = LAST[field.name];
    if (place === undefined || field.fault !== undefined) return field;
    const followers = fields.slice(index + 1).filter(next => !isPad(next));
    return followers.every(next => place.mayFollow.includes(next.name))
      ? field
      : { ...field, fault: place.rule };
  });
}
