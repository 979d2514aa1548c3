/** What the comparisons with other people's decoders share. */
import fc from 'fast-check';
import { COMPLETE } from '../../../../src/wire/complete-codec.ts';
import type { MessageOfKind, MobilityMessage } from '../../../../src/wire/mobility-message.ts';
import type { MobilityOption, OptionOfKind } from '../../../../src/wire/mobility-option.ts';

/** What a decoder must show of a value, in its own order and its own words. */
export type Shown<F, V> = (value: V) => readonly F[];

/** By kind. The values of these tables are right; what a decoder does wrong is a defect. */
export type OptionTable<F> = { readonly [K in MobilityOption['kind']]?: Shown<F, OptionOfKind<K>> };
export type MessageTable<F> = { readonly [K in MobilityMessage['kind']]?: Shown<F, MessageOfKind<K>> };

type Value = MobilityOption | MobilityMessage;

/** Something that a decoder does wrong with a kind of option or message, or leaves out. */
export interface Defect {
  readonly kind: Value['kind'];
  readonly effect: Effect;
  readonly reason: string;
}

export type Effect =
  /** The octets of the whole are all that it shows. */
  | 'unknown'
  /** Of what it shows, only the type is right. */
  | 'misread'
  /** It is read, but what follows it is not. */
  | 'rest misread'
  /** A property of the value, by its path, that it does not show. */
  | { readonly hides: string }
  /** A field that is shown like this instead; undefined: not at all. */
  | { readonly field: string; readonly shows: (right: string) => string | undefined }
  /** Values that it cannot read: not generated. */
  | { readonly chokesOn: (value: never) => boolean }
  /** What it says about a correct value begins like this. */
  | { readonly remarks: string };

/** The kind in the table, as a function of any value; undefined when it is not there. */
export function entryOf<F>(
  table: OptionTable<F> | MessageTable<F>,
  kind: string,
): Shown<F, Value> | undefined {
  return (table as Readonly<Record<string, Shown<F, Value> | undefined>>)[kind];
}

export class Defects {
  readonly #list: readonly Defect[];

  constructor(list: readonly Defect[]) {
    this.#list = list;
  }

  has(kind: string, effect: string): boolean {
    return this.#list.some(defect => defect.kind === kind && defect.effect === effect);
  }

  /** The paths that are not shown. */
  hidden(kind: string): string[] {
    return this.#effects(kind).flatMap(effect => ('hides' in effect ? [effect.hides] : []));
  }

  /** The fields as the decoder shows them. */
  spoil<F extends readonly [string, ...unknown[]]>(kind: string, fields: readonly F[]): F[] {
    const spoilt = this.#effects(kind).filter(effect => 'field' in effect);
    return fields.flatMap(field => {
      const [name, right] = field;
      const effect = spoilt.find(({ field }) => field === name);
      if (effect === undefined) return [field];
      const shown = effect.shows(right as string);
      return shown === undefined ? [] : [[name, shown] as unknown as F];
    });
  }

  /** True for a field that is shown in another way than right. */
  isSpoilt(field: string): boolean {
    return this.#list.some(
      ({ effect }) => typeof effect === 'object' && 'field' in effect && effect.field === field,
    );
  }

  remarks(kind: string): string[] {
    return this.#effects(kind).flatMap(effect => ('remarks' in effect ? [effect.remarks] : []));
  }

  /** Those that the decoder can read. */
  readable<V extends Value>(arbitrary: fc.Arbitrary<V>): fc.Arbitrary<V> {
    return arbitrary.filter(value =>
      this.#effects(value.kind).every(
        effect => !('chokesOn' in effect && effect.chokesOn(value as unknown as never)),
      ),
    );
  }

  #effects(kind: string): Exclude<Effect, string>[] {
    return this.#list
      .filter(defect => defect.kind === kind)
      .map(({ effect }) => effect)
      .filter(effect => typeof effect !== 'string');
  }
}

/** What a value holds, without kinds and without the options of a message: `bid`, `prefix.length`, `identifiers.group`. */
export function pathsOf(value: object, prefix = ''): string[] {
  return Object.entries(value).flatMap(([name, inner]) => {
    if (inner === undefined || name === 'kind' || name === 'options') return [];
    const path = prefix + (Array.isArray(value) ? '' : name);
    if (!isStructured(inner)) return [path];
    return pathsOf(inner, Array.isArray(value) ? prefix : `${path}.`);
  });
}

/** The value; every path of it that is read is added to `seen`. */
export function watched<T extends object>(value: T, seen: Set<string>, prefix = ''): T {
  return new Proxy(value, {
    get(target, property) {
      const inner: unknown = Reflect.get(target, property);
      if (typeof property === 'symbol' || typeof inner === 'function') return inner;
      const path = prefix + (Array.isArray(target) ? '' : property);
      seen.add(path);
      if (!isStructured(inner)) return inner;
      return watched(inner, seen, Array.isArray(target) ? prefix : `${path}.`);
    },
  });
}

function isStructured(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
}

/** The same ones for the same seed. */
export function samples<T>(arbitrary: fc.Arbitrary<T>, seed: number, numRuns: number): T[] {
  return fc.sample(arbitrary, { seed, numRuns });
}

/** The Mobility Header of this message, which ends the packet. */
export function mobilityHeader(packet: Uint8Array, message: MobilityMessage): Uint8Array {
  return packet.subarray(packet.length - COMPLETE.emit(message).length);
}

/** The options of the header without pads, each as its octets. */
export function optionOctets(header: Uint8Array): Uint8Array[] {
  const options: Uint8Array[] = [];
  for (let at = COMPLETE.optionsOffset(header)!; at < header.length; ) {
    const next = COMPLETE.options.endOf(header, at);
    if (header[at]! > 1) options.push(header.subarray(at, next));
    at = next;
  }
  return options;
}
