import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Channel, ChannelUser } from '../../../src/host/channel.ts';
import { Helper, type SocketHandler } from '../../../src/host/helper.ts';
import { hex, octets } from '../wire/octets.ts';

/** Stands for kedged: keeps what the script says, says what the test wants. */
class FakeChannel implements Channel {
  user!: ChannelUser;
  full = false;
  readonly frames: string[] = [];
  attach(user: ChannelUser): void {
    this.user = user;
  }
  write(frame: Uint8Array): boolean {
    if (!this.full) this.frames.push(hex(frame));
    return !this.full;
  }
  say(...frames: string[]): void {
    for (const frame of frames) this.user.frame(octets(frame));
  }
  take(): string[] {
    return this.frames.splice(0);
  }
}

function setUp() {
  const channel = new FakeChannel();
  const heard: string[] = [];
  const handler: SocketHandler = {
    received: message => void heard.push(`received ${hex(message.bytes)}`),
    opened: () => void heard.push('opened'),
    sent: () => void heard.push('sent'),
    failed: reason => void heard.push(`failed ${reason}`),
    closed: () => void heard.push('closed'),
  };
  return { channel, helper: new Helper(channel), heard, handler };
}

const meta = '00'.repeat(36);

test('a socket may be used before it is open, and its id again after both sides closed it', () => {
  const { channel, helper, heard, handler } = setUp();
  const socket = helper.open({ kind: 'netlink-route', groups: 0 }, handler);
  socket.send(new Uint8Array([1]));
  expect(channel.take()).toEqual(['010001000300000000', '0200010001']);
  channel.say('01000100', `02000100${meta}aa`);
  socket.close();
  socket.send(new Uint8Array([2]));
  expect(channel.take()).toEqual(['03000100']);
  channel.say(`02000100${meta}bb`); // it crossed the CLOSE
  helper.open({ kind: 'syslog' }, handler);
  expect(channel.take()).toEqual(['0100020006']); // 1 is not free yet
  channel.say('06000100');
  helper.open({ kind: 'syslog' }, handler);
  expect(channel.take()).toEqual(['0100010006']);
  expect(heard).toEqual(['opened', 'received aa']);
});

test('when the helper closes, the script answers with CLOSE and hears why', () => {
  const { channel, helper, heard, handler } = setUp();
  const socket = helper.open({ kind: 'syslog' }, handler);
  channel.take();
  channel.say('06000100 6e6f');
  socket.send(new Uint8Array([1]));
  socket.close();
  expect(channel.take()).toEqual(['03000100']);
  expect(heard).toEqual(['failed no', 'closed']);
});

test('frames wait while the helper has no room, in order and within a bound', () => {
  const { channel, helper, heard, handler } = setUp();
  channel.full = true;
  const socket = helper.open({ kind: 'netlink-route', groups: 0 }, handler);
  for (let i = 0; i < 40; i++) socket.send(new Uint8Array(60000).fill(i));
  expect(heard.length).toBeGreaterThan(20);
  expect(new Set(heard)).toEqual(new Set(['failed send: too much is waiting']));
  socket.close(); // what the protocol needs is never dropped
  channel.full = false;
  channel.user.writable();
  const frames = channel.take();
  expect(frames[0]).toBe('010001000300000000');
  expect(frames.slice(1, -1).map(frame => Number.parseInt(frame.slice(8, 10), 16))).toEqual(
    frames.slice(1, -1).map((_, i) => i),
  );
  expect(frames.at(-1)).toBe('03000100');
  expect(helper.hasRoom(1)).toBe(true);
});

test('63 sockets, then a refusal', async () => {
  const { helper, heard, handler } = setUp();
  for (let i = 0; i < 64; i++) helper.open({ kind: 'syslog' }, handler);
  await Promise.resolve();
  expect(heard).toEqual(['failed too many sockets', 'closed']);
});

test('accepted connections belong to their listener, and end when nobody wants them', () => {
  const { channel, helper, handler } = setUp();
  const heard: string[] = [];
  const listener = helper.open(
    { kind: 'unix-listen', path: '/x' },
    { ...handler, accepted: (_, user) => ({ received: () => void heard.push(`from ${user}`), failed() {} }) },
  );
  channel.take();
  channel.say('03004000 0100 e8030000', `02004000${meta}aa`, '03004100 0900 00000000');
  expect(heard).toEqual(['from 1000']);
  listener.close();
  channel.say('03004200 0100 00000000');
  expect(channel.take()).toEqual(['03004100', '03000100', '03004200']);
});

test('nft runs once at a time; long input goes in parts', async () => {
  const { channel, helper } = setUp();
  const first = helper.nft('a'.repeat(70000));
  const second = helper.nft('b');
  await Promise.resolve();
  const frames = channel.take();
  expect(frames.map(frame => frame.slice(0, 10))).toEqual(['0401010061', '0400010061']);
  expect(frames.map(frame => frame.length / 2)).toEqual([65536, 70000 - 65532 + 4]);
  channel.say('07000100 03000000 657272');
  expect(await first).toEqual({ status: 3, text: 'err' });
  await Promise.resolve();
  expect(channel.take()).toEqual(['0400020062']);
  channel.say('07000200 7f000000 6e6f', '07000200 00000000');
  expect(await second).toEqual({ status: 127, text: 'no' });
});

test('a sysctl is written, or rejected with the reason', async () => {
  const { channel, helper } = setUp();
  const refused = helper.sysctl('a/b', 1);
  const written = helper.sysctl('a/b', 2);
  expect(channel.take()).toEqual(['0500010001000000612f62', '0500020002000000612f62']);
  channel.say('07000200 00000000', '07000100 01000000 6e6f');
  await expect(refused).rejects.toThrow('sysctl a/b: no');
  await written;
});

test('frames that no helper sends harm nothing', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 10 }), fc.uint8Array({ maxLength: 80 })), {
        maxLength: 40,
      }),
      frames => {
        const { channel, helper, handler } = setUp();
        helper.open({ kind: 'unix-listen', path: '/x' }, { ...handler, accepted: () => handler });
        helper.open({ kind: 'syslog' }, handler);
        void helper.nft('x');
        helper.sysctl('x', 1).catch(() => {});
        for (const [type, octets] of frames) {
          const frame = new Uint8Array(octets.length + 4);
          frame.set([type, 0, octets[0] ?? 0 % 3, 0]);
          frame.set(octets, 4);
          channel.user.frame(frame);
        }
        channel.user.writable();
        channel.user.ended();
        expect(helper.open({ kind: 'syslog' }, handler)).toBeDefined();
      },
    ),
    { numRuns: 500 },
  );
});
