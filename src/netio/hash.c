/* SHA-1 and SHA-256 (FIPS 180-4), with either order of octets. */
#define _GNU_SOURCE
#include "hash.h"

#include <string.h>

static const uint32_t sha1_initial[] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0 };
static const uint32_t sha256_initial[] = {
	0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};
static const uint32_t sha256_constants[] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t schedule[80]; /* of the block that is being mixed in */

static uint32_t left(uint32_t x, int n) { return x << n | x >> (32 - n); }
static uint32_t right(uint32_t x, int n) { return left(x, 32 - n); }

static void load(const uint8_t *p) {
	for (int i = 0; i < 16; i++, p += 4)
		schedule[i] = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void sha1(uint32_t *state, const uint8_t *block) {
	uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
	const uint32_t *w = schedule;

	load(block);
	for (int i = 16; i < 80; i++)
		schedule[i] = left(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
	for (int i = 0; i < 80; i++) {
		uint32_t t = left(a, 5) + e + w[i];

		if (i < 20)
			t += 0x5a827999 + (d ^ (b & (c ^ d)));
		else if (i < 40)
			t += 0x6ed9eba1 + (b ^ c ^ d);
		else if (i < 60)
			t += 0x8f1bbcdc + ((b & c) | (d & (b | c)));
		else
			t += 0xca62c1d6 + (b ^ c ^ d);
		e = d, d = c, c = left(b, 30), b = a, a = t;
	}
	state[0] += a, state[1] += b, state[2] += c, state[3] += d, state[4] += e;
}

static void sha256(uint32_t *state, const uint8_t *block) {
	uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
	uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
	uint32_t *w = schedule;

	load(block);
	for (int i = 16; i < 64; i++) {
		uint32_t x = w[i - 15], y = w[i - 2];

		w[i] = w[i - 16] + w[i - 7] + (right(x, 7) ^ right(x, 18) ^ x >> 3) +
		       (right(y, 17) ^ right(y, 19) ^ y >> 10);
	}
	for (int i = 0; i < 64; i++) {
		uint32_t t = h + (right(e, 6) ^ right(e, 11) ^ right(e, 25)) + (g ^ (e & (f ^ g))) +
		             sha256_constants[i] + w[i];
		uint32_t u = (right(a, 2) ^ right(a, 13) ^ right(a, 22)) + ((a & b) | (c & (a | b)));

		h = g, g = f, f = e, e = d + t, d = c, c = b, b = a, a = t + u;
	}
	state[0] += a, state[1] += b, state[2] += c, state[3] += d;
	state[4] += e, state[5] += f, state[6] += g, state[7] += h;
}

void hash_start(struct hash *hash, enum algorithm algorithm) {
	hash->mix = algorithm == SHA1 ? sha1 : sha256;
	hash->length = algorithm == SHA1 ? sizeof sha1_initial : sizeof sha256_initial;
	memcpy(hash->state, algorithm == SHA1 ? sha1_initial : sha256_initial, hash->length);
	hash->octets = 0;
}

void hash_add(struct hash *hash, const uint8_t *octets, size_t count) {
	for (size_t i = 0; i < count; i++) {
		hash->block[hash->octets++ % BLOCK] = octets[i];
		if (hash->octets % BLOCK == 0)
			hash->mix(hash->state, hash->block);
	}
}

size_t hash_end(struct hash *hash, uint8_t digest[DIGEST_MAX]) {
	uint64_t bits = hash->octets * 8;
	size_t length = hash->length;
	uint8_t count[8];

	for (int i = 0; i < 8; i++)
		count[i] = (uint8_t)(bits >> (56 - 8 * i));
	hash_add(hash, (const uint8_t[]){ 0x80 }, 1);
	while (hash->octets % BLOCK != BLOCK - sizeof count)
		hash_add(hash, (const uint8_t[]){ 0 }, 1);
	hash_add(hash, count, sizeof count);
	for (size_t i = 0; i < length; i++)
		digest[i] = (uint8_t)(hash->state[i / 4] >> (24 - 8 * (i % 4)));
	explicit_bzero(hash, sizeof *hash);
	explicit_bzero(schedule, sizeof schedule);
	return length;
}
