/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an analyst says of a target: notes, tags, a mute with its reason, a verdict. Marks stand
 * beside the findings and change none of them. A mark is never deleted: one that is taken back,
 * or followed by another of its kind, is retired and stays in the catalogue.
 */
#ifndef CASEFILE_MARK_H
#define CASEFILE_MARK_H

#include "casefile/case.h"

enum mark_kind {
	MARK_NOTE,    /* text; a target can have many */
	MARK_TAG,     /* word; many, each once */
	MARK_MUTE,    /* text: the reason; until a day, or for good; one */
	MARK_VERDICT, /* word: "unusual", "ordinary", "cannot tell"; text: why; one */
	MARK_KINDS,
};

#define MARK_TEXT_MAX 8000 /* bytes of UTF-8 */
#define MARK_WORD_MAX 60

struct mark {
	int64_t id; /* given by mark_put() */
	enum mark_kind kind;
	const char *target; /* as endpoint_format() writes it */
	const char *word;   /* "" where the kind has none */
	const char *text;
	bool has_until;
	int64_t until_day; /* since 1970-01-01: the last day of a mute */
	int64_t made_s;    /* since 1970, by the caller's clock */
};

/* "note", ... Static. */
const char *mark_kind_name(enum mark_kind kind);

/* The other way round; false for another word. */
bool mark_kind_find(const char *name, enum mark_kind *ret) MUST_USE;

/*
 * Put a mark in, and retire those that it takes the place of, all or nothing. The case is open
 * for writing. The id of *m is not looked at; *ret_id is the new one.
 */
bool mark_put(
    struct casefile *c, const struct mark *m, int64_t *ret_id, struct err *reterr) MUST_USE;

/* *ret_found is false where no mark of that id is in force. */
bool mark_retire(
    struct casefile *c, int64_t id, int64_t now_s, bool *ret_found, struct err *reterr) MUST_USE;

/*
 * The marks in force, of one target or of all (NULL), by target and then as they were made.
 * Strings are borrowed until visit returns; it may not call back into the casefile.
 */
bool mark_each(struct casefile *c, const char *target,
    bool (*visit)(void *context, const struct mark *m, struct err *reterr), void *context,
    struct err *reterr) MUST_USE;

#endif
