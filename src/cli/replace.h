/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file that is replaced as a whole or not at all: written beside, synced, renamed. */
#ifndef CLI_REPLACE_H
#define CLI_REPLACE_H

#include <stddef.h>
#include <stdio.h>

#include "base/attr.h"
#include "base/err.h"

struct replace {
	char *path;
	char *beside;
	FILE *file; /* to write to; NULL: not open */
};

/* With *r zeroed replace_undo() may always follow. */
bool replace_open(struct replace *r, const char *path, struct err *reterr) MUST_USE;

/* The new file stands at path. */
bool replace_commit(struct replace *r, struct err *reterr) MUST_USE;

/* Remove what was written, unless it was committed; frees. */
void replace_undo(struct replace *r);

/* All of it in one call. */
bool replace_file(const char *path, const void *bytes, size_t len, struct err *reterr) MUST_USE;

#endif
