/** Applies the Binding Acknowledgement of a correspondent to the Binding Update List (RFC 6275 §11.7.3, RFC 5648 §5.7). */
import { authorizedPart } from '../../../wire/authentication.ts';
import { bindingStatusName, STATUS } from '../../../wire/binding-status.ts';
import type { BindingAcknowledgement } from '../../../wire/mobility-message.ts';
import type { ReceivedMobility } from '../../../wire/mobility-packet.ts';
import { equalConstantTime } from '../../authentication.ts';
import type { IdentifierForm, Judgement } from '../../identifiers/form.ts';
import { bindingAuthenticator } from '../../return-routability.ts';
import { isNewerSequence } from '../../sequence.ts';
import type { FlowAnswer } from '../flow-bindings/flow-binding-list.ts';
import {
  type CorrespondentEntry,
  type DirectPath,
  type PendingUpdate,
  pause,
} from './correspondent-entry.ts';

/** Corrected messages that may follow each other without waiting, per binding. */
const MAX_CORRECTIONS = 3;
/** Share of the granted lifetime after which a binding is refreshed. */
const REFRESH_SHARE = 0.75;

export type Outcome =
  | { readonly kind: 'ignored'; readonly reason: string }
  | {
      readonly kind: 'taken';
      readonly event: string | undefined;
      readonly text: string;
      /** What it says about flows, if anything was said. */
      readonly flows?: FlowAnswer | undefined;
    };

interface Question {
  readonly path: DirectPath;
  readonly pending: PendingUpdate;
}

/** @param received with the home address, in a type 2 routing header or at home */
export function answerDirectUpdate(
  entry: CorrespondentEntry,
  received: ReceivedMobility,
  message: BindingAcknowledgement,
  identifiers: IdentifierForm,
  now: number,
): Outcome {
  const outOfWindow = message.status === STATUS.sequenceOutOfWindow;
  const questions = [...entry.paths.values()].flatMap((path): Question[] =>
    path.pending === undefined ? [] : [{ path, pending: path.pending }],
  );
  const question = questions.find(({ pending }) =>
    outOfWindow ? isNewerSequence(message.sequence, pending.sequence) : pending.sequence === message.sequence,
  );
  if (question === undefined) return ignored('acknowledgement-unmatched');
  // They cannot be signed: what they are about is the key (RFC 6275 §9.5.4).
  const unsigned = message.status >= STATUS.expiredHomeNonce && message.status <= STATUS.expiredNonces;
  if (!unsigned && !isAuthentic(received, question.pending)) return ignored('acknowledgement-not-authorized');
  return apply(entry, question, message, identifiers.judge(message, question.path), now);
}

function isAuthentic({ header, source }: ReceivedMobility, { hmac, bound }: PendingUpdate): boolean {
  const part = authorizedPart(header);
  if (part === undefined) return false;
  // All that is left: no padding may follow.
  const given = header.subarray(part.dataOffset);
  return equalConstantTime(given, bindingAuthenticator(hmac, bound, source, part.covered));
}

function apply(
  entry: CorrespondentEntry,
  { path, pending }: Question,
  message: BindingAcknowledgement,
  { status, identified }: Judgement,
  now: number,
): Outcome {
  path.pending = undefined;
  if (status < STATUS.unspecified) {
    const outcome = accept(entry, path, pending, message, identified, now);
    const flows = entry.flows.answered(pending.sequence, message.options, now);
    return outcome.kind === 'taken' ? { ...outcome, flows } : outcome;
  }
  switch (status) {
    case STATUS.expiredHomeNonce:
      entry.home.forget();
      return correct(path, status, now);
    case STATUS.expiredCareOfNonce:
      path.test.forget();
      return correct(path, status, now);
    case STATUS.expiredNonces:
      entry.home.forget();
      path.test.forget();
      return correct(path, status, now);
    case STATUS.sequenceOutOfWindow:
      if (isNewerSequence(message.sequence, entry.sequence)) entry.sequence = message.sequence;
      return correct(path, status, now);
    case STATUS.nonMcoaBindingExists:
      entry.overwrite = true;
      return correct(path, status, now);
    case STATUS.mcoaProhibited:
      return fallBack(entry);
    default:
      if (pending.action === 'deregister') return removed(entry, path);
      return refuse(path, status, now);
  }
}

function accept(
  entry: CorrespondentEntry,
  path: DirectPath,
  pending: PendingUpdate,
  message: BindingAcknowledgement,
  identified: boolean,
  now: number,
): Outcome {
  if (pending.action === 'deregister') return removed(entry, path);
  // Binding Refresh Advice is the home agent's only (RFC 6275 §11.7.3).
  const lifetime = Math.min(message.lifetime, pending.lifetime);
  if (lifetime === 0) return refuse(path, message.status, now);
  const event = path.lost
    ? 'direct-path-back'
    : path.binding === undefined
      ? 'correspondent-registered'
      : undefined;
  path.lost = false;
  const { careOfAddress, priority, sentAt } = pending;
  path.binding = {
    careOfAddress,
    priority,
    lifetime,
    expiresAt: sentAt + lifetime * 1000,
    refreshAt: sentAt + lifetime * 1000 * REFRESH_SHARE,
  };
  path.corrections = 0;
  path.failures = 0;
  entry.failures = 0;
  entry.overwrite = false;
  if (pending.identified && !identified) {
    entry.single = true;
    forgetOthers(entry, path);
  }
  if (pending.overwrites) forgetOthers(entry, path);
  return { kind: 'taken', event, text: `has BID ${path.bid} for ${lifetime} s` };
}

/** What tokens have been used for a deletion may serve for nothing else (RFC 6275 §9.5.3). */
function removed(entry: CorrespondentEntry, path: DirectPath): Outcome {
  path.binding = undefined;
  path.test.forget();
  if (![...entry.paths.values()].some(({ binding }) => binding !== undefined)) entry.home.forget();
  return { kind: 'taken', event: 'correspondent-left', text: `holds BID ${path.bid} no more` };
}

function correct(path: DirectPath, status: number, now: number): Outcome {
  path.corrections += 1;
  if (path.corrections > MAX_CORRECTIONS) return refuse(path, status, now);
  return { kind: 'taken', event: undefined, text: '' };
}

function refuse(path: DirectPath, status: number, now: number): Outcome {
  pause(path, now);
  path.corrections = 0;
  path.binding = undefined;
  return {
    kind: 'taken',
    event: 'correspondent-refused',
    text: `refuses BID ${path.bid}: ${bindingStatusName(status)}`,
  };
}

/** A correspondent that takes one care-of address only. */
function fallBack(entry: CorrespondentEntry): Outcome {
  entry.single = true;
  forgetOthers(entry, undefined);
  return { kind: 'taken', event: 'correspondent-single', text: 'takes one care-of address only' };
}

function forgetOthers({ paths }: CorrespondentEntry, kept: DirectPath | undefined): void {
  for (const path of paths.values()) {
    if (path === kept) continue;
    path.binding = undefined;
    path.pending = undefined;
  }
}

function ignored(reason: string): Outcome {
  return { kind: 'ignored', reason };
}
