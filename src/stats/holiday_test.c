/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The distribution of the sum under the null is the convolution of one uniform choice a group:
 * exact, with no surrogates, since visits are whole numbers.
 */
#include "stats/holiday_test.h"

#include <stdlib.h>
#include <string.h>

#include "base/size.h"

#define GROUP_MAX 5

struct days {
	const double *visits;
	size_t count;
	int64_t first;
	const int64_t *holidays;
	size_t holiday_count;
};

static int day_cmp(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Visits of a day, or -1: not observed. */
static int visits_on(const struct days *d, int64_t day)
{
	double visits;

	if (day < d->first || day - d->first >= (int64_t)d->count)
		return -1;
	visits = d->visits[day - d->first];
	if (visits < 0)
		return -1;
	return visits > HOLIDAY_VISITS_MAX ? HOLIDAY_VISITS_MAX : (int)visits;
}

/* The holiday's own visits first, then those of the days to compare with; 0: too few. */
static size_t gather(const struct days *d, int64_t holiday, int ret[static GROUP_MAX])
{
	static const int weeks[] = { -2, -1, 1, 2 };
	size_t count = 0;

	ret[count++] = visits_on(d, holiday);
	if (ret[0] < 0)
		return 0;
	for (size_t i = 0; i < COUNT_OF(weeks); i++) {
		int64_t day = holiday + 7 * weeks[i];
		int visits = visits_on(d, day);

		if (visits >= 0 &&
		    bsearch(&day, d->holidays, d->holiday_count, sizeof(day), day_cmp) == NULL)
			ret[count++] = visits;
	}
	return count > HOLIDAY_COMPARED_MIN ? count : 0;
}

/* chance[s] of the sum s becomes that of s and one more choice; the largest sum now possible. */
static size_t convolve(double *chance, size_t largest, const int *group, size_t count, double *room)
{
	size_t grown = 0;

	memset(room, 0, (largest + HOLIDAY_VISITS_MAX + 1) * sizeof(*room));
	for (size_t i = 0; i < count; i++) {
		size_t visits = (size_t)group[i];

		for (size_t s = 0; s <= largest; s++)
			room[s + visits] += chance[s] / (double)count;
		grown = visits > grown ? visits : grown;
	}
	memcpy(chance, room, (largest + grown + 1) * sizeof(*chance));
	return largest + grown;
}

bool holiday_test(const double *visits, size_t day_count, int64_t first_day,
    const int64_t *holidays, size_t holiday_count, struct holiday_result *ret, struct err *reterr)
{
	const struct days d = { visits, day_count, first_day, holidays, holiday_count };
	size_t inside = 0, largest = 0, seen = 0, room_count;
	double *chance, *room;

	*ret = (struct holiday_result){ .p = 1 };
	for (size_t i = 0; i < holiday_count; i++)
		inside += visits_on(&d, holidays[i]) >= 0;
	room_count = size_mul(size_add(inside, 1), HOLIDAY_VISITS_MAX + 1);
	chance = calloc(room_count, sizeof(*chance));
	room = calloc(room_count, sizeof(*room));
	if (chance == NULL || room == NULL) {
		free(chance);
		free(room);
		err_set_memory(reterr);
		return false;
	}
	chance[0] = 1;
	for (size_t i = 0; i < holiday_count; i++) {
		int group[GROUP_MAX];
		size_t count = gather(&d, holidays[i], group);

		if (count == 0)
			continue;
		largest = convolve(chance, largest, group, count, room);
		seen += (size_t)group[0];
		ret->holidays++;
		for (size_t j = 1; j < count; j++)
			ret->expected += group[j] / (double)(count - 1);
	}
	ret->visits = (double)seen;
	if (ret->holidays > 0) {
		ret->p = 0;
		for (size_t s = 0; s <= seen; s++)
			ret->p += chance[s];
		ret->p = ret->p > 1 ? 1 : ret->p;
	}
	free(chance);
	free(room);
	return true;
}
