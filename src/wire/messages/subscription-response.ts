import { bits, flag, unused } from '../layout/bits.ts';
import { u8 } from '../layout/numbers.ts';
import { layout } from '../layout/part.ts';
import { message } from '../message-format.ts';

export const subscriptionResponse = message({
  type: 23,
  kind: 'subscription-response',
  name: 'Subscription Response',
  section: 'RFC 7161 §4.3.2',
  layout: layout(
    u8('sequence'), // that of the query
    bits(1, flag('subscribed', 'I'), unused(7)), // options tell the subscriptions
  ),
});
