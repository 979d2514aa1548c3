/** A home agent that does not reach the Internet behind it. */
import { describe, expect, it } from 'vitest';
import { HomeAgent } from '../../../../src/engine/home-agent/home-agent.ts';
import { parseAddress } from '../../../../src/wire/address.ts';
import { checksum } from '../../../../src/wire/checksum.ts';
import { Anchor, bid, CARE_OF, HOME_AGENT } from '../anchor.ts';

const WATCHED = parseAddress('2001:db8:2::2')!;
const STRANGER = parseAddress('2001:db8:2::3')!;
const ICMPV6 = 58;

/** Whether the watched host is reached, and who else answers in its place. */
class Side {
  readonly anchor = new Anchor({}, { watched: [WATCHED], probe: 'fast' });
  reached = true;
  requests: Uint8Array[] = [];
  signalling = 0;

  wait(seconds: number): void {
    const end = this.anchor.now + seconds * 1000;
    while (this.anchor.now < end) {
      this.anchor.wait(100);
      for (const output of this.anchor.output) {
        if (output.kind !== 'send') continue;
        if (output.packet[6] === ICMPV6) this.#asked(output.packet);
        else this.signalling += 1;
      }
    }
  }

  answer(request: Uint8Array, source = WATCHED): void {
    const bytes = request.slice(40);
    bytes[0] = 129;
    this.anchor.input({
      kind: 'packet',
      packet: { source, destination: HOME_AGENT, nextHeader: ICMPV6, bytes, device: 'wan', hopLimit: 64 },
    });
  }

  get state() {
    return this.anchor.agent.homeSide.state;
  }

  #asked(request: Uint8Array): void {
    this.requests.push(request);
    if (this.reached) this.answer(request);
  }
}

describe('[analysis-01 §6.1.3] a home agent with hosts to watch', () => {
  it('asks each second for an echo (RFC 4443 §4.1), with an identifier of its own and a right checksum', () => {
    const side = new Side();
    side.wait(10);
    expect(side.requests.length).toBeGreaterThanOrEqual(9);
    const [request] = side.requests;
    expect([...request!.subarray(24, 40)]).toEqual([...WATCHED]);
    expect([request![40], request![41]]).toEqual([128, 0]);
    expect(checksum(HOME_AGENT, WATCHED, ICMPV6, request!.subarray(40))).toBe(0);
    expect(side.state).toBe('reached');
  });

  it('is silent from 5 s without an answer on until there is one, and changes nothing meanwhile', () => {
    const side = new Side();
    side.anchor.update({ options: [bid(1, CARE_OF)] });
    side.wait(5);
    side.reached = false;
    side.wait(4.5);
    expect(side.state).toBe('reached');
    side.wait(2);
    expect(side.state).toBe('cut-off');
    side.signalling = 0;
    expect(side.anchor.update({ options: [bid(2, CARE_OF)] })).toBeUndefined();
    side.wait(10);
    expect(side.signalling).toBe(0);
    expect([...side.anchor.agent.cache.nodes()][0]!.bindings.size).toBe(1);
    side.reached = true;
    side.wait(2);
    expect(side.state).toBe('reached');
    expect(side.anchor.update({ options: [bid(1, CARE_OF)] })?.message.status).toBe(0);
  });

  it('believes neither other hosts nor other answers', () => {
    const side = new Side();
    side.wait(3);
    side.reached = false;
    const forged = side.requests[0]!.slice();
    forged[40 + 8]! ^= 1;
    for (let seconds = 0; seconds < 8; seconds++) {
      side.wait(1);
      side.answer(side.requests[0]!, STRANGER);
      side.answer(forged);
    }
    expect(side.state).toBe('cut-off');
  });

  it('does nothing before anybody has answered, and without hosts to watch', () => {
    const side = new Side();
    side.reached = false;
    side.wait(20);
    expect(side.state).toBe('unknown');
    expect(side.anchor.update({ options: [bid(1, CARE_OF)] })?.message.status).toBe(0);
    const agent = new HomeAgent(
      { name: 'a', address: HOME_AGENT, maxLifetime: 600, probe: 'fast', peers: [] },
      side.anchor.clock,
    );
    expect(agent.icmpv6Types).not.toContain(129);
    expect(agent.nextWake()).toBe(Number.POSITIVE_INFINITY);
  });
});
