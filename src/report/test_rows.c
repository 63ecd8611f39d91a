/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/test_rows.h"

#include <math.h>
#include <string.h>

#include "finding/change_words.h"
#include "finding/why.h"
#include "finding/succession_words.h"
#include "finding/words.h"
#include "report/test_rows_authenticity.h"
#include "report/test_rows_cache.h"

#define SMALL_P 0.05

/* ---- narrow and steady ---- */

static bool see_narrowness(const struct finding *f, struct buf *out, double *ret_p)
{
	const struct test_narrowness *t = &f->tests.narrowness;

	buf_text(out, "as many as ");
	words_amount(out, t->peers, 3, "equal peer", "equal peers");
	buf_text(out, ", where ");
	words_number(out, t->expected, 3);
	buf_text(out, " are usual for ");
	words_things(out, t->band_names, "name", "names");
	buf_text(out, " of like popularity");
	*ret_p = t->p;
	return true;
}

static bool see_operators(const struct finding *f, struct buf *out, double *ret_p)
{
	const struct test_narrowness *t = &f->tests.narrowness;

	*ret_p = t->p_operators;
	if (!isfinite(t->p_operators))
		return false;
	buf_text(out, "as many as ");
	words_amount(out, t->operators, 3, "equal operator", "equal operators");
	buf_text(out, f->enrichment.operators_by_system ? " by the file of networks"
							: ", each /24 or /48 being one");
	buf_text(out, ", where ");
	words_number(out, t->operators_expected, 3);
	buf_text(out, " are usual for the same names");
	return true;
}

static bool see_persistence(const struct finding *f, struct buf *out, double *ret_p)
{
	const struct test_persistence *t = &f->tests.persistence;

	buf_text(out, "met on ");
	words_count(out, t->active_days);
	buf_text(out, " of ");
	words_things(out, t->span_days, "day", "days");
	*ret_p = t->p;
	return true;
}

/* ---- rhythm ---- */

static bool see_gaps(const struct finding *f, struct buf *out, double *ret_p)
{
	const struct finding_gaps *g = &f->gaps;

	*ret_p = f->tests.periodicity.p_gap;
	if (!isfinite(*ret_p))
		return false;
	if (g->total == 0) {
		buf_text(out, "no peer came twice");
		return true;
	}
	buf_text(out, "half of the pauses last from ");
	words_seconds(out, g->quartiles_s[0]);
	buf_text(out, " to ");
	words_seconds(out, g->quartiles_s[2]);
	buf_text(out, ", the middle one ");
	words_seconds(out, g->quartiles_s[1]);
	return true;
}

static bool see_days(const struct finding *f, struct buf *out, double *ret_p)
{
	*ret_p = f->tests.periodicity.p_days;
	if (!isfinite(*ret_p))
		return false;
	words_number(out, (double)f->visits / fmax((double)f->active_days, 1), 3);
	buf_text(out, " visits on a day that has any, on ");
	words_things(out, f->active_days, "day", "days");
	return true;
}

static bool see_period(const struct finding *f, struct buf *out, double *ret_p)
{
	const struct test_periodicity *t = &f->tests.periodicity;

	*ret_p = t->p_any;
	if (!isfinite(*ret_p))
		return false;
	if (isfinite(t->period_s)) {
		buf_text(out, "the busiest peer's visits recur best at ");
		words_seconds(out, t->period_s);
	} else {
		buf_text(out, "none of the customary periods stands out");
	}
	return true;
}

static bool see_own_rhythm(const struct finding *f, struct buf *out, double *ret_p)
{
	*ret_p = f->tests.periodicity.p_cache;
	if (!isfinite(*ret_p))
		return false;
	buf_text(out, *ret_p < SMALL_P ? "some period is stronger than one cache makes it"
				       : "none that one cache does not make");
	return true;
}

/* Which visits keep the schedule, and when the others were. */
static void say_beats(const struct test_periodicity *t, struct buf *out)
{
	size_t count = t->strays < TEST_STRAYS_MAX ? (size_t)t->strays : TEST_STRAYS_MAX;

	if (t->verdict != RHYTHM_SCHEDULE)
		return;
	buf_text(out, "; ");
	words_count(out, t->beats);
	buf_text(out, " of ");
	words_things(out, t->beats + t->strays, "visit", "visits");
	buf_text(out, " are beats");
	for (size_t i = 0; i < count; i++) {
		char text[STAMP_TEXT_MAX];

		buf_text(out, i > 0                ? i + 1 < count ? ", " : " and "
			      : t->strays == count ? ", all but "
						   : "; least so ");
		buf_put(out, text, stamp_format_iso(t->stray[i].at, text));
	}
}

static bool see_clock(const struct finding *f, struct buf *out, double *ret_p)
{
	const struct test_periodicity *t = &f->tests.periodicity;

	*ret_p = t->p_clock;
	if (!isfinite(*ret_p))
		return false;
	if (!isfinite(t->jitter_s)) {
		buf_text(out, "no beat to measure against");
		return true;
	}
	buf_text(out, "visits are off the beat by ");
	words_seconds(out, t->jitter_s);
	if (isfinite(t->missing)) {
		buf_text(out, ", ");
		words_share(out, t->missing);
		buf_text(out, " of the beats have none");
	}
	say_beats(t, out);
	return true;
}

static bool see_together(const struct finding *f, struct buf *out, double *ret_p)
{
	buf_printf(out, "rhythm: %s", tests_rhythm_name(f->tests.periodicity.verdict));
	*ret_p = f->p;
	return true;
}

/* ---- hours ---- */

static bool see_hours(const struct finding *f, struct buf *out, double *ret_p)
{
	const struct test_hours *t = &f->tests.hours;
	size_t last = t->set.count - 1;

	words_share(out, t->office_share);
	buf_text(out, " of the visits from 9 to 18 in ");
	if (t->offset_found)
		words_zone(out, t->utc_offset_min);
	else
		buf_text(out, "the zone where they are most");
	if (t->offset_found && t->set.count > 1) {
		buf_text(out, " (");
		words_zone(out, t->set.minutes[0]);
		buf_text(out, " to ");
		words_zone(out, t->set.minutes[last]);
		buf_text(out, " fit as well)");
	}
	buf_text(out, "; 38% by chance");
	*ret_p = t->p;
	return true;
}

static bool see_week(const struct finding *f, struct buf *out, double *ret_p)
{
	*ret_p = f->tests.hours.p_week;
	if (!isfinite(*ret_p))
		return false;
	buf_text(out,
	    *ret_p <= SMALL_P ? "weekends differ from other days" : "weekends are as other days");
	return true;
}

static bool see_holidays(const struct finding *f, struct buf *out, double *ret_p)
{
	*ret_p = f->tests.hours.p_holidays;
	if (!isfinite(*ret_p))
		return false;
	words_number(out, f->tests.hours.holiday_ratio, 2);
	buf_text(out, " times the visits of the same weekdays around them");
	return true;
}

/* ---- change ---- */

static void say_span(struct buf *out, const struct change_span *s)
{
	words_date(out, s->from);
	buf_text(out, " to ");
	words_date(out, s->to);
}

static bool see_levels(const struct finding *f, struct buf *out, double *ret_p)
{
	*ret_p = (double)NAN;
	if (f->tests.changes.block_count == 0)
		return false;
	buf_text(out, "in visits, ");
	change_words_levels(out, &f->tests.changes);
	return true;
}

static bool see_burst(const struct finding *f, struct buf *out, double *ret_p)
{
	*ret_p = f->tests.changes.p_burst;
	buf_text(out, "densest from ");
	say_span(out, &f->tests.changes.burst);
	return true;
}

static bool see_silence(const struct finding *f, struct buf *out, double *ret_p)
{
	*ret_p = f->tests.changes.p_silence;
	buf_text(out, "longest, by its hours, from ");
	say_span(out, &f->tests.changes.silence);
	return true;
}

static bool see_stop(const struct finding *f, struct buf *out, double *ret_p)
{
	*ret_p = f->tests.changes.p_stop;
	if (isnan(*ret_p))
		return false;
	buf_text(out, "last met on ");
	words_date(out, f->last);
	return true;
}

static bool see_events(const struct finding *f, struct buf *out, double *ret_p)
{
	const struct test_events *t = &f->tests.events;

	*ret_p = t->p;
	words_count(out, t->matched_count);
	buf_text(out, " of ");
	words_things(out, t->date_count, "date", "dates");
	buf_text(out, " on or near its busiest days, within ");
	words_things(out, (uint64_t)t->window_days, "day", "days");
	for (size_t i = 0; i < t->matched_count; i++)
		buf_printf(out, "%s\"%s\"", i == 0 ? ": " : ", ", t->matched[i]);
	return true;
}

static bool see_reciprocity(const struct finding *f, struct buf *out, double *ret_p)
{
	const struct test_reciprocity *t = &f->tests.reciprocity;

	*ret_p = t->p;
	words_count(out, t->both);
	buf_text(out, " of ");
	words_things(out, t->either, "day", "days");
	buf_text(out, " with mail had it both ways; ");
	words_things(out, t->out, "delivery", "deliveries");
	buf_text(out, " to it, ");
	words_count(out, t->in);
	buf_text(out, " by it");
	return true;
}

static bool see_stop_near(const struct finding *f, struct buf *out, double *ret_p)
{
	const struct test_events *t = &f->tests.events;

	*ret_p = t->p_stop_near;
	if (t->stop_label == NULL || !isfinite(*ret_p))
		return false;
	words_things(out, t->stop_days, "day", "days");
	buf_printf(out, " from \"%s\" to its last day", t->stop_label);
	return true;
}

/* ---- what records say of each other ---- */

static bool see_succession(const struct finding *f, struct buf *out, double *ret_p)
{
	const struct succession_entry *e = f->tests.succession.entries;

	*ret_p = (double)NAN;
	if (f->tests.succession.count == 0) {
		buf_text(out, "none of the names that fit in time");
		return true;
	}
	*ret_p = e->p;
	buf_text(out, e->successor ? "followed by " : "after ");
	succession_words_entry(out, e);
	buf_text(out, "; ");
	words_p_of(out, "q", e->q);
	if (f->tests.succession.count > 1) {
		buf_text(out, "; and ");
		words_count(out, f->tests.succession.count - 1);
		buf_text(out, " more");
	}
	return true;
}

/* ---- all of them ---- */

/* Append what was seen and set *ret_p; false, with nothing appended: this part did not run. */
typedef bool see_fn(const struct finding *f, struct buf *out, double *ret_p);

/* The names are those of why_tests(), in its order. */
static const struct {
	const char *test;
	const char *name;
	const char *null;  /* or NULL */
	const char *model; /* or NULL */
	see_fn *see;
} rows[] = {
	{ "narrowness", "few peers", "a name drawn from those of like popularity", NULL,
	    see_narrowness },
	{ "narrowness", "few operators", "the same", NULL, see_operators },
	{ "persistence", "many days", "a name drawn from those as popular and as narrow", NULL,
	    see_persistence },
	{ "periodicity", "even pauses (p_gap)",
	    "people who ask independently of each other in the hours and on the weekdays that"
	    " these contacts show, behind one cache for each peer",
	    NULL, see_gaps },
	{ "periodicity", "even days (p_days)",
	    "the same people, whose number of visits varies by chance from day to day", NULL,
	    see_days },
	{ "periodicity", "a period (p_any)",
	    "visits at a rate that does not change; caches and office hours break that as well, so"
	    " this one orders and makes no needle",
	    NULL, see_period },
	{ "periodicity", "a rhythm of its own (p_cache)",
	    "the same people and cache, by random copies of the busiest peer's visits", NULL,
	    see_own_rhythm },
	{ "periodicity", "a clock (p_clock)",
	    "pauses of one run may come in any order, or each day may be moved as a whole: sleep"
	    " timers, caches and people do so",
	    NULL, see_clock },
	{ "periodicity", "the timing tests together (p)",
	    "pauses and days of all its peers as uneven as those people's", NULL, see_together },
	{ "cache", "what it hides", NULL,
	    "people who ask independently of each other; a look-up that is seen hides all"
	    " others for the TTL",
	    test_rows_cache_rate },
	{ "cache", "pauses against the TTL",
	    "a cache that is emptied as often as with the same peer's other names", NULL,
	    test_rows_cache_pauses },
	{ "cache", "pauses beyond the TTL",
	    "people who ask independently of each other in the same hours; many more are demand"
	    " that waits for the TTL, or comes in sessions",
	    NULL, test_rows_cache_shape },
	{ "cache", "the two busiest peers",
	    "two peers that keep the same hours and do not depend on each other (like weekdays "
	    "exchanged"
	    " within eight weeks)",
	    NULL, test_rows_cache_joint },
	{ "hours", "working hours", "visits that could stand at any turn of their UTC day", NULL,
	    see_hours },
	{ "hours", "weekends", "weeks that could begin on any of their days", NULL, see_week },
	{ "hours", "holidays", "which of these days was the holiday makes no difference", NULL,
	    see_holidays },
	{ "changes", "levels", NULL, "a rate that stays level between changes, in its own hours",
	    see_levels },
	{ "changes", "a burst (p_burst)",
	    "the same people at one level all the time, as uneven from day to day as these", NULL,
	    see_burst },
	{ "changes", "a silence (p_silence)",
	    "the same people at the level of the four weeks before", NULL, see_silence },
	{ "changes", "a stop (p_stop)",
	    "going on to the end of the record at the level that it had", NULL, see_stop },
	{ "events", "busy near the dates",
	    "the same list laid over any other days, searched for its best lag and window each"
	    " time",
	    NULL, see_events },
	{ "events", "a stop near a date", "a stop on any day of the record", NULL, see_stop_near },
	{ "reciprocity", "mail both ways on the same days",
	    "the days of one way exchanged among the weekdays and among the weekends", NULL,
	    see_reciprocity },
	{ "succession", "handed over", "two names as popular, of which neither followed the other",
	    NULL, see_succession },
	{ "authenticity", "records that agree",
	    "one more name of the same resolver on the same sensor, by all checks together", NULL,
	    test_rows_authenticity_verdict },
	{ "authenticity", "time to live",
	    "one more name in the same resolver's cache, as often emptied or passed by", NULL,
	    test_rows_authenticity_ttl },
	{ "authenticity", "digits of the clock", "one more name on the same sensor's clock", NULL,
	    test_rows_authenticity_digits },
	{ "authenticity", "copied rows",
	    "pauses that could come in any order within their day; rows as often double as others",
	    NULL, test_rows_authenticity_copies },
	{ "authenticity", "the sensor's outages",
	    "one more name on the same sensor, seen when it sees", NULL,
	    test_rows_authenticity_coverage },
	{ "authenticity", "companions",
	    "one more name of the same resolver, its types asked for together", NULL,
	    test_rows_authenticity_companions },
};

static const struct {
	const char *test;
	const char *question;
} questions[] = {
	{ "narrowness", "Do only few meet it?" },
	{ "persistence", "Does it go on?" },
	{ "periodicity", "Does it keep a rhythm?" },
	{ "cache", "What do caches hide?" },
	{ "hours", "Whose hours does it keep?" },
	{ "changes", "Did it change?" },
	{ "events", "Did it change with outside events?" },
	{ "reciprocity", "Does mail go both ways?" },
	{ "succession", "Did another take its place?" },
	{ "authenticity", "Do the records contradict each other?" },
};

static bool has_run(const struct finding *f, const char *test)
{
	struct why_test tests[WHY_TESTS];

	why_tests(&f->tests, tests);
	for (size_t i = 0; i < WHY_TESTS; i++)
		if (strcmp(tests[i].name, test) == 0)
			return tests[i].status->why == NULL;
	return false;
}

static const char *question_of(const char *test)
{
	for (size_t i = 0; i < COUNT_OF(questions); i++)
		if (strcmp(questions[i].test, test) == 0)
			return questions[i].question;
	return test;
}

size_t test_rows_count(void)
{
	return COUNT_OF(rows);
}

bool test_rows_make(const struct finding *f, size_t i, struct test_row *ret, struct buf *effect)
{
	*ret = (struct test_row){ .test = rows[i].test,
		.question = question_of(rows[i].test),
		.name = rows[i].name,
		.null = rows[i].null,
		.model = rows[i].model,
		.p = (double)NAN };
	return has_run(f, rows[i].test) && rows[i].see(f, effect, &ret->p);
}
