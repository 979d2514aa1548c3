/** What a Binding Acknowledgement means for the bindings it answers (RFC 6275 §11.7.3, RFC 5648 §5.7, RFC 3963 §5.4). */
import type { MobilityMessage } from '../../wire/mobility-message.ts';

export type BindingAcknowledgement = Extract<MobilityMessage, { kind: 'binding-acknowledgement' }>;

/** Status values that the mobile router acts upon (numbers as in the IANA registry). */
export const STATUS = {
  notComplete: 4,
  notHomeAgent: 133,
  sequenceOutOfWindow: 135,
  idMismatch: 144,
  messageIdRequired: 145,
  authenticationFailed: 146,
  nonMcoaBindingExists: 165,
  mcoaProhibited: 166,
  unknownCareOfAddress: 167,
  bulkProhibited: 168,
  /** Not on the wire: accepted, but without the R flag, so no prefix is forwarded. */
  mobileRouterIgnored: 256,
  /** Not on the wire: accepted with lifetime 0. */
  zeroLifetime: 257,
} as const;

export type Verdict =
  | { readonly kind: 'accepted'; readonly status: number }
  /** Correct the named thing and send again at once. */
  | { readonly kind: 'correct'; readonly what: 'sequence' | 'clock' | 'timestamp' | 'overwrite' | 'address' }
  /** Stop using this extension with the home agent, and register again without it. */
  | {
      readonly kind: 'fall-back';
      readonly to: 'single-binding' | 'single-registration';
      readonly status: number;
    }
  /** A de-registration of something that is not there: done. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'refused'; readonly status: number };

export interface Question {
  readonly action: 'register' | 'deregister';
  readonly bid: number;
  readonly identified: boolean;
  readonly mobileRouter: boolean;
}

/** @param question what this acknowledgement answers for one binding */
export function judge(message: BindingAcknowledgement, question: Question): Verdict {
  const option = message.options.find(
    candidate => candidate.kind === 'binding-identifier' && candidate.bid === question.bid,
  );
  const own = option?.kind === 'binding-identifier' ? option.status : 0;
  const status = own === 0 ? message.status : own;
  if (status >= 128) return judgeRejection(status, question);
  if (question.action === 'deregister') return { kind: 'gone' };
  if (question.identified && !message.options.some(({ kind }) => kind === 'binding-identifier')) {
    return { kind: 'fall-back', to: 'single-binding', status };
  }
  if (message.lifetime === 0) return { kind: 'refused', status: STATUS.zeroLifetime };
  if (question.mobileRouter && !message.mobileRouter) {
    return { kind: 'refused', status: STATUS.mobileRouterIgnored };
  }
  return { kind: 'accepted', status };
}

function judgeRejection(status: number, question: Question): Verdict {
  switch (status) {
    case STATUS.sequenceOutOfWindow:
      return { kind: 'correct', what: 'sequence' };
    case STATUS.idMismatch:
      return { kind: 'correct', what: 'clock' };
    case STATUS.messageIdRequired:
      return { kind: 'correct', what: 'timestamp' };
    case STATUS.nonMcoaBindingExists:
      return { kind: 'correct', what: 'overwrite' };
    case STATUS.mcoaProhibited:
      return { kind: 'fall-back', to: 'single-binding', status };
    case STATUS.bulkProhibited:
      return { kind: 'fall-back', to: 'single-registration', status };
    case STATUS.notHomeAgent:
    case STATUS.unknownCareOfAddress:
      if (question.action === 'deregister') return { kind: 'gone' };
      return status === STATUS.unknownCareOfAddress
        ? { kind: 'correct', what: 'address' }
        : { kind: 'refused', status };
    default:
      return { kind: 'refused', status };
  }
}
