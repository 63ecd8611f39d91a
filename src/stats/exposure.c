/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Live time as span minus outages, with prefix sums so that every question costs a binary search
 * whatever the number of outages. Finding them is exposure_find.c.
 */
#include "stats/exposure.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/minmax.h"
#include "base/size.h"
#include "stats/fortnight.h"

unsigned exposure_folded_cell(double t_s)
{
	return fortnight_cells[fortnight_moment(t_s).hour];
}

unsigned exposure_cell(double t_s)
{
	return exposure_folded_cell(t_s) % CELL_COUNT;
}

/* Add sign * (seconds of [from_s, to_s) in each cell), outages not regarded. */
static void add_span(double from_s, double to_s, double sign, double cells_s[static FOLDED_CELLS])
{
	struct moment from = fortnight_moment(from_s);
	double left_s = to_s - from_s;
	double hour_s = HOUR_S - from.into_s; /* that is left of the hour */

	/* in 14 days each day of the week falls on either fold once */
	if (left_s >= FORTNIGHT_S) {
		double fortnights = floor(left_s / FORTNIGHT_S);

		for (unsigned c = 0; c < FOLDED_CELLS; c++)
			cells_s[c] += sign * fortnights * HOUR_S * (c % CELL_COUNT < 24 ? 5 : 2);
		left_s -= fortnights * FORTNIGHT_S;
	}
	while (left_s > hour_s) {
		cells_s[fortnight_cells[from.hour]] += sign * hour_s;
		left_s -= hour_s;
		hour_s = HOUR_S;
		from.hour = from.hour + 1 < FORTNIGHT_HOURS ? from.hour + 1 : 0;
	}
	cells_s[fortnight_cells[from.hour]] += sign * left_s;
}

static int interval_cmp(const void *a, const void *b)
{
	const struct interval *x = a;
	const struct interval *y = b;

	return (x->from_s > y->from_s) - (x->from_s < y->from_s);
}

/* Sort, cut to the span, join what touches. */
static void tidy(struct exposure *e)
{
	size_t kept = 0;

	if (e->down_count > 0)
		qsort(e->down, e->down_count, sizeof(*e->down), interval_cmp);
	for (size_t i = 0; i < e->down_count; i++) {
		double from_s = fmax(e->down[i].from_s, e->first_s);
		double to_s = fmin(e->down[i].to_s, e->last_s);

		if (from_s >= to_s)
			continue;
		if (kept > 0 && from_s <= e->down[kept - 1].to_s)
			e->down[kept - 1].to_s = fmax(e->down[kept - 1].to_s, to_s);
		else
			e->down[kept++] = (struct interval){ from_s, to_s };
	}
	e->down_count = kept;
}

bool exposure_declare(double first_s, double last_s, const struct interval *down, size_t down_count,
    struct exposure *ret, struct err *reterr)
{
	struct exposure e = { .first_s = first_s, .last_s = last_s, .down_count = down_count };

	assert(first_s <= last_s);
	e.down = malloc(size_mul(size_add(down_count, 1), sizeof(*e.down)));
	e.down_before_s = calloc(size_add(down_count, 1), sizeof(*e.down_before_s));
	e.down_cells_s = calloc(size_add(down_count, 1), sizeof(*e.down_cells_s));
	if (e.down == NULL || e.down_before_s == NULL || e.down_cells_s == NULL) {
		exposure_release(&e);
		err_set_memory(reterr);
		return false;
	}
	if (down_count > 0)
		memcpy(e.down, down, down_count * sizeof(*down));
	tidy(&e);
	for (size_t i = 0; i < e.down_count; i++) {
		e.down_before_s[i + 1] = e.down_before_s[i] + e.down[i].to_s - e.down[i].from_s;
		memcpy(e.down_cells_s[i + 1], e.down_cells_s[i], sizeof(*e.down_cells_s));
		add_span(e.down[i].from_s, e.down[i].to_s, 1, e.down_cells_s[i + 1]);
	}
	*ret = e;
	return true;
}

void exposure_release(struct exposure *e)
{
	free(e->down);
	free(e->down_before_s);
	free(e->down_cells_s);
	*e = (struct exposure){ .first_s = e->first_s, .last_s = e->last_s };
}

size_t exposure_outage_after(const struct exposure *e, double t_s)
{
	size_t low = 0, high = e->down_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (e->down[middle].to_s <= t_s)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Seconds of outage before t_s. */
static double down_before(const struct exposure *e, double t_s)
{
	size_t i = exposure_outage_after(e, t_s);
	double sum = e->down_before_s[i];

	return i < e->down_count && t_s > e->down[i].from_s ? sum + t_s - e->down[i].from_s : sum;
}

double exposure_live(const struct exposure *e, double from_s, double to_s)
{
	from_s = fmax(from_s, e->first_s);
	to_s = fmin(to_s, e->last_s);
	if (from_s >= to_s)
		return 0;
	return to_s - from_s - (down_before(e, to_s) - down_before(e, from_s));
}

/* Add sign * (outage seconds before t_s) by cell. */
static void add_down_before(
    const struct exposure *e, double t_s, double sign, double cells_s[static FOLDED_CELLS])
{
	size_t i = exposure_outage_after(e, t_s);

	for (unsigned c = 0; c < FOLDED_CELLS; c++)
		cells_s[c] += sign * e->down_cells_s[i][c];
	if (i < e->down_count && t_s > e->down[i].from_s)
		add_span(e->down[i].from_s, t_s, sign, cells_s);
}

void exposure_add_live(const struct exposure *e, double from_s, double to_s, double sign,
    double cells_s[static FOLDED_CELLS])
{
	size_t outage;

	from_s = double_max(from_s, e->first_s);
	to_s = double_min(to_s, e->last_s);
	if (from_s >= to_s)
		return;
	add_span(from_s, to_s, sign, cells_s);
	outage = exposure_outage_after(e, from_s);
	if (outage == e->down_count || e->down[outage].from_s >= to_s)
		return;
	add_down_before(e, to_s, -sign, cells_s);
	add_down_before(e, from_s, sign, cells_s);
}

bool exposure_day_is_live(const struct exposure *e, int64_t day)
{
	return exposure_live(e, (double)day * DAY_S, ((double)day + 1) * DAY_S) > 0;
}
