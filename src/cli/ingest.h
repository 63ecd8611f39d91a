/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From files to the case: walk, recognize, read, and commit whole sources. Killed at any point,
 * the case holds each source wholly or not at all; a source that is in is not read again.
 */
#ifndef CLI_INGEST_H
#define CLI_INGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "cli/settings.h"
#include "cli/workspace.h"
#include "evidence/hints.h"
#include "evidence/reader.h"
#include "evidence/table_map.h"
#include "evidence/zone.h"

struct ingest_result {
	uint64_t added; /* sources: new, or with a part that is new */
	uint64_t known; /* files whose content was in */
	uint64_t unknown;
	uint64_t damaged;
	uint64_t unread; /* files that could not be read, or were given up */
	uint64_t contacts;
	bool named_failed; /* a file that the user named gave nothing */
	bool stopped;      /* by a signal; sources that were whole are in */
};

/* How to read all of the evidence, as the user says; zeros: nothing is said. */
struct ingest_how {
	const struct reader_format *format; /* NULL: by content */
	enum vantage vantage;               /* VANTAGE_UNKNOWN: what the evidence tells */
	struct hints hints;       /* its place and map are those below: not to be copied alone */
	struct zone place;        /* of local times, if hints.place says so */
	struct table_map columns; /* of tables, if hints.map says so */
};

/*
 * Ingest what is new of the paths. how: NULL for nothing said. Problems of single
 * files are said at once and do not end the run. False: the case cannot take more.
 */
bool ingest(struct workspace *w, char *const *paths, size_t count, const struct ingest_how *how,
    uint64_t memory_bytes, struct ingest_result *ret, struct err *reterr) MUST_USE;

/* One line that says what happened. */
void ingest_say(const struct ingest_result *r);

/*
 * What --format, --columns, --vantage, --year and --zone say; *ret stays where it is while it is used. A word
 * that is none of them is ERR_USAGE, with the known ones.
 */
bool ingest_find_how(const struct settings *s, struct ingest_how *ret, struct err *reterr) MUST_USE;

#endif
