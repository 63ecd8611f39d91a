/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/hunting.h"

#include <string.h>

#include "base/size.h"
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

/* What the sources of the case say together. */
struct census {
	struct vantage_votes votes;
	uint64_t contacts;
};

static bool count_source(void *context, const struct source *s, struct err *reterr)
{
	struct census *c = context;

	(void)reterr;
	c->votes.of[vantage_find(s->vantage)] += s->contacts;
	c->contacts += s->contacts;
	return true;
}

static bool digest_list(const char *path, struct report_list *ret, struct err *reterr)
{
	uint64_t bytes;

	ret->given = path != NULL;
	return path == NULL || digest_file(path, &ret->digest, &bytes, reterr);
}

struct gather {
	const struct haystack *haystack;
	struct digester *digester;
	size_t taken; /* of the haystack's sources */
};

static void take_source(struct gather *g)
{
	digester_add(g->digester, haystack_source(g->haystack, g->taken++)->bytes, DIGEST_BYTES);
}

/* A source that tells of losses, in its place between those of the haystack, which it may be in. */
static bool take_lossy(void *context, const struct digest *content, struct err *reterr)
{
	struct gather *g = context;
	int order = 1;

	(void)reterr;
	while (g->taken < haystack_source_count(g->haystack) &&
	       (order = digest_cmp(haystack_source(g->haystack, g->taken), content)) < 0)
		take_source(g);
	if (order != 0 || g->taken == haystack_source_count(g->haystack))
		digester_add(g->digester, content->bytes, DIGEST_BYTES);
	return true;
}

/* However the segments are cut, the same evidence has the same digest. */
static bool digest_evidence(struct workspace *w, struct digest *ret, struct err *reterr)
{
	struct gather g = { .haystack = w->haystack };
	bool ok = digester_new(&g.digester, reterr) &&
		  case_each_lossy(w->casefile, take_lossy, &g, reterr);

	while (ok && g.taken < haystack_source_count(w->haystack))
		take_source(&g);
	ok = ok && digester_peek(g.digester, ret, reterr);
	digester_free(g.digester);
	return ok;
}

struct losses {
	struct arena *memory;
	struct capture_loss *items;
	size_t count;
	size_t capacity;
};

static bool add_loss(void *context, const struct capture_loss *loss, struct err *reterr)
{
	struct losses *l = context;

	if (l->count == l->capacity) {
		size_t capacity = l->capacity == 0 ? 1024 : l->capacity * 2;
		struct capture_loss *items =
		    arena_alloc(l->memory, size_mul(capacity, sizeof(*items)));

		if (items == NULL) {
			err_set_memory(reterr);
			return false;
		}
		if (l->count > 0)
			memcpy(items, l->items, l->count * sizeof(*items));
		l->items = items;
		l->capacity = capacity;
	}
	l->items[l->count++] = *loss;
	return true;
}

static bool find_basis(
    struct workspace *w, const struct settings *s, struct report_basis *ret, struct err *reterr)
{
	ret->top = s->top;
	return digest_list(s->allow, &ret->allow, reterr) &&
	       digest_list(s->holidays, &ret->holidays, reterr) &&
	       digest_list(s->events, &ret->events, reterr) &&
	       digest_list(s->prior, &ret->prior, reterr) &&
	       digest_list(s->networks, &ret->networks, reterr) &&
	       digest_list(s->places, &ret->places, reterr) &&
	       digest_list(s->popularity, &ret->popularity, reterr) &&
	       digest_evidence(w, &ret->evidence, reterr);
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
	struct losses losses = { .memory = memory };
	struct census census = { .contacts = 0 };
	const struct hunt_progress progress = { .report = show_progress, .context = w };

	if (!case_each_source(w->casefile, count_source, &census, reterr) ||
	    !case_each_loss(w->casefile, add_loss, &losses, reterr))
		return false;
	settings.losses = losses.items;
	settings.loss_count = losses.count;
	settings.vantage = vantage_name(vantage_of_votes(&census.votes));
	settings.beside = of->beside && census.contacts <= HUNTING_BESIDE_MAX;
	if (!find_basis(w, s, &ret->basis, reterr) ||
	    !hunt_run(w->haystack, &settings, &progress, memory, &ret->result, reterr))
		return false;
	progress_clear(&w->progress);
	return health_lines(w->casefile, memory, &ret->health, &ret->health_count, reterr);
}
