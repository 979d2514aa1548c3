/** What is wrong in a decoded packet. */
import type { Field } from '../wire/layout/part.ts';

export interface DecodeFault {
  /** Octets from the start of the packet. */
  readonly offset: number;
  readonly rule: string;
  /** The fields that lead there, outermost first. */
  readonly where: string;
  readonly section: string | undefined;
}

/** All faults in the tree, in wire order. */
export function faultsOf(fields: readonly Field[], where: readonly string[] = []): DecodeFault[] {
  return fields.flatMap(({ name, offset, section, fault, fields: inner }) => {
    const path = [...where, name];
    const own = fault === undefined ? [] : [{ offset, rule: fault, where: path.join(' > '), section }];
    return [...own, ...faultsOf(inner ?? [], path)];
  });
}
