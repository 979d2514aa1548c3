/* The one program that the script may run: `nft -f -`, one at a time, for a limited time. */
#define _GNU_SOURCE
#include "kedged.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char allowed_arguments[] = "nft\0-f\0-";

enum { INPUT_MAX = 1024 * 1024, STATUS_LIMIT = 124 };

static struct {
	unsigned id;
	bool collecting; /* more RUN frames are to come */
	bool refused;    /* the rest of the input is skipped */
	pid_t pid;       /* 0: no program runs */
	bool exited, timed_out;
	int status;
	int64_t deadline;
	int in, out[2]; /* standard input; standard output and error; -1 when closed */
	uint8_t *input;
	size_t length, written;
} run = { .in = -1, .out = { -1, -1 } };

static void done(unsigned id, int status, const char *reason)
{
	put32(frame_payload, (uint32_t)status);
	report_text(DONE, 0, id, 4, reason);
}

static void shut(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void forget_input(void)
{
	free(run.input);
	run.input = NULL;
	run.length = run.written = 0;
}

static const char *find_nft(void)
{
	static const char *const places[] = { "/usr/sbin/nft", "/sbin/nft", "/usr/bin/nft" };

	if (options.nft)
		return access(options.nft, X_OK) == 0 ? options.nft : NULL;
	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (access(places[i], X_OK) == 0)
			return places[i];
	return NULL;
}

static void start_child(const char *path, int in, int out, int error, pid_t parent)
{
	char *const arguments[] = { "nft", "-f", "-", NULL };
	char *const environment[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", NULL };
	sigset_t none;

	dup2(in, 0);
	dup2(out, 1);
	dup2(error, 2);
	privilege_child(parent, true);
	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execve(path, arguments, environment);
	_exit(EXIT_NOT_RUNNABLE);
}

static bool start(const char *path)
{
	pid_t parent = getpid();
	int pipes[3][2] = { { -1, -1 }, { -1, -1 }, { -1, -1 } };
	bool made = true;

	for (int i = 0; i < 3 && made; i++)
		made = pipe2(pipes[i], O_CLOEXEC) == 0;
	run.pid = made ? fork() : -1;
	if (run.pid == 0)
		start_child(path, pipes[0][0], pipes[1][1], pipes[2][1], parent);
	shut(&pipes[0][0]);
	shut(&pipes[1][1]);
	shut(&pipes[2][1]);
	run.in = pipes[0][1];
	run.out[0] = pipes[1][0];
	run.out[1] = pipes[2][0];
	run.exited = run.timed_out = false;
	if (run.pid < 0) {
		run.pid = 0;
		shut(&run.in);
		shut(&run.out[0]);
		shut(&run.out[1]);
		return false;
	}
	fcntl(run.in, F_SETFL, O_NONBLOCK);
	fcntl(run.out[0], F_SETFL, O_NONBLOCK);
	fcntl(run.out[1], F_SETFL, O_NONBLOCK);
	run.deadline = milliseconds() + options.run_limit * 1000LL;
	return true;
}

static void write_input(void)
{
	ssize_t n = 0;

	if (run.written < run.length)
		n = write(run.in, run.input + run.written, run.length - run.written);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0)
		run.written += (size_t)n;
	if (n < 0 || run.written == run.length) {
		shut(&run.in);
		forget_input();
	}
}

/* Answers and skips what may still come with this id. */
static void refuse(unsigned id, unsigned flags, int status, const char *reason)
{
	forget_input();
	run.id = id;
	run.collecting = flags & FLAG_MORE;
	run.refused = run.collecting;
	done(id, status, reason);
}

void run_request(unsigned id, unsigned flags, const uint8_t *payload, size_t length)
{
	size_t arguments = length >= 2 ? get16(payload) : 0;
	const char *path;

	if (length < 2 || arguments > length - 2)
		die("broken frame from the script: run request %u", id);
	payload += 2 + arguments;
	length -= 2 + arguments;
	if (run.collecting && id == run.id && arguments == 0) {
		run.collecting = flags & FLAG_MORE;
		if (run.refused)
			return;
	} else if (run.collecting || run.pid != 0) {
		return done(id, EXIT_NOT_RUNNABLE, "a program runs already");
	} else {
		run.id = id;
		run.refused = false;
		run.collecting = flags & FLAG_MORE;
		if (options.cli || arguments != sizeof allowed_arguments ||
		    memcmp(payload - arguments, allowed_arguments, arguments) != 0)
			return refuse(id, flags, EXIT_NOT_RUNNABLE, "not on the list of programs that may be run");
	}
	if (run.length + length > INPUT_MAX)
		return refuse(id, flags, EXIT_NOT_RUNNABLE, "the input is longer than 1 MiB");
	if (length > 0) {
		uint8_t *longer = realloc(run.input, run.length + length);

		if (!longer)
			return refuse(id, flags, EXIT_NOT_RUNNABLE, "out of memory");
		run.input = longer;
		memcpy(run.input + run.length, payload, length);
		run.length += length;
	}
	if (run.collecting)
		return;
	path = find_nft();
	if (!path)
		return refuse(id, flags, EXIT_NOT_FOUND, "nft not found: install the package nftables");
	if (!start(path))
		return refuse(id, flags, EXIT_NOT_RUNNABLE, strerror(errno));
	write_input();
}

/* Ends the request when the program is gone and everything it said was passed on. */
static void finish(void)
{
	int status = WIFSIGNALED(run.status) ? 128 + WTERMSIG(run.status) : WEXITSTATUS(run.status);

	if (run.pid == 0 || !run.exited || run.out[0] >= 0 || run.out[1] >= 0 || channel_pending())
		return;
	run.pid = 0;
	shut(&run.in);
	forget_input();
	if (run.timed_out)
		done(run.id, STATUS_LIMIT, "ran longer than its time limit and was killed");
	else
		done(run.id, status, "");
}

size_t run_poll(struct pollfd *polls)
{
	size_t count = 0;

	if (run.in >= 0)
		polls[count++] = (struct pollfd){ .fd = run.in, .events = POLLOUT };
	for (int i = 0; i < 2; i++)
		if (run.out[i] >= 0)
			polls[count++] = (struct pollfd){ .fd = run.out[i], .events = POLLIN };
	return count;
}

void run_handle(const struct pollfd *polls, size_t count)
{
	for (size_t i = 0; i < count && !channel_pending(); i++) {
		int stream = polls[i].fd == run.out[0] ? 0 : 1;
		ssize_t n;

		if (!polls[i].revents)
			continue;
		if (polls[i].fd == run.in) {
			write_input();
			continue;
		}
		n = read(run.out[stream], frame_payload + 1, 16 * 1024);
		if (n > 0) {
			frame_payload[0] = (uint8_t)(stream + 1);
			report(OUTPUT, 0, run.id, 1 + (size_t)n);
		} else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
			shut(&run.out[stream]);
		}
	}
	finish();
}

void run_exited(pid_t pid, int status)
{
	if (run.pid != pid || run.exited)
		return;
	run.exited = true;
	run.status = status;
}

int64_t run_deadline(void)
{
	return run.pid != 0 && !run.timed_out ? run.deadline : INT64_MAX;
}

void run_expire(int64_t now)
{
	if (run_deadline() <= now) {
		run.timed_out = true;
		if (!run.exited)
			kill(run.pid, SIGKILL);
		shut(&run.out[0]);
		shut(&run.out[1]);
	}
	finish();
}
