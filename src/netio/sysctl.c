/* The kernel settings that the script may write. */
#define _GNU_SOURCE
#include "kedged.h"

#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* `?*`: a network device, `all` or `default`. */
static const char *const allowed[] = {
	"net/ipv6/conf/?*/accept_ra",
	"net/ipv6/conf/?*/forwarding",
	"net/ipv6/conf/?*/proxy_ndp",
};

static bool is_allowed(const char *name) {
	/* FNM_PATHNAME: it holds no '/'. FNM_PERIOD: it begins with no '.', so it is neither "." nor "..". */
	for (size_t i = 0; i < sizeof allowed / sizeof *allowed && !options.cli; i++)
		if (fnmatch(allowed[i], name, FNM_PATHNAME | FNM_PERIOD) == 0)
			return true;
	return false;
}

/* NULL, or the reason why it was not written. */
static const char *write_setting(const char *name, int32_t value) {
	const char *reason = NULL;
	char path[128];
	int fd;

	if (!is_allowed(name) || snprintf(path, sizeof path, "/proc/sys/%s", name) >= (int)sizeof path)
		return "not on the list of settings that may be written";
	fd = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return strerror(errno);
	if (dprintf(fd, "%d", value) < 0)
		reason = strerror(errno);
	close(fd);
	return reason;
}

void sysctl_request(unsigned id, const uint8_t *octets, size_t length) {
	const char *reason;

	if (length < 4)
		die("broken frame from the script: setting of %zu octets", length);
	reason = write_setting((const char *)octets + 4, (int32_t)get32(octets));
	put32(payload, reason ? 1 : 0);
	report_text(DONE, 0, id, 4, reason ? reason : "");
}
