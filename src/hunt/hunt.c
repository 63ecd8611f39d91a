/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The order of work (METHODS 2.j). Each step has its own file:
 *
 *   funnel    one line of figures for every name, the sensor's coverage    all series
 *   coverage  when was the sensor alive?
 *   screen    eligible names, an analytic p of rhythm for each             their contacts
 *   narrow    how narrow among names of like popularity?
 *   follow    which narrow names come when the user's list says that something happened?
 *   order     a first ranking
 *   verdict   exact tests for its head, and for a sample of all            a few names
 *   order     false-discovery control, a second ranking
 *   weigh     how well do ordinary mechanisms explain its head?         a few names
 *   order     the final ranking
 *   cache     look-ups of their busiest peers
 *   tour      what do these peers do with other names? One walk for    all keys, their contacts
 *             background (their caches), peer_hours (their hours)
 *             usual (what mail hosts do) and narrow_units (operators)
 *   succession  what came before them, or after them?             all keys, facts
 *   company   what their peers and the sensor leave on other names      all keys
 *   explain     which ordinary mechanisms would make such a pattern?    their contacts
 *   detail    findings for the first of them
 *   join        what is known of their hosts by other names and addresses   facts
 */
#include "hunt/hunt.h"

#include <math.h>
#include <stdlib.h>

#include "base/parallel.h"
#include "base/size.h"
#include "calendar/calendar.h"
#include "hunt/allow.h"
#include "hunt/background.h"
#include "hunt/detail.h"
#include "hunt/follow.h"
#include "hunt/funnel.h"
#include "hunt/join.h"
#include "hunt/narrow.h"
#include "hunt/narrow_units.h"
#include "hunt/order.h"
#include "hunt/peer_hours.h"
#include "hunt/prior.h"
#include "hunt/phase.h"
#include "hunt/screen.h"
#include "hunt/succession.h"
#include "hunt/unranked.h"
#include "hunt/usual.h"
#include "hunt/verdict.h"
#include "hunt/weigh.h"
#include "stats/bh.h"
#include "stats/lambda_gc.h"

/* Ten years of days are listed at most, the latest ones: one wrong clock must not make a book. */
#define COVERAGE_DAYS_MAX 3660

#define RANK_BLOCK 1024 /* names ranked in one turn of a thread */

struct run {
	struct haystack *haystack;
	const struct hunt_settings *settings;
	const struct hunt_progress *progress;
	struct arena *memory;
	struct hunt_result *result;
	const struct allow *allow;
	struct holidays holidays;
	struct calendar events; /* where the settings name a list */
	struct prior prior;
	struct enrich enrich;
	struct classifier *classifier;
	struct key prefix; /* of the only target */
	struct funnel funnel;
	struct funnel all; /* of all names, where the only target is compared with them */
	struct exposure exposure;
	struct narrow *narrow;
	struct eligible *list;
	size_t count;
	size_t shown; /* of the list, from the first on */
};

static bool look(struct run *r, struct err *reterr)
{
	const struct hunt_settings *s = r->settings;
	struct funnel_settings funnel = { .jobs = s->jobs, .memory_bytes = s->memory_bytes };

	if (s->only != NULL) {
		key_of_target(&r->prefix, KEY_TAG_SERIES, s->only);
		funnel.prefix = &r->prefix;
	}
	if (!funnel_run(&r->funnel, r->haystack, &funnel, r->progress, reterr))
		return false;
	funnel.prefix = NULL;
	return !s->compared || funnel_run(&r->all, r->haystack, &funnel, r->progress, reterr);
}

/* Where the sensor and the peers of the names are to be seen. */
static const struct funnel *whole(const struct run *r)
{
	return r->settings->compared ? &r->all : &r->funnel;
}

/* No other name has been read. */
static bool is_alone(const struct run *r)
{
	return r->settings->only != NULL && !r->settings->compared;
}

static double span_from(const struct funnel *f)
{
	return floor((double)f->first_ns / (double)NS_PER_S);
}

/* Stamps are moved within their second at most. */
static double span_upto(const struct funnel *f)
{
	return floor((double)f->last_ns / (double)NS_PER_S) + 1;
}

static void list_days(struct run *r, const struct exposure_counts *counts,
    struct coverage_day *days, int64_t first_day)
{
	const int64_t windows_a_day = S_PER_DAY / COVERAGE_WINDOW_S;
	size_t n = r->result->coverage_count;

	for (size_t i = 0; i < counts->count; i++) {
		int64_t window = counts->first_window + (int64_t)i;
		int64_t day = window / windows_a_day - (window % windows_a_day < 0);

		if (day >= first_day && day - first_day < (int64_t)n)
			days[day - first_day].contacts += counts->counts[i];
	}
	for (size_t i = 0; i < n; i++) {
		double from = (double)((first_day + (int64_t)i) * S_PER_DAY),
		       upto = from + S_PER_DAY;

		from = fmax(from, r->exposure.first_s);
		upto = fmin(upto, r->exposure.last_s);
		days[i].day = first_day + (int64_t)i;
		days[i].live =
		    upto > from ? exposure_live(&r->exposure, from, upto) / (upto - from) : 0;
	}
}

static bool list_outages(struct run *r)
{
	const struct exposure *e = &r->exposure;
	struct change_span *list = arena_alloc(r->memory, (e->down_count + 1) * sizeof(*list));

	if (list == NULL)
		return false;
	for (size_t i = 0; i < e->down_count; i++) {
		list[i].from.ns = (int64_t)e->down[i].from_s * NS_PER_S;
		list[i].to.ns = (int64_t)e->down[i].to_s * NS_PER_S;
	}
	r->result->outages = list;
	r->result->outage_count = e->down_count;
	return true;
}

static bool report_coverage(struct run *r, const struct exposure_counts *counts, struct err *reterr)
{
	int64_t first = stamp_day(whole(r)->first_ns), last = stamp_day(whole(r)->last_ns);
	struct coverage_day *days;

	if (last - first >= COVERAGE_DAYS_MAX)
		first = last - COVERAGE_DAYS_MAX + 1;
	r->result->coverage_count = (size_t)(last - first) + 1;
	days = arena_alloc(r->memory, r->result->coverage_count * sizeof(*days));
	if (days == NULL) {
		err_set_memory(reterr);
		return false;
	}
	list_days(r, counts, days, first);
	if (!list_outages(r)) {
		err_set_memory(reterr);
		return false;
	}
	r->result->coverage = days;
	r->result->outages_judged = r->exposure.judged;
	r->result->live_share =
	    exposure_live(&r->exposure, r->exposure.first_s, r->exposure.last_s) /
	    (r->exposure.last_s - r->exposure.first_s);
	return true;
}

/*
 * One name's own contacts say nothing about the sensor: for a dossier it is taken as alive where
 * it does not itself say otherwise.
 */
static bool find_exposure(struct run *r, struct err *reterr)
{
	struct exposure_counts counts = { .count = 0 };
	double from = span_from(whole(r)), upto = span_upto(whole(r));
	uint32_t *windows = NULL;
	double *kept = NULL;
	bool ok;

	if (!coverage_flatten(&whole(r)->coverage, &counts.first_window, &windows, &counts.count)) {
		err_set_memory(reterr);
		return false;
	}
	ok = coverage_kept(r->settings->losses, r->settings->loss_count, counts.first_window,
	    counts.count, &kept, reterr);
	counts.counts = windows;
	counts.kept = kept;
	if (ok && !is_alone(r))
		ok = exposure_find(&counts, from, upto, &r->exposure, reterr);
	else if (ok)
		ok = exposure_take_reported(&counts, from, upto, &r->exposure, reterr);
	ok = ok && report_coverage(r, &counts, reterr);
	if (ok)
		coverage_sum_losses(
		    r->settings->losses, r->settings->loss_count, &r->exposure, &r->result->losses);
	free(windows);
	free(kept);
	return ok;
}

static bool screen(struct run *r, struct err *reterr)
{
	struct screen_settings s = { .exposure = &r->exposure,
		.seed = r->settings->seed,
		.jobs = r->settings->jobs,
		.keep_all = r->settings->only != NULL };

	return narrow_aggregate_from(
		   r->funnel.peer_totals, r->funnel.peer_count, &s.aggregate_from, reterr) &&
	       screen_run(r->haystack, &r->funnel, &s, r->progress, &r->list, &r->count, reterr);
}

static bool rank_block(size_t block, void *context, struct err *reterr)
{
	struct run *r = context;
	size_t from = block * RANK_BLOCK, upto = from + RANK_BLOCK;

	(void)reterr;
	for (size_t i = from; i < upto && i < r->count; i++) {
		struct eligible *e = &r->list[i];

		narrow_rank(r->narrow, e->name, &e->rank);
		e->presence =
		    (double)r->funnel.names[e->name].days / (double)funnel_days(&r->funnel);
	}
	return true;
}

struct head {
	struct run *run;
	size_t count;
	double score; /* of its last */
};

static bool refine_one(size_t i, void *context, struct err *reterr)
{
	const struct head *head = context;
	struct eligible *e = &head->run->list[i];

	(void)reterr;
	if (i >= head->count && e->score + order_lift(e) < head->score)
		return true;
	if (isnan(e->rank.peers_expected)) /* else refined before */
		narrow_refine(head->run->narrow, e->name, &e->rank);
	return true;
}

/*
 * Sharper ranks of narrowness can lift a name, by ORDER_REFINED_MAX at most: those that could so
 * come among the first `count` get them.
 */
static bool refine_head(struct run *r, size_t count, struct err *reterr)
{
	struct head head = { .run = r, .count = count < r->count ? count : r->count };
	size_t upto = head.count;

	if (head.count == 0)
		return true;
	head.score = r->list[head.count - 1].score;
	while (upto < r->count && r->list[upto].score >= head.score - ORDER_REFINED_MAX)
		upto++;
	if (!parallel_for(r->settings->jobs, upto, refine_one, &head, reterr))
		return false;
	order_score(r->list, r->count);
	order_sort(r->list, r->count);
	return true;
}

static bool rank_narrowness(struct run *r, struct err *reterr)
{
	size_t blocks = (r->count + RANK_BLOCK - 1) / RANK_BLOCK;

	return narrow_new(&r->funnel, r->settings->seed, &r->narrow, reterr) &&
	       parallel_for(r->settings->jobs, blocks, rank_block, r, reterr);
}

/* A name alone has nobody to be ranked with. */
static bool find_followers(struct run *r, struct err *reterr)
{
	const struct follow_settings s = {
		.exposure = &r->exposure, .events = &r->events, .jobs = r->settings->jobs
	};

	if (r->settings->events_path == NULL || r->settings->only != NULL ||
	    r->settings->ranking_only)
		return true;
	return follow_run(r->haystack, &s, r->progress, r->list, r->count, reterr);
}

static bool judge(struct run *r, struct err *reterr)
{
	const struct verdict_settings s = {
		.exposure = &r->exposure,
		.seed = r->settings->seed,
		.jobs = r->settings->jobs,
		.work = r->settings->only == NULL ? VERDICT_WORK : VERDICT_WORK_ALONE,
	};
	size_t count = r->count < VERDICT_NAMES ? r->count : VERDICT_NAMES;

	if (!verdict_audit(
		r->haystack, &s, r->progress, r->list, r->count, &r->result->lambda_gc, reterr) ||
	    !verdict_run(r->haystack, &s, r->progress, r->list, count, reterr))
		return false;
	for (size_t i = 0; i < r->count; i++)
		r->list[i].p = lambda_gc_deflate(r->list[i].p, r->result->lambda_gc);
	return true;
}

/* A name out of its haystack can be tested, but not compared: it has no q. */
static bool control(struct run *r, struct err *reterr)
{
	if (r->settings->only == NULL)
		return order_control(r->list, r->count, r->count, reterr);
	for (size_t i = 0; i < r->count; i++)
		r->list[i].q = NAN;
	return true;
}

/* Findings are worked out side by side, each in an arena of its own. */
struct description {
	struct run *run;
	struct detail_settings settings;
	struct finding *findings;
	struct arena *arenas;
	struct cache_settings cache;
	struct cache_subject *subjects; /* one for each finding */
	struct phase phase;
};

/* Are the names told beside the others of the ranking: their peers' hours, what came before? */
static bool compares(const struct description *d)
{
	return !d->settings.alone && !d->settings.ranking_only;
}

/* Are they compared with what their peers leave on other names? */
static bool reads_others(const struct description *d)
{
	return !is_alone(d->run) && !d->settings.ranking_only;
}

static bool read_subject(size_t i, void *context, struct err *reterr)
{
	struct description *d = context;
	const struct eligible *e = &d->run->list[i];

	return cache_subject_read(
	    d->run->haystack, &d->cache, e->key, e->key_len, &d->subjects[i], reterr);
}

static bool read_subjects(struct description *d, size_t count, struct err *reterr)
{
	return d->settings.ranking_only ||
	       parallel_for(d->run->settings->jobs, count, read_subject, d, reterr);
}

static bool describe_one(size_t i, void *context, struct err *reterr)
{
	struct description *d = context;
	struct finding *f = &d->findings[i];
	bool ok = detail_fill(d->run->haystack, &d->settings, &d->run->list[i], &d->subjects[i],
	    &d->arenas[i], f, reterr);

	f->rank = d->settings.alone ? 0 : d->run->list[i].place;
	phase_step(&d->phase);
	return ok;
}

static bool describe_all(struct description *d, size_t count, struct err *reterr)
{
	struct run *r = d->run;
	bool ok;

	for (size_t i = 0; i < count; i++)
		arena_init(&d->arenas[i], r->memory->max_bytes);
	phase_init(&d->phase, r->progress, "findings", count);
	ok = parallel_for(r->settings->jobs, count, describe_one, d, reterr);
	for (size_t i = 0; i < count; i++)
		arena_adopt(r->memory, &d->arenas[i]);
	return ok;
}

/* What the tour of other names leaves for the findings; each NULL where it was not asked for. */
struct others {
	struct peer_hours *peers;
	struct usual *usual;
	struct narrow_units *units;
};

/* Those that read the other names of the ranking. Adds to *n. */
static bool add_readers(struct description *d, size_t count, struct others *ret,
    struct tour_reader *readers, size_t *n, struct err *reterr)
{
	const struct run *r = d->run;

	if (!peer_hours_new(r->haystack, r->list, count, r->funnel.first_ns, r->funnel.last_ns,
		&ret->peers, reterr) ||
	    !usual_new(&r->funnel, r->funnel.part_count, &ret->usual, reterr) ||
	    !narrow_units_new(
		&r->funnel, r->narrow, &r->enrich, r->list, count, &ret->units, reterr))
		return false;
	readers[(*n)++] = peer_hours_reader(ret->peers);
	readers[(*n)++] = usual_reader(ret->usual);
	readers[(*n)++] = narrow_units_reader(ret->units);
	d->settings.peer_hours = ret->peers;
	d->settings.units = ret->units;
	d->settings.usual = ret->usual;
	return true;
}

/* A name alone is told without other names of its peers: they are not read. */
static bool read_others(struct description *d, size_t count, struct others *ret, struct err *reterr)
{
	const struct run *r = d->run;
	struct background *background = NULL;
	struct tour_reader readers[TOUR_READERS_MAX];
	size_t n = 0;
	bool ok;

	if (is_alone(r) && r->settings->beside &&
	    !usual_read(r->haystack, r->settings->jobs, r->progress, &ret->usual, reterr))
		return false;
	d->settings.usual = ret->usual;
	if (!reads_others(d))
		return true;
	ok = background_new(whole(r), &d->cache, d->subjects, count, &background, reterr);
	if (ok)
		readers[n++] = background_reader(background);
	ok = ok && (!compares(d) || add_readers(d, count, ret, readers, &n, reterr)) &&
	     tour_run(r->haystack, (unsigned)whole(r)->part_count, readers, n, r->settings->jobs,
		 r->progress, reterr) &&
	     (ret->usual == NULL || usual_settle(ret->usual, reterr));
	if (ok)
		background_settle(background);
	background_free(background);
	return ok;
}

/* Nor with those that came before or after. */
static bool find_successions(
    struct description *d, size_t count, struct successions **ret, struct err *reterr)
{
	const struct run *r = d->run;
	const struct succession_settings s = {
		.seed = r->settings->seed, .jobs = r->settings->jobs, .progress = r->progress
	};

	if (!compares(d))
		return true;
	if (!successions_new(r->haystack, &r->funnel, r->list, count, &s, ret, reterr))
		return false;
	d->settings.successions = *ret;
	return true;
}

/* Nor with what its peers and its sensor leave on other names. */
static bool read_companies(
    struct description *d, size_t count, struct companies *ret, struct err *reterr)
{
	const struct run *r = d->run;

	if (!reads_others(d))
		return true;
	d->settings.companies = ret;
	return companies_read(ret, r->haystack, whole(r), &r->exposure, d->subjects, count,
	    r->settings->jobs, r->progress, reterr);
}

static void count_needles(struct run *r)
{
	double strict = bh_yekutieli_factor(r->count);

	for (size_t i = 0; i < r->count; i++) {
		r->result->needles += r->list[i].q <= ORDER_NEEDLE_Q;
		r->result->needles_strict += r->list[i].q * strict <= ORDER_NEEDLE_Q;
	}
}

static bool describe(struct run *r, struct err *reterr)
{
	struct join_case covers = { .known = false };
	struct description d = { .run = r,
		.settings = { .funnel = &r->funnel,
		    .exposure = &r->exposure,
		    .allow = r->allow,
		    .holidays = r->settings->holidays_path == NULL ? NULL : &r->holidays,
		    .events = r->settings->events_path == NULL ? NULL : &r->events,
		    .classifier = r->classifier,
		    .prior = &r->prior,
		    .enrich = &r->enrich,
		    .covers = &covers,
		    .vantage = r->result->vantage,
		    .seed = r->settings->seed,
		    .lambda_gc = r->result->lambda_gc,
		    /* many findings run side by side, or the tests of one */
		    .jobs = r->settings->only != NULL ? r->settings->jobs : 1,
		    .alone = r->settings->only != NULL,
		    .ranking_only = r->settings->ranking_only },
		.cache = { .exposure = &r->exposure,
		    .vantage = r->result->vantage,
		    .seed = r->settings->seed,
		    .jobs = r->settings->jobs } };
	size_t count = r->shown;
	struct others others = { .peers = NULL };
	struct successions *successions = NULL;
	struct companies companies = { .count = 0 };
	bool ok;

	if (!is_alone(r) && !join_case_of(whole(r), &r->exposure, &covers, reterr))
		return false;
	d.findings = arena_alloc(r->memory, size_mul(count, sizeof(*d.findings)));
	d.arenas = arena_alloc(r->memory, size_mul(count, sizeof(*d.arenas)));
	d.subjects = calloc(count + 1, sizeof(*d.subjects));
	if (d.findings == NULL || d.arenas == NULL || d.subjects == NULL) {
		free(d.subjects);
		join_case_release(&covers);
		err_set_memory(reterr);
		return false;
	}
	d.settings.cache = &d.cache;
	ok = read_subjects(&d, count, reterr) && read_others(&d, count, &others, reterr) &&
	     find_successions(&d, count, &successions, reterr) &&
	     read_companies(&d, count, &companies, reterr) && describe_all(&d, count, reterr) &&
	     join_settle(d.findings, count, r->memory, reterr);
	join_case_release(&covers);
	peer_hours_free(others.peers);
	usual_free(others.usual);
	narrow_units_free(others.units);
	companies_release(&companies);
	successions_free(successions);
	for (size_t i = 0; i < count; i++)
		cache_subject_release(&d.subjects[i]);
	free(d.subjects);
	r->result->findings = d.findings;
	r->result->finding_count = ok ? count : 0;
	count_needles(r);
	return ok;
}

/* Put the head in order by what ordinary mechanisms leave of its surprise. */
static bool weigh_head(struct run *r, struct err *reterr)
{
	const struct explain_settings s = { .classifier = r->classifier,
		.prior = &r->prior,
		.exposure = &r->exposure,
		.vantage = r->result->vantage,
		.seed = r->settings->seed };
	size_t head = r->settings->top > WEIGH_NAMES ? r->settings->top : WEIGH_NAMES;
	size_t count = head < r->count ? head : r->count;

	if (r->settings->only != NULL)
		return true;
	if (!weigh_run(r->haystack, &s, r->settings->jobs, r->progress, r->list, count, reterr))
		return false;
	order_score(r->list, count);
	order_sort(r->list, count);
	return true;
}

static bool rank(struct run *r, struct err *reterr)
{
	size_t head = r->settings->top > VERDICT_NAMES ? r->settings->top : VERDICT_NAMES;

	if (!rank_narrowness(r, reterr) || !find_followers(r, reterr) || !control(r, reterr))
		return false;
	order_score(r->list, r->count);
	order_sort(r->list, r->count);
	if (!refine_head(r, head, reterr) || !judge(r, reterr) || !control(r, reterr))
		return false;
	order_score(r->list, r->count);
	order_sort(r->list, r->count);
	/* verdicts may have let others pass: every name that is shown has the same sharpness */
	if (!refine_head(r, head, reterr))
		return false;
	if (r->settings->ranking_only)
		order_sort_by_p(r->list, r->count);
	else if (!weigh_head(r, reterr))
		return false;
	r->shown = order_choose(r->list, r->count, r->settings->top);
	return describe(r, reterr);
}

static bool explain_none(struct run *r, struct err *reterr)
{
	r->result->none_eligible = unranked_why(&r->funnel, r->memory);
	if (r->result->none_eligible == NULL) {
		err_set_memory(reterr);
		return false;
	}
	return unranked_list(r->haystack, &r->funnel, r->settings->top, r->memory,
	    &r->result->unranked, &r->result->unranked_count, reterr);
}

static bool work(struct run *r, struct err *reterr)
{
	struct hunt_result *result = r->result;

	if (!look(r, reterr))
		return false;
	result->first = (struct stamp){ whole(r)->first_ns, whole(r)->digits };
	result->last = (struct stamp){ whole(r)->last_ns, whole(r)->digits };
	result->contacts = whole(r)->contacts;
	result->names = whole(r)->name_count;
	if (r->funnel.contacts == 0)
		return explain_none(r, reterr);
	if (!find_exposure(r, reterr))
		return false;
	if (r->settings->coverage_only)
		return true;
	if (!screen(r, reterr))
		return false;
	result->eligible = r->count;
	return r->count == 0 ? explain_none(r, reterr) : rank(r, reterr);
}

/* The dates that were looked for, for those who look at the result. */
static bool list_events(struct run *r, struct err *reterr)
{
	const struct calendar *c = &r->events;
	struct event_mark *marks = arena_alloc(r->memory, size_mul(c->count, sizeof(*marks)));

	if (marks == NULL) {
		err_set_memory(reterr);
		return false;
	}
	for (size_t i = 0; i < c->count; i++)
		marks[i] =
		    (struct event_mark){ .day = c->events[i].day, .label = c->events[i].label };
	r->result->events = marks;
	r->result->event_count = c->count;
	return true;
}

bool hunt_run(struct haystack *h, const struct hunt_settings *settings,
    const struct hunt_progress *progress, struct arena *memory, const struct hunt_result **ret,
    struct err *reterr)
{
	struct run r = {
		.haystack = h, .settings = settings, .progress = progress, .memory = memory
	};
	bool ok = false;

	r.result = arena_alloc(memory, sizeof(*r.result));
	if (r.result == NULL) {
		err_set_memory(reterr);
		return false;
	}
	*r.result = (struct hunt_result){ .version = settings->version,
		.seed = settings->seed,
		.vantage = settings->vantage,
		.lambda_gc = NAN,
		.live_share = NAN };
	if (settings->allow_path != NULL &&
	    !allow_read(settings->allow_path, memory, &r.allow, reterr))
		return false;
	if (settings->holidays_path != NULL &&
	    !holidays_read(settings->holidays_path, memory, &r.holidays, reterr))
		return false;
	if (settings->events_path != NULL &&
	    !(calendar_read(settings->events_path, memory, &r.events, reterr) &&
		list_events(&r, reterr)))
		return false;
	prior_init(&r.prior);
	if (settings->prior_path != NULL && !prior_read(settings->prior_path, &r.prior, reterr))
		return false;
	ok = enrich_open(&settings->enrich, &r.enrich, reterr) &&
	     classifier_load(&r.classifier, reterr) && work(&r, reterr);
	if (ok)
		*ret = r.result;
	enrich_release(&r.enrich);
	free(r.classifier);
	free(r.list);
	narrow_free(r.narrow);
	exposure_release(&r.exposure);
	funnel_release(&r.funnel);
	funnel_release(&r.all);
	return ok;
}
