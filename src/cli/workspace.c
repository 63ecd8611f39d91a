/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/workspace.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/parallel.h"

#define REMOVE_DEPTH 8 /* open folders at once */

static bool make_temporary(struct workspace *w, struct err *reterr)
{
	const char *base = getenv("TMPDIR");

	if (base == NULL || base[0] == '\0')
		base = "/tmp";
	if (asprintf(&w->temporary, "%s/lodestone-XXXXXX", base) < 0) {
		w->temporary = NULL;
		err_set_memory(reterr);
		return false;
	}
	if (mkdtemp(w->temporary) != NULL)
		return true;
	err_set(reterr, ERR_SYSTEM, "cannot make a temporary folder in '%s': %s; set TMPDIR", base,
	    strerror(errno));
	free(w->temporary);
	w->temporary = NULL;
	return false;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	/* what cannot be removed stays; there is nothing better to do about it */
	(void)remove(path);
	return 0;
}

static bool is_in(void *context, const struct digest *content)
{
	return haystack_has_source(context, content);
}

bool workspace_open(
    struct workspace *w, const struct settings *s, enum workspace_use use, struct err *reterr)
{
	bool make = use == WORKSPACE_MAKE || use == WORKSPACE_TEMPORARY;

	*w = (struct workspace){
		.dir = s->case_dir == NULL ? DEFAULT_CASE : s->case_dir,
		.jobs = s->jobs == 0 || s->jobs > UINT32_MAX ? parallel_default_jobs()
							     : (unsigned)s->jobs,
	};
	stop_init(&w->stop);
	progress_init(&w->progress, s->verbose);
	if (use == WORKSPACE_TEMPORARY) {
		if (!make_temporary(w, reterr))
			return false;
		w->dir = w->temporary;
	}
	return case_open(w->dir, make, make || use == WORKSPACE_WRITE, &w->casefile, reterr) &&
	       haystack_open(
		   case_haystack_dir(w->casefile), use != WORKSPACE_LOOK, &w->haystack, reterr) &&
	       case_reconcile(w->casefile, is_in, w->haystack, reterr);
}

void workspace_close(struct workspace *w, bool broken)
{
	progress_clear(&w->progress);
	haystack_close(w->haystack);
	case_close(w->casefile);
	if (w->temporary != NULL)
		(void)nftw(w->temporary, remove_one, REMOVE_DEPTH, FTW_DEPTH | FTW_PHYS);
	free(w->temporary);
	stop_release(&w->stop, broken);
}
