/* The helper's end of the pair: one frame in each direction at a time. */
#define _GNU_SOURCE
#include "kedged.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int channel = -1;
static uint8_t in[FRAME_MAX];
static uint8_t out[FRAME_MAX];
static size_t pending; /* octets of `out` that the script has not taken yet */

uint8_t *const frame_payload = out + FRAME_HEADER;

void channel_open(int fd)
{
	channel = fd;
}

void channel_close(void)
{
	close(channel);
	channel = -1;
	pending = 0;
}

bool channel_pending(void)
{
	return pending > 0;
}

struct pollfd channel_poll(void)
{
	return (struct pollfd){ .fd = channel, .events = pending ? POLLOUT : POLLIN };
}

void channel_flush(void)
{
	if (channel < 0 || send(channel, out, pending, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0)
		pending = 0;
	else if (errno == EPIPE || errno == ECONNRESET)
		pending = 0; /* the script is going: channel_receive() will tell */
	else if (errno != EAGAIN && errno != EINTR && errno != ENOBUFS)
		die("cannot send to the script: %s", strerror(errno));
}

void report(enum report type, unsigned flags, unsigned id, size_t length)
{
	out[0] = (uint8_t)type;
	out[1] = (uint8_t)flags;
	put16(out + 2, (uint16_t)id);
	pending = FRAME_HEADER + length;
	channel_flush();
}

void report_text(enum report type, unsigned flags, unsigned id, size_t offset, const char *text)
{
	size_t length = strnlen(text, 1024);

	memcpy(frame_payload + offset, text, length);
	report(type, flags, id, offset + length);
}

ssize_t channel_receive(const uint8_t **frame)
{
	struct pollfd hangup = { .fd = channel, .events = 0 };
	ssize_t n = recv(channel, in, sizeof in, MSG_DONTWAIT | MSG_TRUNC);

	if (n < 0) {
		if (errno == EAGAIN || errno == EINTR)
			return 0;
		if (errno == ECONNRESET)
			return -1;
		die("cannot receive from the script: %s", strerror(errno));
	}
	if (n == 0 && poll(&hangup, 1, 0) == 1)
		return -1;
	if (n < FRAME_HEADER || n > FRAME_MAX)
		die("broken frame from the script: %zd octets", n);
	*frame = in;
	return n;
}
