/* The sockets of the script: the allowed kinds, sending, and what arrives on them. */
#define _GNU_SOURCE
#include "kedged.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum kind { RAW6 = 1, RAW6_SEND, NETLINK, UNIX_LISTEN, UNIX_CONNECT, LOG, ICMPV6, UBUS, XFRM, DHCPV6 };
enum { RECEIVE_BUFFER = 1024 * 1024, FAILURES_MAX = 16, READS_PER_WAKE = 16 };

static struct entry {
	enum { FREE, OPEN_HERE, ENDED } state; /* ENDED: CLOSED was reported, CLOSE is still to come */
	enum kind kind;
	int fd;
	unsigned failures; /* receive errors in a row */
	bool answer;       /* SENT is owed when the peer of the stream has taken enough */
	char *path; /* of a listener, to unlink */
} entries[ID_LIMIT];

union control { /* of one packet: where it arrived, or by which way it shall leave */
	struct cmsghdr header;
	char octets[CMSG_SPACE(sizeof(struct in6_pktinfo)) + CMSG_SPACE(sizeof(int))];
};

static const char *explain(const char *doing) {
	static char text[120];

	snprintf(text, sizeof text, "%s: %s", doing, strerror(errno));
	return text;
}

/* Errors, echo replies, router and neighbour discovery, and the messages of Mobile IPv6 (RFC 6275 section 6.5-6.8). */
static bool is_icmpv6_type(uint8_t type) {
	return type == 1 || type == 2 || type == 4 || type == 129 || (type >= 133 && type <= 136) ||
	       (type >= 144 && type <= 147);
}

static bool all_icmpv6_types(const uint8_t *types, size_t count) {
	for (size_t i = 0; i < count; i++)
		if (!is_icmpv6_type(types[i]))
			return false;
	return count > 0;
}

static bool is_allowed(unsigned kind, const uint8_t *p, size_t length) {
	if (options.cli && kind != UNIX_CONNECT)
		return false;
	switch (kind) {
	case RAW6: return length == 1 && (p[0] == 43 || p[0] == 60 || p[0] == 135);
	case ICMPV6: return all_icmpv6_types(p, length);
	case NETLINK:
	case XFRM: return length == 4;
	case DHCPV6: return length == sizeof(struct in6_addr);
	case UNIX_LISTEN:
	case UNIX_CONNECT: return strlen((const char *)p) == length && unix_allowed((const char *)p);
	case RAW6_SEND:
	case LOG:
	case UBUS: return length == 0;
	default: return false;
	}
}

static int new_socket(int family, int protocol) {
	return socket(family, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
}

static bool set(int fd, int level, int option, int value) {
	return setsockopt(fd, level, option, &value, sizeof value) == 0;
}

/* Beyond net.core.rmem_max only the first user namespace may go. */
static bool large_buffer(int fd) {
	return set(fd, SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER) ||
	       set(fd, SOL_SOCKET, SO_RCVBUF, RECEIVE_BUFFER);
}

static bool receives_packets(int fd) {
	return large_buffer(fd) && set(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1) &&
	       set(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1);
}

/*
 * Mobility messages come behind these headers, and so does all that the kernel's Mobile IPv6 carries directly: that is not
 * for the script.
 */
static bool passes_signalling(int fd) {
	enum { LOAD = BPF_LD | BPF_B, EQUAL = BPF_JMP | BPF_JEQ | BPF_K };
	struct sock_filter steps[] = {
		BPF_STMT(LOAD | BPF_ABS, 1), /* where the header behind this one begins */
		BPF_STMT(BPF_ALU | BPF_ADD | BPF_K, 1),
		BPF_STMT(BPF_ALU | BPF_LSH | BPF_K, 3),
		BPF_STMT(BPF_MISC | BPF_TAX, 0),
		BPF_STMT(LOAD | BPF_ABS, 0), /* what that is */
		BPF_JUMP(EQUAL, IPPROTO_ROUTING, 1, 0),
		BPF_JUMP(EQUAL, IPPROTO_DSTOPTS, 0, 1),
		BPF_STMT(LOAD | BPF_IND, 0), /* what comes behind it */
		BPF_JUMP(EQUAL, IPPROTO_TCP, 6, 0),
		BPF_JUMP(EQUAL, IPPROTO_UDP, 5, 0),
		BPF_JUMP(EQUAL, IPPROTO_ESP, 4, 0),
		BPF_JUMP(EQUAL, IPPROTO_ICMPV6, 0, 2),
		BPF_STMT(LOAD | BPF_IND, 0), /* type: Mobile IPv6 has 144 to 147 */
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 144, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog filter = { sizeof steps / sizeof *steps, steps };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) == 0;
}

/* Servers and relay agents of DHCPv6 listen there (RFC 8415), others on this host perhaps on other devices. */
static bool dhcpv6(int *fd, const uint8_t *address) {
	struct sockaddr_in6 here = { .sin6_family = AF_INET6, .sin6_port = htons(547) };

	memcpy(&here.sin6_addr, address, sizeof here.sin6_addr);
	*fd = socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	return *fd >= 0 && set(*fd, SOL_SOCKET, SO_REUSEADDR, 1) && set(*fd, IPPROTO_IPV6, IPV6_FREEBIND, 1) &&
	       receives_packets(*fd) && bind(*fd, (struct sockaddr *)&here, sizeof here) == 0;
}

/* Sets *fd. False: the caller closes it; errno says why. */
static bool open_kind(enum kind kind, const uint8_t *p, size_t length, int *fd) {
	struct sockaddr_nl groups = { .nl_family = AF_NETLINK };
	struct icmp6_filter filter;

	switch (kind) {
	case RAW6:
		*fd = new_socket(AF_INET6, p[0]);
		return *fd >= 0 && (p[0] == 135 || passes_signalling(*fd)) && receives_packets(*fd);
	case ICMPV6:
		ICMP6_FILTER_SETBLOCKALL(&filter);
		for (size_t i = 0; i < length; i++)
			ICMP6_FILTER_SETPASS(p[i], &filter);
		*fd = new_socket(AF_INET6, IPPROTO_ICMPV6);
		return *fd >= 0 && receives_packets(*fd) &&
		       setsockopt(*fd, IPPROTO_ICMPV6, ICMP6_FILTER, &filter, sizeof filter) == 0;
	case RAW6_SEND:
		*fd = new_socket(AF_INET6, IPPROTO_RAW);
		/* The packet bears any source anyway; and what is said to a group is not for the own ears. */
		return *fd >= 0 && set(*fd, IPPROTO_IPV6, IPV6_FREEBIND, 1) &&
		       set(*fd, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, 0);
	case NETLINK:
	case XFRM:
		groups.nl_groups = get32(p);
		*fd = new_socket(AF_NETLINK, kind == XFRM ? NETLINK_XFRM : NETLINK_ROUTE);
		return *fd >= 0 && large_buffer(*fd) && set(*fd, SOL_NETLINK, NETLINK_EXT_ACK, 1) &&
		       set(*fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1) &&
		       bind(*fd, (struct sockaddr *)&groups, sizeof groups) == 0;
	case DHCPV6:
		return dhcpv6(fd, p);
	case UNIX_LISTEN:
		return (*fd = unix_listen((const char *)p)) >= 0;
	case UNIX_CONNECT:
		return (*fd = unix_connect(SOCK_STREAM, (const char *)p)) >= 0;
	case LOG:
		return (*fd = unix_connect(SOCK_DGRAM, "/dev/log")) >= 0;
	case UBUS:
		return (*fd = unix_connect(SOCK_STREAM, options.ubus)) >= 0;
	}
	return false;
}

static bool is_netlink(const struct entry *entry) {
	return entry->kind == NETLINK || entry->kind == XFRM;
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
	*entry = (struct entry){ .state = ENDED, .fd = -1 };
	report_text(CLOSED, 0, id_of(entry), 0, reason);
}

void socket_open(unsigned id, const uint8_t *parameters, size_t length) {
	struct entry *entry;

	if (id == 0 || id >= FIRST_ACCEPTED_ID || entries[id].state != FREE || length-- < 1)
		die("broken frame from the script: cannot open as socket %u", id);
	entry = &entries[id];
	*entry = (struct entry){ .state = OPEN_HERE, .kind = *parameters++, .fd = -1 };
	if (!is_allowed(entry->kind, parameters, length))
		return end(entry, "not on the list of sockets that may be opened");
	if (!open_kind(entry->kind, parameters, length, &entry->fd))
		return end(entry, explain("open"));
	if (entry->kind == UNIX_LISTEN)
		entry->path = strdup((const char *)parameters);
	if (entry->kind == UBUS)
		entry->kind = UNIX_CONNECT; /* from here on a stream like others */
	report(OPENED, 0, id, 0);
}

/* One packet, with source, destination and device before it. */
static ssize_t send_packet(int fd, const uint8_t *p, size_t length) {
	union control control = { 0 };
	struct in6_pktinfo info = { .ipi6_ifindex = get32(p + 32) };
	struct sockaddr_in6 to = { .sin6_family = AF_INET6 };
	struct iovec octets = { (void *)(uintptr_t)(p + META), length - META };
	struct msghdr message = { .msg_name = &to, .msg_namelen = sizeof to, .msg_iov = &octets, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof control };

	memcpy(&info.ipi6_addr, p, 16);
	memcpy(&to.sin6_addr, p + 16, 16);
	if (IN6_IS_ADDR_LINKLOCAL(&to.sin6_addr) || IN6_IS_ADDR_MC_LINKLOCAL(&to.sin6_addr))
		to.sin6_scope_id = info.ipi6_ifindex;
	control.header = (struct cmsghdr){ /* by name: with musl there is padding between */
		.cmsg_len = CMSG_LEN(sizeof info), .cmsg_level = IPPROTO_IPV6, .cmsg_type = IPV6_PKTINFO,
	};
	memcpy(CMSG_DATA(&control.header), &info, sizeof info);
	message.msg_controllen = CMSG_SPACE(sizeof info);
	return sendmsg(fd, &message, MSG_NOSIGNAL);
}

/* The kernel's queue of a stream is the only one: the script waits for SENT before it sends much more. */
static void send_stream(struct entry *entry, unsigned flags, const uint8_t *octets, size_t length) {
	ssize_t n = send(entry->fd, octets, length, MSG_NOSIGNAL);

	if (n != (ssize_t)length)
		return end(entry, n < 0 && errno != EAGAIN ? strerror(errno) : "the peer is too slow");
	entry->answer |= flags & FLAG_ANSWER;
}

void socket_send(unsigned id, unsigned flags, const uint8_t *octets, size_t length) {
	struct entry *entry = entry_of(id);
	ssize_t n = -1;

	if (entry->state == ENDED)
		return;
	if (entry->kind == UNIX_CONNECT)
		return send_stream(entry, flags, octets, length);
	errno = EOPNOTSUPP;
	if (entry->kind == RAW6_SEND && length >= META)
		n = send_packet(entry->fd, octets, length);
	else if (is_netlink(entry) || entry->kind == LOG)
		n = send(entry->fd, octets, length, MSG_NOSIGNAL);
	if (n < 0)
		report_text(FAULT, 0, id, 0, explain("send"));
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

/* What stands before a packet: source, destination and device. Returns its hop limit. */
static unsigned put_meta(const struct sockaddr_in6 *from, struct msghdr *message) {
	struct in6_pktinfo info;
	int hop_limit = 0;

	memcpy(payload, &from->sin6_addr, 16);
	for (struct cmsghdr *control = CMSG_FIRSTHDR(message); control; control = CMSG_NXTHDR(message, control)) {
		if (control->cmsg_type == IPV6_HOPLIMIT)
			memcpy(&hop_limit, CMSG_DATA(control), sizeof hop_limit);
		if (control->cmsg_type != IPV6_PKTINFO)
			continue;
		memcpy(&info, CMSG_DATA(control), sizeof info);
		memcpy(payload + 16, &info.ipi6_addr, 16);
		put32(payload + 32, info.ipi6_ifindex);
	}
	return (unsigned)hop_limit;
}

static bool is_packet_socket(const struct entry *entry) {
	return entry->kind == RAW6 || entry->kind == ICMPV6 || entry->kind == DHCPV6;
}

/* Makes one frame of one message. False when there is nothing more to read now. */
static bool receive_one(struct entry *entry) {
	union { struct sockaddr_in6 in6; struct sockaddr_nl netlink; struct sockaddr_storage any; } from = { 0 };
	union control control;
	struct iovec room = { payload + META, PAYLOAD_MAX - META };
	/* No room for control data on other sockets: a peer could pass descriptors. */
	struct msghdr message = { .msg_name = &from, .msg_namelen = sizeof from, .msg_iov = &room,
		.msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = is_packet_socket(entry) ? sizeof control : 0 };
	ssize_t n = recvmsg(entry->fd, &message, 0);
	unsigned hop_limit = 0;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (n <= 0 && entry->kind == UNIX_CONNECT) {
		end(entry, n == 0 ? "" : strerror(errno));
		return false;
	}
	if (n < 0) {
		if (++entry->failures > FAILURES_MAX)
			end(entry, explain("receive"));
		else
			report_text(FAULT, errno == ENOBUFS ? FLAG_LOST : 0, id_of(entry), 0, explain("receive"));
		return entry->state == OPEN_HERE;
	}
	entry->failures = 0;
	if (is_netlink(entry) && from.netlink.nl_pid != 0)
		return true; /* only the kernel's word counts */
	if (message.msg_flags & MSG_TRUNC) {
		report_text(FAULT, FLAG_LOST, id_of(entry), 0, "receive: a message is longer than a frame");
		return true;
	}
	memset(payload, 0, META);
	if (is_packet_socket(entry))
		hop_limit = put_meta(&from.in6, &message);
	report(RECEIVED, hop_limit, id_of(entry), META + (size_t)n);
	return true;
}

void socket_poll(struct pollfd polls[ID_LIMIT]) {
	for (unsigned id = 0; id < ID_LIMIT; id++) {
		const struct entry *entry = &entries[id];
		bool reads = entry->state == OPEN_HERE && entry->kind != RAW6_SEND && entry->kind != LOG;

		polls[id].fd = reads ? entry->fd : -1;
		polls[id].events = entry->answer ? POLLIN | POLLOUT : POLLIN;
	}
}

static void handle(struct entry *entry, short events) {
	if (entry->answer && events & POLLOUT) {
		entry->answer = false;
		report(SENT, 0, id_of(entry), 0);
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

void socket_handle(const struct pollfd polls[ID_LIMIT]) {
	static unsigned id; /* where it stopped: no flood on one socket keeps the others waiting */

	for (unsigned n = 0; n < ID_LIMIT && !channel_pending(); n++, id = (id + 1) % ID_LIMIT)
		if (polls[id].revents && entries[id].state == OPEN_HERE)
			handle(&entries[id], polls[id].revents);
}

void socket_end(void) {
	for (unsigned id = 0; id < ID_LIMIT; id++)
		if (entries[id].path)
			unlink(entries[id].path);
}
