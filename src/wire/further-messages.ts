/** Messages that no role of kedge acts upon: only what shows packets to people knows them. */
import { bindingRevocation } from './messages/binding-revocation.ts';
import { flowBinding } from './messages/flow-binding.ts';
import { handoverAcknowledge } from './messages/handover-acknowledge.ts';
import { handoverInitiate } from './messages/handover-initiate.ts';
import { homeAgentSwitch } from './messages/home-agent-switch.ts';
import { localizedRoutingAcknowledgment } from './messages/localized-routing-acknowledgment.ts';
import { localizedRoutingInitiation } from './messages/localized-routing-initiation.ts';
import { subscriptionQuery } from './messages/subscription-query.ts';
import { subscriptionResponse } from './messages/subscription-response.ts';
import { updateNotification } from './messages/update-notification.ts';
import { updateNotificationAcknowledgement } from './messages/update-notification-acknowledgement.ts';

/** By number. */
export const FURTHER_MESSAGES = [
  homeAgentSwitch,
  handoverInitiate,
  handoverAcknowledge,
  bindingRevocation,
  localizedRoutingInitiation,
  localizedRoutingAcknowledgment,
  updateNotification,
  updateNotificationAcknowledgement,
  flowBinding,
  subscriptionQuery,
  subscriptionResponse,
] as const;
