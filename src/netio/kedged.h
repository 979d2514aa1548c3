/* What the parts of kedged share. */
#ifndef KEDGED_H
#define KEDGED_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "frame.h"

/* Exit codes of the helper itself; otherwise it ends with the script's. */
enum { EXIT_HELPER = 125, EXIT_NOT_RUNNABLE = 126, EXIT_NOT_FOUND = 127 };

struct options {
	const char *qjs;
	const char *script;
	const char *user;
	const char *run_dir;
	const char *nft;
	int run_limit; /* seconds */
	int grace;     /* seconds from SIGTERM to the kill */
	bool cli;
};

extern struct options options;

/* kedged.c */
__attribute__((noreturn, format(printf, 1, 2))) void die(const char *format, ...);
int64_t milliseconds(void); /* CLOCK_MONOTONIC */

/* channel.c: the frame that is being made for the script. At most one is pending; while one is, nothing else is read. */
extern uint8_t *const frame_payload;
enum { PAYLOAD_MAX = FRAME_MAX - FRAME_HEADER };
void channel_open(int fd);
bool channel_pending(void);
struct pollfd channel_poll(void);
void channel_close(void);
/* Sends frame_payload[0..length), or keeps it until channel_flush() can. Must not be called while one is pending. */
void report(enum report type, unsigned flags, unsigned id, size_t length);
void report_text(enum report type, unsigned flags, unsigned id, size_t offset, const char *text);
void channel_flush(void);
/* The next frame of the script: its length, 0 when there is none now, -1 when the script closed its end. */
ssize_t channel_receive(const uint8_t **frame);

/* privilege.c */
void privilege_check(void);
/* Becomes the user, with CAP_NET_ADMIN and CAP_NET_RAW alone (none in CLI mode). */
void privilege_reduce(void);
/* In a child between fork and exec: no capability, or for `nft` CAP_NET_ADMIN. Dies with the helper. */
void privilege_child(pid_t parent, bool net_admin);

/* socket.c */
void socket_open(unsigned id, const uint8_t *parameters, size_t length);
void socket_send(unsigned id, unsigned flags, const uint8_t *payload, size_t length);
void socket_close(unsigned id);
/* Adds what sockets wait for; returns the number of entries. */
size_t socket_poll(struct pollfd *entries, size_t room);
void socket_handle(const struct pollfd *entries, size_t count);
int64_t socket_deadline(void);
void socket_expire(int64_t now);
void socket_end(void);

/* stream.c: the bounded send queue of a stream. */
struct queue {
	uint8_t *octets;
	size_t start, length;
};
enum { QUEUE_MAX = 256 * 1024 };
/* False with errno set: EPIPE..., or ENOBUFS when the peer is too slow. */
bool queue_send(struct queue *queue, int fd, const uint8_t *octets, size_t length);
bool queue_flush(struct queue *queue, int fd);
void queue_free(struct queue *queue);
/* A listening or connected socket, or -1 with *reason. */
int stream_listen(const char *path, const char **reason);
int stream_connect(const char *path, const char **reason);
int syslog_connect(const char **reason);
/* Copies a path of a frame; NULL when it is not a file directly in an allowed directory (or, to connect, ubus). */
const char *allowed_path(const uint8_t *octets, size_t length, bool connect);

/* run.c */
enum { RUN_POLL = 3 };
void run_request(unsigned id, unsigned flags, const uint8_t *payload, size_t length);
size_t run_poll(struct pollfd *entries);
void run_handle(const struct pollfd *entries, size_t count);
void run_exited(pid_t pid, int status);
int64_t run_deadline(void);
void run_expire(int64_t now);

/* sysctl.c */
void sysctl_request(unsigned id, const uint8_t *payload, size_t length);

#endif
