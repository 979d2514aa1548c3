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
