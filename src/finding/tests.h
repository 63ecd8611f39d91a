/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What each test of one target found, key by key as in lodestone-findings(5). All memory is in
 * the hunt's arena.
 *
 * A number that could not be had is NAN. A test that could not run has status.why set; its other
 * fields then mean nothing.
 */
#ifndef FINDING_TESTS_H
#define FINDING_TESTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/stamp.h"
#include "contact/endpoint.h"

/* NULL: the test ran. Else a short reason in plain words: "needs 10 visits, has 4". Static or arena. */
struct test_status {
	const char *why;
};

struct test_narrowness {
	struct test_status status;
	double p;
	double peers;        /* effective: D2 = 1 / sum of squared shares */
	double expected;     /* median of the band */
	uint64_t band_names; /* names compared with */
	/* The same with operators for peers (hunt/operator.h); NAN: they were not counted. */
	double p_operators;
	double operators;
	double operators_expected;
};

struct test_persistence {
	struct test_status status;
	double p;
	uint64_t active_days;
	uint64_t span_days;
};

enum rhythm_verdict {
	RHYTHM_CANNOT_TELL,
	RHYTHM_NONE,
	RHYTHM_CACHE,
	RHYTHM_SCHEDULE,
};

/* A visit that is hardly a beat. */
struct test_stray {
	struct stamp at;
	double membership; /* probability of being a beat */
};

#define TEST_STRAYS_MAX 3

struct test_periodicity {
	struct test_status status;
	double p_gap;
	double p_days;
	double p_any;
	double p_cache;
	double p_clock;
	double period_s; /* NAN: none stands out */
	double jitter_s;
	double missing; /* share of beats without a contact */
	enum rhythm_verdict verdict;
	uint64_t beats;  /* the busiest peer's visits that are likelier a beat than not */
	uint64_t strays; /* its others */
	struct test_stray stray[TEST_STRAYS_MAX]; /* the least likely of them, in order of time */
};

/* What the busiest peer's cache shows and hides (METHODS 2.b). */
struct test_cache {
	struct test_status status;
	double ttl_s;      /* NAN: none known, none found */
	double saturation; /* share of the time in which its cache held the answer */
	double rate_per_h; /* of questions behind the cache, with its 95 % interval */
	double rate_lo;
	double rate_hi; /* NAN: saturated, so that only the lower bound can be told */
	double violations_p;
	uint32_t caches; /* behind the address; 0: cannot tell */
	double joint_p;  /* of the two busiest peers: one machine, or one cache? */

	/* for words, and for authenticity */
	double violations_expected;
	double early_p; /* pauses in the last tenth of the TTL, against the peer's other names */
	double early_expected_pauses;
	double early_names;    /* that were compared with */
	bool ttl_by_pauses;    /* no answer gave a TTL: the pauses show it */
	uint64_t pauses;       /* between the busiest peer's visits */
	uint64_t forbidden;    /* that one cache of the TTL would not have allowed */
	uint64_t before;       /* in the last tenth of the TTL: fetched early */
	uint64_t after;        /* within a tenth of the TTL after it */
	bool joint_apart;      /* less often together than chance, not more */
	double joint_window_s; /* together: within so many seconds */
	double joint_share;    /* of the busiest peer's visits */
	double joint_expected; /* the same by chance */
	double p_shape;        /* of pauses as chance demand leaves them; NAN: not tested */
	double early_share;    /* of the pauses in the first tenth of those */
	double early_expected;
};

enum hours_ends {
	HOURS_ENDS_CANNOT_TELL,
	HOURS_ENDS_PEER,
	HOURS_ENDS_OWNER,
	HOURS_ENDS_BOTH,
};

/* Offsets from UTC in minutes, ascending. */
struct hours_offsets {
	const int16_t *minutes;
	size_t count;
};

struct hours_end {
	enum hours_ends end; /* HOURS_ENDS_CANNOT_TELL: of one of the two, which is not known */
	int16_t utc_offset_min;
	struct hours_offsets set;
};

/* Whose working hours do the visits keep (METHODS 2.c)? */
struct test_hours {
	struct test_status status;
	double p;
	double p_week;
	bool offset_found;
	int16_t utc_offset_min;   /* in force for most visits */
	struct hours_offsets set; /* that fit nearly as well */
	double office_share;      /* of the visits, from 9 to 18 in the best zone; chance: 9 / 24 */
	enum hours_ends ends;
	struct hours_end ends_found[2];
	size_t ends_count;
	double p_holidays;    /* are the listed days quieter? NAN: none is listed inside the span */
	double holiday_ratio; /* visits on them to what the same weekdays have otherwise */
};

struct change_block {
	struct stamp from;
	struct stamp to;
	double rate_per_h;
};

struct change_span {
	struct stamp from;
	struct stamp to;
};

struct test_changes {
	struct test_status status;
	const struct change_block *blocks; /* in time order, without holes */
	size_t block_count;
	double p_burst;
	struct change_span burst; /* where it was densest, as a burst or not */
	double p_silence;
	struct change_span silence; /* its longest pause by its own hours */
	double p_stop;
	bool has_stopped;
	struct stamp stopped; /* the last visit */
};

struct event_mark {
	int64_t day; /* since 1970-01-01, inside the record */
	bool near;   /* the name's busiest days */
	const char *label;
};

struct test_events {
	struct test_status status;
	double p;
	bool declared; /* the list says when it was made, and from what pool */
	double window_days;
	const char *const *matched; /* labels; hostile text */
	size_t matched_count;
	size_t date_count;              /* events of the list that lie in the record */
	const struct event_mark *marks; /* date_count of them */
	/* of a name that has stopped */
	const char *stop_label; /* the last event up to its last day; NULL: none */
	uint64_t stop_days;     /* from that event to its last day */
	double p_stop_near;     /* of a stop so soon after one of the events */
};

/* What two targets have in common, as bits of succession_entry.shared in the order of the output. */
enum succession_share {
	SHARED_ADDRESS,
	SHARED_NETWORK,
	SHARED_SERVERS,
	SHARED_ZONE,
	SHARED_REVERSE,
	SHARED_TTL,
	SHARED_PEERS,
	SHARED_COUNT,
};

struct succession_entry {
	struct endpoint target;
	bool successor; /* else predecessor */
	double p;
	double q;
	double lag_s; /* from the last contact of the one to the first of the other */
	uint32_t shared;
	uint64_t contacts;
	struct stamp first; /* of its contacts, to the second */
	struct stamp last;
	bool asker_known;
	struct endpoint first_asker; /* of the successor, whichever of the two that is */
	bool asker_shared;           /* it was a peer of the predecessor */
	double first_asker_p;        /* share of new names that a peer of it asked for first */
	const char *const *downgrades;
	size_t downgrade_count;
};

/* Mail alone: days on which it went either way, and both. */
struct test_reciprocity {
	struct test_status status;
	double p;
	uint64_t both; /* days */
	uint64_t either;
	uint64_t in; /* contacts: what the target delivered to its peers */
	uint64_t out;
};

struct test_succession {
	struct test_status status;
	const struct succession_entry *entries;
	size_t count;
};

enum authenticity_verdict {
	AUTHENTICITY_NOT_TESTABLE,
	AUTHENTICITY_NO_CONCERN,
	AUTHENTICITY_CONCERN,
};

/* What is compared with the same resolver's, or the same sensor's, other data (METHODS 2.h). */
enum authenticity_check {
	CHECK_TTL,
	CHECK_DIGITS,
	CHECK_COPIES,
	CHECK_ORDER,
	CHECK_COVERAGE,
	CHECK_PORTS,
	CHECK_COMPANIONS,
	CHECK_TRAITS,
	CHECK_SERVERS,
	CHECK_SELECTION,
	AUTHENTICITY_CHECKS,
};

/* The parts of a check, of which the one that stands out most is told. */
#define AUTHENTICITY_PARTS 4

struct authenticity_result {
	const char *why; /* NULL: it was made; else why not, and the rest means nothing */
	double p;
	uint8_t part;    /* authenticity_words.h */
	double seen;     /* so many ... */
	double of;       /* ... of so many */
	double expected; /* of them, as the others have it; NAN: not by a rate of others */
};

struct test_authenticity {
	struct test_status status; /* why: none of the checks could be made */
	enum authenticity_verdict verdict;
	const char *const *concerns;
	size_t concern_count;
	double p; /* of all checks together */
	struct authenticity_result checks[AUTHENTICITY_CHECKS];
};

struct finding_tests {
	struct test_narrowness narrowness;
	struct test_persistence persistence;
	struct test_periodicity periodicity;
	struct test_cache cache;
	struct test_hours hours;
	struct test_changes changes;
	struct test_events events;
	struct test_reciprocity reciprocity;
	struct test_succession succession;
	struct test_authenticity authenticity;
};

/* The words of the output. */
const char *tests_rhythm_name(enum rhythm_verdict v);
const char *tests_ends_name(enum hours_ends e);
const char *tests_share_name(enum succession_share s);
const char *tests_authenticity_name(enum authenticity_verdict v);

#endif
