/* Who has which privilege: README.md, "Privileges". */
#define _GNU_SOURCE
#include "kedged.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { NET = 1u << CAP_NET_ADMIN | 1u << CAP_NET_RAW | 1u << CAP_NET_BIND_SERVICE };

static struct __user_cap_header_struct version = { .version = _LINUX_CAPABILITY_VERSION_3 };

static void set_capabilities(uint32_t permitted, uint32_t inheritable) {
	struct __user_cap_data_struct data[2] = {
		{ .effective = permitted, .permitted = permitted, .inheritable = inheritable },
	};

	if (syscall(SYS_capset, &version, data) < 0)
		die("cannot drop privileges: %s", strerror(errno));
}

void privilege_check(void) {
	struct __user_cap_data_struct data[2] = { 0 };

	if (!options.cli && (syscall(SYS_capget, &version, data) < 0 || (data[0].permitted & NET) != NET))
		die("needs CAP_NET_ADMIN, CAP_NET_RAW and CAP_NET_BIND_SERVICE: start it as root or by its init script");
	if (!options.cli && options.user && geteuid() != 0)
		die("only root can become user %s: start it as root, or without --user", options.user);
}

/* The line of /etc/passwd. (No NSS: system users are in the file, and the modules cost memory.) */
static const struct passwd *find_user(const char *name) {
	FILE *file = fopen("/etc/passwd", "re");
	const struct passwd *user = NULL;

	while (file && (user = fgetpwent(file)) && strcmp(user->pw_name, name) != 0)
		;
	if (file)
		fclose(file);
	if (!user)
		die("no user %s: create it, or name another with --user", name);
	return user;
}

/* The CLI joins the group only. */
static void become(const struct passwd *user) {
	if (!options.cli && chown(options.run_dir, user->pw_uid, user->pw_gid) < 0)
		die("cannot give %s to user %s: %s", options.run_dir, options.user, strerror(errno));
	prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0);
	if (setgroups(0, NULL) < 0 || setgid(user->pw_gid) < 0 || (!options.cli && setuid(user->pw_uid) < 0))
		die("cannot become user %s: %s", options.user, strerror(errno));
}

/*
 * Two daemons would take each other's tunnels down. One that is being restarted may wait for its predecessor's end. The
 * lock lasts as long as the helper.
 */
static void claim_run_directory(void) {
	enum { TRIES = 30 };
	const struct timespec pause = { .tv_nsec = 100 * 1000 * 1000 };
	int fd = open(options.run_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	for (int i = 0; fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) < 0; i++) {
		if (errno != EWOULDBLOCK || i == TRIES)
			die("cannot have %s for itself: another kedged runs there", options.run_dir);
		nanosleep(&pause, NULL);
	}
}

void privilege_reduce(void) {
	/* Without CAP_SETPCAP these two fail, and then the sets are small already. */
	for (int capability = 0; capability <= 63; capability++)
		if (options.cli || capability > 31 || !(NET & 1u << capability))
			prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
	prctl(PR_SET_SECUREBITS, SECBIT_NOROOT | SECBIT_NOROOT_LOCKED);
	if (!options.cli) {
		mkdir(options.run_dir, 0750); /* if it cannot be, opening a listener there says so */
		claim_run_directory();
	}
	if (options.user && geteuid() == 0)
		become(find_user(options.user));
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	set_capabilities(options.cli ? 0 : NET, 0);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		die("cannot give up new privileges: %s", strerror(errno));
#ifndef __SANITIZE_ADDRESS__ /* the leak checker traces */
	prctl(PR_SET_DUMPABLE, 0);
#endif
}

void privilege_child(pid_t parent, bool net_admin) {
	uint32_t set = net_admin ? 1u << CAP_NET_ADMIN : 0;

	set_capabilities(set, set);
	if (net_admin && prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_ADMIN, 0, 0) < 0)
		die("cannot pass CAP_NET_ADMIN on: %s", strerror(errno));
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_HELPER);
}
