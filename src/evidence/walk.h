/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The files that the user's arguments stand for. A directory stands for every file below it, in
 * the byte order of names, hidden files and links to files or directories included; each
 * directory is entered once, so that links cannot lead in circles. A case directory of ours is
 * not entered. What cannot be read, or is no file, is listed with the reason, never dropped.
 */
#ifndef EVIDENCE_WALK_H
#define EVIDENCE_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/intern.h"

struct walk_item {
	char *path;    /* owned; "-" is standard input */
	char *problem; /* owned; NULL: to be read */
	bool named;    /* by the user, not found in a directory */
};

struct walk {
	struct walk_item *items;
	size_t count;
	size_t capacity;
	struct intern entered; /* directories, by device and inode */
};

void walk_init(struct walk *w);
void walk_release(struct walk *w);

/*
 * Append what the argument stands for. False: out of memory, or over LIMIT_WALK_ITEMS; a path
 * that does not exist is an item with a problem.
 */
bool walk_add(struct walk *w, const char *path, struct err *reterr) MUST_USE;

#endif
