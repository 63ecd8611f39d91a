/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A case as it was at one moment: catalogue, haystack, findings, names. A hunt that ends while the
 * page is open replaces the findings; the next request then sees a new view of the case.
 */
#ifndef SERVE_VIEW_H
#define SERVE_VIEW_H

#include <sys/stat.h>

#include "casefile/case.h"
#include "haystack/haystack.h"
#include "serve/findings.h"
#include "serve/names.h"

struct view {
	struct casefile *casefile; /* for reading */
	struct haystack *haystack;
	struct findings findings;
	struct names *names;
	char *findings_path;
	struct stat stamp; /* of the findings' file; st_ino is 0 where there is none */
};

bool view_open(const char *case_dir, struct view *ret, struct err *reterr) MUST_USE;
void view_close(struct view *v);

/* Has the file of findings been replaced? */
bool view_is_old(const struct view *v);

#endif
