/** Applies an authenticated Binding Acknowledgement to the Binding Update List. */
import type { PrefixMode } from '../../uci/types.ts';
import { STATUS } from '../../wire/binding-status.ts';
import { findOption } from '../../wire/mobility-option.ts';
import { speaksOfCopies } from '../copies.ts';
import { isNewerSequence } from '../sequence.ts';
import { equalTimestamp } from '../timestamp.ts';
import type { Now } from '../types.ts';
import { type BindingAcknowledgement, judge, statusName, UNUSABLE, type Verdict } from './acknowledgement.ts';
import { type Entry, isRegistered, type Pending } from './binding-update-list.ts';
import type { MobileRouter } from './mobile-router.ts';
import { isMobileRouter } from './terms.ts';

/** Corrected messages that may follow each other without waiting, per binding. */
const MAX_CORRECTIONS = 3;
/** After a refusal: the first pause and the longest one, milliseconds. */
const REFUSAL_PAUSE = 10_000;
const MAX_REFUSAL_PAUSE = 60_000;
/**
 * Seconds after which the binding of a dead path is refreshed: it stays dead as well when the home agent has forgotten
 * the binding, and only another registration can tell.
 */
const DEAD_REFRESH = 60;
/** Share of the granted lifetime after which a binding is refreshed. */
const REFRESH_SHARE = 0.75;

/** RFC 3963 §5.4: what no home agent should say in this mode. */
const FATAL: Readonly<Record<PrefixMode, readonly number[]>> = {
  explicit: [STATUS.forwardingSetupFailed],
  implicit: [STATUS.invalidPrefix, STATUS.notAuthorizedForPrefix],
};

/** Returns why the acknowledgement was ignored. */
export function answerAcknowledgement(
  router: MobileRouter,
  message: BindingAcknowledgement,
  now: Now,
): string | undefined {
  const { identifiers } = router.dialect;
  // Of the message as a whole: no binding has identifier 0 in an option.
  const { status } = identifiers.judge(message, { bid: 0 });
  const outOfWindow = status === STATUS.sequenceOutOfWindow;
  const answered = router.bound.filter(({ pending }) => {
    if (pending === undefined) return false;
    // A node that rejects a sequence number answers with the one it has accepted last (RFC 6275 §9.5.1): what was sent
    // after that one is not meant, e.g. when a duplicate or a message that was overtaken is rejected.
    if (outOfWindow) return isNewerSequence(message.sequence, pending.sequence);
    return pending.sequence === message.sequence;
  });
  if (answered.length === 0) return 'acknowledgement-unmatched';
  router.homeAgents.heard();
  const { writer } = router.registrar;
  const echo = findOption(message.options, 'message-id');
  const sent = answered[0]!.pending!.timestamp;
  if (sent !== undefined && status !== STATUS.idMismatch && status !== STATUS.messageIdRequired) {
    if (echo === undefined || !equalTimestamp(echo, sent)) return 'acknowledgement-timestamp';
  }
  if (outOfWindow) writer.acceptSequence(message.sequence);
  const ahead = status === STATUS.idMismatch ? writer.clockError(message, now) : undefined;
  if (ahead !== undefined) writer.correctClock(ahead);
  for (const entry of answered) {
    const { pending } = entry;
    // The answer about another one was about all.
    if (pending === undefined) continue;
    const { action, bid } = pending;
    const question = { action, bid, identified: bid !== 0, mobileRouter: isMobileRouter(router.config) };
    const verdict = judge(message, question, identifiers);
    entry.lastStatus = 'status' in verdict ? verdict.status : status;
    apply(router, entry, pending, verdict, message, now.monotonic);
  }
  if (status < 128) router.flows?.settleFlows(router, message, now.monotonic);
  return undefined;
}

function apply(
  router: MobileRouter,
  entry: Entry,
  pending: Pending,
  verdict: Verdict,
  message: BindingAcknowledgement,
  now: number,
): void {
  entry.pending = undefined;
  if (pending.returning) {
    answerReturn(router, entry, verdict, message, now);
    return;
  }
  switch (verdict.kind) {
    case 'accepted':
      accept(router, entry, pending, verdict.status, message, now);
      break;
    case 'gone':
      router.forget(entry);
      break;
    case 'correct':
      correct(router, entry, verdict.what, entry.lastStatus ?? message.status, now);
      break;
    case 'fall-back':
      // Who complains about an extension that was not used refuses the binding.
      if (verdict.to === 'single-binding' ? pending.bid !== 0 : pending.bulk) {
        fallBack(router, verdict.to, verdict.status);
      } else {
        refuse(router, entry, verdict.status, now);
      }
      break;
    case 'refused':
      refuse(router, entry, verdict.status, now);
      break;
  }
}

/** The answer to what was said at home. */
function answerReturn(
  router: MobileRouter,
  entry: Entry,
  verdict: Verdict,
  { status }: BindingAcknowledgement,
  now: number,
): void {
  if (verdict.kind === 'accepted' || verdict.kind === 'gone') router.home.returned(now);
  else if (verdict.kind === 'correct' && entry.corrections < MAX_CORRECTIONS) entry.corrections += 1;
  else router.home.refused(status, now);
}

function accept(
  router: MobileRouter,
  entry: Entry,
  pending: Pending,
  status: number,
  message: BindingAcknowledgement,
  now: number,
): void {
  const lifetime = Math.min(message.lifetime, pending.lifetime);
  const advice = findOption(message.options, 'binding-refresh-advice')?.interval;
  const share = advice !== undefined && advice > 0 && advice < lifetime ? advice : lifetime * REFRESH_SHARE;
  const refresh = entry.prober.state === 'dead' ? Math.min(share, DEAD_REFRESH) : share;
  const isNew = entry.binding === undefined;
  entry.binding = {
    bid: pending.bid,
    careOfAddress: pending.careOfAddress,
    priority: pending.priority,
    status,
    lifetime,
    expiresAt: pending.sentAt + lifetime * 1000,
    refreshAt: pending.sentAt + refresh * 1000,
  };
  // A binding without identifier takes the place of all others (RFC 6275 §9.5.1, RFC 5648 §6.2).
  if (pending.bid === 0) {
    for (const other of router.bound) {
      if (other === entry) continue;
      router.forget(other);
      if (other.pending !== undefined && isNewerSequence(pending.sequence, other.pending.sequence))
        other.pending = undefined;
    }
  }
  entry.refusal = undefined;
  entry.corrections = 0;
  router.registrar.terms.bootstrapping = false;
  router.registrar.terms.copies = speaksOfCopies(message.options, router.config.homeAddress);
  router.failover.succeeded();
  if (status === STATUS.prefixDiscoveryNecessary) router.prefixDiscovery?.ask(now);
  if (pending.overwrite) {
    // What else was registered is gone, except by the same message.
    for (const other of router.bound) {
      if (other.binding !== undefined && other.lastSequence !== pending.sequence)
        other.binding.refreshAt = now;
    }
    router.forgetFormer();
  }
  if (isNew) {
    if (entry.timeout > 0 && now - pending.sentAt < entry.timeout) entry.prober.sample(now - pending.sentAt);
    entry.prober.hurry(now);
    const { name } = entry.uplink;
    router.event('notice', 'binding-registered', `${name} is registered for ${lifetime} s`, {
      uplink: name,
      lifetime,
      status,
    });
  }
  router.requestForwarding();
}

function correct(
  router: MobileRouter,
  entry: Entry,
  what: Extract<Verdict, { kind: 'correct' }>['what'],
  status: number,
  now: number,
): void {
  entry.corrections += 1;
  if (entry.corrections > MAX_CORRECTIONS) {
    refuse(router, entry, status, now);
    return;
  }
  if (what === 'timestamp' && router.config.auth.kind === 'rfc4285')
    router.registrar.writer.timestamps = true;
  if (what === 'overwrite') router.registrar.terms.bootstrapping = true;
  if (entry.binding !== undefined) entry.binding.refreshAt = now;
  router.event('info', 'binding-corrected', `${entry.uplink.name}: corrected ${what}, sending again`, {
    uplink: entry.uplink.name,
    status,
  });
}

export function fallBack(
  router: MobileRouter,
  to: 'single-binding' | 'single-registration',
  status: number,
): void {
  const { terms } = router.registrar;
  if (!(to === 'single-binding' ? terms.multiple : terms.bulk)) return;
  if (to === 'single-registration') {
    terms.bulk = false;
  } else {
    terms.multiple = false;
    router.failover.isLacking(status);
    for (const entry of router.bound) router.forget(entry);
    router.flowBindings?.forget();
    router.uplinks.reconsider();
  }
  router.event('warning', 'extension-unsupported', FALL_BACK_TEXT[to], { status });
  router.requestForwarding();
}

const FALL_BACK_TEXT = {
  'single-binding': 'the home agent takes one care-of address only: using the best uplink at a time',
  'single-registration': 'the home agent takes no bulk registrations: one message per uplink',
} as const;

const HOME_ONLY = 'the home agent does not serve us at home and abroad at once: returning home altogether';

function refuse(router: MobileRouter, entry: Entry, status: number, now: number): void {
  if (entry.place === 'home' && status === STATUS.simultaneousHomeProhibited) {
    router.home.prohibit();
    router.event('warning', 'extension-unsupported', HOME_ONLY, { status });
    return;
  }
  const pause = Math.min(REFUSAL_PAUSE * 2 ** Math.max(entry.corrections, 0), MAX_REFUSAL_PAUSE);
  entry.corrections += 1;
  const isNews = entry.refusal?.status !== status;
  entry.refusal = { status, until: now + pause };
  if (status === UNUSABLE.mobileRouterIgnored && entry.binding !== undefined) {
    // The home agent has the binding, but it forwards no prefix by it any more.
    entry.binding = undefined;
    router.requestForwarding();
  }
  // RFC 3963 §5.3: it is taken back.
  if (status === UNUSABLE.mobileRouterIgnored && !router.entries.some(isRegistered)) {
    router.registrar.terms.startingOver = true;
  }
  if (status === STATUS.duplicateAddress) router.failover.duplicate(now);
  if (!isNews) return;
  const { mode } = router.registrar.terms;
  const nonsense = FATAL[mode].includes(status) ? `, which is no answer to the ${mode} mode` : '';
  const text = `the home agent refuses ${entry.uplink.name}: ${statusName(status)}${nonsense}`;
  router.event('error', 'binding-refused', text, { uplink: entry.uplink.name, status });
}
