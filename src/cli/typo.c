/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/typo.h"

#include <limits.h>
#include <string.h>

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

unsigned typo_distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	/* the row of the letter before last, of the last, and of this one */
	unsigned rows[3][TYPO_WORD_MAX + 1];

	if (a_len > TYPO_WORD_MAX || b_len > TYPO_WORD_MAX)
		return UINT_MAX;
	for (unsigned j = 0; j <= b_len; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		unsigned *row = rows[i % 3];
		const unsigned *above = rows[(i + 2) % 3];
		const unsigned *above2 = rows[(i + 1) % 3];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= b_len; j++) {
			const unsigned change = above[j - 1] + (a[i - 1] != b[j - 1]);

			row[j] = least(change, least(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = least(row[j], above2[j - 2] + 1);
		}
	}
	return rows[a_len % 3][b_len];
}

void typo_init(struct typo *t, const char *word, size_t len)
{
	*t = (struct typo){ .word = word, .len = len, .best = NULL, .distance = UINT_MAX };
}

void typo_try(struct typo *t, const char *known)
{
	size_t len = known == NULL ? 0 : strlen(known);
	unsigned d;

	if (len == 0 || t->len == 0)
		return;
	/* the beginning of a word is the word cut short; else a third of the letters may be off */
	if (t->len < len && t->len >= 2 && memcmp(t->word, known, t->len) == 0)
		d = 1;
	else
		d = typo_distance(t->word, t->len, known, len);
	if (d >= t->distance || d > 1 + len / 3 || d >= len)
		return;
	t->best = known;
	t->distance = d;
}
