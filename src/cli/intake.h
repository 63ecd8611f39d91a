/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One file on its way into the case: recognized, read on from where it was, read, and judged. */
#ifndef CLI_INTAKE_H
#define CLI_INTAKE_H

#include "cli/ingest.h"
#include "evidence/walk.h"

/* What all files of one ingest share. */
struct ingest {
	struct workspace *workspace;
	struct haystack_writer *writer;
	struct ingest_how how;
	struct ingest_result result;
	uint64_t bytes_done;
	uint64_t bytes_total;
};

/* What became of a file. */
enum intake_outcome {
	INTAKE_DONE,
	INTAKE_GIVEN_UP, /* this source alone; the message has been said */
	INTAKE_STOPPED,
	INTAKE_BROKEN, /* the case cannot take more; reterr is set */
};

/*
 * Read one item of the walk into the writer and write its row into the catalogue, pending. What
 * the user has to know of it is said at once, and counted in in->result.
 */
enum intake_outcome intake_take(
    struct ingest *in, const struct walk_item *item, struct err *reterr) MUST_USE;

#endif
