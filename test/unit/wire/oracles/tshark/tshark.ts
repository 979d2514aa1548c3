/** tshark as an independent reader: packets into a capture file, its dissection out of the PDML. Needs tshark. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A field as tshark names it, and its value: octets in hexadecimal, or the number that some bits make, likewise. */
export type Field = readonly [name: string, value: string];

/** A field of the PDML. */
export interface Dissected {
  /** `UNKNOWN_OPTION` for an option that tshark does not know; empty for a heading. */
  readonly name: string;
  /** Octets from the start of the packet, and how many. */
  readonly at: number;
  readonly length: number;
  /** As `Field` has it. */
  readonly value: string;
  /** What tshark makes of the value, e.g. a decimal number. */
  readonly show: string;
  /** The line that tshark prints. */
  readonly text: string;
  /** Of some bits of its octets. */
  readonly isBits: boolean;
}

/** In place of a name. */
export const UNKNOWN_OPTION = 'unknown option';

/** Ports that it does not know by itself, and checksums that it leaves alone by itself. */
const PREFERENCES = [
  ...['-d', 'udp.port==4191,ip', '-d', 'udp.port==5437,ip'],
  ...['-o', 'ip.check_checksum:TRUE', '-o', 'udp.check_checksum:TRUE'],
];

/** A pcap file of whole IP packets: LINKTYPE_RAW. */
function pcap(packets: readonly Uint8Array[]): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(0xffff, 16);
  header.writeUInt32LE(101, 20);
  const records = packets.flatMap(packet => {
    const record = Buffer.alloc(16);
    record.writeUInt32LE(packet.length, 8);
    record.writeUInt32LE(packet.length, 12);
    return [record, packet];
  });
  return Buffer.concat([header, ...records]);
}

/** The fields of each packet in the order of the PDML. */
export function dissect(packets: readonly Uint8Array[]): Dissected[][] {
  const directory = mkdtempSync(join(tmpdir(), 'kedge-wire-'));
  try {
    const file = join(directory, 'emitted.pcap');
    writeFileSync(file, pcap(packets));
    const pdml = execFileSync('tshark', ['-r', file, '-T', 'pdml', ...PREFERENCES], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const dissections = pdml.split('<packet>').slice(1).map(fieldsOf);
    if (dissections.length !== packets.length) throw new Error(`tshark read ${dissections.length} packets`);
    return dissections;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function fieldsOf(packet: string): Dissected[] {
  return Array.from(packet.matchAll(/<(?:field|proto) ([^>]*)>/g), ([, written]) => {
    const attributes = new Map(
      Array.from(written!.matchAll(/(\w+)="([^"]*)"/g), ([, name, value]) => [name!, value!]),
    );
    const name = attributes.get('name') ?? '';
    const show = attributes.get('show') ?? '';
    return {
      name: name === '' && show.startsWith('Unknown (0x') ? UNKNOWN_OPTION : name,
      at: Number(attributes.get('pos')),
      length: Number(attributes.get('size')),
      value: attributes.get('value') ?? '',
      show,
      text: attributes.get('showname') ?? '',
      isBits: attributes.has('unmaskedvalue'),
    };
  });
}

/** The fields of these names, in their order. What tshark computed has what it shows. */
export function named(dissection: readonly Dissected[], names: ReadonlySet<string>): Field[] {
  return dissection
    .filter(({ name }) => names.has(name))
    .map(({ name, value, show, length }) => [name, length === 0 ? show : value]);
}

/** What is malformed, and bad checksums. */
export function complaints(dissection: readonly Dissected[]): string[] {
  const GOOD = '1';
  return dissection
    .filter(
      ({ name, show }) =>
        name.startsWith('_ws.malformed') || (name.endsWith('checksum.status') && show !== GOOD),
    )
    .map(({ name }) => name);
}

/** What tshark has to say about fields. */
export function remarks(dissection: readonly Dissected[]): string[] {
  return dissection.filter(({ name }) => name === '_ws.expert.message').map(({ show }) => show);
}

/** As tshark writes them. */
export const flag = (set: boolean | undefined): string => (set ? '1' : '0');
export const number = (value: number, octets: number): string => value.toString(16).padStart(2 * octets, '0');
export const bits = (value: number): string => value.toString(16).toUpperCase();
