/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The terms of the ranking's score, for every eligible name of a haystack, in order of p:
 *
 *   ranking-terms HAYSTACK    target, p, p of a clock, p of narrowness, presence; nan: no p
 *
 * For tools/ablation, which orders them anew. Nothing that is only shown is worked out.
 */
#include <math.h>
#include <stdio.h>

#include "base/parallel.h"
#include "haystack/haystack.h"
#include "hunt/hunt.h"

#define HUNT_BYTES (UINT64_C(1) << 30)

static void print(const struct hunt_result *r)
{
	for (size_t i = 0; i < r->finding_count; i++) {
		const struct finding *f = &r->findings[i];
		const struct finding_tests *t = &f->tests;
		char target[ENDPOINT_TEXT_MAX];
		size_t len = endpoint_format(&f->target, target);

		printf("%.*s\t%.6g\t%.6g\t%.6g\t%.6g\n", (int)len, target, f->p,
		    t->periodicity.p_clock,
		    t->narrowness.status.why == NULL ? t->narrowness.p : NAN,
		    t->persistence.status.why == NULL
			? (double)t->persistence.active_days / (double)t->persistence.span_days
			: 0);
	}
}

int main(int argc, char **argv)
{
	const struct hunt_settings settings = { .seed = 1,
		.jobs = parallel_default_jobs(),
		.memory_bytes = HUNT_BYTES,
		.top = SIZE_MAX / sizeof(struct finding),
		.vantage = "unknown",
		.version = "validate",
		.ranking_only = true };
	const struct hunt_result *result;
	struct haystack *h = NULL;
	struct arena memory;
	struct err err;
	bool ok;

	if (argc != 2) {
		fputs("usage: ranking-terms HAYSTACK\n", stderr);
		return 2;
	}
	arena_init(&memory, SIZE_MAX);
	ok = haystack_open(argv[1], false, &h, &err) &&
	     hunt_run(h, &settings, NULL, &memory, &result, &err);
	if (ok)
		print(result);
	else
		fprintf(stderr, "ranking-terms: %s\n", err.text);
	haystack_close(h);
	arena_release(&memory);
	return ok ? 0 : 2;
}
