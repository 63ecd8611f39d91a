/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of this folder share. */
#ifndef CASEFILE_CASEFILE_H
#define CASEFILE_CASEFILE_H

#include <sqlite3.h>

#include "base/arena.h"
#include "casefile/case.h"

struct casefile {
	char *dir;
	char *haystack_dir;
	sqlite3 *db;
	int lock_fd; /* -1: opened for reading */
	bool write;
	bool fixed;          /* nothing can be written there, not even by SQLite for itself */
	bool in_transaction; /* pending rows are gathered in one, until case_prepare() */
	struct arena row;    /* strings of the source handed out last */
};

#endif
