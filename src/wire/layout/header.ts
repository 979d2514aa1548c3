/** The headers of a packet. */
import { layout, type Part } from './part.ts';

/** A layout with the name and the place that a reader of a packet knows it by. */
export type Header<T> = Part<T> & {
  readonly name: string;
  readonly section: string;
};

/** The parts one after the other, as in `layout`. */
export function header<const P extends readonly Part<object>[]>(name: string, section: string, ...parts: P) {
  return { ...layout(...parts), name, section };
}
