/*
 * Who has which privilege.
 *
 * The helper needs CAP_NET_ADMIN and CAP_NET_RAW and nothing else: net sysctls obey CAP_NET_ADMIN whatever the user id.
 * Started as root with --user it becomes that user and keeps the two; then files it makes belong to that user, ubus sees
 * that user, and it may signal its children. It is not dumpable, and the script, having fewer capabilities, may not
 * trace it. The script has no capability and can gain none.
 */
#define _GNU_SOURCE
#include "kedged.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NET = 1u << CAP_NET_ADMIN | 1u << CAP_NET_RAW };

static struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };

static uint32_t capabilities(void)
{
	struct __user_cap_data_struct data[2] = { 0 };

	if (syscall(SYS_capget, &header, data) < 0)
		die("cannot read capabilities: %s", strerror(errno));
	return data[0].permitted;
}

static bool set_capabilities(uint32_t permitted, uint32_t inheritable)
{
	struct __user_cap_data_struct data[2] = {
		{ .effective = permitted, .permitted = permitted, .inheritable = inheritable },
	};

	return syscall(SYS_capset, &header, data) == 0;
}

void privilege_check(void)
{
	if (!options.cli && (capabilities() & NET) != NET)
		die("needs CAP_NET_ADMIN and CAP_NET_RAW: start it as root or from the init script");
}

/* Finds "name:x:uid:gid:" in /etc/passwd (no NSS: system users are there, and NSS costs memory), or takes "uid:gid". */
static bool find_user(const char *name, uid_t *uid, gid_t *gid)
{
	static char line[256];
	unsigned u = 0, g = 0;
	FILE *file;
	bool found = false;

	if (sscanf(name, "%u:%u", &u, &g) == 2) {
		*uid = u;
		*gid = g;
		return true;
	}
	file = fopen("/etc/passwd", "re");
	while (file && !found && fgets(line, sizeof line, file)) {
		size_t length = strlen(name);

		if (strncmp(line, name, length) == 0 && line[length] == ':') {
			char *ids = strchr(line + length + 1, ':');

			found = ids && sscanf(ids, ":%u:%u:", &u, &g) == 2;
		}
	}
	if (file)
		fclose(file);
	*uid = u;
	*gid = g;
	return found;
}

static void make_run_directory(uid_t uid, gid_t gid)
{
	if (mkdir(options.run_dir, 0750) < 0 && errno != EEXIST)
		return; /* the script's listen says what is wrong, if it needs it */
	if (options.user && lchown(options.run_dir, uid, gid) < 0)
		die("cannot give %s to user %s: %s", options.run_dir, options.user, strerror(errno));
}

void privilege_reduce(void)
{
	uid_t uid = 0;
	gid_t gid = 0;

	if (options.user && geteuid() != 0 && !options.cli)
		die("--user needs root");
	if (options.user && !find_user(options.user, &uid, &gid))
		die("no user %s: create it, or name another with --user", options.user);
	if (!options.cli)
		make_run_directory(uid, gid);

	/* Without CAP_SETPCAP these fail, and then there is nothing to lock. */
	for (int capability = 0; capability <= 63; capability++)
		if (options.cli || (capability != CAP_NET_ADMIN && capability != CAP_NET_RAW))
			prctl(PR_CAPBSET_DROP, capability);
	prctl(PR_SET_SECUREBITS, SECBIT_NOROOT | SECBIT_NOROOT_LOCKED);

	prctl(PR_SET_KEEPCAPS, 1);
	if (options.user && geteuid() == 0) {
		if (setgroups(0, NULL) < 0 || setgid(gid) < 0)
			die("cannot join the group of user %s: %s", options.user, strerror(errno));
		/* The CLI keeps its user: root may read what root may read; the group opens the control socket. */
		if (!options.cli && setuid(uid) < 0)
			die("cannot become user %s: %s", options.user, strerror(errno));
	}
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || !set_capabilities(options.cli ? 0 : NET, 0))
		die("cannot drop privileges: %s", strerror(errno));
#ifndef __SANITIZE_ADDRESS__ /* the leak checker traces */
	prctl(PR_SET_DUMPABLE, 0);
#endif
}

void privilege_child(pid_t parent, bool net_admin)
{
	uint32_t set = net_admin ? 1u << CAP_NET_ADMIN : 0;

	if (!set_capabilities(set, set))
		die("cannot drop privileges: %s", strerror(errno));
	if (net_admin && prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_ADMIN, 0, 0) < 0)
		die("cannot pass CAP_NET_ADMIN on: %s", strerror(errno));
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_HELPER);
}
