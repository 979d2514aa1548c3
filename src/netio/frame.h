/*
 * The frame protocol between kedged (the helper) and the script.
 *
 * The two are joined by an AF_UNIX SOCK_SEQPACKET pair; the script's end is its file descriptor 3, nonblocking.
 * One message is one frame. All integers are little-endian. A frame is at most 65536 octets.
 *
 *   0       1       2               4
 *   +-------+-------+---------------+---------------------
 *   | type  | flags |      id       | payload ...
 *   +-------+-------+---------------+---------------------
 *
 * `id` names a socket (OPEN, SEND, CLOSE and their answers) or a request (RUN, SYSCTL and their answers); the two
 * number spaces are apart. Unused flags are zero.
 *
 * Socket ids. 1..63 are chosen by the script in OPEN, 64..127 by the helper in ACCEPTED. Each id ends with exactly
 * one CLOSE from the script and one CLOSED from the helper, in either order, and is free after both. So the script
 * may SEND right after OPEN without waiting, and a SEND that crosses a CLOSED is ignored.
 *
 * Script to helper:
 *
 *   OPEN    u8 kind, then by kind:
 *             RAW6           u8 protocol (43, 58, 60 or 135), u32 ifindex (0 any), u8[] ICMPv6 types to pass (58 only)
 *             RAW6_SEND      -                     whole IPv6 packets, header included
 *             NETLINK_ROUTE  u32 groups (bit mask: 1 << (group - 1))
 *             UDP6           16 address, u16 port, u32 ifindex (0 any); IPv4 as v4-mapped addresses
 *             PACKET         u32 ifindex, u16 EtherType (3 all), then the classic BPF program: {u16 code, u8 jt, u8 jf,
 *                            u32 k}, 1 to 256 instructions; frames begin at the link-layer header
 *             UNIX_LISTEN    path
 *             UNIX_CONNECT   path
 *             SYSLOG         -                     datagrams to /dev/log
 *   SEND    RAW6_SEND and UDP6: 16 source (:: the kernel chooses), 16 destination, u32 ifindex (0 by routing), u16 port,
 *           u16 zero, then the octets. Other kinds: the octets. Flag 1 (streams): answer with SENT.
 *   CLOSE   -  A stream first sends what is queued, for at most 5 s.
 *   RUN     u16 length of the arguments, arguments each ended by NUL, then standard input. Flag 1: more input follows in
 *           RUN frames with the same id and no arguments (length 0). One program at a time, 1 MiB of input.
 *   SYSCTL  name below /proc/sys with '/', '=', decimal value
 *
 * Helper to script:
 *
 *   OPENED    u16 local port (UDP6), else 0
 *   RECEIVED  16 source, 16 destination, u32 ifindex, u16 source port, u8 hop limit, u8 zero, u32 seconds and
 *             u32 microseconds since 1970, then the octets. What a kind does not know is zero.
 *   ACCEPTED  u16 id of the listener, u32 user id of the peer (0xffffffff unknown). `id` is the new connection.
 *   SENT      -  What the flagged SEND and those before it carried is in the kernel's hands.
 *   FAULT     reason. The socket lives on: one message was not sent, or (flag 1) received messages were lost.
 *   CLOSED    reason; empty at the orderly end of a stream or when the script asked for it
 *   OUTPUT    u8 stream (1 standard output, 2 standard error), octets
 *   DONE      i32 status, reason (refused, not found, too long; otherwise empty). RUN: exit status, 128 + n for signal
 *             n, 124 time limit, 126 refused, 127 not found. SYSCTL: 0 or 1.
 *   SIGNAL    u8 number: the helper got SIGTERM, SIGINT or SIGHUP. After the first two the script has a few seconds.
 *
 * A frame that is short, oversize, of unknown type or kind-less, or that names an id out of range, in use (OPEN) or not
 * in use (SEND, CLOSE), ends the helper. What is well-formed but not allowed is answered with CLOSED or DONE.
 */
#ifndef KEDGED_FRAME_H
#define KEDGED_FRAME_H

#include <stdint.h>

enum {
	FRAME_MAX = 65536,
	FRAME_HEADER = 4,
	RECEIVED_META = 48,
	SEND_META = 40,
	FIRST_ACCEPTED_ID = 64,
	ID_LIMIT = 128,
	FILTER_MAX = 256,
};

enum request { OPEN = 1, SEND, CLOSE, RUN, SYSCTL };

enum report { OPENED = 1, RECEIVED, ACCEPTED, SENT, FAULT, CLOSED, OUTPUT, DONE, SIGNAL };

enum flag { FLAG_ANSWER = 1, FLAG_MORE = 1, FLAG_LOST = 1 };

enum socket_kind { RAW6 = 1, RAW6_SEND, NETLINK_ROUTE_KIND, UDP6, PACKET, UNIX_LISTEN, UNIX_CONNECT, SYSLOG };

static inline uint16_t get16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t get32(const uint8_t *p)
{
	return (uint32_t)get16(p) | (uint32_t)get16(p + 2) << 16;
}

static inline void put16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)v;
	p[1] = (uint8_t)(v >> 8);
}

static inline void put32(uint8_t *p, uint32_t v)
{
	put16(p, (uint16_t)v);
	put16(p + 2, (uint16_t)(v >> 16));
}

#endif
