/* Unix sockets: which paths are allowed, and stale listeners. */
#define _GNU_SOURCE
#include "kedged.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

bool unix_fits(const char *path) {
	return strlen(path) < sizeof((struct sockaddr_un *)0)->sun_path;
}

bool unix_allowed(const char *path) {
	size_t length = strlen(options.run_dir);
	const char *name = path + length + 1;

	return unix_fits(path) && strncmp(path, options.run_dir, length) == 0 && path[length] == '/' &&
	       *name != '\0' && *name != '.' && !strchr(name, '/');
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
