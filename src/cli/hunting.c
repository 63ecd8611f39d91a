/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/hunting.h"

#include "cli/health.h"
#include "contact/vantage.h"
#include "hunt/hunt.h"

static void show_progress(void *context, const char *phase, uint64_t done, uint64_t total)
{
	struct workspace *w = context;

	/* a hunt changes nothing, so a signal may end it here, with the terminal put back first */
	if (stop_asked(&w->stop)) {
		progress_clear(&w->progress);
		stop_release(&w->stop, false);
	}
	progress_update(&w->progress, phase, done, total, false);
}

static bool count_vantage(void *context, const struct source *s, struct err *reterr)
{
	struct vantage_votes *votes = context;

	(void)reterr;
	votes->of[vantage_find(s->vantage)] += s->contacts;
	return true;
}

/* Where the contacts of the case were recorded. */
static bool find_vantage(struct casefile *c, enum vantage *ret, struct err *reterr)
{
	struct vantage_votes votes = { .of = { 0 } };

	if (!case_each_source(c, count_vantage, &votes, reterr))
		return false;
	*ret = vantage_of_votes(&votes);
	return true;
}

bool hunting_run(struct workspace *w, const struct settings *s, const struct endpoint *only,
    struct arena *memory, struct report_input *ret, struct err *reterr)
{
	struct hunt_settings settings = {
		.seed = s->seed,
		.jobs = w->jobs,
		.memory_bytes = s->memory,
		.top = s->top > SIZE_MAX ? SIZE_MAX : (size_t)s->top,
		.allow_path = s->allow,
		.holidays_path = s->holidays,
		.events_path = s->events,
		.version = LODESTONE_VERSION,
		.only = only,
	};
	enum vantage vantage;
	const struct hunt_progress progress = { .report = show_progress, .context = w };

	if (!find_vantage(w->casefile, &vantage, reterr))
		return false;
	settings.vantage = vantage_name(vantage);
	if (!hunt_run(w->haystack, &settings, &progress, memory, &ret->result, reterr))
		return false;
	progress_clear(&w->progress);
	return health_lines(w->casefile, memory, &ret->health, &ret->health_count, reterr);
}
