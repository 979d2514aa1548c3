/** Binding Refresh Requests of a home agent. */
import { describe, expect, it } from 'vitest';
import { formatAddress } from '../../../../src/wire/address.ts';
import type { MobilityOption } from '../../../../src/wire/mobility-option.ts';
import { parseMobilityPacket } from '../../../../src/wire/mobility-packet.ts';
import { Anchor, bid, CARE_OF, CARE_OF_2, draftBid, HOME, HOME_AGENT, MONAMI6 } from '../anchor.ts';

const named = (option: MobilityOption): string => {
  if (option.kind === 'binding-identifier') {
    return `${option.bid} ${option.status} ${option.careOfAddress === undefined ? 'open' : 'address'}`;
  }
  if (option.kind !== 'monami6-binding-identifier') return option.kind;
  return `draft ${option.bid} ${option.priorityOrStatus} ${option.hasCareOfAddress ? 'address' : 'open'}`;
};

/** Requests within so many milliseconds: when, for whom, and which bindings they name. */
function requests(anchor: Anchor, milliseconds: number) {
  const seen: { at: number; to: string; names: string[] }[] = [];
  const end = anchor.now + milliseconds;
  while (anchor.now < end) {
    anchor.output = [];
    anchor.wait(Math.min(100, end - anchor.now));
    for (const packet of anchor.sent) {
      const parsed = parseMobilityPacket(packet, anchor.codec);
      if (!parsed.ok || parsed.value.message.kind !== 'binding-refresh-request') continue;
      const { destination, source, routingHome, message } = parsed.value;
      expect([source, routingHome]).toEqual([HOME_AGENT, HOME]);
      seen.push({ at: anchor.now, to: formatAddress(destination), names: message.options.map(named) });
    }
  }
  return seen;
}

describe('a binding that nobody refreshes', () => {
  it('[RFC 5648 §6.4] is asked for once, shortly before its end, with its BID and no care-of address', () => {
    const anchor = new Anchor();
    anchor.update({ lifetime: 100, options: [bid(3, CARE_OF)] });
    const registered = anchor.now;
    const [request, ...others] = requests(anchor, 99_000);
    expect(others).toEqual([]);
    expect(request).toMatchObject({ to: '2001:db8:a::2', names: ['3 0 open'] });
    expect(request!.at - registered).toBeGreaterThanOrEqual(90_000);
    expect(request!.at - registered).toBeLessThan(91_000);
    anchor.wait(5000);
    expect(anchor.bindings).toEqual([]);
    expect(anchor.counter('refresh-requested')).toBe(1);
  });

  it('[multiplecoa-00 §6.4] carries the sub-option in the dialect of the draft', () => {
    const anchor = new Anchor({ dialect: MONAMI6 });
    anchor.update({ lifetime: 100, options: [draftBid(3, { priority: 9 })] });
    expect(requests(anchor, 99_000).map(({ names }) => names)).toEqual([['draft 3 0 open']]);
  });

  it('[multiplecoa-00 §6.4] without BID is asked for without sub-option', () => {
    for (const dialect of [undefined, MONAMI6]) {
      const anchor = new Anchor({ dialect });
      anchor.update({ lifetime: 100 });
      expect(requests(anchor, 99_000).map(({ names }) => names)).toEqual([[]]);
    }
  });

  it('[RFC 5648 §6.4] bindings that end together share a request, on the way that the traffic takes', () => {
    const anchor = new Anchor();
    anchor.update({
      lifetime: 100,
      options: [bid(1, CARE_OF, { priority: 9 }), bid(2, CARE_OF_2, { priority: 3 })],
    });
    expect(requests(anchor, 99_000)).toMatchObject([
      { to: '2001:db8:b::2', names: ['1 0 open', '2 0 open'] },
    ]);
  });

  it('is not asked for when it was refreshed, or long before its end', () => {
    const anchor = new Anchor();
    for (let i = 0; i < 5; i++) {
      anchor.update({ lifetime: 100, options: [bid(1, CARE_OF)] });
      expect(requests(anchor, 80_000)).toEqual([]);
    }
    anchor.update({ lifetime: 3600, options: [bid(1, CARE_OF)] });
    expect(requests(anchor, 3_539_000)).toEqual([]);
    expect(requests(anchor, 2000).length).toBe(1);
  });
});
