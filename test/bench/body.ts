/** What is measured, in one file that runs under Node and under QuickJS: microseconds of one operation each. */

import { SecurityAssociation } from '../../src/engine/authentication.ts';
import type { CreateHmac } from '../../src/engine/hmac.ts';
import { HomeAgent } from '../../src/engine/home-agent/home-agent.ts';
import { PLAIN } from '../../src/engine/identifiers/dialect.ts';
import { emitBindingUpdate } from '../../src/engine/mobile-router/binding-update.ts';
import { timestampFromWall } from '../../src/engine/timestamp.ts';
import type { HomeAgentConfig, MobileRouterConfig, Rfc4285Auth } from '../../src/uci/types.ts';
import { parseAddress, parsePrefix } from '../../src/wire/address.ts';
import { STANDARD } from '../../src/wire/mobility-header.ts';
import { emitMobilityPacket, parseMobilityPacket } from '../../src/wire/mobility-packet.ts';

const address = (text: string) => parseAddress(text)!;
const auth: Rfc4285Auth = { kind: 'rfc4285', spi: 256, key: new Uint8Array(16).fill(7), replay: 'timestamp' };
const homeAddress = address('2001:db8:100::10');
const homeAgent = address('2001:db8:1::2');
const careOfAddress = address('2001:db8:a::2');
const prefixes = [parsePrefix('2001:db8:101::/64')!];
const router: MobileRouterConfig = {
  name: 'vessel',
  homeAddress,
  homeAgents: [homeAgent],
  failoverAfter: 6,
  prefixes,
  mode: 'explicit',
  lifetime: 600,
  registration: 'single',
  probe: 'normal',
  auth,
  identifier: undefined,
  uplinks: [],
};
const anchor: HomeAgentConfig = {
  name: 'anchor',
  address: homeAgent,
  maxLifetime: 3600,
  probe: 'normal',
  peers: [{ name: 'vessel', homeAddress, prefixes, auth, identifier: undefined, maxBindings: 8 }],
};
const WALL = 1_800_000_000_000;
/** Octets under an HMAC, besides the two addresses. */
const COVERED = 120;

/** @param wall without it there is no time stamp */
function bindingUpdate(association: SecurityAssociation, count: number, wall?: number): Uint8Array {
  const bindings = Array.from({ length: count }, (_, i) => ({
    bid: i + 1,
    careOfAddress,
    priority: i + 2,
    remove: false,
  }));
  const timestamp = wall === undefined ? undefined : timestampFromWall(wall);
  const fields = {
    source: careOfAddress,
    homeAgent,
    sequence: 1,
    lifetime: 600,
    overwrite: false,
    bindings,
    prefixes: router.prefixes,
    timestamp,
  };
  return emitBindingUpdate(router, fields, association, PLAIN);
}

/** Microseconds an operation: the least of nine rounds of about 100 ms, for what else runs only adds. What `prepare` does is not counted. */
function measure(
  clock: () => number,
  operation: (i: number) => void,
  prepare: (rounds: number) => void = () => {},
): number {
  let rounds = 16;
  const time = (): number => {
    prepare(rounds);
    const start = clock();
    for (let i = 0; i < rounds; i++) operation(i);
    return clock() - start;
  };
  while (time() < 50) rounds *= 2;
  const samples = Array.from({ length: 9 }, time);
  return (Math.min(...samples) / rounds) * 1000;
}

/**
 * Decoding and encoding of a Binding Update with 3 BIDs, mobile network prefix and authenticator: the Mobility Header
 * alone, and the IPv6 packet with Home Address option and checksum.
 */
export function benchCodec(clock: () => number): Record<string, number> {
  const packet = bindingUpdate(new SecurityAssociation(auth), 3);
  const whole = parseMobilityPacket(packet);
  if (!whole.ok || whole.value.message.kind === 'opaque') throw new Error('unreadable');
  const { header, message } = whole.value;
  const bid = 'binding-identifier';
  const kinds = `${message.options.map(option => option.kind)}`;
  if (kinds !== `${[bid, bid, bid, 'mobile-network-prefix', 'authentication']}`) throw new Error(kinds);
  return {
    bu_codec_us: measure(clock, () => {
      const parsed = STANDARD.parse(header);
      if (parsed.ok) STANDARD.emit(parsed.value);
    }),
    bu_packet_codec_us: measure(clock, () => {
      const received = parseMobilityPacket(packet);
      if (received.ok) emitMobilityPacket(received.value);
    }),
  };
}

/** @param clock milliseconds */
export function benchHmac(clock: () => number, createHmac: CreateHmac): Record<string, number> {
  const covered = new Uint8Array(COVERED);
  const sha1 = createHmac('sha1', auth.key);
  const sha256 = createHmac('sha256', auth.key);
  return {
    hmac_sha1_us: measure(clock, () => sha1(careOfAddress, homeAddress, covered)),
    hmac_sha256_us: measure(clock, () => sha256(careOfAddress, homeAddress, covered)),
  };
}

/**
 * A mobile router composes a signed Binding Update with one BID; a home agent verifies it and makes its signed
 * acknowledgement and, as for every registration, a signed probe of the path.
 */
export function benchExchange(clock: () => number, createHmac: CreateHmac): Record<string, number> {
  const association = new SecurityAssociation(auth, createHmac);
  const agent = new HomeAgent(anchor, { monotonic: 0, wall: WALL }, new Map(), createHmac);
  // Each update is newer than all before.
  let made = 0;
  let used = 0;
  let updates: Uint8Array[] = [];
  const prepare = (rounds: number) => {
    updates = Array.from({ length: rounds }, () => bindingUpdate(association, 1, WALL + ++made));
  };
  const exchange = (i: number) => {
    used++;
    const bytes = updates[i]!.subarray(40);
    const packet = {
      source: careOfAddress,
      destination: homeAgent,
      nextHeader: 60,
      bytes,
      device: 'bench',
      hopLimit: 64,
    };
    const outputs = agent.handle({ kind: 'packet', packet }, { monotonic: used, wall: WALL + used });
    if (!outputs.some(output => output.kind === 'send')) throw new Error('no acknowledgement');
  };
  return {
    bu_make_us: measure(clock, i => bindingUpdate(association, 1, WALL + i)),
    bu_exchange_us: measure(clock, exchange, prepare),
  };
}
