/*
 * kedged: the privileged helper of kedge. It starts stock qjs with the script as its child without privileges, and does
 * for it, over a socket pair, the little that needs privileges or sockets. frame.h is the whole protocol; it knows no
 * other. The two live and die together.
 */
#define _GNU_SOURCE
#include "kedged.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct options options = {
	.qjs = "/usr/bin/qjs",
	.script = "/usr/lib/kedge/kedge.js",
	.run_dir = "/run/kedge",
	.run_limit = 10,
	.grace = 5,
};

static const char usage[] =
	"usage: kedged [options] -- arguments of the script...\n"
	"  --qjs FILE           the QuickJS interpreter (/usr/bin/qjs)\n"
	"  --script FILE        the script (/usr/lib/kedge/kedge.js)\n"
	"  --user NAME|UID:GID  become this user (default: stay; the script has no capability in any case)\n"
	"  --run-dir DIR        made for the user; unix sockets may be in it (/run/kedge)\n"
	"  --nft FILE           the nft program (found in /usr/sbin, /sbin, /usr/bin)\n"
	"  --run-limit SECONDS  how long nft may run (10)\n"
	"  --grace SECONDS      from SIGTERM to the kill (5)\n"
	"  --cli                drop all privileges; permit only to connect to unix sockets\n";

enum { FRAMES_PER_WAKE = 16, END_TIME = 2000 };

static pid_t self, script;
static int64_t kill_at = INT64_MAX;
static volatile sig_atomic_t child_ended, signals[3];
static const int forwarded[3] = { SIGTERM, SIGINT, SIGHUP };

void die(const char *format, ...)
{
	char line[512] = "kedged: ";
	va_list arguments;
	size_t length;

	va_start(arguments, format);
	vsnprintf(line + 8, sizeof line - 9, format, arguments);
	va_end(arguments);
	length = strlen(line);
	line[length++] = '\n';
	if (write(2, line, length) < 0 || getpid() != self)
		_exit(EXIT_HELPER);
	socket_end();
	exit(EXIT_HELPER); /* the kernel kills the children: PR_SET_PDEATHSIG */
}

int64_t milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static int seconds(const char *name, const char *text)
{
	char *rest;
	long value = strtol(text, &rest, 10);

	if (*text == '\0' || *rest != '\0' || value < 1 || value > 3600)
		die("%s takes 1 to 3600 seconds, not \"%s\"", name, text);
	return (int)value;
}

/* Reads the options; the rest is the script's. */
static char **parse(char **argument)
{
	for (; *argument && strcmp(*argument, "--") != 0; argument++) {
		const char *name = *argument;
		const char *value;

		if (strcmp(name, "--cli") == 0) {
			options.cli = true;
			continue;
		}
		if (strcmp(name, "--help") == 0) {
			if (write(1, usage, sizeof usage - 1) < 0)
				exit(EXIT_HELPER);
			exit(0);
		}
		value = *++argument;
		if (strncmp(name, "--", 2) != 0 || !value)
			die("%s \"%s\": see kedged --help", value ? "unknown option" : "unknown or incomplete option", name);
		if (strcmp(name, "--qjs") == 0)
			options.qjs = value;
		else if (strcmp(name, "--script") == 0)
			options.script = value;
		else if (strcmp(name, "--user") == 0)
			options.user = value;
		else if (strcmp(name, "--run-dir") == 0)
			options.run_dir = value;
		else if (strcmp(name, "--nft") == 0)
			options.nft = value;
		else if (strcmp(name, "--run-limit") == 0)
			options.run_limit = seconds(name, value);
		else if (strcmp(name, "--grace") == 0)
			options.grace = seconds(name, value);
		else
			die("unknown option \"%s\": see kedged --help", name);
	}
	if (options.run_dir[0] != '/')
		die("--run-dir takes an absolute path");
	return *argument ? argument + 1 : argument;
}

/* Standard descriptors open, inherited others closed. */
static void tidy_descriptors(void)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	while (fd >= 0 && fd < 2)
		fd = dup(fd);
	if (fd > 2)
		close(fd);
#ifdef SYS_close_range
	if (syscall(SYS_close_range, 3, ~0U, 0) == 0)
		return;
#endif
	for (fd = 3; fd < 256; fd++)
		close(fd);
}

static void on_signal(int number)
{
	if (number == SIGCHLD)
		child_ended = 1;
	for (int i = 0; i < 3; i++)
		if (forwarded[i] == number)
			signals[i] = 1;
}

/* The signals arrive in ppoll() only. */
static void catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };
	sigset_t mask;

	sigemptyset(&mask);
	sigaction(SIGCHLD, &action, NULL);
	sigaddset(&mask, SIGCHLD);
	for (int i = 0; i < 3 && !options.cli; i++) {
		sigaction(forwarded[i], &action, NULL);
		sigaddset(&mask, forwarded[i]);
	}
	sigprocmask(SIG_BLOCK, &mask, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static void start_script(int fd, char **arguments, pid_t parent)
{
	size_t count = 0;
	char **words;
	sigset_t none;

	while (arguments[count])
		count++;
	words = calloc(count + 4, sizeof *words);
	if (!words)
		_exit(EXIT_NOT_RUNNABLE);
	words[0] = (char *)(uintptr_t)options.qjs;
	words[1] = "-m";
	words[2] = (char *)(uintptr_t)options.script;
	memcpy(words + 3, arguments, count * sizeof *words);
	if (fd == 3)
		fcntl(fd, F_SETFD, 0);
	else
		dup2(fd, 3);
	privilege_child(parent, false);
	signal(SIGPIPE, SIG_DFL);
	if (!options.cli)
		signal(SIGINT, SIG_IGN); /* from the terminal; the script gets a frame */
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execv(options.qjs, words);
	dprintf(2, "kedged: cannot start %s: %s: install QuickJS, or name it with --qjs\n", options.qjs, strerror(errno));
	_exit(errno == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_RUNNABLE);
}

static void start(char **arguments)
{
	pid_t parent = getpid();
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) < 0)
		die("cannot make a socket pair: %s", strerror(errno));
	script = fork();
	if (script < 0)
		die("cannot start a process: %s", strerror(errno));
	if (script == 0)
		start_script(ends[1], arguments, parent);
	close(ends[1]);
	channel_open(ends[0]);
}

static void reap(void)
{
	pid_t pid;
	int status;

	child_ended = 0;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		run_exited(pid, status);
		if (pid != script)
			continue;
		socket_end();
		exit(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
	}
}

static void forward_signals(void)
{
	for (int i = 0; i < 3; i++) {
		if (!signals[i])
			continue;
		if (forwarded[i] != SIGHUP && kill_at == INT64_MAX)
			kill_at = milliseconds() + options.grace * 1000LL;
		if (channel_pending())
			continue;
		signals[i] = 0;
		frame_payload[0] = (uint8_t)forwarded[i];
		report(SIGNAL, 0, 0, 1);
	}
}

/* Handles one frame of the script. False when there is none. */
static bool handle_frame(void)
{
	const uint8_t *frame;
	ssize_t length = channel_receive(&frame);
	unsigned flags, id;

	if (length < 0) {
		/* Usually its process ends too, and its exit code is awaited. */
		channel_close();
		kill_at = milliseconds() + END_TIME;
	}
	if (length <= 0)
		return false;
	flags = frame[1];
	id = get16(frame + 2);
	length -= FRAME_HEADER;
	switch ((enum request)frame[0]) {
	case OPEN:
		socket_open(id, frame + FRAME_HEADER, (size_t)length);
		break;
	case SEND:
		socket_send(id, flags, frame + FRAME_HEADER, (size_t)length);
		break;
	case CLOSE:
		socket_close(id);
		break;
	case RUN:
		run_request(id, flags, frame + FRAME_HEADER, (size_t)length);
		break;
	case SYSCTL:
		sysctl_request(id, frame + FRAME_HEADER, (size_t)length);
		break;
	default:
		die("broken frame from the script: type %u", frame[0]);
	}
	return true;
}

/* Until the earliest deadline; while a frame is pending only the kill counts. */
static struct timespec *time_left(struct timespec *left)
{
	int64_t at = kill_at, now = milliseconds();

	if (!channel_pending()) {
		at = socket_deadline() < at ? socket_deadline() : at;
		at = run_deadline() < at ? run_deadline() : at;
	}
	if (at == INT64_MAX)
		return NULL;
	at = at > now ? at - now : 0;
	left->tv_sec = at / 1000;
	left->tv_nsec = at % 1000 * 1000000;
	return left;
}

__attribute__((noreturn)) static void loop(void)
{
	enum { SOCKETS = 1 + RUN_POLL };
	static struct pollfd polls[SOCKETS + ID_LIMIT];
	struct timespec left;
	sigset_t none;

	sigemptyset(&none);
	for (;;) {
		size_t running = 0, sockets = 0;
		int64_t now;

		polls[0] = channel_poll();
		if (!channel_pending()) {
			running = run_poll(polls + 1);
			sockets = socket_poll(polls + 1 + running, ID_LIMIT);
		}
		if (ppoll(polls, 1 + running + sockets, time_left(&left), &none) < 0) {
			if (errno != EINTR)
				die("cannot poll: %s", strerror(errno));
			for (size_t i = 0; i < 1 + running + sockets; i++)
				polls[i].revents = 0;
		}
		now = milliseconds();
		if (child_ended)
			reap();
		if (now >= kill_at)
			die("the script did not end in time: killed");
		if (channel_pending() && polls[0].revents)
			channel_flush();
		forward_signals();
		if (channel_pending())
			continue;
		socket_handle(polls + 1 + running, sockets);
		run_handle(polls + 1, running);
		if (channel_pending())
			continue;
		socket_expire(now);
		if (!channel_pending())
			run_expire(now);
		for (int i = 0; i < FRAMES_PER_WAKE && polls[0].revents && !channel_pending(); i++)
			if (!handle_frame())
				break;
	}
}

int main(int count, char **arguments)
{
	(void)count;
	self = getpid();
	arguments = parse(arguments + 1);
	tidy_descriptors();
	privilege_check();
	privilege_reduce();
	catch_signals();
	start(arguments);
	loop();
}
