/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CASE/findings.jsonl as the page wants it: what the ranking shows of each finding, and each as the
 * text that hunt wrote. The file is ours, but may be cut or another's: what cannot be read is an
 * error, not a crash.
 */
#ifndef SERVE_FINDINGS_H
#define SERVE_FINDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"

/* A run of bytes in the file. */
struct findings_text {
	const char *bytes;
	size_t len;
};

enum findings_number {
	FINDINGS_RANK,
	FINDINGS_SCORE,
	FINDINGS_P,
	FINDINGS_Q,
	FINDINGS_CONTACTS,
	FINDINGS_VISITS,
	FINDINGS_ACTIVE_DAYS,
	FINDINGS_PEERS_TOTAL,
	FINDINGS_NUMBERS,
};

struct finding_row {
	struct findings_text line; /* the whole object */
	const char *target;        /* with a NUL */
	const char *kind;
	const char *first;
	const char *last;
	const char *verdict;
	double numbers[FINDINGS_NUMBERS]; /* NAN: null */
	bool needle;
};

struct findings {
	struct arena memory;
	struct findings_text hunt; /* the first line; len 0: no hunt has been run */
	struct finding_row *rows;  /* in rank order */
	const struct finding_row **by_target;
	size_t count;
};

/* Read the file at path; none there is no error. Always give it back. */
bool findings_read(const char *path, struct findings *ret, struct err *reterr) MUST_USE;
void findings_release(struct findings *f);

/* The first finding with that target, or NULL; those that follow in by_target may have it too. */
const struct finding_row *findings_find(const struct findings *f, const char *target);

#endif
