/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tests of a finding, key by key in the order of schema/finding-v1.schema.json.
 */
#include "report/json_tests.h"

#include <math.h>

#include "finding/authenticity_words.h"
#include "report/member.h"

static void put_narrowness(struct printer *p, const struct test_narrowness *t)
{
	printer_begin_map(p);
	member_number(p, "p", t->p);
	member_number(p, "peers", t->peers);
	member_number(p, "expected", t->expected);
	member_count(p, "band_names", t->band_names);
	member_number(p, "p_operators", t->p_operators);
	member_number(p, "operators", t->operators);
	member_number(p, "operators_expected", t->operators_expected);
	printer_end(p);
}

static void put_persistence(struct printer *p, const struct test_persistence *t)
{
	printer_begin_map(p);
	member_number(p, "p", t->p);
	member_count(p, "active_days", t->active_days);
	member_count(p, "span_days", t->span_days);
	printer_end(p);
}

static void put_periodicity(struct printer *p, const struct test_periodicity *t)
{
	printer_begin_map(p);
	member_number(p, "p_gap", t->p_gap);
	member_number(p, "p_days", t->p_days);
	member_number(p, "p_any", t->p_any);
	member_number(p, "p_cache", t->p_cache);
	member_number(p, "p_clock", t->p_clock);
	member_number(p, "period_s", t->period_s);
	member_number(p, "jitter_s", t->jitter_s);
	member_number(p, "missing", t->missing);
	member_text(p, "verdict", tests_rhythm_name(t->verdict));
	printer_end(p);
}

static void put_cache(struct printer *p, const struct test_cache *t)
{
	printer_begin_map(p);
	member_number(p, "ttl_s", t->ttl_s);
	member_number(p, "saturation", t->saturation);
	member_number(p, "rate_per_h", t->rate_per_h);
	member_number(p, "rate_lo", t->rate_lo);
	member_number(p, "rate_hi", t->rate_hi);
	member_number(p, "violations_p", t->violations_p);
	printer_map_key(p, "caches");
	if (t->caches > 0)
		printer_uinteger(p, t->caches);
	else
		printer_null(p);
	member_number(p, "joint_p", t->joint_p);
	printer_end(p);
}

static void put_offsets(struct printer *p, const char *key, const struct hours_offsets *o)
{
	printer_map_key(p, key);
	printer_begin_list(p);
	for (size_t i = 0; i < o->count; i++)
		printer_integer(p, o->minutes[i]);
	printer_end(p);
}

static void put_hours(struct printer *p, const struct test_hours *t)
{
	printer_begin_map(p);
	member_number(p, "p", t->p);
	member_number(p, "p_week", t->p_week);
	printer_map_key(p, "utc_offset_min");
	if (t->offset_found)
		printer_integer(p, t->utc_offset_min);
	else
		printer_null(p);
	put_offsets(p, "utc_offsets_min", &t->set);
	member_number(p, "office_share", t->office_share);
	member_text(p, "ends", tests_ends_name(t->ends));
	printer_map_key(p, "ends_found");
	printer_begin_list(p);
	for (size_t i = 0; i < t->ends_count; i++) {
		printer_begin_map(p);
		member_text(p, "end", tests_ends_name(t->ends_found[i].end));
		printer_map_key(p, "utc_offset_min");
		printer_integer(p, t->ends_found[i].utc_offset_min);
		put_offsets(p, "set", &t->ends_found[i].set);
		printer_end(p);
	}
	printer_end(p);
	member_number(p, "p_holidays", t->p_holidays);
	member_number(p, "holiday_ratio", t->holiday_ratio);
	printer_end(p);
}

static void put_changes(struct printer *p, const struct test_changes *t)
{
	printer_begin_map(p);
	printer_map_key(p, "blocks");
	printer_begin_list(p);
	for (size_t i = 0; i < t->block_count; i++) {
		printer_begin_map(p);
		member_time(p, "from", t->blocks[i].from);
		member_time(p, "to", t->blocks[i].to);
		member_number(p, "rate_per_h", t->blocks[i].rate_per_h);
		printer_end(p);
	}
	printer_end(p);
	member_number(p, "p_burst", t->p_burst);
	member_number(p, "p_silence", t->p_silence);
	member_number(p, "p_stop", t->p_stop);
	printer_map_key(p, "stopped");
	if (t->has_stopped)
		printer_time(p, t->stopped);
	else
		printer_null(p);
	printer_end(p);
}

static void put_events(struct printer *p, const struct test_events *t)
{
	printer_begin_map(p);
	member_text(p, "status", "tested");
	member_number(p, "p", t->p);
	printer_map_key(p, "declared");
	printer_boolean(p, t->declared);
	member_number(p, "window_days", t->window_days);
	member_strings(p, "matched", t->matched, t->matched_count);
	printer_end(p);
}

static void put_reciprocity(struct printer *p, const struct test_reciprocity *t)
{
	printer_begin_map(p);
	member_number(p, "p", t->p);
	member_count(p, "days_both", t->both);
	member_count(p, "days_either", t->either);
	member_count(p, "delivered_to", t->out);
	member_count(p, "delivered_by", t->in);
	printer_end(p);
}

static void put_entry(struct printer *p, const struct succession_entry *e)
{
	printer_begin_map(p);
	member_endpoint(p, "target", &e->target);
	member_text(p, "relation", e->successor ? "successor" : "predecessor");
	member_number(p, "p", e->p);
	member_number(p, "q", e->q);
	member_number(p, "lag_s", e->lag_s);
	printer_map_key(p, "shared");
	printer_begin_list(p);
	for (unsigned i = 0; i < SHARED_COUNT; i++)
		if (e->shared & 1u << i)
			printer_string(p, tests_share_name((enum succession_share)i));
	printer_end(p);
	member_count(p, "contacts", e->contacts);
	if (e->asker_known) {
		member_endpoint(p, "first_asker", &e->first_asker);
	} else {
		printer_map_key(p, "first_asker");
		printer_null(p);
	}
	member_number(p, "first_asker_p", e->asker_known ? e->first_asker_p : NAN);
	member_strings(p, "downgrades", e->downgrades, e->downgrade_count);
	printer_end(p);
}

static void put_checks(struct printer *p, const struct test_authenticity *t)
{
	printer_map_key(p, "checks");
	printer_begin_list(p);
	for (size_t i = 0; i < AUTHENTICITY_CHECKS; i++) {
		const struct authenticity_result *r = &t->checks[i];

		printer_begin_map(p);
		member_text(p, "check", authenticity_words_name((enum authenticity_check)i));
		if (r->why != NULL) {
			member_text(p, "why", r->why);
		} else {
			member_number(p, "p", r->p);
			member_number(p, "seen", r->seen);
			member_number(p, "of", r->of);
			member_number(p, "expected", r->expected);
			member_text(p, "what",
			    authenticity_words_concern((enum authenticity_check)i, r->part));
		}
		printer_end(p);
	}
	printer_end(p);
}

static void put_authenticity(struct printer *p, const struct test_authenticity *t)
{
	printer_begin_map(p);
	member_text(p, "verdict", tests_authenticity_name(t->verdict));
	member_strings(p, "concerns", t->concerns, t->concern_count);
	member_number(p, "p", t->p);
	put_checks(p, t);
	printer_end(p);
}

static void put_untested(struct printer *p, const char *why)
{
	printer_begin_map(p);
	member_text(p, "status", "not testable");
	member_text(p, "why", why);
	printer_end(p);
}

static void put_succession(struct printer *p, const struct test_succession *t)
{
	printer_begin_list(p);
	for (size_t i = 0; i < t->count; i++)
		put_entry(p, &t->entries[i]);
	printer_end(p);
}

/* Write the key, and the reason if it did not run. */
static bool ran(struct printer *p, const char *name, const struct test_status *status)
{
	printer_map_key(p, name);
	if (status->why != NULL)
		put_untested(p, status->why);
	return status->why == NULL;
}

void json_tests_authenticity(struct printer *p, const struct test_authenticity *t)
{
	if (ran(p, "authenticity", &t->status))
		put_authenticity(p, t);
}

void json_tests(struct printer *p, const struct finding_tests *t)
{
	printer_map_key(p, "tests");
	printer_begin_map(p);
	if (ran(p, "narrowness", &t->narrowness.status))
		put_narrowness(p, &t->narrowness);
	if (ran(p, "persistence", &t->persistence.status))
		put_persistence(p, &t->persistence);
	if (ran(p, "periodicity", &t->periodicity.status))
		put_periodicity(p, &t->periodicity);
	if (ran(p, "cache", &t->cache.status))
		put_cache(p, &t->cache);
	if (ran(p, "hours", &t->hours.status))
		put_hours(p, &t->hours);
	if (ran(p, "changes", &t->changes.status))
		put_changes(p, &t->changes);
	if (ran(p, "events", &t->events.status))
		put_events(p, &t->events);
	if (ran(p, "reciprocity", &t->reciprocity.status))
		put_reciprocity(p, &t->reciprocity);
	if (ran(p, "succession", &t->succession.status))
		put_succession(p, &t->succession);
	json_tests_authenticity(p, &t->authenticity);
	printer_end(p);
}
