/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The number of days with each direction is the same in every permutation, so the share of days
 * with both rises with their number, and that is what is compared.
 */
#include "stats/reciprocity.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/size.h"
#include "stats/monte_carlo.h"

#define WEEK    7
#define WEEKEND 5 /* from this weekday on */

struct days {
	bool *out; /* weekdays first, then weekends, so that each class lies together */
	bool *in;
	size_t count;
	size_t weekdays;
};

static bool make_days(struct days *d, const bool *in, const bool *out, size_t count, unsigned first)
{
	*d = (struct days){ .out = malloc(size_add(count, 1)), .in = malloc(size_add(count, 1)) };
	if (d->out == NULL || d->in == NULL)
		return false;
	for (unsigned weekend = 0; weekend < 2; weekend++) {
		for (size_t i = 0; i < count; i++) {
			if (((first + i) % WEEK >= WEEKEND) != (weekend == 1))
				continue;
			d->in[d->count] = in[i];
			d->out[d->count++] = out[i];
		}
		if (weekend == 0)
			d->weekdays = d->count;
	}
	return true;
}

static size_t count_both(const struct days *d)
{
	size_t both = 0;

	for (size_t i = 0; i < d->count; i++)
		both += d->in[i] && d->out[i];
	return both;
}

/* Fisher and Yates. */
static void shuffle(bool *days, size_t count, struct philox *random)
{
	for (size_t i = count; i > 1; i--) {
		size_t other = philox_below(random, (uint32_t)i);
		bool kept = days[i - 1];

		days[i - 1] = days[other];
		days[other] = kept;
	}
}

bool reciprocity_test(const bool *in, const bool *out, size_t count, unsigned first_weekday,
    struct philox *random, struct reciprocity_result *ret, struct err *reterr)
{
	static const struct monte_carlo_plan plan = { .surrogates_max = RECIPROCITY_SURROGATES };
	struct monte_carlo draws = { .values = NULL };
	struct monte_carlo_result p;
	struct days d;
	size_t either = 0;
	bool ok = make_days(&d, in, out, count, first_weekday);

	*ret = (struct reciprocity_result){ .p = 1 };
	for (size_t i = 0; i < count; i++)
		either += in[i] || out[i];
	if (!ok || either == 0)
		goto out;
	monte_carlo_begin(&draws, (double)count_both(&d));
	ret->share = draws.observed / (double)either;
	while (ok && draws.observed > 0 && monte_carlo_goes_on(&draws, &plan)) {
		shuffle(d.out, d.weekdays, random);
		shuffle(d.out + d.weekdays, d.count - d.weekdays, random);
		ok = monte_carlo_add(&draws, (double)count_both(&d));
	}
	monte_carlo_p(&draws, &p);
	ret->p = p.p;
out:
	if (!ok)
		err_set_memory(reterr);
	monte_carlo_release(&draws);
	free(d.in);
	free(d.out);
	return ok;
}
