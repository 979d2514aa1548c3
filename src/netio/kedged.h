/* What the parts of kedged share. README.md is the frame protocol. */
#ifndef KEDGED_H
#define KEDGED_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { FRAME_MAX = 65536, FRAME_HEADER = 4, PAYLOAD_MAX = FRAME_MAX - FRAME_HEADER };
enum { META = 36 }; /* source, destination and device before what is sent or received */
enum { FIRST_ACCEPTED_ID = 64, ID_LIMIT = 128 };
enum request { OPEN = 1, SEND, CLOSE, NFT, SYSCTL };
enum report { OPENED = 1, RECEIVED, ACCEPTED, SENT, FAULT, CLOSED, DONE, SIGNAL };
enum { FLAG_ANSWER = 1, FLAG_MORE = 1, FLAG_LOST = 1 };

/* Exit codes of the helper itself. */
enum { EXIT_HELPER = 125, EXIT_NOT_RUNNABLE = 126, EXIT_NOT_FOUND = 127 };

static inline uint16_t get16(const uint8_t *p) { return (uint16_t)(p[0] | p[1] << 8); }
static inline uint32_t get32(const uint8_t *p) { return get16(p) | (uint32_t)get16(p + 2) << 16; }
static inline void put16(uint8_t *p, uint16_t v) { p[0] = (uint8_t)v, p[1] = (uint8_t)(v >> 8); }
static inline void put32(uint8_t *p, uint32_t v) { put16(p, (uint16_t)v), put16(p + 2, (uint16_t)(v >> 16)); }

/* kedged.c */
extern struct options {
	const char *qjs, *script, *user, *run_dir, *nft, *ubus;
	bool cli;
} options;
__attribute__((noreturn, format(printf, 1, 2))) void die(const char *format, ...);
/* In a child: becomes the program, with CAP_NET_ADMIN or with nothing, or says why not and exits. */
__attribute__((noreturn))
void execute(const char *program, char *const words[], bool net_admin, const char *advice);

/* One frame for the script is made at a time; while it is pending nothing is read and none may be made. */
extern uint8_t *const payload;
bool channel_pending(void);
void report(enum report type, unsigned flags, unsigned id, size_t length); /* payload[0..length) */
void report_text(enum report type, unsigned flags, unsigned id, size_t offset, const char *text);

/* privilege.c */
void privilege_check(void);
void privilege_reduce(void);
void privilege_child(pid_t parent, bool net_admin); /* the child dies with its parent */

/* socket.c. Behind the octets of a request is a NUL. */
void socket_open(unsigned id, const uint8_t *parameters, size_t length);
void socket_send(unsigned id, unsigned flags, const uint8_t *octets, size_t length);
void socket_close(unsigned id);
void socket_poll(struct pollfd polls[ID_LIMIT]);
void socket_handle(const struct pollfd polls[ID_LIMIT]);
void socket_end(void);

/* unix.c */
bool unix_fits(const char *path); /* into an address */
bool unix_allowed(const char *path);
int unix_listen(const char *path); /* -1: errno */
int unix_connect(int type, const char *path);

/* nft.c */
void nft_request(unsigned id, unsigned flags, const uint8_t *octets, size_t length);
void nft_exited(pid_t pid, int status);
void nft_answer(void); /* if it has ended */

/* hmac.c */
int hmac_open(void);    /* the script's end */
int hmac_channel(void); /* the helper's end, -1: closed */
void hmac_handle(void);

/* sysctl.c */
void sysctl_request(unsigned id, const uint8_t *octets, size_t length);

#endif
