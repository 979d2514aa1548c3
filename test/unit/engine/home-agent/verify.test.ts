/** A home agent that uses a care-of address only after it has answered a probe. */
import { describe, expect, it } from 'vitest';
import { decapsulate } from '../../../../src/wire/encapsulation.ts';
import { emitMobilityPacket, parseMobilityPacket } from '../../../../src/wire/mobility-packet.ts';
import { Anchor, bid, CARE_OF, CARE_OF_2, HOME, HOME_AGENT } from '../anchor.ts';

const PEER = { auth: { kind: 'none' } } as const;
const anchorOf = (verify?: boolean) => new Anchor(PEER, { verify });
const active = (anchor: Anchor) => anchor.agent.view().nodes[0]!.active;

/** Registers, and returns the probe that this causes. */
function register(anchor: Anchor, number: number, careOfAddress: typeof CARE_OF) {
  anchor.update({ source: careOfAddress, auth: undefined, options: [bid(number, careOfAddress)] });
  const sent = anchor.output.flatMap(out =>
    out.kind === 'send' && out.packet[6] === 41 ? [out.packet] : [],
  );
  const outer = decapsulate(sent.at(-1)!);
  const parsed = outer.ok ? parseMobilityPacket(outer.value.inner) : undefined;
  if (parsed?.ok !== true || parsed.value.message.kind !== 'heartbeat') throw new Error('no probe');
  return parsed.value.message;
}

function answer(anchor: Anchor, probe: ReturnType<typeof register>): void {
  const message = { ...probe, response: true };
  anchor.receive(emitMobilityPacket({ source: HOME, destination: HOME_AGENT, message }));
}

describe('option verify', () => {
  it('[RFC 5648 §10] nothing goes to a care-of address before it has answered a probe', () => {
    const anchor = anchorOf(true);
    const probe = register(anchor, 1, CARE_OF);
    expect(anchor.bindings).toEqual(['1 2001:db8:a::2']);
    expect(active(anchor)).toBeUndefined();
    anchor.wait(100_000);
    expect(active(anchor)).toBeUndefined();
    const again = anchorOf(true);
    answer(again, register(again, 1, CARE_OF));
    expect(active(again)).toBe(1);
    answer(anchor, { ...probe, sequence: probe.sequence + 1000 });
    expect(active(anchor)).toBeUndefined();
  });

  it('[RFC 5648 §10] nor to a new address of the same binding', () => {
    const anchor = anchorOf(true);
    answer(anchor, register(anchor, 1, CARE_OF));
    expect(active(anchor)).toBe(1);
    const probe = register(anchor, 1, CARE_OF_2);
    expect(active(anchor)).toBeUndefined();
    answer(anchor, probe);
    expect(active(anchor)).toBe(1);
  });

  it('a path that was proven serves on after a restart, and when it falls silent it is the last resort', () => {
    const anchor = anchorOf(true);
    answer(anchor, register(anchor, 1, CARE_OF));
    anchor.restart();
    expect(active(anchor)).toBe(1);
    anchor.wait(200_000);
    expect(active(anchor)).toBe(1);
  });

  it('without it a care-of address serves at once when there is nothing else', () => {
    for (const verify of [undefined, false]) {
      const anchor = anchorOf(verify);
      register(anchor, 1, CARE_OF);
      expect(active(anchor)).toBe(1);
    }
  });
});
