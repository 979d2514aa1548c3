/* kedged, the privileged helper of kedge: options, the script and its frames, signals, the poll loop. */
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
#include <unistd.h>

static const char usage[] =
	"usage: kedged [options] -- arguments of the script...\n"
	"  --qjs FILE           the QuickJS interpreter (/usr/bin/qjs)\n"
	"  --script FILE        the script (/usr/lib/kedge/kedge.js)\n"
	"  --user NAME          become this user (default: stay; the script has no capability in any case)\n"
	"  --run-dir DIR        made for the user; unix sockets may be in it (/run/kedge)\n"
	"  --ubus FILE          the socket of ubusd (/var/run/ubus/ubus.sock)\n"
	"  --nft FILE           the nft program (searched in /usr/sbin, /usr/bin, /sbin, /bin)\n"
	"  --cli                drop all privileges; permit only to connect to unix sockets\n";

struct options options = {
	.qjs = "/usr/bin/qjs", .script = "/usr/lib/kedge/kedge.js", .run_dir = "/run/kedge", .nft = "nft",
	.ubus = "/var/run/ubus/ubus.sock",
};

/* GRACE: seconds from SIGTERM, END_TIME: from the end of its frames, to the kill of the script. */
enum { FRAMES_PER_WAKE = 16, GRACE = 5, END_TIME = 2 };
enum { SCRIPT_CHANNEL = 3, SCRIPT_HMAC }; /* descriptors of the script */

static uint8_t in[FRAME_MAX + 1], out[FRAME_MAX];
uint8_t *const payload = out + FRAME_HEADER;
static size_t pending; /* octets of `out` that the script has no room for yet */
static int channel = -1;
static pid_t self, script;
static int signals = -1;      /* signalfd: they arrive here only */
static unsigned owed_signals; /* bit mask: SIGNAL frames still to be made */

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

/* Reads the options; the rest is the script's. */
static char **parse(int count, char **arguments) {
	static const struct option known[] = {
		{ "qjs", 1, NULL, 'q' }, { "script", 1, NULL, 's' }, { "user", 1, NULL, 'u' },
		{ "run-dir", 1, NULL, 'd' }, { "nft", 1, NULL, 'n' }, { "ubus", 1, NULL, 'b' }, { "cli", 0, NULL, 'c' },
		{ "help", 0, NULL, 'h' }, { 0 },
	};

	for (int option; (option = getopt_long(count, arguments, "+", known, NULL)) >= 0;)
		switch (option) {
		case 'q': options.qjs = optarg; break;
		case 's': options.script = optarg; break;
		case 'u': options.user = optarg; break;
		case 'd': options.run_dir = optarg; break;
		case 'n': options.nft = optarg; break;
		case 'b': options.ubus = optarg; break;
		case 'c': options.cli = true; break;
		case 'h': exit(write(1, usage, sizeof usage - 1) < 0);
		default: exit(EXIT_HELPER); /* getopt said why */
		}
	if (options.run_dir[0] != '/')
		die("--run-dir takes an absolute path, not \"%s\"", options.run_dir);
	if (!unix_fits(options.ubus))
		die("--ubus: the path is too long");
	return arguments + optind;
}

/* Standard descriptors are open, inherited others are not. */
static void tidy_descriptors(void) {
	int fd;

	while ((fd = open("/dev/null", O_RDWR)) >= 0 && fd < 3)
		;
	if (syscall(SYS_close_range, 3, ~0U, 0) < 0)
		die("cannot close inherited descriptors: %s", strerror(errno));
}

/* With --cli the terminal's signals go to the script, and the helper just ends by its own. */
static void catch_signals(void) {
	sigset_t mask;

	sigemptyset(&mask);
	sigaddset(&mask, SIGCHLD);
	sigaddset(&mask, SIGALRM);
	if (!options.cli)
		sigaddset(&mask, SIGTERM), sigaddset(&mask, SIGINT), sigaddset(&mask, SIGHUP);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	signals = signalfd(-1, &mask, SFD_NONBLOCK | SFD_CLOEXEC);
}

void execute(const char *program, char *const words[], bool net_admin, const char *advice) {
	sigset_t none;
	int error;

	privilege_child(self, net_admin);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execvp(program, words);
	error = errno;
	dprintf(2, "kedged: cannot start %s: %s: %s\n", program, strerror(error), advice);
	_exit(error == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_RUNNABLE);
}

static void run_script(int fd, int hmac, char **arguments) {
	size_t count = 0;
	char **words;

	while (arguments[count])
		count++;
	words = calloc(count + 5, sizeof *words);
	if (!words || dup2(fd, SCRIPT_CHANNEL) < 0 || (hmac >= 0 && dup2(hmac, SCRIPT_HMAC) < 0))
		die("cannot prepare the script: %s", strerror(errno));
	words[0] = (char *)(uintptr_t)options.qjs;
	words[1] = "--strip-source"; /* nobody prints functions: a twentieth of the memory */
	words[2] = "-m";
	words[3] = (char *)(uintptr_t)options.script;
	memcpy(words + 4, arguments, count * sizeof *words);
	if (!options.cli)
		signal(SIGINT, SIG_IGN); /* it comes as a frame */
	execute(options.qjs, words, false, "install QuickJS, or name it with --qjs");
}

static void start(char **arguments) {
	int ends[2], hmac = options.cli ? -1 : hmac_open();

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) < 0)
		die("cannot make a socket pair: %s", strerror(errno));
	script = fork();
	if (script < 0)
		die("cannot start a process: %s", strerror(errno));
	if (script == 0)
		run_script(ends[1], hmac, arguments);
	close(ends[1]);
	if (hmac >= 0)
		close(hmac);
	channel = ends[0];
}

/* Ends with the script. */
static void reap(void) {
	pid_t pid;
	int status;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
		if (pid != script) {
			nft_exited(pid, status);
			continue;
		}
		socket_end();
		exit(status);
	}
}

/* Sends the pending frame if the script has room. If it is going, handle_frame() notices. */
static void channel_flush(void) {
	ssize_t sent = channel < 0 ? 0 : send(channel, out, pending, MSG_NOSIGNAL);

	if (sent >= 0 || (errno != EAGAIN && errno != ENOBUFS))
		pending = 0;
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

static void handle_signals(void) {
	struct signalfd_siginfo info;

	while (read(signals, &info, sizeof info) == sizeof info)
		switch (info.ssi_signo) {
		case SIGCHLD: reap(); break;
		case SIGALRM: die("the script did not end in time: killed");
		case SIGTERM:
		case SIGINT: alarm(GRACE); /* fall through */
		default: owed_signals |= 1u << info.ssi_signo;
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
	ssize_t received = recv(channel, in, FRAME_MAX, MSG_TRUNC);
	size_t length = (size_t)received - FRAME_HEADER;
	unsigned id = get16(in + 2);

	if (received < 0 && errno == EAGAIN)
		return false;
	if (received <= 0) { /* it closed its end: usually its process ends too, and the exit code is awaited */
		close(channel);
		channel = -1;
		alarm(END_TIME);
		return false;
	}
	if (received < FRAME_HEADER || received > FRAME_MAX)
		die("broken frame from the script: %zd octets", received);
	in[received] = '\0';
	switch ((enum request)in[0]) {
	case OPEN: socket_open(id, in + FRAME_HEADER, length); break;
	case SEND: socket_send(id, in[1], in + FRAME_HEADER, length); break;
	case CLOSE: socket_close(id); break;
	case NFT: nft_request(id, in[1], in + FRAME_HEADER, length); break;
	case SYSCTL: sysctl_request(id, in + FRAME_HEADER, length); break;
	default: die("broken frame from the script: type %u", in[0]);
	}
	return true;
}

__attribute__((noreturn)) static void loop(void) {
	enum { FIXED = 3 };
	static struct pollfd polls[FIXED + ID_LIMIT];

	for (;;) {
		bool reading = !channel_pending();

		polls[0] = (struct pollfd){ .fd = channel, .events = reading ? POLLIN : POLLOUT };
		polls[1] = (struct pollfd){ .fd = signals, .events = POLLIN };
		polls[2] = (struct pollfd){ .fd = hmac_channel(), .events = POLLIN };
		if (reading)
			socket_poll(polls + FIXED);
		if (poll(polls, reading ? FIXED + ID_LIMIT : FIXED, -1) < 0) {
			if (errno != EINTR)
				die("cannot poll: %s", strerror(errno));
			continue;
		}
		if (polls[1].revents)
			handle_signals();
		if (polls[2].revents) /* whatever else waits: the script does nothing until it is answered */
			hmac_handle();
		if (channel_pending() && polls[0].revents)
			channel_flush();
		forward_signals();
		if (!channel_pending())
			nft_answer();
		if (reading)
			socket_handle(polls + FIXED);
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
