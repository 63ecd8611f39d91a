/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hunt/order.h"

#include <math.h>
#include <stdlib.h>

#include "base/size.h"
#include "stats/bh.h"

#define QUANTUM_BITS 20
#define ROUNDING     1e-3 /* more than scores lose by that */

double order_quantize(double x)
{
	int exponent;
	double fraction;

	if (!isfinite(x) || x == 0)
		return x;
	fraction = frexp(x, &exponent);
	return ldexp(rint(ldexp(fraction, QUANTUM_BITS)), exponent - QUANTUM_BITS);
}

const char *order_narrow_why_not(const struct eligible *e)
{
	if (e->aggregate > 0.5)
		return "most contacts come from peers that ask for so many names that one address "
		       "may be many people";
	if (!e->rank.tested)
		return "too few names of like popularity to compare with";
	return NULL;
}

static double minus_log10(double p)
{
	return p > 0 ? -log10(p) : -log10(5e-324);
}

/* What chance does not explain, among so many names, and a clock neither. A name alone has no q. */
static double rhythm(const struct eligible *e)
{
	double p_clock = isnan(e->timing.p_clock) ? 1 : e->timing.p_clock;

	if (e->q > ORDER_NEEDLE_Q)
		return 0;
	return fmax(
	    fmin(minus_log10(e->p), ORDER_RHYTHM_MAX) - fmin(minus_log10(p_clock), ORDER_CLOCK_MAX),
	    0);
}

/* How steady a name is: every day, or whenever something happened. */
static double steadiness(const struct eligible *e)
{
	return fmax(e->presence, e->follows);
}

double order_lift(const struct eligible *e)
{
	double room = ORDER_NARROW_MAX - minus_log10(e->rank.p_narrow);

	if (order_narrow_why_not(e) != NULL || !(room > 0))
		return 0;
	return ORDER_EFFECT * steadiness(e) * room + ROUNDING;
}

void order_score(struct eligible *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct eligible *e = &list[i];
		double narrow = order_narrow_why_not(e) == NULL ? minus_log10(e->rank.p_narrow) : 0;

		if (narrow > ORDER_NARROW_MAX)
			narrow = ORDER_NARROW_MAX;
		e->score = order_quantize(
		    fmax(1 - e->innocent, ORDER_LEFT_MIN) *
		    (rhythm(e) + ORDER_EFFECT * steadiness(e) * narrow + ORDER_DOUBT * e->doubt));
	}
}

bool order_control(struct eligible *list, size_t count, uint64_t of, struct err *reterr)
{
	double *p = calloc(size_add(count, 1), 2 * sizeof(*p));
	double *q;
	bool ok;

	if (p == NULL) {
		err_set_memory(reterr);
		return false;
	}
	q = p + count;
	for (size_t i = 0; i < count; i++)
		p[i] = list[i].p;
	ok = bh_q(p, count, of, q, reterr);
	for (size_t i = 0; i < count && ok; i++)
		list[i].q = q[i];
	free(p);
	return ok;
}

static int ascending(double x, double y)
{
	x = order_quantize(x);
	y = order_quantize(y);
	return (x > y) - (x < y);
}

static double persistence(const struct eligible *e)
{
	return e->rank.tested ? e->rank.p_persistent : 1;
}

static int eligible_cmp(const void *a, const void *b)
{
	const struct eligible *x = a, *y = b;
	int order = ascending(y->score, x->score);

	if (order == 0)
		order = ascending(x->p, y->p);
	if (order == 0)
		order = ascending(persistence(x), persistence(y));
	if (order == 0)
		order = ascending((double)y->timing.visits, (double)x->timing.visits);
	if (order == 0)
		order = (x->name > y->name) - (x->name < y->name);
	return order;
}

void order_sort(struct eligible *list, size_t count)
{
	if (count > 1)
		qsort(list, count, sizeof(*list), eligible_cmp);
}

static int p_cmp(const void *a, const void *b)
{
	const struct eligible *x = a, *y = b;
	int order = ascending(x->p, y->p);

	return order == 0 ? eligible_cmp(a, b) : order;
}

void order_sort_by_p(struct eligible *list, size_t count)
{
	if (count > 1)
		qsort(list, count, sizeof(*list), p_cmp);
}

size_t order_choose(struct eligible *list, size_t count, size_t top)
{
	size_t first = count < top ? count : top;
	size_t upto = count - first < first ? count : 2 * first, shown = first;

	for (size_t i = 0; i < count; i++)
		list[i].place = (uint32_t)i + 1;
	for (size_t i = first; i < count && shown < upto; i++) {
		struct eligible needle = list[i];

		if (!(needle.q <= ORDER_NEEDLE_Q))
			continue;
		list[i] = list[shown];
		list[shown++] = needle;
	}
	return shown;
}
