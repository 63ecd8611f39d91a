/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Levels are cut by the day: the cells are the counted events of a UTC day with the clock that
 * ran for them. Cut at every event, the sessions of people (several visits in an hour or two)
 * were changes of level in a quarter of innocent series.
 */
#include "stats/level.h"

#include <math.h>
#include <stdlib.h>

#include "base/philox.h"
#include "base/size.h"
#include "stats/blocks.h"
#include "stats/fortnight.h"
#include "stats/scan.h"
#include "stats/silence.h"
#include "stats/stop.h"

#define PURPOSE_BURST 5

struct days {
	struct blocks_cell *cells;
	double *ends_s; /* the last event of each */
	size_t *starts; /* of the blocks, in cells */
	size_t count;
	size_t blocks;
};

static bool make_days(struct days *d, const struct optime *o)
{
	int64_t before = INT64_MIN;

	d->cells = malloc(size_mul(o->count, sizeof(*d->cells)));
	d->ends_s = malloc(size_mul(o->count, sizeof(*d->ends_s)));
	d->starts = malloc(size_mul(o->count, sizeof(*d->starts)));
	if (d->cells == NULL || d->ends_s == NULL || d->starts == NULL)
		return false;
	for (size_t i = 0; i < o->count; i++) {
		int64_t day = round_down(o->ends_s[i] / DAY_S);

		if (day != before)
			d->cells[d->count++] = (struct blocks_cell){ 0 };
		before = day;
		d->cells[d->count - 1].count++;
		d->cells[d->count - 1].clock += o->steps[i];
		d->ends_s[d->count - 1] = o->ends_s[i];
	}
	return true;
}

static void release_days(struct days *d)
{
	free(d->cells);
	free(d->ends_s);
	free(d->starts);
}

static void list_blocks(const struct days *d, const struct optime *o, struct level_result *ret)
{
	if (d->blocks > LEVEL_BLOCKS_MAX)
		return;
	for (size_t i = 0; i < d->blocks; i++) {
		size_t from = d->starts[i], upto = i + 1 < d->blocks ? d->starts[i + 1] : d->count;

		ret->blocks[i] = (struct level_span){
			.from_s = from == 0 ? o->first_s : d->ends_s[from - 1],
			.to_s = d->ends_s[upto - 1],
		};
	}
	ret->block_count = d->blocks;
}

/* When the step began. */
static double began(const struct optime *o, size_t step)
{
	return step == 0 ? o->first_s : o->ends_s[step - 1];
}

static bool find_burst(const struct level_input *in, const struct optime *o, double dispersion,
    struct level_result *ret, struct err *reterr)
{
	double windows[SCAN_WINDOWS_MAX];
	struct philox random;
	struct scan_plan plan = { .windows = windows, .dispersion = dispersion, .random = &random };
	struct scan_result burst;

	philox_init(&random, in->seed, in->series, PURPOSE_BURST);
	plan.window_count =
	    scan_windows(o->total, exposure_live(in->exposure, o->first_s, ret->last_s), windows);
	if (!scan_test(o->steps, o->count, &plan, &burst, reterr))
		return false;
	ret->p_burst = burst.p;
	ret->burst_ratio = burst.ratio;
	if (burst.upto > burst.from)
		ret->burst =
		    (struct level_span){ o->ends_s[burst.from], o->ends_s[burst.upto - 1] };
	return true;
}

static void find_stop(const struct optime *o, const struct days *d, struct level_result *ret)
{
	double last_count = 0, last_clock = 0;

	for (size_t i = d->starts[d->blocks - 1]; i < d->count; i++) {
		last_count += d->cells[i].count;
		last_clock += d->cells[i].clock;
	}
	ret->p_stop = stop_test(
	    (double)o->count, o->total, last_count, last_clock, o->after, ret->dispersion);
}

static void find_silence(const struct optime *o, struct level_result *ret)
{
	struct silence_result silence;

	silence_test(o, ret->dispersion, &silence);
	ret->p_silence = silence.p;
	ret->silence = (struct level_span){ began(o, silence.at), o->ends_s[silence.at] };
}

/* Everything but the burst, which alone takes surrogates. */
static bool run(const struct level_input *in, struct optime *o, struct days *d,
    struct level_result *ret, struct err *reterr)
{
	*ret = (struct level_result){ .p_burst = 1, .p_silence = 1, .p_stop = 1 };
	if (!optime_run(o, in->streams, in->stream_count, in->exposure, reterr))
		return false;
	ret->counted = o->count;
	if (o->count < OPTIME_STEPS_MIN || !(o->total > 0))
		return true;
	if (!make_days(d, o)) {
		err_set_memory(reterr);
		return false;
	}
	ret->dispersion = optime_dispersion(o->day_seen, o->day_expected, o->day_count);
	if (!blocks_find(d->cells, d->count, ret->dispersion, d->starts, &d->blocks, reterr))
		return false;
	ret->tested = true;
	ret->last_s = o->ends_s[o->count - 1];
	list_blocks(d, o, ret);
	find_silence(o, ret);
	find_stop(o, d, ret);
	return true;
}

bool level_test_quick(const struct level_input *in, struct level_result *ret, struct err *reterr)
{
	struct optime o = { .steps = NULL };
	struct days d = { .cells = NULL };
	bool ok = run(in, &o, &d, ret, reterr);

	release_days(&d);
	optime_release(&o);
	return ok;
}

bool level_test(const struct level_input *in, struct level_result *ret, struct err *reterr)
{
	struct optime o = { .steps = NULL };
	struct days d = { .cells = NULL };
	bool ok = run(in, &o, &d, ret, reterr) &&
		  (!ret->tested || find_burst(in, &o, ret->dispersion, ret, reterr));

	release_days(&d);
	optime_release(&o);
	return ok;
}
