import { u16 } from '../layout/numbers.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

export const heartbeatControl = option({
  type: 2,
  kind: 'heartbeat-control',
  name: 'Heartbeat Control',
  section: 'RFC 8127 §3.1.2',
  layout: layout(
    u16('interval'), // seconds
    u16('retransmissionDelay'), // seconds
    u16('maximumRetransmissions'),
  ),
});
