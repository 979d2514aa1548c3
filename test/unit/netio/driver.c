/*
 * Stands in for qjs under kedged, to say what no honest script would. kedged starts it as: driver -m FILE MODE ...
 *
 *   send TOKEN...   each TOKEN is a frame in hexadecimal, or `empty`, `huge` (one octet too long), `close`,
 *                   `wait:MS` (print in hexadecimal what arrives), `exit:CODE`, `hmac:` and a request in hexadecimal
 *                   (print the answer) or `+` and the length of one: SHA-1, no key, zeros
 *   fuzz SEED       frames made of valid ones, broken at random
 *
 * and without kedged: syslogd PATH (print the first datagram that arrives on a unix socket), listen PATH (for a while,
 * accepting nothing), stale PATH (leave a socket behind), flood COUNT (numbered packets of protocol 60 to ::1, then one
 * of protocol 43), pass PATH COUNT (connect and send so many descriptors), alarm (print the seconds until SIGALRM).
 */
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { HELPER = 3, HMAC = 4, MAX = 65537 };

static uint8_t frame[MAX];

static void transmit_to(int fd, size_t length) {
	struct pollfd room = { .fd = fd, .events = POLLOUT };

	while (send(fd, frame, length, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 && poll(&room, 1, 100) > 0)
		if (room.revents & (POLLHUP | POLLERR))
			pause(); /* the helper is gone, and so are we */
}

static void transmit(size_t length) {
	transmit_to(HELPER, length);
}

static void print_frame(ssize_t length) {
	for (ssize_t i = 0; i < length; i++)
		printf("%02x", frame[i]);
	printf("\n");
	fflush(stdout);
}

static void print_arrivals(int milliseconds) {
	struct pollfd arrival = { .fd = HELPER, .events = POLLIN };
	ssize_t n;

	while (poll(&arrival, 1, milliseconds) > 0 && (n = recv(HELPER, frame, sizeof frame, 0)) > 0)
		print_frame(n);
}

static size_t parse_hexadecimal(const char *text) {
	size_t length = strlen(text) / 2;

	for (size_t i = 0; i < length; i++)
		sscanf(text + 2 * i, "%2hhx", &frame[i]);
	return length;
}

static void ask_hmac(const char *request) {
	size_t length = parse_hexadecimal(request);

	if (request[0] == '+') {
		memset(frame, 0, sizeof frame);
		frame[0] = 1;
		length = (size_t)atoi(request);
	}
	transmit_to(HMAC, length);
	print_frame(recv(HMAC, frame, sizeof frame, 0));
}

static void send_token(const char *token) {
	if (strcmp(token, "empty") == 0)
		return transmit(0);
	if (strcmp(token, "huge") == 0)
		return transmit(MAX);
	if (strcmp(token, "close") == 0) {
		close(HELPER);
		pause();
	}
	if (strncmp(token, "wait:", 5) == 0)
		return print_arrivals(atoi(token + 5));
	if (strncmp(token, "exit:", 5) == 0)
		exit(atoi(token + 5));
	if (strncmp(token, "hmac:", 5) == 0)
		return ask_hmac(token + 5);
	transmit(parse_hexadecimal(token));
}

static uint32_t random_state;

static uint32_t random_below(uint32_t limit) {
	random_state = random_state * 1664525 + 1013904223;
	return (uint32_t)((uint64_t)(random_state >> 4) * limit >> 28);
}

/* Valid frames to begin with; the id is put in later. */
static const char *const seeds[] = {
	"01000000" "013c",                                                   /* OPEN RAW6 60 */
	"01000000" "02",                                                     /* OPEN RAW6_SEND */
	"01000000" "0311010000",                                             /* OPEN NETLINK_ROUTE */
	"01000000" "042f72756e2f6b656467652f66757a7a",                       /* OPEN UNIX_LISTEN /run/kedge/fuzz */
	"01000000" "052f72756e2f6b656467652f66757a7a",                       /* OPEN UNIX_CONNECT */
	"01000000" "06",                                                     /* OPEN SYSLOG */
	"02010000" "14000000" "12000103" "01000000" "00000000" "00000000",   /* SEND: a netlink dump request */
	"02000000" "0000000000000000000000000000000000000000000000000000000000000001" "00000000" "6869",
	"03000000",                                                          /* CLOSE */
	"04000000" "6c697374207461626c65730a",                               /* NFT */
	"04010000" "6c697374207461626c65730a",                               /* NFT, more */
	"05000000" "01000000" "6e65742f697076362f636f6e662f6c6f2f6163636570745f7261", /* SYSCTL .../lo/accept_ra 1 */
};
static const char hmac_seed[] = "0210" "000102030405060708090a0b0c0d0e0f" "6869";

static void fuzz(void) {
	int count = 1 + (int)random_below(120);
	uint32_t breakage = random_below(4) * 60; /* per mille and octet */

	for (int i = 0; i < count; i++) {
		bool hmac = random_below(8) == 0;
		size_t length;

		memset(frame, 0, 256);
		length = parse_hexadecimal(hmac ? hmac_seed : seeds[random_below(sizeof seeds / sizeof *seeds)]);
		if (!hmac)
			frame[2] = (uint8_t)(1 + random_below(6));
		if (random_below(30) == 0)
			length = random_below((uint32_t)length + 1);
		else if (random_below(30) == 0)
			length += random_below(MAX - (uint32_t)length);
		for (size_t k = 0; k < length && k < 64; k++)
			if (random_below(1000) < breakage / 10)
				frame[k] = (uint8_t)random_below(256);
		if (length > 0)
			transmit_to(hmac ? HMAC : HELPER, length);
		if (random_below(5) == 0)
			while (recv(random_below(2) ? HMAC : HELPER, frame, sizeof frame, MSG_DONTWAIT) > 0)
				;
	}
}

static int bound_socket(int type, const char *path) {
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, type, 0);

	strncpy(address.sun_path, path, sizeof address.sun_path - 1);
	if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0)
		exit(1);
	return fd;
}

static void print_datagram(const char *path) {
	int fd = bound_socket(SOCK_DGRAM, path);
	struct pollfd arrival = { .fd = fd, .events = POLLIN };
	ssize_t n;

	if (poll(&arrival, 1, 5000) != 1)
		exit(1);
	n = recv(fd, frame, sizeof frame, 0);
	fwrite(frame, 1, n > 0 ? (size_t)n : 0, stdout);
	printf("\n");
}

/* An empty destination options or routing header, a number, and filling: few fit the helper's channel. */
static void flood(uint32_t count) {
	struct sockaddr_in6 to = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	int numbered = socket(AF_INET6, SOCK_RAW, 60), last = socket(AF_INET6, SOCK_RAW, 43);
	static uint32_t packet[5000];

	memcpy(packet, (const uint8_t[]){ 59, 0, 1, 4, 0, 0, 0, 0 }, 8);
	for (packet[2] = 0; packet[2] < count; packet[2]++)
		sendto(numbered, packet, sizeof packet, 0, (struct sockaddr *)&to, sizeof to);
	sendto(last, packet, 8, 0, (struct sockaddr *)&to, sizeof to);
}

static void pass(const char *path, int count) {
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	union { struct cmsghdr header; char octets[CMSG_SPACE(sizeof(int))]; } control;
	struct iovec octet = { "x", 1 };
	struct msghdr message = { .msg_iov = &octet, .msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = sizeof control };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	strncpy(address.sun_path, path, sizeof address.sun_path - 1);
	for (int i = 0; connect(fd, (struct sockaddr *)&address, sizeof address) < 0 && i < 100; i++)
		usleep(10000);
	control.header = (struct cmsghdr){ CMSG_LEN(sizeof fd), SOL_SOCKET, SCM_RIGHTS };
	memcpy(CMSG_DATA(&control.header), &fd, sizeof fd);
	while (count-- > 0)
		sendmsg(fd, &message, 0);
}

int main(int count, char **arguments) {
	if (count >= 3 && strcmp(arguments[1], "syslogd") == 0)
		print_datagram(arguments[2]);
	else if (count >= 3 && strcmp(arguments[1], "stale") == 0)
		bound_socket(SOCK_STREAM, arguments[2]);
	else if (count >= 3 && strcmp(arguments[1], "listen") == 0) {
		listen(bound_socket(SOCK_STREAM, arguments[2]), 16);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		sleep(3);
	} else if (count >= 3 && strcmp(arguments[1], "flood") == 0)
		flood((uint32_t)atoi(arguments[2]));
	else if (count >= 4 && strcmp(arguments[1], "pass") == 0)
		pass(arguments[2], atoi(arguments[3]));
	else if (count >= 2 && strcmp(arguments[1], "alarm") == 0)
		printf("%u\n", alarm(0));
	else if (count >= 6 && strcmp(arguments[4], "fuzz") == 0) {
		random_state = (uint32_t)atoi(arguments[5]);
		fuzz();
	} else if (count >= 5)
		for (int i = 5; i < count; i++)
			send_token(arguments[i]);
	return 0;
}
