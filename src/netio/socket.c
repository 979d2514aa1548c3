/* The sockets of the script: a table of the allowed kinds, sending, and what arrives on them. */
#define _GNU_SOURCE
#include "kedged.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <netinet/icmp6.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#ifndef SO_BINDTOIFINDEX
#define SO_BINDTOIFINDEX 62
#endif
#ifndef PACKET_IGNORE_OUTGOING
#define PACKET_IGNORE_OUTGOING 23
#endif

enum kind_number { RAW6 = 1, RAW6_SEND, NETLINK, UDP6, PACKET, UNIX_LISTEN, UNIX_CONNECT, LOG };
enum { RECEIVE_BUFFER = 1024 * 1024, FILTER_MAX = 256, FAILURES_MAX = 16, READS_PER_WAKE = 16 };

static struct entry {
	enum { FREE, OPEN_HERE, ENDED } state; /* ENDED: CLOSED was reported, the script's CLOSE is still to come */
	enum kind_number kind;
	int fd;
	unsigned failures; /* receive errors in a row */
	bool answer;       /* SENT is owed when the queue is empty */
	struct queue queue;
	char *path; /* of a listener, to unlink */
} entries[ID_LIMIT];

static const char *explain(const char *doing, int error) {
	static char text[200];
	const char *hint = error == EPERM || error == EACCES ? " (kedged needs CAP_NET_ADMIN and CAP_NET_RAW here)"
		: error == EAFNOSUPPORT || error == EPROTONOSUPPORT ? " (not in this kernel)" : "";

	snprintf(text, sizeof text, "%s%s%s", doing, strerror(error), hint);
	return text;
}

static int new_socket(int family, int type, int protocol) {
	return socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
}

static bool set(int fd, int level, int option, int value) {
	return setsockopt(fd, level, option, &value, sizeof value) == 0;
}

/* Beyond net.core.rmem_max only the first user namespace may go. */
static bool large_buffer(int fd) {
	return set(fd, SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER) || set(fd, SOL_SOCKET, SO_RCVBUF, RECEIVE_BUFFER);
}

/* The device, a large buffer, and what packet sockets for IPv6 report beside the octets. */
static bool prepare(int fd, uint32_t ifindex) {
	return (ifindex == 0 || set(fd, SOL_SOCKET, SO_BINDTOIFINDEX, (int)ifindex)) &&
	       large_buffer(fd) && set(fd, SOL_SOCKET, SO_TIMESTAMP, 1) &&
	       set(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1) && set(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1);
}

/* Everything that may be opened. `least` and `most`: octets of the parameters. */
static const struct {
	size_t least, most;
	bool receive, send, stream, cli; /* is read, may be written, is a stream, needs no privilege */
} kinds[] = {
	[RAW6] = { 5, 5 + 16, .receive = true },
	[RAW6_SEND] = { 0, 0, .send = true },
	[NETLINK] = { 4, 4, .receive = true, .send = true },
	[UDP6] = { 22, 22, .receive = true, .send = true },
	[PACKET] = { 6 + 8, 6 + 8 * FILTER_MAX, .receive = true, .send = true },
	[UNIX_LISTEN] = { 1, 107, .receive = true },
	[UNIX_CONNECT] = { 1, 107, .receive = true, .send = true, .stream = true, .cli = true },
	[LOG] = { 0, 0, .send = true },
};

static bool open_raw6(int fd, const uint8_t *p, size_t length) {
	struct icmp6_filter filter;

	ICMP6_FILTER_SETBLOCKALL(&filter);
	for (size_t i = 5; i < length; i++)
		ICMP6_FILTER_SETPASS(p[i], &filter);
	return prepare(fd, get32(p + 1)) &&
	       (length == 5 || setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &filter, sizeof filter) == 0);
}

static bool open_packet(int fd, const uint8_t *p, size_t length) {
	struct sock_filter filter[FILTER_MAX];
	struct sock_fprog program = { (unsigned short)((length - 6) / 8), filter };
	struct sockaddr_ll address = { .sll_family = AF_PACKET, .sll_protocol = htons(get16(p + 4)),
		.sll_ifindex = (int)get32(p) };

	for (size_t i = 0; i < program.len; i++, p += 8)
		filter[i] = (struct sock_filter){ get16(p + 6), p[8], p[9], get32(p + 10) };
	return large_buffer(fd) && set(fd, SOL_SOCKET, SO_TIMESTAMP, 1) &&
	       set(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, 1) &&
	       setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0 &&
	       bind(fd, (struct sockaddr *)&address, sizeof address) == 0;
}

/* Sets *fd. False: the caller closes it; errno says why. */
static bool open_kind(enum kind_number kind, const uint8_t *p, size_t length, int *fd) {
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	struct sockaddr_nl netlink = { .nl_family = AF_NETLINK };

	switch (kind) {
	case RAW6:
		*fd = new_socket(AF_INET6, SOCK_RAW, p[0]);
		return *fd >= 0 && open_raw6(*fd, p, length);
	case RAW6_SEND:
		*fd = new_socket(AF_INET6, SOCK_RAW, IPPROTO_RAW);
		return *fd >= 0 && set(*fd, IPPROTO_IPV6, IPV6_FREEBIND, 1); /* the packet bears any source anyway */
	case NETLINK:
		netlink.nl_groups = get32(p);
		*fd = new_socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
		return *fd >= 0 && large_buffer(*fd) &&
		       set(*fd, SOL_NETLINK, NETLINK_EXT_ACK, 1) && set(*fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1) &&
		       bind(*fd, (struct sockaddr *)&netlink, sizeof netlink) == 0;
	case UDP6:
		memcpy(&in6.sin6_addr, p, 16);
		in6.sin6_port = htons(get16(p + 16));
		in6.sin6_scope_id = get32(p + 18);
		*fd = new_socket(AF_INET6, SOCK_DGRAM, 0);
		return *fd >= 0 && set(*fd, IPPROTO_IPV6, IPV6_V6ONLY, 0) && prepare(*fd, in6.sin6_scope_id) &&
		       set(*fd, IPPROTO_IP, IP_RECVTTL, 1) && bind(*fd, (struct sockaddr *)&in6, sizeof in6) == 0;
	case PACKET:
		/* Protocol 0 receives nothing until bind(), so nothing passes before the filter is there. */
		*fd = new_socket(AF_PACKET, SOCK_RAW, 0);
		return *fd >= 0 && open_packet(*fd, p, length);
	case UNIX_LISTEN:
		return (*fd = unix_listen(allowed_path(p, length, false))) >= 0;
	case UNIX_CONNECT:
		return (*fd = unix_connect(SOCK_STREAM, allowed_path(p, length, true))) >= 0;
	case LOG:
		return (*fd = unix_connect(SOCK_DGRAM, "/dev/log")) >= 0;
	}
	return false;
}

/* NULL, or why this may not be opened. */
static const char *refusal(unsigned kind, const uint8_t *p, size_t length) {
	if (kind >= sizeof kinds / sizeof *kinds || kinds[kind].most + kinds[kind].send == 0 ||
	    (options.cli && !kinds[kind].cli))
		return "this kind of socket is not on the list";
	if (length < kinds[kind].least || length > kinds[kind].most || (kind == PACKET && (length - 6) % 8 != 0))
		return "parameters of wrong length";
	if (kind == RAW6 && p[0] != 43 && p[0] != 58 && p[0] != 60 && p[0] != 135)
		return "this protocol is not on the list";
	if (kind == RAW6 && (p[0] == IPPROTO_ICMPV6) != (length > 5))
		return "ICMPv6, and nothing else, needs the types to pass";
	if (kind == PACKET && get32(p) == 0)
		return "needs a device";
	if ((kind == UNIX_LISTEN || kind == UNIX_CONNECT) && !allowed_path(p, length, kind == UNIX_CONNECT))
		return "this path is not on the list";
	return NULL;
}

static unsigned id_of(const struct entry *entry) {
	return (unsigned)(entry - entries);
}

static struct entry *entry_of(unsigned id) {
	if (id >= ID_LIMIT || entries[id].state == FREE)
		die("broken frame from the script: socket %u is not open", id);
	return &entries[id];
}

static void end(struct entry *entry, const char *reason) {
	if (entry->fd >= 0)
		close(entry->fd);
	if (entry->path)
		unlink(entry->path);
	free(entry->path);
	free(entry->queue.octets);
	*entry = (struct entry){ .state = ENDED, .fd = -1 };
	report_text(CLOSED, 0, id_of(entry), 0, reason);
}

void socket_open(unsigned id, const uint8_t *parameters, size_t length) {
	struct sockaddr_in6 local = { 0 };
	const char *reason;
	struct entry *entry;

	if (id == 0 || id >= FIRST_ACCEPTED_ID || entries[id].state != FREE || length-- < 1)
		die("broken frame from the script: cannot open as socket %u", id);
	entry = &entries[id];
	*entry = (struct entry){ .state = OPEN_HERE, .kind = *parameters++, .fd = -1 };
	reason = refusal(entry->kind, parameters, length);
	if (!reason && !open_kind(entry->kind, parameters, length, &entry->fd))
		reason = explain("open: ", errno);
	if (reason)
		return end(entry, reason);
	if (entry->kind == UNIX_LISTEN)
		entry->path = strndup((const char *)parameters, length);
	if (entry->kind == UDP6)
		getsockname(entry->fd, (struct sockaddr *)&local, &(socklen_t){ sizeof local });
	put16(payload, ntohs(local.sin6_port));
	report(OPENED, 0, id, 2);
}

/* One datagram, with source, destination, device and port before it. */
static ssize_t send_addressed(const struct entry *entry, const uint8_t *p, size_t length) {
	union { char octets[CMSG_SPACE(sizeof(struct in6_pktinfo))]; struct cmsghdr header; } control = { 0 };
	struct in6_pktinfo info = { .ipi6_ifindex = get32(p + 32) };
	struct sockaddr_in6 to = { .sin6_family = AF_INET6, .sin6_port = entry->kind == UDP6 ? htons(get16(p + 36)) : 0 };
	struct iovec octets = { (void *)(uintptr_t)(p + SEND_META), length - SEND_META };
	struct msghdr message = { .msg_name = &to, .msg_namelen = sizeof to, .msg_iov = &octets, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof control.octets };

	memcpy(&info.ipi6_addr, p, 16);
	memcpy(&to.sin6_addr, p + 16, 16);
	if (IN6_IS_ADDR_LINKLOCAL(&to.sin6_addr) || IN6_IS_ADDR_MC_LINKLOCAL(&to.sin6_addr))
		to.sin6_scope_id = info.ipi6_ifindex;
	if (IN6_IS_ADDR_V4MAPPED(&to.sin6_addr) && IN6_IS_ADDR_UNSPECIFIED(&info.ipi6_addr))
		memset(&info.ipi6_addr.s6_addr[10], 0xff, 2); /* ::ffff:0.0.0.0 */
	control.header = (struct cmsghdr){ CMSG_LEN(sizeof info), IPPROTO_IPV6, IPV6_PKTINFO };
	memcpy(CMSG_DATA(&control.header), &info, sizeof info);
	return sendmsg(entry->fd, &message, MSG_NOSIGNAL);
}

/* Says SENT when it is owed and nothing is queued any more. */
static void answer(struct entry *entry) {
	if (!entry->answer || entry->queue.length > 0)
		return;
	entry->answer = false;
	report(SENT, 0, id_of(entry), 0);
}

void socket_send(unsigned id, unsigned flags, const uint8_t *octets, size_t length) {
	struct entry *entry = entry_of(id);
	bool addressed = entry->kind == RAW6_SEND || entry->kind == UDP6;
	ssize_t n;

	if (entry->state == ENDED)
		return;
	if (!kinds[entry->kind].send || (addressed && length < SEND_META))
		return report_text(FAULT, 0, id, 0, "send: not on this kind of socket, or no destination");
	if (kinds[entry->kind].stream) {
		if (!queue_send(&entry->queue, entry->fd, octets, length))
			return end(entry, errno == ENOBUFS ? "the peer is too slow" : strerror(errno));
		entry->answer |= flags & FLAG_ANSWER;
		return answer(entry);
	}
	n = addressed ? send_addressed(entry, octets, length) : send(entry->fd, octets, length, MSG_NOSIGNAL);
	if (n < 0)
		report_text(FAULT, 0, id, 0, explain("send: ", errno));
}

void socket_close(unsigned id) {
	struct entry *entry = entry_of(id);

	if (entry->state == OPEN_HERE)
		end(entry, "");
	entry->state = FREE;
}

static void accept_one(struct entry *listener) {
	struct ucred peer = { .uid = UINT32_MAX };
	int fd = accept4(listener->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	unsigned id = FIRST_ACCEPTED_ID;

	if (fd < 0 && errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
		return end(listener, strerror(errno)); /* it would be ready again at once, for ever */
	while (id < ID_LIMIT && entries[id].state != FREE)
		id++;
	if (fd >= 0 && id == ID_LIMIT)
		close(fd); /* too many: the peer sees the end */
	if (fd < 0 || id == ID_LIMIT)
		return;
	entries[id] = (struct entry){ .state = OPEN_HERE, .kind = UNIX_CONNECT, .fd = fd };
	getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &(socklen_t){ sizeof peer });
	put16(payload, (uint16_t)id_of(listener));
	put32(payload + 2, peer.uid);
	report(ACCEPTED, 0, id, 6);
}

/* The fields of RECEIVED that control data carry. */
static void read_control(struct msghdr *message) {
	for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
		union { struct in6_pktinfo info; struct timeval time; int hops; } data = { 0 };
		size_t length = c->cmsg_len - CMSG_LEN(0);

		memcpy(&data, CMSG_DATA(c), length < sizeof data ? length : sizeof data);
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMP) {
			put32(payload + 40, (uint32_t)data.time.tv_sec);
			put32(payload + 44, (uint32_t)data.time.tv_usec);
		} else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
			memcpy(payload + 16, &data.info.ipi6_addr, 16);
			put32(payload + 32, data.info.ipi6_ifindex);
		} else if (c->cmsg_type == (c->cmsg_level == IPPROTO_IPV6 ? IPV6_HOPLIMIT : IP_TTL)) {
			payload[38] = (uint8_t)data.hops;
		}
	}
}

/* Makes one frame of one message. False when there is nothing more to read now. */
static bool receive_one(struct entry *entry) {
	union {
		struct sockaddr_in6 in6;
		struct sockaddr_ll link;
		struct sockaddr_nl netlink;
		struct sockaddr_storage any;
	} from = { 0 };
	union { char octets[256]; struct cmsghdr aligned; } control;
	struct iovec room = { payload + RECEIVED_META, PAYLOAD_MAX - RECEIVED_META };
	struct msghdr message = { .msg_name = &from, .msg_namelen = sizeof from, .msg_iov = &room, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof control.octets };
	ssize_t n = recvmsg(entry->fd, &message, 0);
	struct timeval now;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (n <= 0 && kinds[entry->kind].stream) {
		end(entry, n == 0 ? "" : strerror(errno));
		return false;
	}
	if (n < 0) {
		if (++entry->failures > FAILURES_MAX)
			end(entry, explain("receive: ", errno));
		else
			report_text(FAULT, errno == ENOBUFS ? FLAG_LOST : 0, id_of(entry), 0, explain("receive: ", errno));
		return entry->state == OPEN_HERE;
	}
	entry->failures = 0;
	if (entry->kind == NETLINK && from.netlink.nl_pid != 0)
		return true; /* only the kernel's word counts */
	if (message.msg_flags & MSG_TRUNC) {
		report_text(FAULT, FLAG_LOST, id_of(entry), 0, "receive: a message is longer than a frame");
		return true;
	}
	memset(payload, 0, RECEIVED_META);
	gettimeofday(&now, NULL);
	put32(payload + 40, (uint32_t)now.tv_sec);
	put32(payload + 44, (uint32_t)now.tv_usec);
	if (entry->kind == RAW6 || entry->kind == UDP6)
		memcpy(payload, &from.in6.sin6_addr, 16);
	if (entry->kind == UDP6)
		put16(payload + 36, ntohs(from.in6.sin6_port));
	if (entry->kind == PACKET)
		put32(payload + 32, (uint32_t)from.link.sll_ifindex);
	read_control(&message);
	report(RECEIVED, 0, id_of(entry), RECEIVED_META + (size_t)n);
	return true;
}

size_t socket_poll(struct pollfd *polls) {
	size_t count = 0;

	for (struct entry *entry = entries; entry < entries + ID_LIMIT; entry++) {
		short events = (short)((kinds[entry->kind].receive ? POLLIN : 0) | (entry->queue.length > 0 ? POLLOUT : 0));

		if (entry->state == OPEN_HERE && events)
			polls[count++] = (struct pollfd){ .fd = entry->fd, .events = events };
	}
	return count;
}

static void handle(struct entry *entry, short events) {
	if (entry->queue.length > 0 && events & (POLLOUT | POLLERR | POLLHUP)) {
		if (!queue_flush(&entry->queue, entry->fd))
			return end(entry, strerror(errno));
		answer(entry);
	}
	if (!(events & (POLLIN | POLLERR | POLLHUP)))
		return;
	for (int i = 0; i < READS_PER_WAKE && !channel_pending(); i++) {
		if (entry->kind == UNIX_LISTEN)
			return accept_one(entry);
		if (!receive_one(entry))
			return;
	}
}

void socket_handle(const struct pollfd *polls, size_t count) {
	for (size_t i = 0; i < count; i++)
		for (unsigned id = 1; polls[i].revents && id < ID_LIMIT && !channel_pending(); id++)
			if (entries[id].state == OPEN_HERE && entries[id].fd == polls[i].fd)
				handle(&entries[id], polls[i].revents);
}

void socket_end(void) {
	for (struct entry *entry = entries; entry < entries + ID_LIMIT; entry++) {
		if (entry->path)
			unlink(entry->path);
		free(entry->path);
		free(entry->queue.octets);
	}
}
