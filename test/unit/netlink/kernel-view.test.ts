import { describe, expect, it } from 'vitest';
import { emitLinkAddress } from '../../../src/netlink/address.ts';
import { NetlinkClient } from '../../../src/netlink/client.ts';
import { s32 } from '../../../src/netlink/codec.ts';
import { KernelView } from '../../../src/netlink/kernel-view.ts';
import { emitLink } from '../../../src/netlink/link.ts';
import { emitMessage, Flag, type Message, parseMessages } from '../../../src/netlink/message.ts';
import { emitNeighbor } from '../../../src/netlink/neighbor.ts';
import { emitRoute, RouteKind } from '../../../src/netlink/route.ts';
import { parseAddress, parsePrefix } from '../../../src/wire/address.ts';
import { capturedMessage } from './captured.ts';

const OWN = 135;

function note(view: KernelView, ...names: string[]): boolean[] {
  return names.map(name => view.notice(capturedMessage(name)));
}
const message = (type: number, body: Uint8Array, flags = 0): Message => ({
  type,
  flags,
  sequence: 0,
  port: 0,
  body,
});
const route = (metric: number, gateway: string, protocol = 9, table = 254, destination = '::/0') =>
  emitRoute({
    table,
    destination: parsePrefix(destination)!,
    metric,
    kind: RouteKind.unicast,
    protocol,
    nextHop: { link: 11, gateway: parseAddress(gateway)! },
  });

describe('notifications', () => {
  it('a replacing route takes the place of the one before', () => {
    const view = new KernelView(OWN);
    note(view, 'unreachable', 'tunnel route', 'replaced route');
    const found = [...view.routes].map(({ metric, nextHops }) => [metric, nextHops[0]!.link]);
    expect(found).toEqual([
      [0xffffffff, 1],
      [128, 11],
    ]);
    expect(view.stale).toBe(false);
  });

  it('a replacing route where several stand makes the view stale', () => {
    const view = new KernelView(OWN);
    view.notice(message(24, route(1024, 'fe80::1')));
    view.notice(message(24, route(1024, 'fe80::2')));
    view.notice(message(24, route(1024, 'fe80::3'), Flag.replace));
    expect(view.stale).toBe(true);
  });

  it('keeps no route that is neither its own nor a default route', () => {
    const view = new KernelView(OWN);
    expect(view.notice(message(24, route(256, 'fe80::1', 2, 254, '2001:db8::/32')))).toBe(false);
    expect(view.notice(message(24, route(256, 'fe80::1', OWN, 254, '2001:db8::/32')))).toBe(true);
    expect([...view.routes]).toHaveLength(1);
  });

  it('a link that leaves a bridge stays a link', () => {
    const view = new KernelView(OWN);
    expect(note(view, 'link up', 'bridge port')).toEqual([true, false]);
    expect(view.link(11)?.name).toBe('u0');
  });

  it('the IPv6 side of a link changes its flags and MTU only', () => {
    const view = new KernelView(OWN);
    note(view, 'carrier loss', 'ipv6 of a link');
    expect(view.link(11)).toMatchObject({ name: 'u0', kind: 'veth', ipv6Mtu: 1500 });
  });

  it('routes and addresses go with their link, though the kernel may be told not to say so', () => {
    const view = new KernelView(OWN);
    note(view, 'link up', 'tentative address', 'default route', 'tunnel', 'tunnel route', 'unreachable');
    note(view, 'tunnel deleted');
    expect([...view.routes].map(found => found.metric)).toEqual([1024, 0xffffffff]);
    expect([...view.addresses]).toHaveLength(1);
    view.notice(message(16, emitLink({ index: 11, name: 'u0', up: false })));
    expect([...view.routes].map(found => found.metric)).toEqual([0xffffffff]);
  });

  it('of neighbours it keeps its own, a proxy beside another entry, and they go with their link', () => {
    const view = new KernelView(OWN);
    const place = (link: number, protocol: number, linkLayerAddress?: Uint8Array) =>
      emitNeighbor({
        link,
        neighbor: parseAddress('2001:db8::9')!,
        linkLayerAddress,
        router: false,
        protocol,
      });
    const octets = Uint8Array.of(2, 0, 0, 0, 0, 1);
    expect(view.notice(message(28, place(11, 0)))).toBe(false);
    expect(view.notice(message(28, place(11, OWN)))).toBe(true);
    view.notice(message(28, place(11, OWN, octets)));
    view.notice(message(28, place(12, OWN)));
    const links = () => [...view.neighbors].map(found => [found.link, found.linkLayerAddress !== undefined]);
    expect(links()).toEqual([
      [11, false],
      [12, false],
      [11, true],
    ]);
    expect(view.notice(message(29, place(12, OWN)))).toBe(true);
    expect(view.notice(message(29, place(12, OWN)))).toBe(false);
    view.notice(message(16, emitLink({ index: 11, name: 'u0', up: false })));
    expect(links()).toEqual([]);
  });

  it('a deleted rule is gone', () => {
    const view = new KernelView(OWN);
    note(view, 'rule from', 'rule to', 'rule deleted');
    expect([...view.rules].map(rule => rule.priority)).toEqual([900]);
    expect(note(view, 'rule deleted')).toEqual([false]);
  });
});

/** The kernel is faked: it answers each dump with the messages of the test, when told to. */
function setUp(objects: ReadonlyMap<number, readonly Uint8Array[]>) {
  const view = new KernelView(OWN);
  const waiting: Message[] = [];
  const client = new NetlinkClient(datagram => waiting.push(...parseMessages(datagram)), {
    notification: found => view.notice(found),
    overrun: () => {},
  });
  const answer = async (interrupted = false): Promise<void> => {
    const { type, sequence } = waiting.shift()!;
    const say = (answerType: number, body: Uint8Array): void =>
      client.receive(
        emitMessage(
          { type: answerType, flags: Flag.multipart | (interrupted ? Flag.dumpInterrupted : 0), body },
          0,
          sequence,
        ),
      );
    for (const body of objects.get(type) ?? []) say(type - 2, body);
    say(3, s32.encode(0));
    await new Promise(done => setImmediate(done));
  };
  return { view, client, waiting, answer };
}

describe('resync', () => {
  const link = emitLink({ index: 5, name: 'u1', mtu: 1500, up: true });

  it('shows what it showed before until everything is there, and then nothing that is gone', async () => {
    const { view, client, answer } = setUp(new Map([[18, [link]]]));
    note(view, 'link up', 'rule from');
    const done = view.resync(client);
    await answer();
    expect([...view.links].map(found => found.name)).toEqual(['u0']);
    const address = parseAddress('2001:db8:1::9')!;
    client.receive(
      emitMessage(message(20, emitLinkAddress({ link: 5, address, length: 64, protocol: 0 })), 0, 0),
    );
    for (let dump = 0; dump < 5; dump++) await answer();
    expect(await done).toBeUndefined();
    expect([...view.links].map(found => found.name)).toEqual(['u1']);
    expect([...view.addresses].map(found => found.address)).toEqual([address]);
    expect([...view.rules]).toEqual([]);
  });

  it('asks again for a dump that was interrupted', async () => {
    const { view, client, waiting, answer } = setUp(new Map());
    const done = view.resync(client);
    await answer(true);
    expect(waiting[0]!.type).toBe(18);
    for (let dump = 0; dump < 6; dump++) await answer();
    expect(await done).toBeUndefined();
  });

  it('is stale when a dump was refused; but a kernel may have no rules', async () => {
    const { view, client, waiting, answer } = setUp(new Map());
    const refuse = (errno: number): void =>
      client.receive(
        emitMessage({ type: 2, flags: 0, body: s32.encode(-errno) }, 0, waiting.shift()!.sequence),
      );
    const refused = view.resync(client);
    refuse(1);
    expect((await refused)?.errno).toBe(1);
    expect(view.stale).toBe(true);
    const done = view.resync(client);
    for (let dump = 0; dump < 3; dump++) await answer();
    refuse(95);
    await new Promise(next => setImmediate(next));
    for (let dump = 0; dump < 2; dump++) await answer();
    expect(await done).toBeUndefined();
    expect(view.stale).toBe(false);
  });
});
