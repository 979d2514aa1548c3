import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/engine/types.ts';
import { type ServedObject, UbusClient, type UbusHost } from '../../../src/ubus/client.ts';
import { emitMessage, MessageType, Status } from '../../../src/ubus/message.ts';
import { type Bus, realBus, stoodInBus } from './buses.ts';
import { nodeHost } from './node-host.ts';

const ROOT = process.env.OPENWRT_ROOT;
const buses: [string, () => Bus][] = [['the broker of these tests', stoodInBus]];
if (ROOT !== undefined && existsSync(join(ROOT, 'sbin/ubusd'))) buses.push(['ubusd', () => realBus(ROOT)]);
else console.log('not run: the client of ubus against ubusd (OPENWRT_ROOT names no root with sbin/ubusd)');

async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited += 5) {
    if (waited > 20_000) throw new Error('it does not come');
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}

/** A client, and all that it has heard. */
function enterBus(bus: Bus, object: Partial<ServedObject> = {}, listens: readonly string[] = []) {
  const heard: [string, JsonObject][] = [];
  const told: string[] = [];
  const served: ServedObject = {
    path: 'kedge',
    methods: { echo: { text: 'string' }, refuse: {} },
    call: (method, given) =>
      method === 'echo'
        ? { status: 0, data: given }
        : { status: Status.invalidArgument, data: { error: 'no' } },
    ...object,
  };
  const client = new UbusClient(nodeHost(bus.path), served, listens, {
    ready: () => told.push('ready'),
    lost: () => told.push('lost'),
    heard: (name, data) => heard.push([name, data]),
  });
  client.start();
  return { client, heard, told };
}

describe.each(buses)('against %s', (_, create) => {
  let bus: Bus;
  const clients: UbusClient[] = [];
  const enter = async (object?: Partial<ServedObject>, listens?: readonly string[]) => {
    const member = enterBus(bus, object, listens);
    clients.push(member.client);
    await until(() => member.client.ready);
    return member;
  };

  beforeEach(async () => {
    bus = create();
    await bus.start();
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) client.stop();
    await bus.stop();
  });

  test('calls: answers, refusals with their data, methods and objects that are not there', async () => {
    await enter();
    const { client } = await enter({ path: 'caller' });
    const given = { text: 'é', rtt: 1.5, down: null, list: [1, { a: true }], far: 2 ** 40 };
    expect(await client.call('kedge', 'echo', given)).toEqual({ ok: true, data: given });
    expect(await client.call('kedge', 'refuse', {})).toEqual({ ok: false, status: Status.invalidArgument });
    expect(await client.call('kedge', 'toString', {})).toEqual({ ok: false, status: Status.methodNotFound });
    expect(await client.call('nobody', 'echo', {})).toEqual({ ok: false, status: Status.notFound });
  });

  test('an answer of half a megabyte; one that is too long is a failure', async () => {
    await enter({ call: (_, { text }) => ({ status: 0, data: { x: 'x'.repeat(text as never) } }) });
    const { client } = await enter({ path: 'caller' });
    const reply = await client.call('kedge', 'echo', { text: 500_000 });
    expect(reply.ok && (reply.data.x as string).length).toBe(500_000);
    expect(await client.call('kedge', 'echo', { text: 1_100_000 })).toMatchObject({ ok: false });
    expect(await client.call('kedge', 'echo', { text: 'x'.repeat(1_100_000) })).toEqual({
      ok: false,
      status: Status.invalidArgument,
    });
  });

  test('events reach those who listen to them, and not who tells', async () => {
    const { client, heard } = await enter({}, ['kedge.*']);
    const other = await enter({ path: 'other' }, ['kedge.*', 'ubus.object.add']);
    client.tell('kedge.path', { uplink: 'lte' });
    client.tell('other.path', {});
    await enter({ path: 'third' });
    await until(() => other.heard.length >= 2);
    expect(other.heard).toEqual([
      ['kedge.path', { uplink: 'lte' }],
      ['ubus.object.add', { id: expect.any(Number), path: 'third' }],
    ]);
    expect(heard).toEqual([]);
  });

  test('an object is followed when it is there', async () => {
    const { client } = await enter({ path: 'follower' });
    expect(await client.follow('kedge')).toBe(false);
    await enter();
    expect(await client.follow('kedge')).toBe(true);
  });

  test('after a restart of the broker everything is there again', async () => {
    const { client, told } = await enter();
    const other = await enter({ path: 'other' }, ['kedge.*']);
    await bus.stop();
    await until(() => !client.ready && !other.client.ready);
    expect(await client.call('other', 'echo', {})).toEqual({ ok: false, status: Status.connectionFailed });
    client.tell('kedge.path', {});
    await bus.start();
    await until(() => client.ready && other.client.ready);
    expect(told).toEqual(['ready', 'lost', 'ready']);
    expect(await other.client.call('kedge', 'echo', { text: 'x' })).toEqual({
      ok: true,
      data: { text: 'x' },
    });
    client.tell('kedge.path', { again: true });
    await until(() => other.heard.length > 0);
    expect(other.heard).toEqual([['kedge.path', { again: true }]]);
  });

  test('a call under way fails when the broker ends', async () => {
    const { client } = await enter();
    const waits = client.call('kedge', 'echo', {});
    client.stop();
    expect(await waits).toEqual({ ok: false, status: Status.connectionFailed });
  });

  test('a path that another one has: it is tried again until it is free', async () => {
    const first = await enter();
    const second = enterBus(bus);
    clients.push(second.client);
    await new Promise(resolve => setTimeout(resolve, 300));
    expect(second.client.ready).toBe(false);
    first.client.stop();
    await until(() => second.client.ready);
  });
});

/** A host in memory under a clock of its own. */
function dummyHost() {
  const timers = new Set<{ at: number; action: () => void }>();
  const attempts: {
    received(octets: Uint8Array): void;
    closed(): void;
    sent: Uint8Array[];
    open: boolean;
  }[] = [];
  let now = 0;
  const host: UbusHost = {
    connect(handler) {
      const attempt = { ...handler, sent: [] as Uint8Array[], open: true };
      attempts.push(attempt);
      return {
        send: octets => attempt.sent.push(octets),
        close() {
          attempt.open = false;
        },
      };
    },
    schedule(delay, action) {
      const timer = { at: now + delay, action };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  };
  const pass = (milliseconds: number) => {
    const end = now + milliseconds;
    for (;;) {
      const next = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      now = next.at;
      timers.delete(next);
      next.action();
    }
    now = end;
  };
  return { host, attempts, timers, pass };
}

describe('without a broker that is of use', () => {
  const object = { path: 'kedge', methods: {}, call: () => ({ status: 0, data: {} }) };
  const events = { ready() {}, lost() {}, heard() {} };
  const hello = emitMessage({ type: MessageType.hello, sequence: 0, peer: 7 });

  test('attempts become rarer, to one in 16 s', () => {
    const { host, attempts, pass } = dummyHost();
    new UbusClient(host, object, [], events).start();
    const times: number[] = [];
    for (let at = 0; at < 70_000; at += 50, pass(50)) {
      const last = attempts.at(-1)!;
      if (!last.open) continue;
      times.push(at);
      last.open = false;
      last.closed();
    }
    expect(times).toEqual([0, 250, 750, 1750, 3750, 7750, 15750, 31750, 47750, 63750]);
  });

  test('octets that are no messages end the connection', () => {
    const { host, attempts, pass } = dummyHost();
    new UbusClient(host, object, [], events).start();
    attempts[0]!.received(Uint8Array.of(9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9));
    expect(attempts[0]!.open).toBe(false);
    pass(250);
    expect(attempts).toHaveLength(2);
  });

  test('a call that nobody answers ends after 10 s, and their number is bounded', async () => {
    const { host, attempts, timers, pass } = dummyHost();
    const client = new UbusClient(host, object, [], events);
    client.start();
    attempts[0]!.received(hello);
    const calls = Array.from({ length: 100 }, () => client.call('x', 'y', {}));
    expect(attempts[0]!.sent).toHaveLength(64);
    pass(10_000);
    const statuses = (await Promise.all(calls)).map(reply => (reply.ok ? 0 : reply.status));
    expect(statuses.filter(status => status === Status.timeout)).toHaveLength(63);
    expect(statuses.filter(status => status === Status.connectionFailed)).toHaveLength(37);
    expect(timers.size).toBeLessThanOrEqual(1);
  });

  test('messages for others and answers to nothing have no effect', () => {
    const { host, attempts } = dummyHost();
    new UbusClient(host, object, [], events).start();
    for (const type of [1, 2, 3, 5, 8, 9, 10, 11, 200]) {
      attempts[0]!.received(emitMessage({ type, sequence: 77, peer: 1, object: 5, method: 'x' }));
    }
    expect(attempts[0]!.sent).toEqual([]);
    expect(attempts[0]!.open).toBe(true);
  });
});
