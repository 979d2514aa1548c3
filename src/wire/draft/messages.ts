/** Messages of Internet-Drafts that never got a number. */
import { genericSignalingAcknowledgement, genericSignalingRequest } from './generic-signaling.ts';

export const DRAFT_MESSAGES = [genericSignalingRequest, genericSignalingAcknowledgement] as const;
