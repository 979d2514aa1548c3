/** ICMPv6 errors about care-of addresses, at a home agent. */
import { describe, expect, it } from 'vitest';
import { encapsulate } from '../../../../src/wire/encapsulation.ts';
import { emitIcmpv6Error } from '../../../../src/wire/icmpv6/icmpv6-packet.ts';
import { emitIpv6 } from '../../../../src/wire/ipv6.ts';
import { Anchor, address, bid, CARE_OF, CARE_OF_2, CARE_OF_3, HOME, HOME_AGENT } from '../anchor.ts';

const ROUTER = address('2001:db8:9::1');
const UDP = 17;

const errorAbout = (careOfAddress: typeof CARE_OF, source = HOME_AGENT) =>
  emitIcmpv6Error(ROUTER, HOME_AGENT, {
    kind: 'destination-unreachable',
    code: 3,
    invoking: encapsulate(source, careOfAddress, emitIpv6(ROUTER, HOME, UDP, new Uint8Array(8))),
  });

/** Where the probes of the latest input went. */
const probes = ({ output }: Anchor) =>
  output.flatMap(out => (out.kind === 'send' && out.packet[6] === 41 ? [out.destination] : []));

function bound(): Anchor {
  const anchor = new Anchor();
  anchor.update({ options: [bid(1, CARE_OF)] });
  anchor.update({ source: CARE_OF_2, options: [bid(2, CARE_OF_2)] });
  anchor.wait(100_000);
  return anchor;
}

describe('ICMPv6 Destination Unreachable about a tunneled packet', () => {
  it('[multiplecoa-00 §3.2] has the path of that care-of address probed at once, and ends no binding', () => {
    const anchor = bound();
    anchor.receive(errorAbout(CARE_OF));
    expect(probes(anchor)).toEqual([CARE_OF]);
    expect(anchor.bindings).toHaveLength(2);
    expect(anchor.agent.view().nodes[0]!.active).toBe(1);
  });

  it('has nothing probed that it does not name', () => {
    const anchor = bound();
    for (const packet of [errorAbout(CARE_OF_3), errorAbout(CARE_OF, ROUTER)]) anchor.receive(packet);
    anchor.input({ kind: 'timer' });
    expect(probes(anchor)).toEqual([]);
  });

  it('a flood of them causes one probe a second at most', () => {
    const anchor = bound();
    let count = 0;
    for (let i = 0; i < 1000; i++) {
      anchor.now += 10;
      anchor.receive(errorAbout(CARE_OF));
      count += probes(anchor).length;
    }
    expect(count).toBeLessThanOrEqual(11);
    expect(anchor.bindings).toHaveLength(2);
  });
});
