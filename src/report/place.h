/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where in a report a byte stands, in the words of its reader: the finding, then the heading, row
 * and column of a page, or the member of a JSON object, or the column of a table. It is fed with
 * the bytes of a report from its start on, and follows the forms that this program writes; what it
 * says of other bytes means little, and harms nothing.
 */
#ifndef REPORT_PLACE_H
#define REPORT_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define PLACE_WORDS_MAX   96 /* bytes of a name that are kept */
#define PLACE_COLUMNS_MAX 64
#define PLACE_DEPTH_MAX   16

struct place_words {
	char bytes[PLACE_WORDS_MAX];
	size_t len;
};

enum place_form {
	PLACE_PAGE,
	PLACE_JSON,
	PLACE_COLUMNS, /* comma-separated, names in the first line */
	PLACE_LINES,
};

struct place_level {
	bool list;
	uint64_t index;
	struct place_words key;
};

struct place {
	enum place_form form;
	uint64_t at;    /* bytes that were fed */
	uint64_t token; /* where the value began that the next byte belongs to */
	uint64_t line;  /* from 1 */

	/* of a page */
	bool in_tag;
	bool quoted; /* an attribute's value, or a string, or a quoted cell */
	struct place_words tag;
	struct place_words attribute;
	struct place_words *kept; /* where text goes; NULL: nowhere */
	struct place_words finding;
	struct place_words part;
	struct place_words row;
	struct place_words picture;
	bool in_head; /* of a table, or the line of names */

	/* of a page's table, or of columns */
	struct place_words columns[PLACE_COLUMNS_MAX];
	size_t column;

	/* of JSON */
	struct place_level levels[PLACE_DEPTH_MAX];
	size_t depth;
	bool after_key;
	bool escaped;
	struct place_words string;
	struct place_words target;
};

void place_init(struct place *p, enum place_form form);
void place_feed(struct place *p, const uint8_t *bytes, size_t len);

/* Would this byte end the value that p stands in? */
bool place_ends(const struct place *p, uint8_t byte);

/* Append it to *out; bytes that came from evidence are made visible. */
void place_say(const struct place *p, struct buf *out);

/* ---- for place_json.c and place_page.c ---- */

void place_clear(struct place_words *w);
void place_keep(struct place_words *w, uint8_t byte);
void place_put(struct buf *out, const struct place_words *w);
void place_json_step(struct place *p, uint8_t byte);
void place_json_say(const struct place *p, struct buf *out);
void place_page_step(struct place *p, uint8_t byte);
void place_page_say(const struct place *p, struct buf *out);

#endif
