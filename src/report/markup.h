/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * HTML and SVG written as it is called, in a form that an XML parser reads too: every element is
 * closed, every attribute quoted, all text escaped. Elements and attribute names are the
 * program's own words; text and attribute values may come from anywhere.
 */
#ifndef REPORT_MARKUP_H
#define REPORT_MARKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define MARKUP_DEPTH_MAX 24

struct markup {
	struct buf *out; /* borrowed */
	unsigned depth;
	const char *stack[MARKUP_DEPTH_MAX];
	bool tag_open; /* attributes may follow */
};

void markup_init(struct markup *m, struct buf *out);

void markup_begin(struct markup *m, const char *element);
void markup_end(struct markup *m); /* of the innermost element */

void markup_attr(struct markup *m, const char *name, const char *value);
void markup_attr_len(struct markup *m, const char *name, const void *value, size_t len);
void markup_attr_uint(struct markup *m, const char *name, uint64_t value);

void markup_text(struct markup *m, const char *text);
void markup_text_len(struct markup *m, const void *text, size_t len);

/* Where words of our own, with none of < > & " in them, may be written as they are. */
struct buf *markup_words(struct markup *m);

/* A whole element with text and at most a class (or NULL). */
void markup_element(struct markup *m, const char *element, const char *class, const char *text);

#endif
