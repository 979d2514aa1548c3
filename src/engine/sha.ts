/**
 * SHA-1 and SHA-256 (FIPS 180-4), written for an interpreter: no calls in the loops, and words that are signed, because
 * QuickJS is slow with integers of more than 31 bits.
 */

/** Octets of a block, of both. */
export const BLOCK = 64;

export interface HashFunction {
  /** The initial hash value: as many words as the digest has. */
  readonly initial: Int32Array;
  /** Mixes the block that begins at `at` into the state. */
  compress(state: Int32Array, octets: Uint8Array, at: number): void;
}

// Of the block that is being mixed in; each function overwrites what it reads.
const schedule = new Int32Array(80);

export const sha1: HashFunction = {
  initial: Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0),

  compress(state, octets, at) {
    const w = schedule;
    let i = 0;
    for (let p = at; i < 16; i++, p += 4) {
      w[i] = (octets[p]! << 24) | (octets[p + 1]! << 16) | (octets[p + 2]! << 8) | octets[p + 3]!;
    }
    for (let x: number; i < 80; i++) {
      x = w[i - 3]! ^ w[i - 8]! ^ w[i - 14]! ^ w[i - 16]!;
      w[i] = (x << 1) | (x >>> 31);
    }
    let a = state[0]!;
    let b = state[1]!;
    let c = state[2]!;
    let d = state[3]!;
    let e = state[4]!;
    let t = 0;
    for (i = 0; i < 20; i++) {
      t = (e + ((a << 5) | (a >>> 27)) + (d ^ (b & (c ^ d))) + (w[i]! + 0x5a827999)) | 0;
      e = d;
      d = c;
      c = (b << 30) | (b >>> 2);
      b = a;
      a = t;
    }
    for (; i < 40; i++) {
      t = (e + ((a << 5) | (a >>> 27)) + (b ^ c ^ d) + (w[i]! + 0x6ed9eba1)) | 0;
      e = d;
      d = c;
      c = (b << 30) | (b >>> 2);
      b = a;
      a = t;
    }
    for (; i < 60; i++) {
      t = (e + ((a << 5) | (a >>> 27)) + ((b & c) | (d & (b | c))) + (w[i]! - 0x70e44324)) | 0;
      e = d;
      d = c;
      c = (b << 30) | (b >>> 2);
      b = a;
      a = t;
    }
    for (; i < 80; i++) {
      t = (e + ((a << 5) | (a >>> 27)) + (b ^ c ^ d) + (w[i]! - 0x359d3e2a)) | 0;
      e = d;
      d = c;
      c = (b << 30) | (b >>> 2);
      b = a;
      a = t;
    }
    state[0]! += a;
    state[1]! += b;
    state[2]! += c;
    state[3]! += d;
    state[4]! += e;
  },
};

const SHA256_CONSTANTS = Int32Array.of(
  ...[0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5],
  ...[0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174],
  ...[0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da],
  ...[0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967],
  ...[0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85],
  ...[0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070],
  ...[0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3],
  ...[0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2],
);

export const sha256: HashFunction = {
  initial: Int32Array.of(
    ...[0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19],
  ),

  compress(state, octets, at) {
    const w = schedule;
    const k = SHA256_CONSTANTS;
    let i = 0;
    for (let p = at; i < 16; i++, p += 4) {
      w[i] = (octets[p]! << 24) | (octets[p + 1]! << 16) | (octets[p + 2]! << 8) | octets[p + 3]!;
    }
    for (let x: number, y: number; i < 64; i++) {
      x = w[i - 15]!;
      y = w[i - 2]!;
      w[i] =
        (((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)) +
        (((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)) +
        (w[i - 16]! + w[i - 7]!);
    }
    let a = state[0]!;
    let b = state[1]!;
    let c = state[2]!;
    let d = state[3]!;
    let e = state[4]!;
    let f = state[5]!;
    let g = state[6]!;
    let h = state[7]!;
    for (let t: number, i = 0; i < 64; i++) {
      t =
        h +
        (((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))) +
        (g ^ (e & (f ^ g))) +
        (k[i]! + w[i]!);
      h = g;
      g = f;
      f = e;
      e = (d + t) | 0;
      d = c;
      c = b;
      b = a;
      a =
        (t +
          (((b >>> 2) | (b << 30)) ^ ((b >>> 13) | (b << 19)) ^ ((b >>> 22) | (b << 10))) +
          ((b & c) | (d & (b | c)))) |
        0;
    }
    state[0]! += a;
    state[1]! += b;
    state[2]! += c;
    state[3]! += d;
    state[4]! += e;
    state[5]! += f;
    state[6]! += g;
    state[7]! += h;
  },
};

/**
 * The digest of what the state has taken in already and of the parts that follow.
 * @param state is used up
 * @param taken octets, a multiple of BLOCK
 */
export function finish(
  hash: HashFunction,
  state: Int32Array,
  taken: number,
  parts: readonly Uint8Array[],
): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  // Behind the data at least 0x80 and 64 bits of length.
  const padded = new Uint8Array((length + 9 + BLOCK - 1) & -BLOCK);
  let at = 0;
  for (const part of parts) {
    padded.set(part, at);
    at += part.length;
  }
  padded[length] = 0x80;
  new DataView(padded.buffer).setUint32(padded.length - 4, (taken + length) * 8);
  for (at = 0; at < padded.length; at += BLOCK) hash.compress(state, padded, at);

  const digest = new Uint8Array(state.length * 4);
  const view = new DataView(digest.buffer);
  for (let i = 0; i < state.length; i++) view.setInt32(4 * i, state[i]!);
  return digest;
}

/** The digest of the parts, taken as one message of fewer than 2^29 octets. */
export function digest(hash: HashFunction, ...parts: readonly Uint8Array[]): Uint8Array {
  return finish(hash, hash.initial.slice(), 0, parts);
}
