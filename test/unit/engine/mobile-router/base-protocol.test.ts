/** What RFC 6275 asks of a mobile node towards its home agent. */
import { describe, expect, it } from 'vitest';
import { SecurityAssociation } from '../../../../src/engine/authentication.ts';
import { MobileRouter } from '../../../../src/engine/mobile-router/mobile-router.ts';
import { UNSPECIFIED } from '../../../../src/wire/address.ts';
import { AUTH, address, HOME, HOME_AGENT } from '../anchor.ts';
import { withMobilityHeader } from '../mobility-header.ts';
import { Router, summary } from '../router.ts';

const STRANGER = address('2001:db8:bad::1');
const alone = { uplinks: [{ name: 'lte', device: 'lte0', priority: 1, bid: 1 }] };
const bindingError = (status: number, homeAddress = HOME) =>
  ({ kind: 'binding-error', status, homeAddress, options: [] }) as const;

describe('Binding Updates', () => {
  it('[RFC 6275 §11.7.1] are authenticated, have L and K clear and a lifetime', () => {
    const association = new SecurityAssociation(AUTH);
    for (const update of new Router().start().updates) {
      expect(association.verify(update, [update.source], HOME)).toBe('authentic');
      const { linkLocalCompatibility, keyManagement, lifetime } = update.message;
      expect([linkLocalCompatibility === true, keyManagement === true, lifetime]).toEqual([
        false,
        false,
        600,
      ]);
    }
  });

  it.each([0, 0.25, 0.999])('[RFC 6275 §11.7.2] begin at a random sequence number: %d', random => {
    const router = new Router();
    router.router = new MobileRouter(router.config, () => random, router.clock);
    router.announce();
    expect(router.updates[0]!.message.sequence).toBe((Math.floor(random * 65_536) + 1) & 0xffff);
  });

  it('[RFC 6275 §11.8] a binding that exists waits a second for its answer, then two', () => {
    const router = new Router(alone).start();
    router.router.entries[0]!.prober = new Router(alone).router.entries[0]!.prober;
    router.responder = () => undefined;
    router.forgetUpdates();
    router.wait(460_000);
    const [first, second, third] = router.updates.map(({ at }) => at);
    expect([second! - first!, third! - second!]).toEqual([1000, 2000]);
  });

  it('[RFC 6275 §11.7.3] a binding ends by the lifetime counted from its Binding Update', () => {
    const router = new Router(alone);
    router.responder = () => ({ lifetime: 40 });
    router.announce();
    const { at } = router.updates[0]!;
    router.wait(1000);
    router.responder = () => undefined;
    router.wait(at + 39_999 - router.now);
    expect(router.registered).toEqual(['lte']);
    router.wait(1);
    expect(router.registered).toEqual([]);
  });
});

describe('acknowledgements', () => {
  it.each([0, 1, 2, 64, 127])(
    '[RFC 6275 §11.7.3] of status %i count as accepted, and end the repetition',
    status => {
      const router = new Router(alone);
      router.responder = () => ({ status });
      router.start();
      router.wait(30_000);
      expect(router.registered).toEqual(['lte']);
      expect(router.updates.length).toBe(1);
    },
  );

  it.each([128, 129, 130, 131, 132, 133, 136, 139, 255])(
    '[RFC 6275 §11.7.3] of status %i refuse the binding; another attempt follows after a pause',
    status => {
      const router = new Router(alone);
      router.responder = () => ({ status });
      router.start();
      router.wait(8000);
      expect(router.registered).toEqual([]);
      expect(router.updates.length).toBe(1);
      expect(router.events.map(({ name }) => name)).toContain('binding-refused');
      router.responder = () => ({});
      router.wait(60_000);
      expect(router.registered).toEqual(['lte']);
    },
  );

  it.each([134, 140, 141, 142, 143])(
    '[RFC 6275 §11.7.3] [RFC 3963 §5.4] of status %i refuse the binding, and what no other attempt would change',
    status => {
      const router = new Router(alone);
      router.responder = () => ({ status });
      router.start();
      router.wait(3_500_000);
      expect(router.registered).toEqual([]);
      expect(router.updates.length).toBe(1);
      expect(router.events.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['binding-refused', 'registration-refused']),
      );
    },
  );

  it.each([0, 1, 2, 127])('[RFC 3963 §5.3] of status %i without the R flag refuse the prefixes', status => {
    const router = new Router(alone);
    router.responder = () => ({ status, mobileRouter: false });
    router.start();
    expect(router.registered).toEqual([]);
    expect(router.active).toBeUndefined();
  });

  it.each<[string, (header: Uint8Array) => void, string]>([
    ['without Payload Proto 59', header => header.fill(58, 0, 1), 'payload-proto'],
    ['with a Header Len of 0', header => header.fill(0, 1, 2), 'header-len'],
    ['with an unknown MH Type', header => header.fill(77, 2, 3), 'unrecognized-mh-type'],
    ['with an MH Type of another role', header => header.fill(17, 2, 3), 'unrecognized-mh-type'],
  ])('[RFC 6275 §9.2, §11.2] %s are none', (_, change, reason) => {
    const router = new Router(alone);
    router.responder = () => undefined;
    router.announce();
    router.receive(withMobilityHeader(router.emit(router.updates[0]!), change));
    expect(router.registered).toEqual([]);
    expect(router.router.counters.get(reason)).toBe(1);
  });

  it('[RFC 6275 §9.2, §11.2] with a wrong checksum are none', () => {
    const router = new Router(alone);
    router.responder = () => undefined;
    router.announce();
    const packet = router.emit(router.updates[0]!);
    packet[packet.length - 1]! ^= 1;
    router.receive(packet);
    expect(router.registered).toEqual([]);
    expect(router.router.counters.get('checksum')).toBe(1);
  });

  it('[RFC 6275 §6.1.8] reserved octets and bits mean nothing', () => {
    const router = new Router({ ...alone, auth: { kind: 'none' } });
    router.responder = () => undefined;
    router.announce();
    const reserved = withMobilityHeader(router.emit(router.updates[0]!), header => {
      header[3] = 0xff;
      header[7] = header[7]! | 0x01;
    });
    router.receive(reserved);
    expect(router.registered).toEqual(['lte']);
  });

  it('[RFC 6275 §11.7.3] an unsigned 135 is ignored', () => {
    const router = new Router({ auth: { ...AUTH, replay: 'sequence' } });
    router.responder = () => ({ status: 135, sequence: 40_000, auth: undefined });
    router.announce();
    router.wait(1400);
    expect(router.updates.length).toBe(1);
    expect(router.router.registrar.writer.sequence).toBe(router.updates[0]!.message.sequence);
  });

  it('[RFC 6275 §11.7.3] after 135 with number 65535 comes 0', () => {
    const router = new Router({ ...alone, auth: { ...AUTH, replay: 'sequence' } });
    router.responder = ({ message }) => (message.sequence === 0 ? {} : { status: 135, sequence: 65_535 });
    router.start();
    expect(router.updates.map(({ message }) => message.sequence)).toEqual([32_769, 0]);
    expect(router.registered).toEqual(['lte']);
  });
});

describe('messages that nobody authenticates', () => {
  it('[RFC 6275 §11.3.6] a Binding Error of a stranger is ignored', () => {
    const router = new Router().start();
    router.forgetUpdates();
    for (const status of [1, 2]) router.say(bindingError(status), STRANGER);
    router.wait(10_000);
    expect(router.updates).toEqual([]);
    expect(router.router.counters.get('not-from-home-agent')).toBe(2);
  });

  it('[RFC 6275 §11.3.6] a Binding Error with status 1 from the home agent: registers again, not for each of a flood', () => {
    const router = new Router().start();
    router.forgetUpdates();
    router.say(bindingError(1));
    router.wait(500);
    expect(router.updates.map(summary)).toEqual(['600 1=2001:db8:a::2', '600 2=2001:db8:b::2']);
    for (let i = 0; i < 1000; i++) {
      router.say(bindingError(1));
      router.wait(10);
    }
    expect(router.updates.length).toBeLessThanOrEqual(2 + 2 * 4);
  });

  it('[RFC 6275 §11.3.6] nor does one about another home address', () => {
    const router = new Router().start();
    router.forgetUpdates();
    for (const other of [UNSPECIFIED, address('2001:db8:100::2')]) router.say(bindingError(1, other));
    router.wait(10_000);
    expect(router.updates).toEqual([]);
  });

  it('[RFC 6275 §11.3.6] a Binding Error with status 2 that answers nothing is ignored', () => {
    const router = new Router().start();
    router.forgetUpdates();
    router.say(bindingError(2));
    router.wait(10_000);
    expect(router.updates).toEqual([]);
    expect(router.registered).toEqual(['lte', 'wifi']);
  });

  it('[RFC 6275 §11.7.4] a Binding Refresh Request for a binding that is not there, or of a stranger, is ignored', () => {
    const router = new Router(alone);
    router.responder = () => undefined;
    router.announce();
    router.say({ kind: 'binding-refresh-request', options: [] });
    router.wait(1400);
    expect(router.updates.length).toBe(1);
    expect(router.router.counters.get('refresh-request-unknown-binding')).toBe(1);
    const registered = new Router(alone).start();
    registered.say({ kind: 'binding-refresh-request', options: [] }, STRANGER);
    registered.wait(10_000);
    expect(registered.updates.length).toBe(1);
    expect(HOME_AGENT).not.toEqual(STRANGER);
  });
});
