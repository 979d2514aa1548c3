/* HMAC (RFC 2104) for the script, which waits for each answer: a channel of its own, apart from the frames. */
#define _GNU_SOURCE
#include "hash.h"
#include "kedged.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/* Algorithm and length of the key before key and data. WAIT: seconds after which the script does without us. */
enum { REQUEST_HEADER = 2, REQUEST_MAX = 4096, WAIT = 1 };

static int channel = -1;

int hmac_open(void) {
	struct timeval limit = { .tv_sec = WAIT };
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		die("cannot make a socket pair: %s", strerror(errno));
	setsockopt(ends[1], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
	setsockopt(ends[1], SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
	channel = ends[0];
	return ends[1];
}

int hmac_channel(void) {
	return channel;
}

/* hash(key ^ pad | data). The key is shorter than a block, or as long. */
static size_t keyed_hash(enum algorithm algorithm, const uint8_t *key, size_t key_length, uint8_t pad,
                         const uint8_t *data, size_t length, uint8_t digest[DIGEST_MAX]) {
	struct hash hash;
	uint8_t block[BLOCK];

	memset(block, pad, sizeof block);
	for (size_t i = 0; i < key_length; i++)
		block[i] ^= key[i];
	hash_start(&hash, algorithm);
	hash_add(&hash, block, sizeof block);
	hash_add(&hash, data, length);
	explicit_bzero(block, sizeof block);
	return hash_end(&hash, digest);
}

void hmac_handle(void) {
	uint8_t request[REQUEST_MAX], digest[DIGEST_MAX];
	ssize_t received = recv(channel, request, sizeof request, MSG_DONTWAIT | MSG_TRUNC);
	const uint8_t *key = request + REQUEST_HEADER, *data;
	size_t key_length, length;

	if (received < 0 && errno == EAGAIN)
		return;
	if (received <= 0) { /* the script has closed it, or ends */
		close(channel);
		channel = -1;
		return;
	}
	key_length = received > 1 ? request[1] : 0;
	if (received < REQUEST_HEADER || received > REQUEST_MAX || (request[0] != SHA1 && request[0] != SHA256) ||
	    key_length > BLOCK || REQUEST_HEADER + key_length > (size_t)received)
		die("broken frame from the script: HMAC of %zd octets", received);
	data = key + key_length;
	length = (size_t)(request + received - data);
	length = keyed_hash(request[0], key, key_length, 0x36, data, length, digest);
	length = keyed_hash(request[0], key, key_length, 0x5c, digest, length, digest);
	explicit_bzero(request, (size_t)received);
	/* It always has room, unless the script does not wait for its answers. */
	send(channel, digest, length, MSG_DONTWAIT | MSG_NOSIGNAL);
}
