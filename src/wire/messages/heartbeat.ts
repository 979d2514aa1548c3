import { flags, layout, u32 } from '../layout.ts';
import type { MobilityOption } from '../mobility-option.ts';
import type { MessageFormat } from './format.ts';

/** RFC 5847 §3.3. */
export interface Heartbeat {
  readonly kind: 'heartbeat';
  /** R */
  readonly response: boolean;
  /** U: a response that nobody asked for. */
  readonly unsolicited: boolean;
  /** 32 bits; a response carries that of its request. */
  readonly sequence: number;
  readonly options: readonly MobilityOption[];
}

export const heartbeat: MessageFormat<Heartbeat> = {
  type: 13,
  kind: 'heartbeat',
  section: 'RFC 5847 §3.3',
  layout: layout(flags(2, { unsolicited: 0x0002, response: 0x0001 }), u32('sequence')),
};
