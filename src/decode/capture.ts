/** Capture files: pcap (draft-ietf-opsawg-pcap) and pcapng (draft-ietf-opsawg-pcapng), of either byte order. */

export interface CapturedPacket {
  /** Seconds since 1970-01-01 UTC; undefined when the file does not say. */
  readonly timestamp: number | undefined;
  /** LINKTYPE_* number. */
  readonly linkType: number;
  readonly octets: Uint8Array;
  /** Octets that the packet had on the wire; more than there are when the capture cut it. */
  readonly originalLength: number;
}

/** The packets, and what ended the reading before the end of the file. */
export interface Capture {
  readonly packets: readonly CapturedPacket[];
  readonly fault?: string;
}

const PCAP_MICROSECONDS = 0xa1b2c3d4;
const PCAP_NANOSECONDS = 0xa1b23c4d;
const SECTION_HEADER_BLOCK = 0x0a0d0d0a;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;

/** Undefined when the octets are no capture file. */
export function readCapture(file: Uint8Array): Capture | undefined {
  if (file.length < 12) return undefined;
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (view.getUint32(0) === SECTION_HEADER_BLOCK) return readPcapng(file, view);
  for (const little of [true, false]) {
    const magic = view.getUint32(0, little);
    if (magic === PCAP_MICROSECONDS) return readPcap(file, view, little, 1e6);
    if (magic === PCAP_NANOSECONDS) return readPcap(file, view, little, 1e9);
  }
  return undefined;
}

const PCAP_HEADER = 24;
const PCAP_RECORD = 16;
/** The upper bits say how long a frame check sequence is. */
const LINK_TYPE_MASK = 0x0fffffff;

function readPcap(file: Uint8Array, view: DataView, little: boolean, unitsPerSecond: number): Capture {
  const packets: CapturedPacket[] = [];
  if (file.length < PCAP_HEADER) return { packets, fault: 'the file ends within its header' };
  const linkType = view.getUint32(20, little) & LINK_TYPE_MASK;
  let at = PCAP_HEADER;
  while (at < file.length) {
    const data = at + PCAP_RECORD;
    if (data > file.length) return { packets, fault: 'the file ends within a record' };
    const next = data + view.getUint32(at + 8, little);
    if (next > file.length) return { packets, fault: 'the file ends within a packet' };
    packets.push({
      timestamp: view.getUint32(at, little) + view.getUint32(at + 4, little) / unitsPerSecond,
      linkType,
      octets: file.subarray(data, next),
      originalLength: view.getUint32(at + 12, little),
    });
    at = next;
  }
  return { packets };
}

const INTERFACE_DESCRIPTION_BLOCK = 1;
const SIMPLE_PACKET_BLOCK = 3;
const ENHANCED_PACKET_BLOCK = 6;
const OPTION_TIME_RESOLUTION = 9;
/** Type and length before, length again behind. */
const BLOCK_OVERHEAD = 12;

interface CaptureInterface {
  readonly linkType: number;
  readonly unitsPerSecond: number;
}

function readPcapng(file: Uint8Array, view: DataView): Capture {
  const packets: CapturedPacket[] = [];
  let little = true;
  let interfaces: CaptureInterface[] = [];
  let at = 0;
  while (at < file.length) {
    if (at + BLOCK_OVERHEAD > file.length) return { packets, fault: 'the file ends within a block' };
    if (view.getUint32(at) === SECTION_HEADER_BLOCK) {
      little = view.getUint32(at + 8, true) === BYTE_ORDER_MAGIC;
      interfaces = [];
    }
    const type = view.getUint32(at, little);
    const length = view.getUint32(at + 4, little);
    const next = at + length;
    if (length < BLOCK_OVERHEAD || length % 4 !== 0 || next > file.length) {
      return { packets, fault: `a block of ${length} octets does not fit` };
    }
    const body = { view, little, start: at + 8, end: next - 4 };
    if (type === INTERFACE_DESCRIPTION_BLOCK) {
      interfaces.push(readInterface(body));
    } else if (type === ENHANCED_PACKET_BLOCK || type === SIMPLE_PACKET_BLOCK) {
      const packet =
        type === ENHANCED_PACKET_BLOCK
          ? readEnhancedPacket(file, body, interfaces)
          : readSimplePacket(file, body, interfaces);
      if (packet === undefined) return { packets, fault: 'a packet block does not fit its packet' };
      packets.push(packet);
    }
    at = next;
  }
  return { packets };
}

interface Block {
  readonly view: DataView;
  readonly little: boolean;
  /** Of the body. */
  readonly start: number;
  readonly end: number;
}

function readInterface({ view, little, start, end }: Block): CaptureInterface {
  const linkType = start + 2 <= end ? view.getUint16(start, little) : -1;
  let unitsPerSecond = 1e6;
  let at = start + 8;
  while (at + 4 <= end) {
    const code = view.getUint16(at, little);
    const length = view.getUint16(at + 2, little);
    if (code === OPTION_TIME_RESOLUTION && length === 1 && at + 4 < end) {
      const exponent = view.getUint8(at + 4);
      unitsPerSecond = exponent & 0x80 ? 2 ** (exponent & 0x7f) : 10 ** exponent;
    }
    at += 4 + ((length + 3) & ~3);
  }
  return { linkType, unitsPerSecond };
}

function readEnhancedPacket(
  file: Uint8Array,
  { view, little, start, end }: Block,
  interfaces: readonly CaptureInterface[],
): CapturedPacket | undefined {
  const data = start + 20;
  if (data > end) return undefined;
  const from = interfaces[view.getUint32(start, little)];
  const units = view.getUint32(start + 4, little) * 2 ** 32 + view.getUint32(start + 8, little);
  const last = data + view.getUint32(start + 12, little);
  if (from === undefined || last > end) return undefined;
  return {
    timestamp: units / from.unitsPerSecond,
    linkType: from.linkType,
    octets: file.subarray(data, last),
    originalLength: view.getUint32(start + 16, little),
  };
}

function readSimplePacket(
  file: Uint8Array,
  { view, little, start, end }: Block,
  [first]: readonly CaptureInterface[],
): CapturedPacket | undefined {
  const data = start + 4;
  if (first === undefined || data > end) return undefined;
  const originalLength = view.getUint32(start, little);
  const octets = file.subarray(data, Math.min(end, data + originalLength));
  return { timestamp: undefined, linkType: first.linkType, octets, originalLength };
}
