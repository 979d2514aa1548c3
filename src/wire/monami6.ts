/**
 * The BID sub-option of draft-ietf-monami6-multiplecoa-00 §4.3.1, for peers that speak the draft. Its type was
 * never assigned and comes from the configuration, so messages carry it as an opaque option.
 */
import type { Address } from './address.ts';
import { flags, layout, layoutLength, optionalAddress, u8, u16 } from './layout.ts';
import type { OpaqueOption } from './mobility-option.ts';

export interface Monami6Binding {
  /** 1..65535; 0 is reserved. */
  readonly bid: number;
  /** In a Binding Update the priority: higher is preferred, 0 is none. In an acknowledgement the status. */
  readonly priorityOrStatus: number;
  /** R: remove this binding; only with a care-of address (bulk registration). */
  readonly removable: boolean;
  /** Present: C is set. */
  readonly careOfAddress: Address | undefined;
}

const format = layout(
  u16('bid'),
  u8('priorityOrStatus'),
  flags(1, { hasCareOfAddress: 0x80, removable: 0x40 }),
  optionalAddress('careOfAddress'),
);

/** Undefined when the length is not the one that C asks for: 4 or 20 octets. */
export function parseMonami6Binding({ data }: OpaqueOption): Monami6Binding | undefined {
  const value = {} as Monami6Binding & { hasCareOfAddress: boolean };
  if (data.length < format.size || !format.read(data, 0, data.length, value)) return undefined;
  const { hasCareOfAddress, ...binding } = value;
  return hasCareOfAddress === (binding.careOfAddress !== undefined) ? binding : undefined;
}

/** Throws a RangeError when a value does not fit its field. */
export function emitMonami6Binding(type: number, binding: Monami6Binding): OpaqueOption {
  const value = { ...binding, hasCareOfAddress: binding.careOfAddress !== undefined };
  const data = new Uint8Array(layoutLength(format, value));
  format.write(data, 0, value);
  return { kind: 'opaque', type, data };
}
