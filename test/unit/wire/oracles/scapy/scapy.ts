/** Scapy as an independent reader and writer. Needs Debian's python3-scapy. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** A field as Scapy names it; what is no number is octets in hexadecimal. */
export type Field = readonly [name: string, value: number | string];
type Fields = Readonly<Record<string, number | string>>;

/** One of Scapy's classes, e.g. `MIP6MH_BU`, and its fields. */
export interface Layer {
  readonly layer: string;
  readonly fields: Fields;
}

export interface Message extends Layer {
  readonly options: readonly Layer[];
}

export interface Dissection extends Message {
  /** As Scapy computes it. */
  readonly checksum: number;
}

export interface Order extends Message {
  /** Addresses in hexadecimal. */
  readonly source: string;
  readonly destination: string;
}

function ask(requests: readonly object[]): unknown[] {
  const answers = execFileSync('/usr/bin/python3', [join(import.meta.dirname, 'driver.py')], {
    input: requests.map(request => `${JSON.stringify(request)}\n`).join(''),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return answers.split('\n', requests.length).map(line => JSON.parse(line));
}

/** What Scapy reads in each of these IPv6 packets. */
export function dissect(packets: readonly Uint8Array[]): Dissection[] {
  return ask(packets.map(packet => ({ dissect: Buffer.from(packet).toString('hex') }))) as Dissection[];
}

/** Packets of IPv6 that Scapy makes, with its own lengths, padding and checksums. */
export function build(orders: readonly Order[]): Uint8Array[] {
  const answers = ask(orders.map(order => ({ build: order }))) as { packet: string }[];
  return answers.map(({ packet }) => Uint8Array.from(Buffer.from(packet, 'hex')));
}
