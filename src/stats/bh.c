/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Benjamini & Hochberg 1995: q_(i) = min over j >= i of M p_(j) / j; Benjamini & Yekutieli 2001. */
#include "stats/bh.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/size.h"

#define EULER_GAMMA .5772156649015329
#define EXACT_UP_TO 1000000

struct entry {
	double p;
	size_t at;
};

static int entry_cmp(const void *a, const void *b)
{
	const struct entry *x = a;
	const struct entry *y = b;

	if (x->p != y->p)
		return x->p < y->p ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

bool bh_q(const double *p, size_t count, uint64_t of, double *ret_q, struct err *reterr)
{
	struct entry *sorted;
	double smallest = 1;

	assert(of >= count);
	if (count == 0)
		return true;
	sorted = malloc(size_mul(count, sizeof(*sorted)));
	if (sorted == NULL) {
		err_set_memory(reterr);
		return false;
	}
	for (size_t i = 0; i < count; i++)
		sorted[i] = (struct entry){ p[i], i };
	qsort(sorted, count, sizeof(*sorted), entry_cmp);
	for (size_t i = count; i-- > 0;) {
		smallest = fmin(smallest, (double)of * sorted[i].p / (double)(i + 1));
		ret_q[sorted[i].at] = smallest;
	}
	free(sorted);
	return true;
}

double bh_yekutieli_factor(uint64_t of)
{
	double sum = 0;

	if (of > EXACT_UP_TO)
		return log((double)of) + EULER_GAMMA + .5 / (double)of;
	for (uint64_t i = of; i > 0; i--)
		sum += 1 / (double)i;
	return sum;
}
