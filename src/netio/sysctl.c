/* The kernel settings that the script may write. */
#define _GNU_SOURCE
#include "kedged.h"

#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <string.h>
#include <unistd.h>

/* `?*`: a network device, `all` or `default`. */
static const char *const allowed[] = {
	"net/ipv4/conf/?*/forwarding",
	"net/ipv4/conf/?*/rp_filter",
	"net/ipv4/fib_multipath_hash_policy",
	"net/ipv4/ip_forward",
	"net/ipv6/conf/?*/accept_dad",
	"net/ipv6/conf/?*/accept_ra",
	"net/ipv6/conf/?*/accept_ra_defrtr",
	"net/ipv6/conf/?*/dad_transmits",
	"net/ipv6/conf/?*/disable_ipv6",
	"net/ipv6/conf/?*/forwarding",
	"net/ipv6/conf/?*/keep_addr_on_down",
	"net/ipv6/conf/?*/mtu",
	"net/ipv6/conf/?*/ndisc_notify",
	"net/ipv6/conf/?*/optimistic_dad",
	"net/ipv6/conf/?*/proxy_ndp",
	"net/ipv6/conf/?*/use_optimistic",
	"net/ipv6/fib_multipath_hash_policy",
};

static const char ROOT[] = "/proc/sys/";

static bool is_allowed(const char *name) {
	/* FNM_PATHNAME: it holds no '/'. FNM_PERIOD: it begins with no '.', so it is neither "." nor "..". */
	for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
		if (fnmatch(allowed[i], name, FNM_PATHNAME | FNM_PERIOD) == 0)
			return true;
	return false;
}

static bool is_decimal(const char *text) {
	size_t digits = strspn(text += *text == '-', "0123456789");

	return digits >= 1 && digits <= 10 && text[digits] == '\0';
}

/* NULL, or the reason why it was not written. `text` is NAME=NUMBER behind room for ROOT. */
static const char *write_setting(char *path) {
	char *name = path + sizeof ROOT - 1, *value = strchr(name, '=');
	int fd, error = 0;

	if (value)
		*value++ = '\0';
	if (!value || !is_decimal(value))
		return "not NAME=NUMBER";
	if (options.cli || !is_allowed(name))
		return "not on the list of settings that may be written";
	fd = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return strerror(errno);
	if (write(fd, value, strlen(value)) < 0)
		error = errno;
	close(fd);
	return error ? strerror(error) : NULL;
}

void sysctl_request(unsigned id, const uint8_t *octets, size_t length) {
	char path[160] = "/proc/sys/";
	const char *reason = "the name is too long";

	if (length < sizeof path - sizeof ROOT) {
		memcpy(path + sizeof ROOT - 1, octets, length); /* a NUL inside ends it early, and the checks fail */
		reason = write_setting(path);
	}
	put32(payload, reason ? 1 : 0);
	report_text(DONE, 0, id, 4, reason ? reason : "");
}
