import { describe, expect, it } from 'vitest';
import { STANDARD } from '../../src/wire/mobility-header.ts';
import { emitMobilityPacket, parseMobilityPacket } from '../../src/wire/mobility-packet.ts';
import { type Network, twoUplinks } from './network.ts';

/** A home agent of RFC 6275 and 3963 alone: it has never heard of binding identifiers and heartbeats. */
function oldHomeAgent(): Network {
  const auth = { kind: 'none' } as const;
  const network = twoUplinks(3, { router: { auth } });
  const { anchor } = network;
  const handle = anchor!.handle.bind(anchor);
  anchor!.handle = (input, now) => {
    if (input.kind !== 'packet' || input.packet.nextHeader !== 60) return handle(input, now);
    // The packet as such a node understands it: without the options that it skips.
    const { source, destination, bytes } = input.packet;
    const message = STANDARD.parse(bytes.subarray(24));
    if (!message.ok || message.value.kind !== 'binding-update') return [];
    const options = message.value.options.filter(option => option.kind !== 'binding-identifier');
    const plain = emitMobilityPacket({
      source,
      destination,
      homeAddress: bytes.slice(8, 24),
      message: { ...message.value, bulkOrOverwrite: false, options },
    });
    expect(parseMobilityPacket(plain).ok).toBe(true);
    return handle({ ...input, packet: { ...input.packet, bytes: plain.subarray(40) } }, now);
  };
  return network;
}

const registered = (network: Network) =>
  network
    .router!.view()
    .paths.filter(path => path.registered)
    .map(path => path.uplink);

it('[RFC 5648 §5.7] uses one uplink at a time with a home agent that does not know identifiers', () => {
  const network = oldHomeAgent();
  network.run(3000);
  expect(network.events.map(event => event.name)).toContain('extension-unsupported');
  expect(registered(network)).toEqual(['lte']);
  expect(network.echo(500)).toBe(0);

  network.setCarrier('lte', false);
  network.run(3000);
  expect(registered(network)).toEqual(['wifi']);
  expect(network.echo(500)).toBe(0);

  network.setCarrier('lte', true);
  network.run(3000);
  expect(registered(network)).toEqual(['lte']);
  expect(network.router!.active.entry?.uplink.name).toBe('lte');
  expect(network.echo(500)).toBe(0);
});

describe('with one binding at a time', () => {
  const active = (network: Network) => network.router!.active.entry?.uplink.name;
  const setSilent = (network: Network, uplink: string, up: number, down: number) =>
    Object.assign(network.link(uplink), { lossUp: up, lossDown: down });
  const started = (): Network => twoUplinks(7, { router: { registration: 'regular' } });

  it.each([
    ['both ways', oldHomeAgent, 1, 1],
    ['towards the home agent', started, 1, 0],
    ['from the home agent', started, 0, 1],
  ])('an uplink that was silent %s and recovers is used again', (_, begin, up, down) => {
    const network = begin();
    network.run(15_000);
    expect(active(network)).toBe('lte');
    const lost = network.echo(3000, 10, [{ at: 500, run: () => setSilent(network, 'lte', up, down) }]) * 10;
    expect(lost).toBeLessThan(1000);
    expect(registered(network)).toEqual(['wifi']);
    network.run(10_000);
    expect(registered(network)).toEqual(['wifi']);
    // What is in flight by the old way: only kernels keep its tunnel for a while.
    const back = network.echo(5000, 10, [{ at: 500, run: () => setSilent(network, 'lte', 0, 0) }]) * 10;
    expect(back).toBeLessThanOrEqual(60);
    expect(active(network)).toBe('lte');
  });

  it('an uplink that is silent from the start is passed over, and used once it answers', () => {
    const network = started();
    setSilent(network, 'lte', 1, 1);
    network.run(10_000);
    expect(registered(network)).toEqual(['wifi']);
    expect(network.echo(20_000)).toBe(0);
    setSilent(network, 'lte', 0, 0);
    network.run(31_000);
    expect(active(network)).toBe('lte');
    expect(network.echo(500)).toBe(0);
  });

  it('an uplink that has gone silent while another was in use does not keep the traffic when it is wanted', () => {
    const network = started();
    network.run(15_000);
    network.prefer('wifi');
    network.run(3000);
    expect(active(network)).toBe('wifi');
    setSilent(network, 'lte', 0, 1);
    network.prefer(undefined);
    network.run(15_000);
    expect(registered(network)).toEqual(['wifi']);
    expect(network.echo(20_000)).toBe(0);
  });

  it('an uplink that was left while it was degraded may go silent together with the one in use', () => {
    const network = twoUplinks(7, { router: { registration: 'regular', quality: 'strict' } });
    network.run(15_000);
    Object.assign(network.link('lte'), { delay: 230 });
    network.run(60_000);
    network.prefer('wifi');
    network.run(3000);
    expect(registered(network)).toEqual(['wifi']);
    for (const uplink of ['lte', 'wifi']) setSilent(network, uplink, 1, 1);
    network.run(60_000);
    setSilent(network, 'lte', 0, 0);
    network.run(70_000);
    expect(active(network)).toBe('lte');
    expect(network.echo(500)).toBe(0);
  });

  it('when the home agent is away all take their turns, ever more seldom, and it is found again', () => {
    const network = started();
    network.run(15_000);
    for (const uplink of ['lte', 'wifi']) setSilent(network, uplink, 1, 1);
    network.run(120_000);
    const updates = network.sent.filter(({ packet, at }) => packet[6] === 60 && at > network.now - 60_000);
    expect(new Set(updates.map(({ uplink }) => uplink))).toEqual(new Set(['lte', 'wifi']));
    expect(updates.length).toBeLessThanOrEqual(6);
    setSilent(network, 'wifi', 0, 0);
    network.run(70_000);
    expect(active(network)).toBe('wifi');
    expect(network.echo(500)).toBe(0);
  });
});

const MONAMI6 = { options: { 'monami6-binding-identifier': 200 } };
const OTHER_NUMBER = { options: { 'monami6-binding-identifier': 201 } };

describe.each(['single', 'bulk'] as const)('ends with different dialects, %s registration', registration => {
  it.each([
    ['the draft at the router only', MONAMI6, undefined],
    ['the draft at the home agent only', undefined, MONAMI6],
    ['different numbers', MONAMI6, OTHER_NUMBER],
  ])('[multiplecoa-00 §5.7] %s: one binding, told by an event, and no storm', (_, own, peers) => {
    const network = twoUplinks(5, { router: { dialect: own, registration }, peer: { dialect: peers } });
    network.run(3000);
    expect(network.events.filter(event => event.name === 'extension-unsupported').length).toBe(1);
    expect(registered(network)).toEqual(['lte']);
    expect(network.anchor!.view().nodes[0]!.bindings.map(({ bid }) => bid)).toEqual([0]);
    expect(network.echo(500)).toBe(0);

    network.setCarrier('lte', false);
    network.run(3000);
    expect(network.echo(500)).toBe(0);
    network.setCarrier('lte', true);
    network.run(3000);
    expect(network.echo(500)).toBe(0);
    const signalling = network.sent.filter(({ packet }) => packet[6] !== 41);
    expect(signalling.length).toBeLessThan(40);
    network.run(600_000);
    expect(network.sent.filter(({ packet }) => packet[6] !== 41).length).toBeLessThan(50);
  });
});
