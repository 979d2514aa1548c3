/**
 * Attributes as libubox's `blob` lays them out, big-endian: u32 of an extension bit, an identifier of 7 bits and a length of
 * 24 bits (of header and content, without the padding behind it), then the content; the next attribute begins at a multiple
 * of 4. Attributes within an attribute are its content; their padding is in its length.
 */
import { encodeUtf8 } from '../wire/utf8.ts';

const HEADER = 4;
const EXTENDED = 0x80;
const LONGEST = 0xff_ffff;

export interface Attribute {
  /** 0..127 */
  readonly id: number;
  /** A name stands before the content: see `blobmsg.ts`. */
  readonly extended: boolean;
  readonly content: Uint8Array;
}

/** The attributes that fill `octets`; undefined when they do not. */
export function parseAttributes(octets: Uint8Array): Attribute[] | undefined {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
  const found: Attribute[] = [];
  for (let at = 0; at < octets.length; ) {
    if (octets.length - at < HEADER) return undefined;
    const first = octets[at]!;
    const length = view.getUint32(at) & LONGEST;
    if (length < HEADER || length > octets.length - at) return undefined;
    const content = octets.subarray(at + HEADER, at + length);
    found.push({ id: first & ~EXTENDED, extended: (first & EXTENDED) !== 0, content });
    at = padded(at + length);
  }
  return found;
}

/** The next multiple of 4. */
export const padded = (length: number): number => (length + 3) & ~3;

/** Writes attributes one behind the other. */
export class BlobWriter {
  #octets = new Uint8Array(256);
  #view = new DataView(this.#octets.buffer);
  #length = 0;

  /** Begins an attribute, with a name if there is one; the result is for {@link close}. */
  open(id: number, name?: string): number {
    const start = this.#length;
    this.u32((id | (name === undefined ? 0 : EXTENDED)) << 24);
    if (name !== undefined) {
      const text = encodeUtf8(name);
      this.octets(Uint8Array.of(text.length >> 8, text.length));
      this.octets(text);
      this.octets(Uint8Array.of(0));
      this.#pad();
    }
    return start;
  }

  /** Throws a RangeError when the attribute is longer than its length can say. */
  close(start: number): void {
    const length = this.#length - start;
    if (length > LONGEST) throw new RangeError('an attribute is too long');
    this.#view.setUint32(start, this.#view.getUint32(start) | length);
    this.#pad();
  }

  octets(octets: Uint8Array): void {
    this.#reserve(octets.length);
    this.#octets.set(octets, this.#length);
    this.#length += octets.length;
  }

  u32(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.#length, value);
    this.#length += 4;
  }

  u64(value: bigint): void {
    this.#reserve(8);
    this.#view.setBigUint64(this.#length, value);
    this.#length += 8;
  }

  double(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#length, value);
    this.#length += 8;
  }

  /** With the NUL that ends strings. */
  text(value: string): void {
    this.octets(encodeUtf8(value));
    this.octets(Uint8Array.of(0));
  }

  /** All that was written. */
  end(): Uint8Array {
    return this.#octets.subarray(0, this.#length);
  }

  #pad(): void {
    this.octets(new Uint8Array(padded(this.#length) - this.#length));
  }

  #reserve(length: number): void {
    if (this.#length + length <= this.#octets.length) return;
    const grown = new Uint8Array(2 * (this.#length + length));
    grown.set(this.#octets);
    this.#octets = grown;
    this.#view = new DataView(grown.buffer);
  }
}
