/** A mobile node of another make, which answers each Heartbeat with a Binding Error of status 2. */
import { expect, it } from 'vitest';
import { UNSPECIFIED } from '../../../../src/wire/address.ts';
import { emitMobilityPacket } from '../../../../src/wire/mobility-packet.ts';
import { Anchor, bid, CARE_OF, HOME, HOME_AGENT } from '../anchor.ts';

const ERROR = emitMobilityPacket({
  source: HOME,
  destination: HOME_AGENT,
  message: { kind: 'binding-error', status: 2, homeAddress: UNSPECIFIED, options: [] },
});

/** Heartbeats of a minute to a node that has just registered, and whether it is dead then. */
function minute(says: (anchor: Anchor) => void): { heartbeats: number; state: string } {
  const anchor = new Anchor({}, { probe: 'fast' });
  anchor.update({ options: [bid(1, CARE_OF)] });
  const end = anchor.now + 60_000;
  let heartbeats = 0;
  while (anchor.agent.nextWake() <= end) {
    anchor.now = Math.max(anchor.now, anchor.agent.nextWake());
    const sent = anchor.input({ kind: 'timer' });
    const asked = sent.filter(output => output.kind === 'send' && output.packet[6] === 41).length;
    heartbeats += asked;
    if (asked > 0) says(anchor);
  }
  return { heartbeats, state: [...anchor.agent.cache.bindings()][0]!.prober.state };
}

it('is asked seldom after the first error, and its silence is not held against it', () => {
  const silent = minute(() => {});
  const refusing = minute(anchor => anchor.receive(ERROR));
  expect(refusing.heartbeats).toBeLessThanOrEqual(3);
  expect(silent.heartbeats).toBeGreaterThan(refusing.heartbeats);
  expect(refusing.state).toBe('unknown');
});
