/** `kedge decode`: packets of the command line or of a capture file, field by field. */
import { readCapture } from '../decode/capture.ts';
import { bareNetworkLayer, findNetworkLayer } from '../decode/link-layer.ts';
import { type Decoded, decodePacket } from '../decode/packet.ts';
import { loadConfig } from '../uci/config.ts';
import { formatFault } from '../uci/fault.ts';
import { COMPLETE, dialectCodec } from '../wire/complete-codec.ts';
import type { MobilityCodec } from '../wire/mobility-header.ts';
import type { Command } from './arguments.ts';
import { renderDecoded } from './decode-text.ts';
import { EXIT } from './exit.ts';
import { type CommandHost, fail } from './host.ts';
import type { Screen } from './layout.ts';

/** Octets of a packet: digits in pairs; blanks and colons are for the eye. */
const HEXADECIMAL = /^([0-9a-f]{2}[\s:]*)+$/i;

/** In the dialect that a section of the configuration states, or with assigned numbers only. */
export function decodeIn(
  { source, json, dialect }: Extract<Command, { name: 'decode' }>,
  file: string,
  screen: Screen,
  host: CommandHost,
): number {
  if (dialect === undefined) return decode(source, json, screen, host);
  const text = host.readFile(file);
  if (text === undefined) return fail(`cannot read ${file}`, host);
  const { dialects, faults } = loadConfig({ file, text }, path => host.readFile(path));
  const numbers = dialects.get(dialect);
  if (numbers === undefined) return fail(`${file} has no dialect section '${dialect}'`, host);
  const codec = dialectCodec(numbers);
  if (codec.ok) return decode(source, json, screen, host, codec.codec);
  for (const fault of faults) host.printError(formatFault(fault));
  return EXIT.failure;
}

/** Exit status 1 also when a packet has a fault. */
export function decode(
  source: string,
  asJson: boolean,
  screen: Screen,
  host: Pick<CommandHost, 'print' | 'printError' | 'readOctets'>,
  codec: MobilityCodec = COMPLETE,
): number {
  let faulty = false;
  const show = (decoded: Decoded, facts: object, title: string): void => {
    faulty ||= decoded.faults.length > 0;
    if (asJson) host.print(JSON.stringify({ ...facts, ...decoded }));
    else for (const line of renderDecoded(decoded, title, screen)) host.print(line);
  };

  if (HEXADECIMAL.test(source)) {
    const octets = fromHexadecimal(source);
    const { version } = bareNetworkLayer(octets);
    if (version === undefined) return fail('not an IP packet: the first four bits are neither 4 nor 6', host);
    show(decodePacket(octets, version, codec), {}, '');
    return faulty ? EXIT.failure : EXIT.success;
  }

  const file = host.readOctets(source);
  if (typeof file === 'string') {
    return fail(`'${source}' is neither hexadecimal octets nor a file that can be read: ${file}`, host);
  }
  const capture = readCapture(file);
  if (capture === undefined) return fail(`${source} is no pcap or pcapng file`, host);
  for (const [index, packet] of capture.packets.entries()) {
    const { timestamp, linkType, octets, originalLength } = packet;
    const number = index + 1;
    const network = findNetworkLayer(linkType, octets);
    if (network === undefined) return fail(`link type ${linkType} is not supported`, host);
    if (network.version === undefined) continue;
    const cut = originalLength > octets.length;
    const decoded = decodePacket(octets.subarray(network.offset), network.version, codec);
    const time = timestamp === undefined ? '' : `${timestamp.toFixed(6)} `;
    show(decoded, { number, timestamp, captureCut: cut }, `#${number} ${time}`);
  }
  if (capture.fault !== undefined) return fail(`${source}: ${capture.fault}`, host);
  return faulty ? EXIT.failure : EXIT.success;
}

function fromHexadecimal(text: string): Uint8Array {
  const digits = text.replace(/[\s:]/g, '');
  const octets = new Uint8Array(digits.length / 2);
  for (let at = 0; at < octets.length; at++) {
    octets[at] = Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16);
  }
  return octets;
}
