/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a command works on: a case with its haystack, opened and reconciled, signals held back,
 * progress ready. Evidence without a case goes into a temporary one, so that sorting, joining
 * and telling doubles are the same code; it is removed on every way out but kill -9.
 */
#ifndef CLI_WORKSPACE_H
#define CLI_WORKSPACE_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"
#include "casefile/case.h"
#include "cli/progress.h"
#include "cli/settings.h"
#include "cli/stop.h"
#include "haystack/haystack.h"

struct workspace {
	struct casefile *casefile;
	struct haystack *haystack;
	struct stop stop;
	struct progress progress;
	char *temporary; /* folder to remove at the end, or NULL */
	const char *dir; /* of the case */
	unsigned jobs;
};

enum workspace_use {
	WORKSPACE_LOOK,      /* the case must be there; its segments' digests are not checked */
	WORKSPACE_READ,      /* the case must be there */
	WORKSPACE_WRITE,     /* the case must be there; one writer at a time */
	WORKSPACE_MAKE,      /* the same, made when it is not there */
	WORKSPACE_TEMPORARY, /* an empty case of its own */
};

/* workspace_close() follows, also after a failure. */
bool workspace_open(struct workspace *w, const struct settings *s, enum workspace_use use,
    struct err *reterr) MUST_USE;

/*
 * Close and remove what is temporary. A signal that waited ends the process here; broken: so
 * does SIGPIPE.
 */
void workspace_close(struct workspace *w, bool broken);

#endif
