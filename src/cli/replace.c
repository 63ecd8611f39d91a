/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/replace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool cannot_write(const char *path, struct err *reterr)
{
	err_set(reterr, ERR_SYSTEM, "cannot write '%s': %s", path, strerror(errno));
	return false;
}

bool replace_open(struct replace *r, const char *path, struct err *reterr)
{
	int fd;

	r->path = strdup(path);
	if (r->path == NULL || asprintf(&r->beside, "%s.XXXXXX", path) < 0) {
		r->beside = NULL;
		err_set_memory(reterr);
		return false;
	}
	fd = mkstemp(r->beside);
	if (fd < 0) {
		free(r->beside);
		r->beside = NULL;
		return cannot_write(path, reterr);
	}
	r->file = fdopen(fd, "w");
	if (r->file == NULL) {
		(void)close(fd);
		return cannot_write(path, reterr);
	}
	return true;
}

bool replace_commit(struct replace *r, struct err *reterr)
{
	/* mkstemp() gives 0600; the user's own mask decides */
	mode_t mask = umask(0);
	bool ok;

	(void)umask(mask);
	ok = fflush(r->file) == 0 && fchmod(fileno(r->file), 0666 & ~mask) == 0 &&
	     fsync(fileno(r->file)) == 0;
	if (fclose(r->file) != 0)
		ok = false;
	r->file = NULL;
	if (!ok || rename(r->beside, r->path) != 0)
		return cannot_write(r->path, reterr);
	free(r->beside);
	r->beside = NULL;
	return true;
}

void replace_undo(struct replace *r)
{
	if (r->file != NULL)
		(void)fclose(r->file);
	if (r->beside != NULL)
		(void)unlink(r->beside);
	free(r->beside);
	free(r->path);
	*r = (struct replace){ .file = NULL };
}

bool replace_file(const char *path, const void *bytes, size_t len, struct err *reterr)
{
	struct replace r = { .file = NULL };
	bool ok = replace_open(&r, path, reterr);

	if (ok && fwrite(bytes, 1, len, r.file) != len)
		ok = cannot_write(path, reterr);
	ok = ok && replace_commit(&r, reterr);
	replace_undo(&r);
	return ok;
}
