/* The one program that the script may run: `nft -f -`, one at a time, for a limited time. */
#define _GNU_SOURCE
#include "kedged.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

enum { FILE_MAX = 1024 * 1024, TIME_LIMIT = 10 };

static struct {
	unsigned id;
	int input, output;   /* in memory, so that nft never waits for the script; -1: no request */
	size_t length;       /* octets of the input so far */
	const char *refusal; /* why it is not run */
	pid_t pid;           /* 0: it does not run */
	bool exited;
	int status;
} nft = { .input = -1, .output = -1 };

/* Sends the answer: payload[0..length) behind the status. */
static void finish(int status, size_t length) {
	close(nft.input);
	close(nft.output);
	nft.input = nft.output = -1;
	nft.pid = 0;
	nft.exited = false;
	put32(payload, (uint32_t)status);
	report(DONE, 0, nft.id, 4 + length);
}

static void refuse(const char *reason) {
	memcpy(payload + 4, reason, strlen(reason));
	finish(EXIT_NOT_RUNNABLE, strlen(reason));
}

static void run(void) {
	static char *environment[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", NULL };
	char *const words[] = { "nft", "-f", "-", NULL };
	struct rlimit limit = { FILE_MAX, FILE_MAX };

	environ = environment;
	dup2(nft.input, 0);
	dup2(nft.output, 1);
	dup2(nft.output, 2);
	lseek(0, 0, SEEK_SET);
	setrlimit(RLIMIT_FSIZE, &limit);
	signal(SIGALRM, SIG_DFL);
	alarm(TIME_LIMIT);
	execute(options.nft, words, true, "install nftables, or name it with --nft");
}

void nft_request(unsigned id, unsigned flags, const uint8_t *octets, size_t length) {
	if (nft.pid != 0)
		die("broken frame from the script: nft runs already");
	if (nft.input < 0) {
		nft.input = memfd_create("kedged", MFD_CLOEXEC);
		nft.output = memfd_create("kedged", MFD_CLOEXEC);
		nft.length = 0;
		nft.refusal = options.cli ? "nft may not be run with --cli" : NULL;
	}
	nft.id = id;
	if (length > FILE_MAX - nft.length)
		nft.refusal = "the input is longer than 1 MiB";
	else if (write(nft.input, octets, length) != (ssize_t)length)
		nft.refusal = "no memory for the input";
	else
		nft.length += length;
	if (flags & FLAG_MORE)
		return;
	if (nft.refusal)
		return refuse(nft.refusal);
	nft.pid = fork();
	if (nft.pid == 0)
		run();
	if (nft.pid < 0)
		refuse(strerror(errno));
}

void nft_exited(pid_t pid, int status) {
	if (pid != nft.pid)
		return;
	nft.exited = true;
	nft.status = status;
	if (status == 128 + SIGALRM)
		dprintf(nft.output, "killed: it ran longer than %d seconds\n", TIME_LIMIT);
}

void nft_answer(void) {
	ssize_t said;

	if (!nft.exited)
		return;
	said = pread(nft.output, payload + 4, PAYLOAD_MAX - 4, 0);
	finish(nft.status, said > 0 ? (size_t)said : 0);
}
