/* The kernel settings that the script may write. */
#define _GNU_SOURCE
#include "kedged.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* `*` stands for the name of a network device, `all` or `default`. */
static const char *const allowed[] = {
	"net/ipv4/conf/*/forwarding",
	"net/ipv4/conf/*/rp_filter",
	"net/ipv4/fib_multipath_hash_policy",
	"net/ipv4/ip_forward",
	"net/ipv6/conf/*/accept_dad",
	"net/ipv6/conf/*/accept_ra",
	"net/ipv6/conf/*/accept_ra_defrtr",
	"net/ipv6/conf/*/accept_ra_pinfo",
	"net/ipv6/conf/*/accept_ra_rt_info_max_plen",
	"net/ipv6/conf/*/addr_gen_mode",
	"net/ipv6/conf/*/autoconf",
	"net/ipv6/conf/*/dad_transmits",
	"net/ipv6/conf/*/disable_ipv6",
	"net/ipv6/conf/*/forwarding",
	"net/ipv6/conf/*/ignore_routes_with_linkdown",
	"net/ipv6/conf/*/keep_addr_on_down",
	"net/ipv6/conf/*/mtu",
	"net/ipv6/conf/*/ndisc_notify",
	"net/ipv6/conf/*/optimistic_dad",
	"net/ipv6/conf/*/proxy_ndp",
	"net/ipv6/conf/*/router_solicitations",
	"net/ipv6/conf/*/use_optimistic",
	"net/ipv6/fib_multipath_hash_policy",
};

static bool is_device_octet(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr("_.-@+", c));
}

/* Whether the name matches the pattern; the device is 1 to 15 octets, and neither "." nor "..". */
static bool matches(const char *pattern, const char *name)
{
	const char *star = strchr(pattern, '*');
	size_t before, device = 0;

	if (!star)
		return strcmp(pattern, name) == 0;
	before = (size_t)(star - pattern);
	if (strncmp(pattern, name, before) != 0)
		return false;
	name += before;
	while (is_device_octet(name[device]))
		device++;
	if (device < 1 || device > 15 || strspn(name, ".") == device)
		return false;
	return strcmp(star + 1, name + device) == 0;
}

static bool is_allowed(const char *name)
{
	for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
		if (matches(allowed[i], name))
			return true;
	return false;
}

static bool is_decimal(const char *text)
{
	size_t digits;

	if (*text == '-')
		text++;
	digits = strspn(text, "0123456789");
	return digits >= 1 && digits <= 10 && text[digits] == '\0';
}

/* Writes the value; NULL or the reason why not. */
static const char *write_setting(const char *name, const char *value)
{
	char path[160];
	size_t length = strlen(value);
	const char *reason = NULL;
	int fd;

	snprintf(path, sizeof path, "/proc/sys/%s", name);
	fd = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return strerror(errno);
	if (write(fd, value, length) != (ssize_t)length)
		reason = strerror(errno);
	close(fd);
	return reason;
}

void sysctl_request(unsigned id, const uint8_t *payload, size_t length)
{
	char text[128];
	char *value = NULL;
	const char *reason;

	if (length < sizeof text && !memchr(payload, 0, length)) {
		memcpy(text, payload, length);
		text[length] = '\0';
		value = strchr(text, '=');
	}
	if (value)
		*value++ = '\0';
	if (!value || !is_decimal(value))
		reason = "not NAME=NUMBER";
	else if (options.cli || !is_allowed(text))
		reason = "not on the list of settings that may be written";
	else
		reason = write_setting(text, value);
	put32(frame_payload, reason ? 1 : 0);
	report_text(DONE, 0, id, 4, reason ? reason : "");
}
