/** tshark as an independent reader: packets into a capture file, its dissection out of the PDML. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A field's name, and its octets in hexadecimal as tshark gives them. */
export type Field = readonly [name: string, value: string];

/** A pcap file of whole IPv6 packets: LINKTYPE_RAW. */
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

/**
 * The fields of each packet in the order of the PDML, with the octets that they were read from. `preferences` are further
 * arguments of tshark.
 */
export function dissect(packets: readonly Uint8Array[], preferences: readonly string[] = []): Field[][] {
  const directory = mkdtempSync(join(tmpdir(), 'kedge-wire-'));
  try {
    const file = join(directory, 'emitted.pcap');
    writeFileSync(file, pcap(packets));
    return fieldsOf(
      execFileSync('tshark', ['-r', file, '-T', 'pdml', ...preferences], {
        encoding: 'utf8',
        maxBuffer: 1 << 28,
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    );
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function fieldsOf(pdml: string): Field[][] {
  return pdml
    .split('<packet>')
    .slice(1)
    .map(packet =>
      Array.from(packet.matchAll(/<(?:field|proto) ([^>]*)>/g), ([, attributes]): Field => {
        const attribute = (name: string) =>
          new RegExp(`(?:^| )${name}="([^"]*)"`).exec(attributes!)?.[1] ?? '';
        const name = attribute('name');
        const unknown = name === '' && attribute('show').startsWith('Unknown (0x');
        const shown = name.startsWith('_ws.') || name.endsWith('checksum.status');
        return [unknown ? 'unknown option' : name, attribute(shown ? 'show' : 'value')];
      }),
    );
}
