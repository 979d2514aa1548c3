/** What an acknowledgement says about flow bindings, for the mobile router and for people (RFC 6089 §5.2.6). */
import { flowStatusName } from '../../../wire/options/flow-identification.ts';
import type { BindingAcknowledgement } from '../acknowledgement.ts';
import type { MobileRouter } from '../mobile-router.ts';

const UNSUPPORTED = 'the home agent knows no flow bindings: what it sends comes by the active uplink';

/** @param message authentic, and accepting what it answers */
export function settleFlows(router: MobileRouter, message: BindingAcknowledgement, now: number): void {
  const known = new Map(router.flowBindings!.entries.map(({ fid, refusal }) => [fid, refusal?.status]));
  const answer = router.flowBindings!.answered(message.sequence, message.options, now);
  if (answer.kind === 'unsupported') {
    router.event('warning', 'extension-unsupported', UNSUPPORTED, {});
    return;
  }
  for (const { key, fid, refusal } of answer.refused) {
    const { status = 0 } = refusal ?? {};
    router.counters.add(`flow-refused-${status}`);
    if (known.get(fid) === status) continue;
    const text = `the home agent refuses the flow binding of ${key}: ${flowStatusName(status)}`;
    router.event('warning', 'flow-binding-refused', text, { flow: key, fid, status });
  }
  if (answer.changed) router.noteForRecords();
}
