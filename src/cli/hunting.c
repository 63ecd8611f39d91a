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

static bool digest_list(const char *path, struct report_list *ret, struct err *reterr)
{
	uint64_t bytes;

	ret->given = path != NULL;
	return path == NULL || digest_file(path, &ret->digest, &bytes, reterr);
}

/* However the segments are cut, the same evidence has the same digest. */
static bool digest_evidence(const struct haystack *h, struct digest *ret, struct err *reterr)
{
	struct digester *d = NULL;
	bool ok = digester_new(&d, reterr);

	for (size_t i = 0; ok && i < haystack_source_count(h); i++)
		digester_add(d, haystack_source(h, i)->bytes, DIGEST_BYTES);
	ok = ok && digester_peek(d, ret, reterr);
	digester_free(d);
	return ok;
}

static bool find_basis(const struct haystack *h, const struct settings *s, struct report_basis *ret,
    struct err *reterr)
{
	ret->top = s->top;
	return digest_list(s->allow, &ret->allow, reterr) &&
	       digest_list(s->holidays, &ret->holidays, reterr) &&
	       digest_list(s->events, &ret->events, reterr) &&
	       digest_list(s->prior, &ret->prior, reterr) &&
	       digest_list(s->networks, &ret->networks, reterr) &&
	       digest_list(s->places, &ret->places, reterr) &&
	       digest_list(s->popularity, &ret->popularity, reterr) &&
	       digest_evidence(h, &ret->evidence, reterr);
}

bool hunting_run(struct workspace *w, const struct settings *s, const struct hunting_of *of,
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
		.prior_path = s->prior,
		.enrich = { s->networks, s->places, s->popularity },
		.version = LODESTONE_VERSION,
		.only = of->only,
		.compared = of->compared,
		.coverage_only = of->coverage_only,
	};
	enum vantage vantage;
	const struct hunt_progress progress = { .report = show_progress, .context = w };

	if (!find_vantage(w->casefile, &vantage, reterr))
		return false;
	settings.vantage = vantage_name(vantage);
	if (!find_basis(w->haystack, s, &ret->basis, reterr) ||
	    !hunt_run(w->haystack, &settings, &progress, memory, &ret->result, reterr))
		return false;
	progress_clear(&w->progress);
	return health_lines(w->casefile, memory, &ret->health, &ret->health_count, reterr);
}
