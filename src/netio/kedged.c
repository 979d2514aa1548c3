/* kedged, the privileged helper of kedge: options, the script as a child, signals, the poll loop. See README.md. */
#define _GNU_SOURCE
#include "kedged.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char usage[] =
	"usage: kedged [options] -- arguments of the script...\n"
	"  --qjs FILE           the QuickJS interpreter (/usr/bin/qjs)\n"
	"  --script FILE        the script (/usr/lib/kedge/kedge.js)\n"
	"  --user NAME          become this user (default: stay; the script has no capability in any case)\n"
	"  --run-dir DIR        made for the user; unix sockets may be in it (/run/kedge)\n"
	"  --nft FILE           the nft program (found in /usr/sbin, /sbin, /usr/bin)\n"
	"  --run-limit SECONDS  how long nft may run (10)\n"
	"  --grace SECONDS      from SIGTERM to the kill (5)\n"
	"  --cli                drop all privileges; permit only to connect to unix sockets\n";

struct options options = {
	.qjs = "/usr/bin/qjs", .script = "/usr/lib/kedge/kedge.js", .run_dir = "/run/kedge", .run_limit = 10, .grace = 5,
};

enum { FRAMES_PER_WAKE = 16, END_TIME = 2000 };

static uint8_t in[FRAME_MAX], out[FRAME_MAX];
uint8_t *const payload = out + FRAME_HEADER;
static size_t pending; /* octets of `out` that the script has no room for yet */
static int channel = -1;
static pid_t self, script;
static int signals = -1;         /* signalfd: they arrive here only */
static unsigned owed_signals;    /* bit mask: SIGNAL frames still to be made */
static int64_t kill_at = INT64_MAX;

void die(const char *format, ...) {
	char line[512];
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	dprintf(2, "kedged: %.*s\n", length, line);
	if (getpid() != self)
		_exit(EXIT_HELPER);
	socket_end();
	exit(EXIT_HELPER); /* the kernel kills the children */
}

int64_t milliseconds(void) {
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static int seconds(const char *text) {
	int value = atoi(text);

	if (value < 1 || value > 3600)
		die("1 to 3600 seconds, not \"%s\"", text);
	return value;
}

/* Reads the options; the rest is the script's. */
static char **parse(int count, char **arguments) {
	static const struct option known[] = {
		{ "qjs", 1, NULL, 'q' }, { "script", 1, NULL, 's' }, { "user", 1, NULL, 'u' }, { "run-dir", 1, NULL, 'd' },
		{ "nft", 1, NULL, 'n' }, { "run-limit", 1, NULL, 'l' }, { "grace", 1, NULL, 'g' }, { "cli", 0, NULL, 'c' },
		{ "help", 0, NULL, 'h' }, { 0 },
	};

	for (int option; (option = getopt_long(count, arguments, "+", known, NULL)) >= 0;)
		switch (option) {
		case 'q': options.qjs = optarg; break;
		case 's': options.script = optarg; break;
		case 'u': options.user = optarg; break;
		case 'd': options.run_dir = optarg; break;
		case 'n': options.nft = optarg; break;
		case 'l': options.run_limit = seconds(optarg); break;
		case 'g': options.grace = seconds(optarg); break;
		case 'c': options.cli = true; break;
		case 'h': exit(write(1, usage, sizeof usage - 1) < 0);
		default: exit(EXIT_HELPER); /* getopt said why */
		}
	if (options.run_dir[0] != '/')
		die("--run-dir takes an absolute path, not \"%s\"", options.run_dir);
	return arguments + optind;
}

/* Standard descriptors are open, inherited others are not. */
static void tidy_descriptors(void) {
	int fd;

	while ((fd = open("/dev/null", O_RDWR)) >= 0 && fd < 3)
		;
	if (syscall(SYS_close_range, 3, ~0U, 0) < 0)
		for (fd = 3; fd < 256; fd++)
			close(fd);
}

/* With --cli the terminal's signals go to the script, and the helper just ends by its own. */
static void catch_signals(void) {
	sigset_t mask;

	sigemptyset(&mask);
	sigaddset(&mask, SIGCHLD);
	if (!options.cli)
		sigaddset(&mask, SIGTERM), sigaddset(&mask, SIGINT), sigaddset(&mask, SIGHUP);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	signals = signalfd(-1, &mask, SFD_NONBLOCK | SFD_CLOEXEC);
}

static void run_script(int fd, char **arguments, pid_t parent) {
	size_t count = 0;
	char **words;
	sigset_t none;

	while (arguments[count])
		count++;
	words = calloc(count + 4, sizeof *words);
	if (!words || dup2(fd, 3) < 0 || fcntl(3, F_SETFD, 0) < 0)
		die("cannot prepare the script: %s", strerror(errno));
	words[0] = (char *)(uintptr_t)options.qjs;
	words[1] = "-m";
	words[2] = (char *)(uintptr_t)options.script;
	memcpy(words + 3, arguments, count * sizeof *words);
	privilege_child(parent, false);
	if (!options.cli)
		signal(SIGINT, SIG_IGN); /* it comes as a frame */
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execv(options.qjs, words);
	dprintf(2, "kedged: cannot start %s: %s: install QuickJS, or name it with --qjs\n", options.qjs, strerror(errno));
	_exit(errno == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_RUNNABLE);
}

static void start(char **arguments) {
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) < 0 || (script = fork()) < 0)
		die("cannot start a process: %s", strerror(errno));
	if (script == 0)
		run_script(ends[1], arguments, self);
	close(ends[1]);
	channel = ends[0];
}

/* Ends with the script. */
static void reap(void) {
	pid_t pid;
	int status;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		run_exited(pid, status);
		if (pid == script) {
			socket_end();
			exit(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
		}
	}
}

/* Sends the pending frame if the script has room. If it is going, channel_receive() tells. */
static void channel_flush(void) {
	if (channel < 0 || send(channel, out, pending, MSG_NOSIGNAL) >= 0 || errno == EPIPE || errno == ECONNRESET)
		pending = 0;
	else if (errno != EAGAIN && errno != ENOBUFS)
		die("cannot send to the script: %s", strerror(errno));
}

bool channel_pending(void) {
	return pending > 0;
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

/* The length of the script's next frame; 0: none now, -1: it closed its end. */
static ssize_t channel_receive(void) {
	struct pollfd hangup = { .fd = channel };
	ssize_t n = recv(channel, in, sizeof in, MSG_TRUNC);

	if (n < 0 && errno == EAGAIN)
		return 0;
	if ((n < 0 && errno == ECONNRESET) || (n == 0 && poll(&hangup, 1, 0) == 1))
		return -1;
	if (n < FRAME_HEADER || n > FRAME_MAX)
		die("broken frame from the script: %zd octets", n);
	return n;
}

static void handle_signals(void) {
	struct signalfd_siginfo info;

	while (read(signals, &info, sizeof info) == sizeof info) {
		if (info.ssi_signo == SIGCHLD)
			reap();
		else
			owed_signals |= 1u << info.ssi_signo;
		if ((info.ssi_signo == SIGTERM || info.ssi_signo == SIGINT) && kill_at == INT64_MAX)
			kill_at = milliseconds() + options.grace * 1000LL;
	}
}

static void forward_signals(void) {
	while (owed_signals && !channel_pending()) {
		payload[0] = (uint8_t)__builtin_ctz(owed_signals);
		owed_signals &= owed_signals - 1;
		report(SIGNAL, 0, 0, 1);
	}
}

/* Handles one frame of the script. False when there is none. */
static bool handle_frame(void) {
	ssize_t received = channel_receive();
	size_t length = (size_t)received - FRAME_HEADER;
	unsigned id = get16(in + 2);

	if (received < 0) { /* usually its process ends too, and the exit code is awaited */
		close(channel);
		channel = -1;
		kill_at = milliseconds() + END_TIME;
	}
	if (received <= 0)
		return false;
	switch ((enum request)in[0]) {
	case OPEN: socket_open(id, in + FRAME_HEADER, length); break;
	case SEND: socket_send(id, in[1], in + FRAME_HEADER, length); break;
	case CLOSE: socket_close(id); break;
	case RUN: run_request(id, in[1], in + FRAME_HEADER, length); break;
	case SYSCTL: sysctl_request(id, in + FRAME_HEADER, length); break;
	default: die("broken frame from the script: type %u", in[0]);
	}
	return true;
}

/* Milliseconds until the earliest deadline; while a frame is pending the kill alone counts. */
static int time_left(void) {
	int64_t at = !channel_pending() && run_deadline() < kill_at ? run_deadline() : kill_at;
	int64_t left = at - milliseconds();

	return at == INT64_MAX ? -1 : left < 0 ? 0 : (int)left;
}

__attribute__((noreturn)) static void loop(void) {
	static struct pollfd polls[2 + ID_LIMIT];

	for (;;) {
		size_t sockets = channel_pending() ? 0 : socket_poll(polls + 2);

		polls[0] = (struct pollfd){ .fd = channel, .events = pending ? POLLOUT : POLLIN };
		polls[1] = (struct pollfd){ .fd = signals, .events = POLLIN };
		if (poll(polls, 2 + sockets, time_left()) < 0) {
			if (errno != EINTR)
				die("cannot poll: %s", strerror(errno));
			continue;
		}
		if (polls[1].revents)
			handle_signals();
		if (milliseconds() >= kill_at)
			die("the script did not end in time: killed");
		if (channel_pending() && polls[0].revents)
			channel_flush();
		forward_signals();
		while (!channel_pending() && run_step(milliseconds()))
			;
		socket_handle(polls + 2, sockets);
		for (int i = 0; i < FRAMES_PER_WAKE && polls[0].revents && !channel_pending(); i++)
			if (!handle_frame())
				break;
	}
}

int main(int count, char **arguments) {
	self = getpid();
	arguments = parse(count, arguments);
	tidy_descriptors();
	privilege_check();
	privilege_reduce();
	catch_signals();
	start(arguments);
	loop();
}
