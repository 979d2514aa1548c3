/** Reads what tcpdump wrote: classic pcap with microseconds, Ethernet frames, in the byte order of this machine. */

export interface Frame {
  /** Octets 0..5 of the Ethernet header are the destination, 6..11 the source. */
  readonly ethernet: Uint8Array;
  /** The IPv6 packet in it. */
  readonly packet: Uint8Array;
  /** Wall-clock time of the capture, milliseconds. */
  readonly time: number;
}

const FILE_HEADER = 24;
const RECORD_HEADER = 16;
const ETHERNET_HEADER = 14;
const IPV6 = 0x86dd;

/** The IPv6 packets of a capture; a record that is not yet complete ends it. */
export function readCapture(bytes: Uint8Array): Frame[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < FILE_HEADER || view.getUint32(0, true) !== 0xa1b2c3d4)
    throw new Error('not a pcap file');
  const frames: Frame[] = [];
  for (let at = FILE_HEADER; at + RECORD_HEADER <= bytes.length; ) {
    const [seconds, micros, captured] = [0, 4, 8].map(offset => view.getUint32(at + offset, true)) as [
      number,
      number,
      number,
    ];
    const start = at + RECORD_HEADER;
    at = start + captured;
    if (at > bytes.length) break;
    if (captured < ETHERNET_HEADER || view.getUint16(start + 12) !== IPV6) continue;
    frames.push({
      ethernet: bytes.subarray(start, start + ETHERNET_HEADER),
      packet: bytes.subarray(start + ETHERNET_HEADER, at),
      time: seconds * 1000 + micros / 1000,
    });
  }
  return frames;
}
