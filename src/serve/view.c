/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/view.h"

#include <stdio.h>
#include <stdlib.h>

static struct stat stamp_of(const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		st = (struct stat){ .st_ino = 0 };
	return st;
}

static bool is_in(void *context, const struct digest *content)
{
	return haystack_has_source(context, content);
}

bool view_open(const char *case_dir, struct view *ret, struct err *reterr)
{
	struct view v = { .names = NULL };

	if (asprintf(&v.findings_path, "%s/findings.jsonl", case_dir) < 0) {
		v.findings_path = NULL;
		err_set_memory(reterr);
		return false;
	}
	/* lengths alone are checked, as for `show`: to read a large case's digests takes seconds */
	if (!case_open(case_dir, false, false, &v.casefile, reterr) ||
	    !haystack_open(case_haystack_dir(v.casefile), false, &v.haystack, reterr) ||
	    !case_reconcile(v.casefile, is_in, v.haystack, reterr))
		goto fail;
	/* before it is read: a file that is replaced meanwhile is then read again */
	v.stamp = stamp_of(v.findings_path);
	if (!findings_read(v.findings_path, &v.findings, reterr) ||
	    !names_new(v.haystack, &v.names, reterr))
		goto fail;
	*ret = v;
	return true;
fail:
	view_close(&v);
	return false;
}

void view_close(struct view *v)
{
	names_free(v->names);
	findings_release(&v->findings);
	haystack_close(v->haystack);
	case_close(v->casefile);
	free(v->findings_path);
	*v = (struct view){ .names = NULL };
}

bool view_is_old(const struct view *v)
{
	struct stat now = stamp_of(v->findings_path);

	return now.st_ino != v->stamp.st_ino || now.st_size != v->stamp.st_size ||
	       now.st_mtim.tv_sec != v->stamp.st_mtim.tv_sec ||
	       now.st_mtim.tv_nsec != v->stamp.st_mtim.tv_nsec;
}
