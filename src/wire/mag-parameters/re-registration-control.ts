import { fourSeconds, u16 } from '../layout/numbers.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

export const reRegistrationControl = option({
  type: 1,
  kind: 're-registration-control',
  name: 'Binding Re-registration Control',
  section: 'RFC 8127 §3.1.1',
  layout: layout(
    fourSeconds('startTime'), // before the binding expires
    u16('initialRetransmissionTime'), // seconds
    u16('maximumRetransmissionTime'), // seconds
  ),
});
