/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which known word was perhaps meant? */
#ifndef CLI_TYPO_H
#define CLI_TYPO_H

#include <stddef.h>

#define TYPO_WORD_MAX 64

struct typo {
	const char *word; /* what was typed */
	size_t len;
	const char *best; /* the nearest word so far, or NULL: none is near */
	unsigned distance;
};

void typo_init(struct typo *t, const char *word, size_t len);

/* Consider a word, which is borrowed; NULL is no word. Of equally near ones the first stays. */
void typo_try(struct typo *t, const char *known);

/*
 * Steps from a to b, each to insert, drop or replace a letter or to swap two neighbors (the
 * restricted Damerau-Levenshtein distance). Words over TYPO_WORD_MAX are far from everything.
 */
unsigned typo_distance(const char *a, size_t a_len, const char *b, size_t b_len);

#endif
