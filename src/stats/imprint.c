/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/imprint.h"

#include "base/limits.h"
#include "base/stamp.h"

int imprint_row_cmp(const void *a, const void *b)
{
	const struct imprint_row *x = a, *y = b;

	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	return (x->type > y->type) - (x->type < y->type);
}

static bool is_dark(const struct exposure *e, int64_t time_ns)
{
	double t_s = (double)time_ns / (double)NS_PER_S;
	size_t i = exposure_outage_after(e, t_s);

	return i < e->down_count && t_s >= e->down[i].from_s;
}

/* Rows [from, upto) are one visit. */
static void take_visit(const struct imprint_row *rows, size_t from, size_t upto,
    const struct exposure *e, struct imprint *ret)
{
	const struct imprint_row *first = &rows[from];
	bool several = false;

	for (size_t i = from + 1; i < upto; i++) {
		several = several || rows[i].type != first->type;
		ret->doubles +=
		    rows[i].time_ns == rows[i - 1].time_ns && rows[i].type == rows[i - 1].type;
	}
	ret->visits++;
	ret->accompanied += several;
	ret->dark += is_dark(e, first->time_ns);
	digits_count_seconds(&first->time_ns, 1, ret->seconds);
	if (first->digits > 0 && first->digits == ret->digits)
		digits_count_last(&first->time_ns, 1, first->digits, ret->last);
}

void imprint_take(
    const struct imprint_row *rows, size_t count, const struct exposure *e, struct imprint *ret)
{
	size_t from = 0;

	*ret = (struct imprint){ .rows = 0 };
	if (count > UINT32_MAX)
		count = UINT32_MAX;
	ret->rows = (uint32_t)count;
	for (size_t i = 0; i < count; i++)
		if (rows[i].digits > ret->digits)
			ret->digits = rows[i].digits;
	for (size_t i = 1; i <= count; i++) {
		/* differences may pass 63 bits */
		uint64_t t = i < count ? (uint64_t)rows[i].time_ns : 0;

		if (i < count &&
		    t - (uint64_t)rows[i - 1].time_ns <= LIMIT_VISIT_GAP_S * (uint64_t)NS_PER_S &&
		    t - (uint64_t)rows[from].time_ns <= LIMIT_VISIT_SPAN_S * (uint64_t)NS_PER_S)
			continue;
		take_visit(rows, from, i, e, ret);
		from = i;
	}
}
