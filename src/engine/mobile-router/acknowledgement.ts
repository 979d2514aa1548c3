/** What a Binding Acknowledgement means for the bindings it answers (RFC 6275 §11.7.3, RFC 5648 §5.7, RFC 3963 §5.4). */
import { bindingStatusName, STATUS } from '../../wire/binding-status.ts';
import type { MobilityMessage } from '../../wire/mobility-message.ts';
import type { IdentifierForm } from '../identifiers/form.ts';

export type BindingAcknowledgement = Extract<MobilityMessage, { kind: 'binding-acknowledgement' }>;

/** Why a binding counts as refused although the message says accepted: numbers that are not on the wire. */
export const UNUSABLE = { mobileRouterIgnored: 256, zeroLifetime: 257, identifiersIgnored: 258 } as const;

/** Also for the values of {@link UNUSABLE}. */
export function statusName(status: number): string {
  if (status === UNUSABLE.mobileRouterIgnored) return 'accepted without the R flag: no prefix is forwarded';
  if (status === UNUSABLE.zeroLifetime) return 'accepted for no time at all';
  if (status === UNUSABLE.identifiersIgnored) return 'it takes one care-of address only';
  return bindingStatusName(status);
}

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
export function judge(
  message: BindingAcknowledgement,
  question: Question,
  identifiers: IdentifierForm,
): Verdict {
  const { status, identified } = identifiers.judge(message, question);
  const rejection = status >= 128 ? judgeRejection(status, question) : undefined;
  // What can be corrected is, first; else a missing option means a node without identifiers, whatever the status.
  if (rejection !== undefined && rejection.kind !== 'refused') return rejection;
  if (question.action === 'deregister') return rejection ?? { kind: 'gone' };
  if (question.identified && !identified) {
    return { kind: 'fall-back', to: 'single-binding', status };
  }
  if (rejection !== undefined) return rejection;
  if (message.lifetime === 0) return { kind: 'refused', status: UNUSABLE.zeroLifetime };
  if (question.mobileRouter && !message.mobileRouter) {
    return { kind: 'refused', status: UNUSABLE.mobileRouterIgnored };
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
    case STATUS.mcoaUnknownCareOfAddress:
      if (question.action === 'deregister') return { kind: 'gone' };
      return status === STATUS.mcoaUnknownCareOfAddress
        ? { kind: 'correct', what: 'address' }
        : { kind: 'refused', status };
    default:
      return { kind: 'refused', status };
  }
}
