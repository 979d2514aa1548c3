/* The sockets of the script: a table of the allowed kinds, and what arrives on them. */
#define _GNU_SOURCE
#include "kedged.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#ifndef SO_BINDTOIFINDEX
#define SO_BINDTOIFINDEX 62
#endif
#ifndef PACKET_IGNORE_OUTGOING
#define PACKET_IGNORE_OUTGOING 23
#endif

enum state {
	FREE,
	OPENED_STATE,
	DRAINING, /* the script closed a stream; its queue is still being sent */
	ENDED,    /* CLOSED was reported; the script has not said CLOSE yet */
};

struct entry {
	enum state state;
	enum socket_kind kind;
	int fd;
	unsigned failures;  /* receive errors in a row */
	bool answer;        /* SENT is owed when the queue is empty */
	struct queue queue;
	int64_t deadline;   /* of DRAINING */
	char *path;         /* of a listener, to unlink */
};

enum { RECEIVE_BUFFER = 1024 * 1024, FAILURES_MAX = 16, READS_PER_WAKE = 16, DRAIN_TIME = 5000 };

static struct entry entries[ID_LIMIT];

static const char *explain(int error)
{
	static char text[160];
	const char *hint = "";

	if (error == EPERM || error == EACCES)
		hint = " (kedged needs CAP_NET_ADMIN and CAP_NET_RAW, here and in its container)";
	else if (error == EAFNOSUPPORT || error == EPROTONOSUPPORT)
		hint = " (not in this kernel)";
	strcpy(text, strerror(error));
	strcat(text, hint);
	return text;
}

static bool enable(int fd, int level, int option)
{
	return setsockopt(fd, level, option, &(int){ 1 }, sizeof(int)) == 0;
}

static bool bind_device(int fd, uint32_t ifindex)
{
	return ifindex == 0 || setsockopt(fd, SOL_SOCKET, SO_BINDTOIFINDEX, &(int){ (int)ifindex }, sizeof(int)) == 0;
}

static void large_buffer(int fd)
{
	int octets = RECEIVE_BUFFER;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &octets, sizeof octets) < 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &octets, sizeof octets);
}

/* What every socket for IPv6 packets reports beside the octets. */
static bool want_packet_info(int fd)
{
	large_buffer(fd);
	return enable(fd, SOL_SOCKET, SO_TIMESTAMP) && enable(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO) &&
	       enable(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT);
}

/* The open functions set *fd. When they fail, the caller closes it, and the reason is *reason, or errno if that is NULL. */
static bool open_raw6(int *fd, const uint8_t *p, size_t length, const char **reason)
{
	uint8_t protocol = p[0];
	struct icmp6_filter filter;

	if (protocol != 43 && protocol != 58 && protocol != 60 && protocol != 135) {
		*reason = "protocol is not on the list";
		return false;
	}
	if ((protocol == IPPROTO_ICMPV6) != (length > 5)) {
		*reason = "ICMPv6, and nothing else, needs the types to pass";
		return false;
	}
	*fd = socket(AF_INET6, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
	if (*fd < 0)
		return false;
	if (protocol == IPPROTO_ICMPV6) {
		ICMP6_FILTER_SETBLOCKALL(&filter);
		for (size_t i = 5; i < length; i++)
			ICMP6_FILTER_SETPASS(p[i], &filter);
		if (setsockopt(*fd, IPPROTO_ICMPV6, ICMP6_FILTER, &filter, sizeof filter) < 0)
			return false;
	}
	return bind_device(*fd, get32(p + 1)) && want_packet_info(*fd);
}

static bool open_raw6_send(int *fd, const uint8_t *p, size_t length, const char **reason)
{
	(void)p, (void)length, (void)reason;
	*fd = socket(AF_INET6, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_RAW);
	return *fd >= 0 && enable(*fd, IPPROTO_IPV6, IPV6_FREEBIND);
}

static bool open_netlink(int *fd, const uint8_t *p, size_t length, const char **reason)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = get32(p) };

	(void)length, (void)reason;
	*fd = socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (*fd < 0)
		return false;
	large_buffer(*fd);
	return enable(*fd, SOL_NETLINK, NETLINK_EXT_ACK) && enable(*fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK) &&
	       bind(*fd, (struct sockaddr *)&address, sizeof address) == 0;
}

static bool open_udp6(int *fd, const uint8_t *p, size_t length, const char **reason)
{
	struct sockaddr_in6 address = { .sin6_family = AF_INET6, .sin6_port = htons(get16(p + 16)),
		.sin6_scope_id = get32(p + 18) };

	(void)length, (void)reason;
	memcpy(&address.sin6_addr, p, 16);
	*fd = socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	return *fd >= 0 && setsockopt(*fd, IPPROTO_IPV6, IPV6_V6ONLY, &(int){ 0 }, sizeof(int)) == 0 &&
	       bind_device(*fd, get32(p + 18)) && want_packet_info(*fd) && enable(*fd, IPPROTO_IP, IP_RECVTTL) &&
	       bind(*fd, (struct sockaddr *)&address, sizeof address) == 0;
}

static bool open_packet(int *fd, const uint8_t *p, size_t length, const char **reason)
{
	struct sock_filter instructions[FILTER_MAX];
	size_t count = (length - 6) / 8;
	struct sock_fprog program = { .len = (unsigned short)count, .filter = instructions };
	struct sockaddr_ll address = { .sll_family = AF_PACKET, .sll_protocol = htons(get16(p + 4)),
		.sll_ifindex = (int)get32(p) };

	if ((length - 6) % 8 != 0 || count > FILTER_MAX || address.sll_ifindex <= 0) {
		*reason = "needs a device and a filter of 1 to 256 instructions";
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		const uint8_t *q = p + 6 + i * 8;

		instructions[i] = (struct sock_filter){ get16(q), q[2], q[3], get32(q + 4) };
	}
	/* Protocol 0 receives nothing until bind(), so no packet passes before the filter is there. */
	*fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (*fd < 0)
		return false;
	large_buffer(*fd);
	enable(*fd, SOL_PACKET, PACKET_IGNORE_OUTGOING); /* Linux 4.20; before, the filter can do it */
	return setsockopt(*fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0 &&
	       enable(*fd, SOL_SOCKET, SO_TIMESTAMP) && bind(*fd, (struct sockaddr *)&address, sizeof address) == 0;
}

static bool open_listener(int *fd, const uint8_t *p, size_t length, const char **reason)
{
	const char *path = allowed_path(p, length, false);

	if (!path)
		*reason = "path is not directly in an allowed directory";
	else
		*fd = stream_listen(path, reason);
	return *fd >= 0;
}

static bool open_connection(int *fd, const uint8_t *p, size_t length, const char **reason)
{
	const char *path = allowed_path(p, length, true);

	if (!path)
		*reason = "path is not on the list";
	else
		*fd = stream_connect(path, reason);
	return *fd >= 0;
}

static bool open_syslog(int *fd, const uint8_t *p, size_t length, const char **reason)
{
	(void)p, (void)length;
	*fd = syslog_connect(reason);
	return *fd >= 0;
}

/* Everything that may be opened. `least` and `most` bound the octets of the parameters. */
static const struct kind {
	bool (*open)(int *fd, const uint8_t *parameters, size_t length, const char **reason);
	size_t least, most;
	bool cli;     /* allowed without privileges */
	bool receive; /* is read */
	bool send;    /* may be written */
	bool stream;
} kinds[] = {
	[RAW6] = { open_raw6, 5, 5 + 16, .receive = true },
	[RAW6_SEND] = { open_raw6_send, 0, 0, .send = true },
	[NETLINK_ROUTE_KIND] = { open_netlink, 4, 4, .receive = true, .send = true },
	[UDP6] = { open_udp6, 22, 22, .receive = true, .send = true },
	[PACKET] = { open_packet, 6 + 8, 6 + 8 * FILTER_MAX, .receive = true, .send = true },
	[UNIX_LISTEN] = { open_listener, 1, 107, .receive = true },
	[UNIX_CONNECT] = { open_connection, 1, 107, .cli = true, .receive = true, .send = true, .stream = true },
	[SYSLOG] = { open_syslog, 0, 0, .send = true },
};

static struct entry *entry_of(unsigned id)
{
	if (id == 0 || id >= ID_LIMIT || entries[id].state == FREE || entries[id].state == DRAINING)
		die("broken frame from the script: socket %u is not open", id);
	return &entries[id];
}

static unsigned id_of(const struct entry *entry)
{
	return (unsigned)(entry - entries);
}

/* Closes the descriptor and tells the script; the id is free when both sides have closed it. */
static void end(struct entry *entry, const char *reason)
{
	if (entry->fd >= 0)
		close(entry->fd);
	if (entry->path)
		unlink(entry->path);
	free(entry->path);
	queue_free(&entry->queue);
	*entry = (struct entry){ .state = entry->state == DRAINING ? FREE : ENDED, .fd = -1 };
	report_text(CLOSED, 0, id_of(entry), 0, reason);
}

void socket_open(unsigned id, const uint8_t *parameters, size_t length)
{
	const struct kind *kind;
	struct entry *entry = &entries[id < ID_LIMIT ? id : 0];
	struct sockaddr_in6 local = { 0 };
	const char *reason = NULL;

	if (id == 0 || id >= FIRST_ACCEPTED_ID || length < 1 || entry->state != FREE)
		die("broken frame from the script: cannot open as socket %u", id);
	*entry = (struct entry){ .state = OPENED_STATE, .kind = parameters[0], .fd = -1 };
	kind = entry->kind < sizeof kinds / sizeof *kinds ? &kinds[entry->kind] : &kinds[0];
	if (!kind->open || (options.cli && !kind->cli))
		return end(entry, "this kind of socket is not on the list");
	parameters++;
	length--;
	if (length < kind->least || length > kind->most)
		return end(entry, "parameters of wrong length");
	if (!kind->open(&entry->fd, parameters, length, &reason)) {
		if (!reason)
			reason = explain(errno);
		return end(entry, reason);
	}
	if (entry->kind == UNIX_LISTEN)
		entry->path = strndup((const char *)parameters, length);
	if (entry->kind == UDP6)
		getsockname(entry->fd, (struct sockaddr *)&local, &(socklen_t){ sizeof local });
	put16(frame_payload, ntohs(local.sin6_port));
	report(OPENED, 0, id, 2);
}

/* One datagram with its destination, device and source, as SEND_META gives them. */
static ssize_t send_addressed(const struct entry *entry, const uint8_t *p, size_t length)
{
	union {
		char octets[CMSG_SPACE(sizeof(struct in6_pktinfo))];
		struct cmsghdr aligned;
	} control = { 0 };
	uint32_t ifindex = get32(p + 32);
	struct sockaddr_in6 destination = { .sin6_family = AF_INET6 };
	struct iovec octets = { (void *)(uintptr_t)(p + SEND_META), length - SEND_META };
	struct in6_pktinfo info = { .ipi6_ifindex = ifindex };
	struct msghdr message = { .msg_name = &destination, .msg_namelen = sizeof destination, .msg_iov = &octets,
		.msg_iovlen = 1 };

	memcpy(&info.ipi6_addr, p, 16);
	memcpy(&destination.sin6_addr, p + 16, 16);
	if (entry->kind == UDP6)
		destination.sin6_port = htons(get16(p + 36));
	if (IN6_IS_ADDR_LINKLOCAL(&destination.sin6_addr) || IN6_IS_ADDR_MC_LINKLOCAL(&destination.sin6_addr))
		destination.sin6_scope_id = ifindex;
	if (IN6_IS_ADDR_V4MAPPED(&destination.sin6_addr) && IN6_IS_ADDR_UNSPECIFIED(&info.ipi6_addr))
		memset(&info.ipi6_addr.s6_addr[10], 0xff, 2);
	if (ifindex != 0 || memcmp(p, &in6addr_any, 16) != 0) {
		struct cmsghdr *header;

		message.msg_control = &control;
		message.msg_controllen = sizeof control.octets;
		header = CMSG_FIRSTHDR(&message);
		header->cmsg_level = IPPROTO_IPV6;
		header->cmsg_type = IPV6_PKTINFO;
		header->cmsg_len = CMSG_LEN(sizeof info);
		memcpy(CMSG_DATA(header), &info, sizeof info);
	}
	return sendmsg(entry->fd, &message, MSG_NOSIGNAL);
}

static void fault(unsigned flags, unsigned id, const char *what, int error)
{
	char text[200];

	strcpy(text, what);
	strcat(text, explain(error));
	report_text(FAULT, flags, id, 0, text);
}

void socket_send(unsigned id, unsigned flags, const uint8_t *payload, size_t length)
{
	struct entry *entry = entry_of(id);
	bool addressed = entry->kind == RAW6_SEND || entry->kind == UDP6;
	ssize_t n;

	if (entry->state == ENDED)
		return;
	if (!kinds[entry->kind].send || (addressed && length < SEND_META)) {
		report_text(FAULT, 0, id, 0, "send: not possible on this kind of socket, or no destination");
		return;
	}
	if (kinds[entry->kind].stream) {
		if (!queue_send(&entry->queue, entry->fd, payload, length)) {
			end(entry, errno == ENOBUFS ? "the peer is too slow" : strerror(errno));
			return;
		}
		entry->answer |= flags & FLAG_ANSWER;
		if (entry->answer && entry->queue.length == 0) {
			entry->answer = false;
			report(SENT, 0, id, 0);
		}
		return;
	}
	n = addressed ? send_addressed(entry, payload, length) : send(entry->fd, payload, length, MSG_NOSIGNAL);
	if (n < 0)
		fault(0, id, "send: ", errno);
}

void socket_close(unsigned id)
{
	struct entry *entry = entry_of(id);

	if (entry->state == ENDED) {
		entry->state = FREE;
		return;
	}
	entry->state = DRAINING;
	if (entry->queue.length > 0)
		entry->deadline = milliseconds() + DRAIN_TIME;
	else
		end(entry, "");
}

static void accept_one(struct entry *listener)
{
	struct ucred peer = { .uid = UINT32_MAX };
	struct entry *entry = &entries[FIRST_ACCEPTED_ID];
	int fd = accept4(listener->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0) {
		if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
			end(listener, strerror(errno));
		return;
	}
	while (entry < entries + ID_LIMIT && entry->state != FREE)
		entry++;
	if (entry == entries + ID_LIMIT) {
		close(fd); /* too many: the peer sees the end at once */
		return;
	}
	*entry = (struct entry){ .state = OPENED_STATE, .kind = UNIX_CONNECT, .fd = fd };
	getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &(socklen_t){ sizeof peer });
	put16(frame_payload, (uint16_t)id_of(listener));
	put32(frame_payload + 2, peer.uid);
	report(ACCEPTED, 0, id_of(entry), 6);
}

/* Writes the RECEIVED fields that control data carry. */
static void read_control(struct msghdr *message, uint8_t *meta)
{
	struct cmsghdr *c;

	for (c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
		const void *data = CMSG_DATA(c);
		struct in6_pktinfo info;
		struct timeval time;
		int hops;

		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMP) {
			memcpy(&time, data, sizeof time);
			put32(meta + 40, (uint32_t)time.tv_sec);
			put32(meta + 44, (uint32_t)time.tv_usec);
		} else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
			memcpy(&info, data, sizeof info);
			memcpy(meta + 16, &info.ipi6_addr, 16);
			put32(meta + 32, info.ipi6_ifindex);
		} else if ((c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_HOPLIMIT) ||
			   (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_TTL)) {
			memcpy(&hops, data, sizeof hops);
			meta[38] = (uint8_t)hops;
		}
	}
}

/* Reads one message into one frame. False when there is nothing more to read now. */
static bool receive_one(struct entry *entry)
{
	uint8_t *meta = frame_payload;
	union {
		struct sockaddr_in6 in6;
		struct sockaddr_ll link;
		struct sockaddr_nl netlink;
	} from = { 0 };
	union {
		char octets[256];
		struct cmsghdr aligned;
	} control;
	struct iovec room = { meta + RECEIVED_META, PAYLOAD_MAX - RECEIVED_META };
	struct msghdr message = { .msg_name = &from, .msg_namelen = sizeof from, .msg_iov = &room, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof control.octets };
	bool stream = kinds[entry->kind].stream;
	struct timespec now;
	ssize_t n = recvmsg(entry->fd, &message, MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (stream && n <= 0) {
		end(entry, n == 0 ? "" : strerror(errno));
		return false;
	}
	if (n < 0) {
		if (++entry->failures > FAILURES_MAX)
			end(entry, explain(errno));
		else
			fault(errno == ENOBUFS ? FLAG_LOST : 0, id_of(entry), "receive: ", errno);
		return true;
	}
	entry->failures = 0;
	if (entry->kind == NETLINK_ROUTE_KIND && from.netlink.nl_pid != 0)
		return true; /* only the kernel's word counts */
	if (!stream && message.msg_flags & MSG_TRUNC) {
		report_text(FAULT, FLAG_LOST, id_of(entry), 0, "receive: a message is longer than a frame");
		return true;
	}
	memset(meta, 0, RECEIVED_META);
	clock_gettime(CLOCK_REALTIME, &now);
	put32(meta + 40, (uint32_t)now.tv_sec);
	put32(meta + 44, (uint32_t)(now.tv_nsec / 1000));
	if (entry->kind == RAW6 || entry->kind == UDP6) {
		memcpy(meta, &from.in6.sin6_addr, 16);
		put16(meta + 36, entry->kind == UDP6 ? ntohs(from.in6.sin6_port) : 0);
	} else if (entry->kind == PACKET) {
		put32(meta + 32, (uint32_t)from.link.sll_ifindex);
	}
	read_control(&message, meta);
	report(RECEIVED, 0, id_of(entry), RECEIVED_META + (size_t)n);
	return true;
}

size_t socket_poll(struct pollfd *polls, size_t room)
{
	size_t count = 0;

	for (unsigned id = 1; id < ID_LIMIT && count < room; id++) {
		struct entry *entry = &entries[id];
		short events = 0;

		if (entry->state == OPENED_STATE && kinds[entry->kind].receive)
			events |= POLLIN;
		if (entry->queue.length > 0)
			events |= POLLOUT;
		if (events)
			polls[count++] = (struct pollfd){ .fd = entry->fd, .events = events };
	}
	return count;
}

static void handle(struct entry *entry, short events)
{
	if (entry->queue.length > 0 && events & (POLLOUT | POLLERR | POLLHUP)) {
		if (!queue_flush(&entry->queue, entry->fd)) {
			end(entry, strerror(errno));
			return;
		}
		if (entry->queue.length == 0 && entry->state == DRAINING) {
			end(entry, "");
			return;
		}
		if (entry->queue.length == 0 && entry->answer) {
			entry->answer = false;
			report(SENT, 0, id_of(entry), 0);
		}
	}
	if (entry->state != OPENED_STATE || !(events & (POLLIN | POLLERR | POLLHUP)))
		return;
	for (int i = 0; i < READS_PER_WAKE && entry->state == OPENED_STATE && !channel_pending(); i++) {
		if (entry->kind == UNIX_LISTEN) {
			accept_one(entry);
			return;
		}
		if (!receive_one(entry))
			return;
	}
}

void socket_handle(const struct pollfd *polls, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!polls[i].revents)
			continue;
		for (unsigned id = 1; id < ID_LIMIT; id++) {
			if (channel_pending())
				return;
			if (entries[id].state != FREE && entries[id].fd == polls[i].fd)
				handle(&entries[id], polls[i].revents);
		}
	}
}

int64_t socket_deadline(void)
{
	int64_t earliest = INT64_MAX;

	for (unsigned id = 1; id < ID_LIMIT; id++)
		if (entries[id].state == DRAINING && entries[id].deadline < earliest)
			earliest = entries[id].deadline;
	return earliest;
}

void socket_expire(int64_t now)
{
	for (unsigned id = 1; id < ID_LIMIT && !channel_pending(); id++)
		if (entries[id].state == DRAINING && entries[id].deadline <= now)
			end(&entries[id], "the peer is too slow");
}

void socket_end(void)
{
	for (unsigned id = 1; id < ID_LIMIT; id++) {
		if (entries[id].path)
			unlink(entries[id].path);
		free(entries[id].path);
		queue_free(&entries[id].queue);
	}
}
