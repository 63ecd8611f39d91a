/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "casefile/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define HOLDER_MAX 128

/* The holder as it wrote itself down; letters that could upset a terminal are dropped. */
static void read_holder(int fd, char text[static HOLDER_MAX])
{
	ssize_t len = pread(fd, text, HOLDER_MAX - 1, 0);
	size_t out = 0;

	for (ssize_t i = 0; i < len; i++) {
		if (text[i] >= 0x20 && text[i] <= 0x7e)
			text[out++] = text[i];
	}
	text[out] = '\0';
	if (out == 0)
		(void)snprintf(text, HOLDER_MAX, "another process");
}

static void write_holder(int fd)
{
	char host[HOST_NAME_MAX + 1] = "";
	char text[HOLDER_MAX];

	if (gethostname(host, sizeof(host) - 1) != 0)
		host[0] = '\0';
	(void)snprintf(text, sizeof(text), "process %ld on %.64s\n", (long)getpid(), host);
	/* only a courtesy to whoever waits: the lock holds without it */
	if (ftruncate(fd, 0) != 0 || pwrite(fd, text, strlen(text), 0) < 0)
		return;
}

bool lock_take(const char *dir, int *ret_fd, struct err *reterr)
{
	char path[PATH_MAX];
	char holder[HOLDER_MAX];
	int fd;

	if (snprintf(path, sizeof(path), "%s/lock", dir) >= (int)sizeof(path)) {
		err_set(reterr, ERR_USAGE, "the path of case '%s' is too long", dir);
		return false;
	}
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0) {
		err_set(reterr, ERR_SYSTEM, "cannot write to case '%s': %s", dir, strerror(errno));
		return false;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno == EWOULDBLOCK) {
			read_holder(fd, holder);
			err_set(reterr, ERR_SYSTEM,
			    "case '%s' is being written by %s; wait until it ends, or stop it", dir,
			    holder);
		} else {
			err_set(
			    reterr, ERR_SYSTEM, "cannot lock case '%s': %s", dir, strerror(errno));
		}
		(void)close(fd);
		return false;
	}
	write_holder(fd);
	*ret_fd = fd;
	return true;
}

void lock_release(int fd)
{
	if (fd >= 0)
		(void)close(fd);
}
