/* SHA-1 and SHA-256. */
#ifndef HASH_H
#define HASH_H

#include <stddef.h>
#include <stdint.h>

enum { BLOCK = 64, DIGEST_MAX = 32 };
enum algorithm { SHA1 = 1, SHA256 };

struct hash {
	void (*mix)(uint32_t *state, const uint8_t *block);
	size_t length; /* of the digest */
	uint64_t octets;
	uint32_t state[DIGEST_MAX / 4];
	uint8_t block[BLOCK];
};

void hash_start(struct hash *hash, enum algorithm algorithm);
void hash_add(struct hash *hash, const uint8_t *octets, size_t count);
/* Returns the length of the digest, 20 or 32. Nothing of what was hashed stays in memory. */
size_t hash_end(struct hash *hash, uint8_t digest[DIGEST_MAX]);

#endif
