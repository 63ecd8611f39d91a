/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One bit for each of the 213,504 days of the range, 27 KB in all, allocated once a scan; only
 * the words that were touched are cleared again.
 */
#include "hunt/days.h"

#include <stdlib.h>
#include <string.h>

#include "base/stamp.h"

#define DAY_MIN   (-(STAMP_MAX_S + 1) / S_PER_DAY - 1)
#define DAY_WORDS ((size_t)(-2 * DAY_MIN) / 64 + 1)

void days_release(struct days *d)
{
	free(d->bits);
	*d = (struct days){ 0 };
}

void days_clear(struct days *d)
{
	if (d->upto > d->from)
		memset(d->bits + d->from, 0, (d->upto - d->from) * sizeof(*d->bits));
	d->from = 0;
	d->upto = 0;
	d->count = 0;
}

bool days_add(struct days *d, int64_t day)
{
	size_t index, word;
	uint64_t bit;

	if (d->upto > d->from && day == d->last)
		return true;
	if (d->bits == NULL)
		d->bits = calloc(DAY_WORDS, sizeof(*d->bits));
	if (d->bits == NULL)
		return false;
	index = (size_t)(day - DAY_MIN);
	word = index / 64;
	bit = UINT64_C(1) << (index % 64);
	if (d->upto == d->from) {
		d->from = word;
		d->upto = word;
	}
	if (word < d->from)
		d->from = word;
	if (word >= d->upto)
		d->upto = word + 1;
	d->count += (d->bits[word] & bit) == 0;
	d->bits[word] |= bit;
	d->last = day;
	return true;
}
