/** Fields that must agree with each other. */
import type { Part } from './part.ts';

/** A layout and the rule that its value breaks, if any: refused when it is read, a RangeError when it is written. */
export function agreeing<T extends object>(
  format: Part<T>,
  broken: (value: T) => string | undefined,
): Part<T> {
  return {
    ...format,
    read(octets, at, end, into) {
      const fault = format.read(octets, at, end, into);
      if (fault !== undefined) return fault;
      const rule = broken(into as T);
      return rule === undefined ? undefined : { rule };
    },
    write(octets, at, value) {
      const rule = broken(value);
      if (rule !== undefined) throw new RangeError(rule);
      format.write(octets, at, value);
    },
  };
}
