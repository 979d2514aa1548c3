/* Unix sockets: which paths, stale listeners, and the bounded queue of a stream. */
#define _GNU_SOURCE
#include "kedged.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { QUEUE_MAX = 256 * 1024 };

static const char *const ubus[] = { "/var/run/ubus/ubus.sock", "/run/ubus/ubus.sock", "/var/run/ubus.sock" };

static bool is_directly_in(const char *path, const char *directory) {
	size_t length = strlen(directory);
	const char *name = path + length + 1;

	return strncmp(path, directory, length) == 0 && path[length] == '/' && *name != '\0' && *name != '.' &&
	       !strchr(name, '/');
}

const char *allowed_path(const uint8_t *octets, size_t length, bool connect) {
	static char path[sizeof((struct sockaddr_un *)0)->sun_path];

	if (length >= sizeof path || memchr(octets, 0, length))
		return NULL;
	memcpy(path, octets, length);
	path[length] = '\0';
	for (size_t i = 0; connect && !options.cli && i < sizeof ubus / sizeof *ubus; i++)
		if (strcmp(path, ubus[i]) == 0)
			return path;
	return is_directly_in(path, options.run_dir) || is_directly_in(path, "/run/kedge") ||
	       is_directly_in(path, "/var/run/kedge") ? path : NULL;
}

static int unix_socket(int type, const char *path, int (*attach)(int, const struct sockaddr *, socklen_t)) {
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	strcpy(address.sun_path, path);
	if (fd >= 0 && attach(fd, (struct sockaddr *)&address, sizeof address) < 0) {
		int error = errno;

		close(fd);
		errno = error;
		fd = -1;
	}
	return fd;
}

int unix_connect(int type, const char *path) {
	return unix_socket(type, path, connect);
}

int unix_listen(const char *path) {
	struct stat status;
	mode_t mask;
	int fd = unix_connect(SOCK_STREAM, path);

	if (fd >= 0) { /* somebody answers there: bind() fails */
		close(fd);
	} else if (errno == ECONNREFUSED && lstat(path, &status) == 0 && S_ISSOCK(status.st_mode)) {
		unlink(path); /* a killed predecessor left it */
	}
	mask = umask(0117); /* user and group may connect */
	fd = unix_socket(SOCK_STREAM, path, bind);
	umask(mask);
	if (fd >= 0)
		listen(fd, 64);
	return fd;
}

bool queue_flush(struct queue *queue, int fd) {
	ssize_t n = send(fd, queue->octets, queue->length, MSG_NOSIGNAL);

	if (n < 0)
		return errno == EAGAIN;
	queue->length -= (size_t)n;
	memmove(queue->octets, queue->octets + n, queue->length);
	if (queue->length == 0) {
		free(queue->octets);
		queue->octets = NULL;
	}
	return true;
}

bool queue_send(struct queue *queue, int fd, const uint8_t *octets, size_t length) {
	ssize_t n = queue->length > 0 ? 0 : send(fd, octets, length, MSG_NOSIGNAL);
	uint8_t *longer;

	if (n < 0 && errno != EAGAIN)
		return false;
	n = n < 0 ? 0 : n;
	if ((size_t)n == length)
		return true;
	length -= (size_t)n;
	errno = ENOBUFS;
	if (queue->length + length > QUEUE_MAX || !(longer = realloc(queue->octets, queue->length + length)))
		return false;
	memcpy(longer + queue->length, octets + n, length);
	queue->octets = longer;
	queue->length += length;
	return true;
}
