/**
 * A number for each care-of address. The kernel looks up who may send a Home Address option by both ends and the mark of the
 * packet, so several care-of addresses of a node need marks that differ; which of them is right it then compares itself. The
 * filter computes the same number (nft's `jhash`), and so need not know any address.
 */
import { LITTLE_ENDIAN } from '../netlink/byte-order.ts';
import type { Address } from '../wire/address.ts';

const SEED = 0x6b65_6467;
const MODULUS = 65536;
const OFFSET = 0x6b64_0000;

/** What sets the mark of a packet from its source address. */
export const CARE_OF_MARK = `meta mark set jhash ip6 saddr mod ${MODULUS} seed ${SEED} offset ${OFFSET}`;

const INITIAL = 0xdead_beef;
const LENGTH = 16;

export function careOfMark(address: Address): number {
  const hash = jhash(new DataView(address.buffer, address.byteOffset, LENGTH));
  return OFFSET + Math.floor((hash * MODULUS) / 2 ** 32);
}

const rotate = (value: number, by: number): number => (value << by) | (value >>> (32 - by));

/** Bob Jenkins' lookup3 of 16 octets, as linux/jhash.h has it. */
function jhash(octets: DataView): number {
  let a = INITIAL + LENGTH + SEED;
  let b = a;
  let c = a;
  a = (a + octets.getUint32(0, LITTLE_ENDIAN)) | 0;
  b = (b + octets.getUint32(4, LITTLE_ENDIAN)) | 0;
  c = (c + octets.getUint32(8, LITTLE_ENDIAN)) | 0;
  // Twice three steps, each of which makes the next one's names of its own.
  for (const by of [4, 6, 8, 16, 19, 4]) {
    const mixed = ((a - c) ^ rotate(c, by)) | 0;
    [a, b, c] = [b, (c + b) | 0, mixed];
  }
  a = (a + octets.getUint32(12, true)) | 0;
  for (const by of [14, 11, 25, 16, 4, 14, 24]) {
    const mixed = ((c ^ b) - rotate(b, by)) | 0;
    [a, b, c] = [b, mixed, a];
  }
  return b >>> 0;
}
