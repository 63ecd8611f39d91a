/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/reception.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "cli/diag.h"
#include "cli/opt.h"
#include "receive/receiver.h"

#define NAME_DIGITS 16 /* of the digest, as listings of contacts have it */

static bool is_over(void *context)
{
	return stop_asked(context);
}

static bool make_file(const char *dir, char **ret, int *ret_fd, struct err *reterr)
{
	if (asprintf(ret, "%s/received", dir) < 0)
		goto memory;
	/* evidence tells who asked whom: for its owner alone */
	if (mkdir(*ret, 0700) != 0 && errno != EEXIST) {
		err_set(reterr, ERR_SYSTEM, "cannot make '%s': %s", *ret, strerror(errno));
		return false;
	}
	free(*ret);
	if (asprintf(ret, "%s/received/receiving-XXXXXX", dir) < 0)
		goto memory;
	*ret_fd = mkostemp(*ret, O_CLOEXEC);
	if (*ret_fd >= 0)
		return true;
	err_set(reterr, ERR_SYSTEM, "cannot make '%s': %s", *ret, strerror(errno));
	free(*ret);
	*ret = NULL;
	return false;
memory:
	*ret = NULL;
	err_set_memory(reterr);
	return false;
}

/* Give the file the name of its content. */
static bool name_file(const char *dir, const char *from, int fd, char **ret, struct err *reterr)
{
	char hex[DIGEST_TEXT_MAX];
	struct digest digest;
	uint64_t bytes;

	if (fsync(fd) != 0) {
		err_set(reterr, ERR_SYSTEM, "cannot keep '%s': %s", from, strerror(errno));
		return false;
	}
	if (!digest_file(from, &digest, &bytes, reterr))
		return false;
	digest_format(&digest, hex);
	if (asprintf(ret, "%s/received/%.*s.dnstap", dir, NAME_DIGITS, hex) < 0) {
		*ret = NULL;
		err_set_memory(reterr);
		return false;
	}
	if (rename(from, *ret) == 0)
		return true;
	err_set(reterr, ERR_SYSTEM, "cannot name '%s': %s", *ret, strerror(errno));
	free(*ret);
	*ret = NULL;
	return false;
}

static void say(const struct receiver_result *r)
{
	diag_say("%" PRIu64 " frames received from %" PRIu64 " sender%s: %" PRIu64
		 " ended, %" PRIu64 " went without ending, %" PRIu64 " refused",
	    r->frames, r->senders, r->senders == 1 ? "" : "s", r->ended, r->cut, r->refused);
}

static bool receive(struct workspace *w, const struct settings *s, const struct listener *l, int fd,
    struct receiver_result *ret, struct err *reterr)
{
	const struct receiver_settings settings = { .listener = l,
		.file = fd,
		.for_s = (double)s->lasting,
		.stop = is_over,
		.context = &w->stop };

	diag_say("listening on %s; %s", l->name,
	    s->lasting > 0 ? "until a sender ends, the time is over or a signal comes"
			   : "until a sender ends or a signal comes");
	if (!receiver_run(&settings, ret, reterr))
		return false;
	stop_answer(&w->stop);
	say(ret);
	return true;
}

bool reception_run(
    struct workspace *w, const struct settings *s, char **ret_path, struct err *reterr)
{
	struct receiver_result result;
	struct listener l;
	char *path = NULL;
	int fd = -1;
	bool ok = false;

	*ret_path = NULL;
	if (!listener_open(&l, s->listen, reterr))
		return false;
	if (!make_file(w->dir, &path, &fd, reterr) || !receive(w, s, &l, fd, &result, reterr))
		goto out;
	ok = result.frames == 0 || name_file(w->dir, path, fd, ret_path, reterr);
out:
	if (path != NULL && *ret_path == NULL)
		(void)unlink(path);
	if (fd >= 0)
		(void)close(fd);
	free(path);
	listener_close(&l);
	return ok;
}
