/**
 * Fuzzing of everything that reads octets from the network: mutants of good packets, and noise. Runs wherever the wire code
 * runs. A reader may refuse; it may not throw, take long, or keep memory.
 */
import fc from 'fast-check';
import { readCapture } from '../../src/decode/capture.ts';
import { decodePacket } from '../../src/decode/packet.ts';
import { COMPLETE } from '../../src/wire/complete-codec.ts';
import { parseDsmipv6 } from '../../src/wire/dsmipv6.ts';
import { decapsulate } from '../../src/wire/encapsulation.ts';
import { parseGre } from '../../src/wire/gre.ts';
import { parseIcmpv6Packet } from '../../src/wire/icmpv6/icmpv6-packet.ts';
import { parseIp } from '../../src/wire/ip.ts';
import { packetAround } from '../../src/wire/mobility-packet.ts';
import { parsePmipv6Control, parsePmipv6Data } from '../../src/wire/pmipv6-udp.ts';
import { parseUdpPacket } from '../../src/wire/udp.ts';
import { randomSource } from '../simulation/network.ts';
import { anyPacket } from '../unit/wire/arbitraries.ts';
import { anyWholePacket } from '../unit/wire/arbitraries-whole.ts';
import {
  emitMobilityPacket,
  parseMobilityPacket,
  parseMobilityPayload,
} from '../unit/wire/complete-packet.ts';
import { plausible } from '../unit/wire/mutations.ts';
import { concatenated, hex } from '../unit/wire/octets.ts';

export interface FuzzOptions {
  readonly seed: number;
  /** Ends the run, whichever comes first. */
  readonly inputs: number;
  readonly milliseconds: number;
  /** Milliseconds, monotonic. */
  now(): number;
  /** Called after each tenth of the inputs. */
  progress?(inputs: number): void;
}

export interface FuzzReport {
  readonly inputs: number;
  /** Inputs that were read as a mobility packet; the others were refused. */
  readonly accepted: number;
  /** Of one input, in milliseconds. */
  readonly slowest: number;
  /** Hexadecimal input and what it did. */
  readonly failures: readonly { readonly input: string; readonly what: string }[];
}

const CORPUS = 3000;
const MOST_FAILURES = 10;
/** A reader that takes longer for one packet has a loop that it should not have (milliseconds; a busy machine included). */
const LONGEST = 1000;
const HEADERS = [0, 43, 44, 51, 58, 60, 135];

export function fuzz({ seed, inputs, milliseconds, now, progress }: FuzzOptions): FuzzReport {
  const random = randomSource(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const packets = fc.sample(anyPacket, { seed, numRuns: CORPUS });
  const corpus = fc.sample(anyWholePacket, { seed, numRuns: CORPUS });
  const failures: { input: string; what: string }[] = [];
  const end = now() + milliseconds;
  let accepted = 0;
  let slowest = 0;
  let count = 0;
  while (count < inputs && failures.length < MOST_FAILURES) {
    const packet = packets[below(CORPUS)]!;
    const kind = below(8);
    let input: Uint8Array;
    if (kind === 0) input = noise(below, 400);
    else if (kind < 5) input = mutant(corpus[below(CORPUS)]!, below);
    else input = packetAround(plausible(mutant(COMPLETE.emit(packet.message), below)), packet);
    const start = now();
    try {
      if (read(input, HEADERS[below(HEADERS.length)]!)) accepted++;
    } catch (error) {
      failures.push({ input: hex(input), what: String(error) });
    }
    const duration = now() - start;
    slowest = Math.max(slowest, duration);
    if (duration > LONGEST) failures.push({ input: hex(input), what: `${duration} ms` });
    count++;
    if (count % Math.ceil(inputs / 10) === 0) progress?.(count);
    if (count % 256 === 0 && now() > end) break;
  }
  return { inputs: count, accepted, slowest, failures };
}

/** Everything that reads octets of others; true when the packet is a mobility packet. */
function read(input: Uint8Array, nextHeader: number): boolean {
  const source = input.slice(0, 16);
  const address = source.length === 16 ? source : new Uint8Array(16);
  const parsed = parseMobilityPacket(input);
  // Padding that a mutant lacks is added, so a very long one may have no room for it.
  if (parsed.ok && parsed.value.header.length <= 1024) {
    const again = parseMobilityPacket(emitMobilityPacket(parsed.value));
    if (!again.ok) throw new Error(`emitted and refused: ${again.error.rule}`);
  }
  parseMobilityPayload(nextHeader, input.subarray(40), address, address);
  decodePacket(input, 6);
  decodePacket(input, 4);
  readCapture(input);
  parseIcmpv6Packet(input);
  parseDsmipv6(input);
  const datagram = parseUdpPacket(input);
  if (datagram.ok) {
    parsePmipv6Control(datagram.value.payload);
    parsePmipv6Data(datagram.value.payload);
  }
  const outer = decapsulate(input);
  if (outer.ok) parseIp(outer.value.inner);
  const ip = parseIp(input);
  if (ip.ok) parseGre(input.subarray(ip.value.payload, ip.value.end));
  return parsed.ok;
}

type Below = (limit: number) => number;

function noise(below: Below, longest: number): Uint8Array {
  return Uint8Array.from({ length: below(longest) }, () => below(256));
}

/** Values that lengths, types and flags turn upon. */
const TELLING = [0, 1, 2, 4, 8, 16, 18, 20, 35, 44, 45, 58, 59, 60, 127, 128, 135, 201, 254, 255];

/** One to four changes: an octet, a bit, octets more, octets less, the end cut off, a piece copied elsewhere. */
function mutant(octets: Uint8Array, below: Below): Uint8Array {
  let bytes: Uint8Array = octets.slice();
  for (let changes = 1 + below(4); changes > 0; changes--) {
    const at = below(bytes.length);
    const length = 1 + below(8);
    switch (below(8)) {
      case 0:
      case 1:
        bytes[at] = TELLING[below(TELLING.length)]!;
        break;
      case 2:
        bytes[at] = below(256);
        break;
      case 3:
        bytes[at]! ^= 1 << below(8);
        break;
      case 4:
        bytes = concatenated(bytes.subarray(0, at), noise(below, 9), bytes.subarray(at));
        break;
      case 5:
        bytes = concatenated(bytes.subarray(0, at), bytes.subarray(at + length));
        break;
      case 6:
        bytes = bytes.slice(0, at);
        break;
      default:
        bytes.set(
          bytes.slice(at, Math.min(at + length, bytes.length - length)),
          below(bytes.length - length),
        );
    }
    if (bytes.length < 10) break;
  }
  return bytes;
}
