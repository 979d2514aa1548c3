/**
 * QR codes (ISO/IEC 18004) of text, in byte mode with error correction level L, versions 1 to 20: up to 858 octets. Screens
 * are clean; what a code needs on paper is another matter.
 */
import { encodeUtf8 } from '../wire/utf8.ts';

/** By version, from 1: check codewords of a block, and blocks. */
const CHECK_WORDS = [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28];
const BLOCKS = [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8];

/** Rows of modules, true for dark, without the quiet zone of four modules around; undefined: too long. */
export function encodeQr(text: string): readonly (readonly boolean[])[] | undefined {
  const octets = encodeUtf8(text);
  const version =
    CHECK_WORDS.findIndex((_, index) => dataWords(index + 1) >= headerWords(index + 1) + octets.length) + 1;
  if (version === 0) return undefined;
  const words = interleave(dataOf(octets, version), version);
  const symbols = [0, 1, 2, 3, 4, 5, 6, 7].map(mask => new QrSymbol(version, words, mask));
  const best = symbols.reduce((a, b) => (b.penalty() < a.penalty() ? b : a));
  return best.rows;
}

const sizeOf = (version: number) => 17 + 4 * version;
const lengthBits = (version: number) => (version < 10 ? 8 : 16);
/** Whole octets that mode and length take away, with what is left of the last one. */
const headerWords = (version: number) => (4 + lengthBits(version) + 4) / 8;

/** Where alignment patterns have their centres, in both directions (annex E). */
function alignment(version: number): number[] {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2;
  const last = sizeOf(version) - 7;
  return [6, ...Array.from({ length: count - 1 }, (_, index) => last - (count - 2 - index) * step)];
}

/** Codewords that a symbol has room for. */
function totalWords(version: number): number {
  let modules = (16 * version + 128) * version + 64;
  if (version >= 2) {
    const count = Math.floor(version / 7) + 2;
    modules -= (25 * count - 10) * count - 55;
    if (version >= 7) modules -= 36;
  }
  return modules >> 3;
}

const dataWords = (version: number) => totalWords(version) - CHECK_WORDS[version - 1]! * BLOCKS[version - 1]!;

/** Mode, length, octets, terminator and padding (§7.4). */
function dataOf(octets: Uint8Array, version: number): number[] {
  const bits: number[] = [];
  const add = (value: number, count: number) => {
    for (let bit = count - 1; bit >= 0; bit--) bits.push((value >> bit) & 1);
  };
  add(4, 4);
  add(octets.length, lengthBits(version));
  for (const octet of octets) add(octet, 8);
  add(0, 4);
  const words = Array.from({ length: bits.length / 8 }, (_, index) =>
    bits.slice(8 * index, 8 * index + 8).reduce((word, bit) => (word << 1) | bit, 0),
  );
  const capacity = dataWords(version);
  for (let pad = 0xec; words.length < capacity; pad ^= 0xec ^ 0x11) words.push(pad);
  return words;
}

/** Check codewords of each block, and the codewords of all blocks in turn (§7.5, §7.6). */
function interleave(data: readonly number[], version: number): number[] {
  const count = BLOCKS[version - 1]!;
  const checkLength = CHECK_WORDS[version - 1]!;
  const short = Math.floor(data.length / count);
  const longs = data.length % count;
  const generator = generatorOf(checkLength);
  const blocks = Array.from({ length: count }, (_, index) => {
    const start = index * short + Math.max(0, index - (count - longs));
    return data.slice(start, start + short + (index < count - longs ? 0 : 1));
  });
  const checks = blocks.map(block => remainder(block, generator));
  const words: number[] = [];
  for (let at = 0; at <= short; at++)
    for (const block of blocks) if (at < block.length) words.push(block[at]!);
  for (let at = 0; at < checkLength; at++) for (const check of checks) words.push(check[at]!);
  return words;
}

/** In GF(256) modulo x^8 + x^4 + x^3 + x^2 + 1. */
function multiply(a: number, b: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit--) {
    product = (product << 1) ^ ((product >> 7) * 0x11d);
    product ^= ((b >> bit) & 1) * a;
  }
  return product;
}

/** Coefficients of the product of x - 2^i, without the leading 1. */
function generatorOf(degree: number): number[] {
  const result = Array.from({ length: degree }, (_, index) => Number(index === degree - 1));
  for (let root = 1, i = 0; i < degree; i++, root = multiply(root, 2)) {
    for (let j = 0; j < degree; j++) result[j] = multiply(result[j]!, root) ^ (result[j + 1] ?? 0);
  }
  return result;
}

function remainder(data: readonly number[], generator: readonly number[]): number[] {
  const result = generator.map(() => 0);
  for (const word of data) {
    const factor = word ^ result.shift()!;
    result.push(0);
    for (const [index, coefficient] of generator.entries()) result[index]! ^= multiply(coefficient, factor);
  }
  return result;
}

const MASKS: readonly ((x: number, y: number) => number)[] = [
  (x, y) => (x + y) % 2,
  (_, y) => y % 2,
  x => x % 3,
  (x, y) => (x + y) % 3,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2,
  (x, y) => ((x * y) % 2) + ((x * y) % 3),
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2,
];

/** A symbol with one of the masks. */
class QrSymbol {
  readonly rows: boolean[][];
  /** What is no data. */
  readonly #fixed: boolean[][];
  readonly #size: number;

  constructor(version: number, words: readonly number[], mask: number) {
    const size = sizeOf(version);
    this.#size = size;
    this.rows = Array.from({ length: size }, () => new Array<boolean>(size).fill(false));
    this.#fixed = Array.from({ length: size }, () => new Array<boolean>(size).fill(false));
    for (let at = 0; at < size; at++) {
      this.#set(6, at, at % 2 === 0);
      this.#set(at, 6, at % 2 === 0);
    }
    for (const [x, y] of [
      [3, 3],
      [size - 4, 3],
      [3, size - 4],
    ] as const)
      this.#pattern(x, y, 4);
    const centres = alignment(version);
    for (const [i, x] of centres.entries()) {
      for (const [j, y] of centres.entries()) {
        const last = centres.length - 1;
        const taken = (i === 0 && (j === 0 || j === last)) || (i === last && j === 0);
        if (!taken) this.#pattern(x, y, 2);
      }
    }
    this.#format(mask);
    if (version >= 7) this.#version(version);
    this.#data(words, MASKS[mask]!);
  }

  #set(x: number, y: number, dark: boolean): void {
    this.rows[y]![x] = dark;
    this.#fixed[y]![x] = true;
  }

  /** Squares in each other around a centre; a finder's (radius 4) with its light border. */
  #pattern(x: number, y: number, radius: number): void {
    for (let dy = -radius; dy <= radius; dy++) {
      for (let dx = -radius; dx <= radius; dx++) {
        const distance = Math.max(Math.abs(dx), Math.abs(dy));
        const inside = Math.min(x + dx, y + dy) >= 0 && Math.max(x + dx, y + dy) < this.#size;
        const dark = radius === 4 ? distance !== 2 && distance !== 4 : distance !== 1;
        if (inside) this.#set(x + dx, y + dy, dark);
      }
    }
  }

  /** Level L and the mask, twice (§7.9). */
  #format(mask: number): void {
    const data = (1 << 3) | mask;
    const bits = ((data << 10) | checkBits(data, 10, 0x537)) ^ 0x5412;
    const size = this.#size;
    for (let bit = 0; bit < 15; bit++) {
      const dark = ((bits >> bit) & 1) === 1;
      if (bit < 6) this.#set(8, bit, dark);
      else if (bit < 8) this.#set(8, bit + 1, dark);
      else if (bit === 8) this.#set(7, 8, dark);
      else this.#set(14 - bit, 8, dark);
      if (bit < 8) this.#set(size - 1 - bit, 8, dark);
      else this.#set(8, size - 15 + bit, dark);
    }
    this.#set(8, size - 8, true);
  }

  /** The version, twice (§7.10). */
  #version(version: number): void {
    const bits = (version << 12) | checkBits(version, 12, 0x1f25);
    for (let bit = 0; bit < 18; bit++) {
      const dark = ((bits >> bit) & 1) === 1;
      const [a, b] = [this.#size - 11 + (bit % 3), Math.floor(bit / 3)];
      this.#set(a, b, dark);
      this.#set(b, a, dark);
    }
  }

  /** Pairs of columns from the right, up and down in turn (§7.7.3). */
  #data(words: readonly number[], mask: (x: number, y: number) => number): void {
    let bit = 0;
    let up = true;
    for (let right = this.#size - 1; right >= 1; right -= 2) {
      if (right === 6) right = 5;
      for (let step = 0; step < this.#size; step++) {
        const y = up ? this.#size - 1 - step : step;
        for (const x of [right, right - 1]) {
          if (this.#fixed[y]![x]) continue;
          const value = ((words[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1;
          bit++;
          this.rows[y]![x] = (value === 1) !== (mask(x, y) === 0);
        }
      }
      up = !up;
    }
  }

  /** How hard the symbol is to read (§7.8.3). */
  penalty(): number {
    const lines = [...this.rows, ...this.rows.map((_, x) => this.rows.map(row => row[x]!))];
    const texts = lines.map(line => line.map(dark => (dark ? '1' : '0')).join(''));
    let penalty = 0;
    for (const text of texts) {
      for (const run of text.match(/0{5,}|1{5,}/g) ?? []) penalty += run.length - 2;
      penalty += 40 * [...text.matchAll(/(?=10111010000|00001011101)/g)].length;
    }
    for (let y = 1; y < this.#size; y++) {
      for (let x = 1; x < this.#size; x++) {
        const [above, row] = [this.rows[y - 1]!, this.rows[y]!];
        if (row[x] === row[x - 1] && row[x] === above[x] && row[x] === above[x - 1]) penalty += 3;
      }
    }
    const dark = this.rows.flat().filter(Boolean).length;
    return penalty + 10 * Math.floor(Math.abs((20 * dark) / this.#size ** 2 - 10));
  }
}

/** What a polynomial division of `value` with `count` zeros behind it leaves. */
function checkBits(value: number, count: number, polynomial: number): number {
  let rest = value;
  for (let i = 0; i < count; i++) rest = (rest << 1) ^ ((rest >> (count - 1)) * polynomial);
  return rest;
}

/**
 * Two rows of modules a line, in half blocks, with the quiet zone. Light modules are what is painted: terminals are dark, and
 * the colours of others are set by `paint`.
 */
export function qrLines(rows: readonly (readonly boolean[])[]): string[] {
  const quiet = 2;
  const isDark = (x: number, y: number) => rows[y]?.[x] ?? false;
  const lines: string[] = [];
  for (let y = -quiet; y < rows.length + quiet; y += 2) {
    let line = '';
    for (let x = -quiet; x < rows.length + quiet; x++) {
      line += ['█', '▄', '▀', ' '][(isDark(x, y) ? 1 : 0) + (isDark(x, y + 1) ? 2 : 0)];
    }
    lines.push(line);
  }
  return lines;
}
