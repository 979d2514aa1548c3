/** What is measured, in one file that runs under Node and under QuickJS: microseconds of one operation each. */
import { SecurityAssociation } from '../../src/engine/authentication.ts';
import { HomeAgent } from '../../src/engine/home-agent/home-agent.ts';
import { emitBindingUpdate } from '../../src/engine/mobile-router/binding-update.ts';
import { timestampFromWall } from '../../src/engine/timestamp.ts';
import type { MobileRouterConfig, Rfc4285Auth } from '../../src/uci/types.ts';
import { parseAddress, parsePrefix } from '../../src/wire/address.ts';
import { parseMobilityHeader } from '../../src/wire/mobility-message.ts';
import { emitMobilityHeader, parseMobilityPacket } from '../../src/wire/mobility-packet.ts';

const address = (text: string) => parseAddress(text)!;
const auth: Rfc4285Auth = { kind: 'rfc4285', spi: 256, key: new Uint8Array(16).fill(7), replay: 'timestamp' };
const prefixes = [parsePrefix('2001:db8:101::/64')!];
const config: MobileRouterConfig = {
  name: 'vessel',
  homeAddress: address('2001:db8:100::10'),
  homeAgent: address('2001:db8:1::2'),
  prefixes,
  mode: 'explicit',
  lifetime: 600,
  registration: 'single',
  probe: 'normal',
  auth,
  identifier: undefined,
  uplinks: [],
};
const association = new SecurityAssociation(auth);
const careOfAddress = address('2001:db8:a::2');
const WALL = 1_800_000_000_000;

function bindingUpdate(count: number, sequence: number, wall: number): Uint8Array {
  const bindings = Array.from({ length: count }, (_, i) => ({ bid: i + 1, careOfAddress, priority: i + 2 }));
  const timestamp = timestampFromWall(wall);
  const fields = { source: careOfAddress, sequence, lifetime: 600, overwrite: false, bindings, timestamp };
  return emitBindingUpdate(config, fields, association);
}

/** Median of five rounds of about 100 ms, microseconds an operation. */
function measure(clock: () => number, operation: (i: number) => void): number {
  let rounds = 16;
  const time = (): number => {
    const start = clock();
    for (let i = 0; i < rounds; i++) operation(i);
    return clock() - start;
  };
  while (time() < 50) rounds *= 2;
  const samples = Array.from({ length: 5 }, () => (time() / rounds) * 1000).sort((a, b) => a - b);
  return samples[2]!;
}

/** @param clock milliseconds */
export function runBench(clock: () => number): Record<string, number> {
  const received = parseMobilityPacket(bindingUpdate(3, 1, WALL));
  if (!received.ok) throw new Error(received.error.rule);
  const { header } = received.value;
  const covered = new Uint8Array(120);

  const agent = new HomeAgent(
    {
      name: 'anchor',
      address: config.homeAgent,
      maxLifetime: 3600,
      probe: 'normal',
      peers: [
        {
          name: 'vessel',
          homeAddress: config.homeAddress,
          prefixes,
          auth,
          identifier: undefined,
          maxBindings: 8,
        },
      ],
    },
    { monotonic: 0, wall: WALL },
  );
  // Made beforehand, so that only the home agent's work is measured; each is newer than the one before.
  const updates = Array.from({ length: 512 }, (_, i) => bindingUpdate(1, i & 0xffff, WALL + i + 1));
  let used = 0;
  let epoch = WALL;
  const exchange = () => {
    if (used === updates.length) {
      used = 0;
      epoch += 1000;
      for (let i = 0; i < updates.length; i++) updates[i] = bindingUpdate(1, i & 0xffff, epoch + i + 1);
    }
    const packet = updates[used++]!;
    const outputs = agent.handle(
      {
        kind: 'packet',
        packet: {
          source: careOfAddress,
          destination: config.homeAgent,
          nextHeader: 60,
          bytes: packet.subarray(40),
          device: 'bench',
        },
      },
      { monotonic: epoch - WALL, wall: epoch + used },
    );
    if (!outputs.some(output => output.kind === 'send')) throw new Error('no acknowledgement');
  };

  const making = measure(clock, i => {
    bindingUpdate(1, i & 0xffff, WALL + i);
  });
  const cycle = measure(clock, exchange);
  return {
    bu_codec_us: measure(clock, () => {
      const parsed = parseMobilityHeader(header);
      if (parsed.ok) emitMobilityHeader(parsed.value);
    }),
    hmac_sha1_us: measure(clock, () => {
      association.authenticator(careOfAddress, config.homeAddress, covered);
    }),
    bu_make_us: making,
    // Every exchange has used one update that was made for it.
    bu_exchange_us: Math.max(cycle - making, 0),
  };
}
