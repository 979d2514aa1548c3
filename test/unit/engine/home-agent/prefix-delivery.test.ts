/** Mobile prefix discovery, the home agent's end. */
import { describe, expect, it } from 'vitest';
import type { HomeAgentConfig } from '../../../../src/uci/types.ts';
import { type Address, formatAddress } from '../../../../src/wire/address.ts';
import type { Icmpv6OfKind } from '../../../../src/wire/icmpv6/icmpv6-message.ts';
import { emitIcmpv6Packet, parseIcmpv6Packet } from '../../../../src/wire/icmpv6/icmpv6-packet.ts';
import { Anchor, bid, CARE_OF, CARE_OF_2, HOME, HOME_AGENT, prefix } from '../anchor.ts';

const NET = prefix('2001:db8:100::/64');
const OTHER = prefix('2001:db8:200::/64');
const DAY = 86_400_000;

const INFINITE = 0xffffffff;

class Host extends Anchor {
  constructor(config: Partial<HomeAgentConfig> = {}) {
    super({}, { homePrefixes: [NET, OTHER], ...config });
  }

  solicit(source: Address = CARE_OF, home: Address = HOME, spoil?: (packet: Uint8Array) => void) {
    const packet = emitIcmpv6Packet({
      source,
      destination: HOME_AGENT,
      homeAddress: home,
      message: { kind: 'mobile-prefix-solicitation', identifier: 0x4711, options: [] },
    });
    spoil?.(packet);
    this.receive(packet);
    return this.advertisements()[0];
  }

  /** Those that the latest input caused. */
  advertisements() {
    return this.sent.flatMap(packet => {
      const parsed = parseIcmpv6Packet(packet);
      if (!parsed.ok || parsed.value.message.kind !== 'mobile-prefix-advertisement') return [];
      const message = parsed.value.message as Icmpv6OfKind<'mobile-prefix-advertisement'>;
      return [{ ...parsed.value, message }];
    });
  }

  /** Times, in milliseconds from now, of the advertisements in that time. */
  listen(milliseconds: number): number[] {
    const start = this.now;
    const times: number[] = [];
    const end = this.now + milliseconds;
    for (let wake = this.agent.nextWake(); wake <= end; wake = this.agent.nextWake()) {
      this.now = Math.max(this.now, wake);
      this.input({ kind: 'timer' });
      for (const _ of this.advertisements()) times.push(this.now - start);
    }
    this.now = end;
    return times;
  }

  link(validUntil: number, preferredUntil = validUntil): void {
    const prefixes = [{ prefix: NET, validUntil, preferredUntil }];
    const status = { linkLayerAddress: undefined, linkLocalAddress: undefined, prefixes };
    this.input({ kind: 'home-link', status });
  }
}

describe('a solicitation', () => {
  it('[RFC 6275 §10.6.2] [RFC 6275 §10.6.3] is answered at once, where it came from, with the routing header and all prefixes', () => {
    const host = new Host();
    host.update({ options: [bid(1, CARE_OF)] });
    host.update({ source: CARE_OF_2, options: [bid(2, CARE_OF_2)] });
    const answer = host.solicit(CARE_OF_2);
    expect(formatAddress(answer!.source)).toBe(formatAddress(HOME_AGENT));
    expect(formatAddress(answer!.destination)).toBe(formatAddress(CARE_OF_2));
    expect(formatAddress(answer!.routingHome!)).toBe(formatAddress(HOME));
    expect(answer!.message).toMatchObject({
      identifier: 0x4711,
      managed: false,
      otherConfiguration: false,
      options: [
        { kind: 'prefix-information', prefix: NET.address, prefixLength: 64, validLifetime: INFINITE },
        { kind: 'prefix-information', prefix: OTHER.address, prefixLength: 64, validLifetime: INFINITE },
      ],
    });
  });

  it('[RFC 6275 §10.6.3] without registration, of a stranger or from elsewhere has no answer', () => {
    const host = new Host();
    expect(host.solicit()).toBeUndefined();
    host.update();
    expect(host.solicit(CARE_OF_2)).toBeUndefined();
    expect(host.solicit(CARE_OF, CARE_OF_2)).toBeUndefined();
    expect(host.counter('prefix-solicitation-without-binding')).toBe(2);
    expect(host.counter('prefix-solicitation-unknown-home-address')).toBe(1);
    expect(host.solicit()).toBeDefined();
  });

  it('[RFC 6275 §6.7] is answered whatever its reserved bits are', () => {
    const host = new Host();
    host.update();
    const answer = host.solicit(CARE_OF, HOME, packet => {
      const at = 40 + 24;
      packet[at + 7] = 0xff;
      const sum = ((packet[at + 2]! << 8) | packet[at + 3]!) - 0xff;
      packet[at + 2] = (sum >> 8) & 0xff;
      packet[at + 3] = sum & 0xff;
    });
    expect(answer).toBeDefined();
  });

  it('of which there are many has few answers', () => {
    const host = new Host();
    host.update();
    let answers = 0;
    for (let i = 0; i < 1000; i++) {
      host.now += 1;
      if (host.solicit() !== undefined) answers += 1;
    }
    expect(answers).toBe(2);
  });

  it('[RFC 6275 §10.6.2] hears what remains of the lifetimes on the home link', () => {
    const host = new Host();
    host.update();
    host.link(host.now + 100_000, host.now + 50_000);
    host.now += 20_000;
    expect(host.solicit()!.message.options[0]).toMatchObject({ validLifetime: 80, preferredLifetime: 30 });
  });
});

describe('what nobody has asked for', () => {
  it('[RFC 6275 §10.6.2] is sent when nothing was for a day, and repeated after 3, 6 and 12 s', () => {
    const host = new Host({ maxLifetime: 262_140 });
    host.update({ lifetime: 262_140 });
    const times = host.listen(DAY);
    const [first = 0] = times;
    // Lowest end of the formula: the random source of this test is 0.
    expect(first).toBe(600_000);
    expect(times.map(at => at - first)).toEqual([0, 3000, 9000, 21_000]);
  });

  it('[RFC 6275 §10.6.2] is not repeated once a solicitation has acknowledged it', () => {
    const host = new Host();
    host.update({ lifetime: 1200 });
    expect(host.listen(600_000)).toHaveLength(1);
    host.now += 1000;
    host.solicit();
    expect(host.listen(60_000)).toEqual([]);
  });

  it('[RFC 6275 §10.6.2] begins again with the next Binding Update when nothing has acknowledged it', () => {
    const host = new Host({ maxLifetime: 262_140 });
    host.update({ lifetime: 262_140 });
    expect(host.listen(800_000)).toHaveLength(4);
    host.update({ lifetime: 262_140 });
    expect(host.advertisements()).toHaveLength(1);
    expect(host.listen(60_000)).toEqual([3000, 9000, 21_000]);
  });

  it('[RFC 6275 §10.6.2] ends with the registration', () => {
    const host = new Host();
    host.update({ lifetime: 604 });
    expect(host.listen(600_000)).toHaveLength(1);
    expect(host.listen(DAY)).toEqual([3000]);
    const other = new Host();
    other.update();
    other.update({ lifetime: 0 });
    expect(other.listen(DAY)).toEqual([]);
  });

  it('[RFC 6275 §10.6.2] is sent when the lifetime of the home prefix changes, other than by time', () => {
    const host = new Host();
    host.update({ lifetime: 3600 });
    host.link(host.now + 100 * DAY);
    host.solicit();
    // The day begins anew; what changes now comes at the time that is scheduled.
    host.now += 300_000;
    host.link(host.now - 300_000 + 100 * DAY);
    expect(host.listen(299_000)).toEqual([]);
    host.link(host.now + 2000_000);
    expect(host.listen(30_000)).toHaveLength(4);
    expect(host.solicit()!.message.options[0]).toMatchObject({ validLifetime: 1970 });
  });

  it('a home network that nobody has configured is never told of', () => {
    const host = new Host({ homePrefixes: [] });
    host.update({ lifetime: 3600 });
    expect(host.listen(DAY)).toEqual([]);
  });
});
