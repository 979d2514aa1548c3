/* The helper's end of the pair to the script. */
#define _GNU_SOURCE
#include "kedged.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int channel = -1;
static uint8_t in[FRAME_MAX], out[FRAME_MAX];
static size_t pending; /* octets of `out` that the script has no room for yet */

uint8_t *const payload = out + FRAME_HEADER;

void channel_open(int fd) {
	channel = fd;
}

void channel_close(void) {
	close(channel);
	channel = -1;
	pending = 0;
}

struct pollfd channel_poll(void) {
	return (struct pollfd){ .fd = channel, .events = pending ? POLLOUT : POLLIN };
}

bool channel_pending(void) {
	return pending > 0;
}

void channel_flush(void) {
	if (channel < 0 || send(channel, out, pending, MSG_NOSIGNAL) >= 0 || errno == EPIPE || errno == ECONNRESET)
		pending = 0; /* if the script is going, channel_receive() tells */
	else if (errno != EAGAIN && errno != ENOBUFS)
		die("cannot send to the script: %s", strerror(errno));
}

void report(enum report type, unsigned flags, unsigned id, size_t length) {
	out[0] = (uint8_t)type;
	out[1] = (uint8_t)flags;
	put16(out + 2, (uint16_t)id);
	pending = FRAME_HEADER + length;
	channel_flush();
}

void report_text(enum report type, unsigned flags, unsigned id, size_t offset, const char *text) {
	size_t length = strlen(text);

	memcpy(payload + offset, text, length);
	report(type, flags, id, offset + length);
}

ssize_t channel_receive(const uint8_t **frame) {
	struct pollfd hangup = { .fd = channel };
	ssize_t n = recv(channel, in, sizeof in, MSG_TRUNC);

	if (n < 0 && errno == EAGAIN)
		return 0;
	if ((n < 0 && errno == ECONNRESET) || (n == 0 && poll(&hangup, 1, 0) == 1))
		return -1;
	if (n < FRAME_HEADER || n > FRAME_MAX)
		die("broken frame from the script: %zd octets", n);
	*frame = in;
	return n;
}
