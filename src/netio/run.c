/* The one program that the script may run: `nft -f -`, one at a time, for a limited time. */
#define _GNU_SOURCE
#include "kedged.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 8
#endif

static const char allowed_words[] = "nft\0-f\0-";

enum { FILE_MAX = 1024 * 1024, STATUS_LIMIT = 124 };

static struct {
	unsigned id;
	int files[3]; /* standard input, output and error of the program: in memory, so it never waits for the script */
	size_t input; /* octets */
	bool collecting;     /* more input is to come */
	const char *refusal; /* why the program is not run, with its status */
	pid_t pid;                /* 0: no program */
	bool exited, timed_out;
	int status;
	int64_t deadline;
} run;

static int memory_file(void) {
	int fd = memfd_create("kedged", MFD_CLOEXEC | MFD_NOEXEC_SEAL);

	return fd < 0 && errno == EINVAL ? memfd_create("kedged", MFD_CLOEXEC) : fd;
}

static void done(unsigned id, int status, const char *reason) {
	put32(payload, (uint32_t)status);
	report_text(DONE, 0, id, 4, reason);
}

static void finish(int status, const char *reason) {
	for (int i = 0; i < 3; i++)
		close(run.files[i]);
	run.pid = 0;
	done(run.id, status, reason);
}

static void refuse(int status, const char *reason) {
	run.status = status;
	run.refusal = reason;
}

static const char *find_nft(void) {
	const char *places[] = { options.nft, "/usr/sbin/nft", "/sbin/nft", "/usr/bin/nft" };

	for (size_t i = options.nft ? 0 : 1; i < (options.nft ? 1 : sizeof places / sizeof *places); i++)
		if (access(places[i], X_OK) == 0)
			return places[i];
	return NULL;
}

static void start(const char *path) {
	char *const arguments[] = { "nft", "-f", "-", NULL };
	char *const environment[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", NULL };
	struct rlimit limit = { FILE_MAX, FILE_MAX };
	pid_t parent = getpid();
	sigset_t none;

	run.pid = fork();
	if (run.pid < 0)
		return finish(EXIT_NOT_RUNNABLE, strerror(errno));
	run.exited = run.timed_out = false;
	run.deadline = milliseconds() + options.run_limit * 1000LL;
	if (run.pid > 0)
		return;
	for (int i = 0; i < 3; i++)
		dup2(run.files[i], i);
	lseek(0, 0, SEEK_SET);
	setrlimit(RLIMIT_FSIZE, &limit);
	privilege_child(parent, true);
	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execve(path, arguments, environment);
	_exit(EXIT_NOT_RUNNABLE);
}

void run_request(unsigned id, unsigned flags, const uint8_t *octets, size_t length) {
	size_t words = length >= 2 ? get16(octets) : 0;
	const uint8_t *input = octets + 2 + words;

	if (length < 2 || words > length - 2)
		die("broken frame from the script: run request %u", id);
	length -= 2 + words;
	if (run.pid != 0 || (run.collecting && id != run.id))
		return done(id, EXIT_NOT_RUNNABLE, "a program runs already");
	if (!run.collecting) { /* the first frame */
		run.id = id;
		run.input = 0;
		run.refusal = NULL;
		for (int i = 0; i < 3; i++)
			run.files[i] = memory_file();
		if (options.cli || words != sizeof allowed_words || memcmp(octets + 2, allowed_words, words) != 0)
			refuse(EXIT_NOT_RUNNABLE, "not on the list of programs that may be run");
		else if (!find_nft())
			refuse(EXIT_NOT_FOUND, "nft not found: install the package nftables");
	}
	run.collecting = flags & FLAG_MORE;
	run.input += length;
	if (!run.refusal && run.input > FILE_MAX)
		refuse(EXIT_NOT_RUNNABLE, "the input is longer than 1 MiB");
	if (!run.refusal && write(run.files[0], input, length) != (ssize_t)length)
		refuse(EXIT_NOT_RUNNABLE, "no memory for the input");
	if (run.collecting)
		return;
	if (run.refusal)
		finish(run.status, run.refusal);
	else
		start(find_nft());
}

void run_exited(pid_t pid, int status) {
	if (run.pid != pid)
		return;
	run.exited = true;
	run.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	lseek(run.files[1], 0, SEEK_SET);
	lseek(run.files[2], 0, SEEK_SET);
}

int64_t run_deadline(void) {
	return run.pid != 0 && !run.timed_out ? run.deadline : INT64_MAX;
}

bool run_step(int64_t now) {
	if (!run.exited && run_deadline() <= now) {
		run.timed_out = true;
		kill(run.pid, SIGKILL);
	}
	if (run.pid == 0 || !run.exited)
		return false;
	for (int stream = 1; stream <= 2; stream++) {
		ssize_t n = read(run.files[stream], payload + 1, PAYLOAD_MAX - 1);

		if (n > 0) {
			payload[0] = (uint8_t)stream;
			report(OUTPUT, 0, run.id, 1 + (size_t)n);
			return true;
		}
	}
	if (run.timed_out)
		finish(STATUS_LIMIT, "killed: it ran longer than its time limit");
	else
		finish(run.status, "");
	return false;
}
