import { reserved, u8 } from '../layout/numbers.ts';
import { layout } from '../layout/part.ts';
import { message } from '../message-format.ts';

/** Asks a mobile access gateway for the multicast subscriptions of a mobile node. */
export const subscriptionQuery = message({
  type: 22,
  kind: 'subscription-query',
  name: 'Subscription Query',
  section: 'RFC 7161 §4.3.1',
  layout: layout(u8('sequence'), reserved(1)),
});
