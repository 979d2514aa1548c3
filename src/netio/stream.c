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

static const char *const ubus_paths[] = { "/var/run/ubus/ubus.sock", "/run/ubus/ubus.sock", "/var/run/ubus.sock" };

static bool is_directly_in(const char *path, const char *directory)
{
	size_t length = strlen(directory);

	return length > 0 && strncmp(path, directory, length) == 0 && path[length] == '/' && path[length + 1] != '\0' &&
	       !strchr(path + length + 1, '/') && strcmp(path + length, "/.") != 0 && strcmp(path + length, "/..") != 0;
}

const char *allowed_path(const uint8_t *octets, size_t length, bool connect)
{
	static char path[sizeof((struct sockaddr_un *)0)->sun_path];

	if (length == 0 || length >= sizeof path || memchr(octets, 0, length))
		return NULL;
	memcpy(path, octets, length);
	path[length] = '\0';
	if (connect && !options.cli)
		for (size_t i = 0; i < sizeof ubus_paths / sizeof *ubus_paths; i++)
			if (strcmp(path, ubus_paths[i]) == 0)
				return path;
	if (is_directly_in(path, options.run_dir) || is_directly_in(path, "/run/kedge") ||
	    is_directly_in(path, "/var/run/kedge"))
		return path;
	return NULL;
}

static int unix_socket(int type, const char *path, struct sockaddr_un *address)
{
	memset(address, 0, sizeof *address);
	address->sun_family = AF_UNIX;
	strcpy(address->sun_path, path);
	return socket(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

static int unix_connect(int type, const char *path, const char **reason)
{
	struct sockaddr_un address;
	int fd = unix_socket(type, path, &address);

	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
		return fd;
	*reason = errno == EAGAIN ? "the listener does not accept: its queue is full" : strerror(errno);
	if (fd >= 0)
		close(fd);
	return -1;
}

int stream_connect(const char *path, const char **reason)
{
	return unix_connect(SOCK_STREAM, path, reason);
}

int syslog_connect(const char **reason)
{
	return unix_connect(SOCK_DGRAM, "/dev/log", reason);
}

/* Removes the socket that a killed predecessor left; one that still answers stays. */
static bool remove_stale(const char *path, const char **reason)
{
	struct stat status;
	int fd;

	if (lstat(path, &status) < 0)
		return true;
	if (!S_ISSOCK(status.st_mode)) {
		*reason = "the path exists and is no socket";
		return false;
	}
	fd = stream_connect(path, reason);
	if (fd >= 0 || strcmp(*reason, strerror(ECONNREFUSED)) != 0) {
		if (fd >= 0) {
			close(fd);
			*reason = "another process listens there";
		}
		return false;
	}
	return unlink(path) == 0;
}

int stream_listen(const char *path, const char **reason)
{
	struct sockaddr_un address;
	int fd;
	mode_t mask;

	*reason = NULL;
	if (!remove_stale(path, reason)) {
		if (!*reason)
			*reason = strerror(errno);
		return -1;
	}
	fd = unix_socket(SOCK_STREAM, path, &address);
	mask = umask(0117); /* user and group may connect */
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, 16) < 0) {
		*reason = strerror(errno);
		if (fd >= 0)
			close(fd);
		fd = -1;
	}
	umask(mask);
	return fd;
}

bool queue_flush(struct queue *queue, int fd)
{
	while (queue->length > 0) {
		ssize_t n = send(fd, queue->octets + queue->start, queue->length, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN;
		queue->start += (size_t)n;
		queue->length -= (size_t)n;
	}
	queue_free(queue);
	return true;
}

bool queue_send(struct queue *queue, int fd, const uint8_t *octets, size_t length)
{
	if (queue->length == 0) {
		ssize_t n = send(fd, octets, length, MSG_NOSIGNAL);

		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return false;
		if (n > 0) {
			octets += n;
			length -= (size_t)n;
		}
	}
	if (length == 0)
		return true;
	if (queue->length + length > QUEUE_MAX) {
		errno = ENOBUFS;
		return false;
	}
	if (!queue->octets && !(queue->octets = malloc(QUEUE_MAX)))
		return false;
	if (queue->start + queue->length + length > QUEUE_MAX) {
		memmove(queue->octets, queue->octets + queue->start, queue->length);
		queue->start = 0;
	}
	memcpy(queue->octets + queue->start + queue->length, octets, length);
	queue->length += length;
	return true;
}

void queue_free(struct queue *queue)
{
	free(queue->octets);
	*queue = (struct queue){ 0 };
}
