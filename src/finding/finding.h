/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A claim about one target, with its tests, its explanations and its references to evidence:
 * what hunt/ finds and report/ prints (lodestone-findings(5)). All memory is in the hunt's
 * arena; pointers live as long as the struct hunt_result that holds them.
 *
 * A number that could not be had is NAN.
 */
#ifndef FINDING_FINDING_H
#define FINDING_FINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/stamp.h"
#include "contact/contact.h"
#include "finding/enrichment.h"
#include "finding/explanation.h"
#include "finding/joined.h"
#include "finding/sensor_losses.h"
#include "finding/tests.h"
#include "finding/usual.h"

/* Equal parts of the time from the finding's first contact to its last. */
#define FINDING_PARTS 24

struct finding_peer {
	struct endpoint peer;
	uint64_t contacts;
	double share;
	struct stamp first;
	struct stamp last;
	uint64_t parts[FINDING_PARTS]; /* contacts in each, for its share over time */
};

#define FINDING_PEERS_MAX 20

struct finding_evidence {
	struct digest source;
	uint64_t contacts;
};

/* Contacts per UTC day and hour, for the raster and the sparkline. */
struct finding_raster {
	int64_t first_day; /* since 1970-01-01 */
	size_t days;
	const uint32_t (*hours)[24]; /* days rows */
};

/*
 * The pauses from the start of a visit to the start of the same peer's next one, counted in bins
 * of like ratio whose edges keep clear of what people and programs like to set (a minute, an
 * hour, a day, a week).
 */
#define FINDING_GAP_BINS 17

struct finding_gaps {
	uint64_t counts[FINDING_GAP_BINS];
	uint64_t total;
	double quartiles_s
	    [3];      /* a quarter, half and three quarters are at most so long; NAN: no gaps */
	uint32_t ttl; /* the longest that an answer gave, or TTL_NONE */
};

/* Whose line of life it is. */
enum life_of {
	LIFE_TARGET,
	LIFE_PREDECESSOR,
	LIFE_SUCCESSOR,
};

/*
 * When a name was contacted, or what answers showed about it was seen: its first and last sighting.
 * Records follow the name that they are of.
 */
struct finding_life {
	struct endpoint thing;
	enum life_of of;
	uint16_t type; /* of a record; 0: the name itself */
	uint64_t count;
	struct stamp first;
	struct stamp last;
};

struct finding {
	uint32_t rank; /* 1 is first; 0: looked at alone, not ranked */
	struct endpoint target;
	uint8_t kind;
	double score; /* NAN: not ranked */
	double p;
	double q;          /* NAN: not compared with other names */
	bool needle;       /* q <= .05 */
	bool limited_by_b; /* its Monte Carlo floor is what keeps q from being smaller */
	uint64_t contacts;
	uint64_t visits;
	struct stamp first;
	struct stamp last;
	uint64_t active_days;
	uint64_t peers_total;
	struct finding_peer peers[FINDING_PEERS_MAX];
	size_t peer_count;
	struct finding_tests tests;
	struct finding_weighing weighing;
	enum finding_verdict verdict;
	const char *plain;               /* plain words; an empty line between paragraphs */
	const char *const *would_decide; /* what evidence would decide */
	size_t would_decide_count;
	const struct finding_evidence *evidence;
	size_t evidence_count;
	const char *const *limits;
	size_t limit_count;
	const char *allowed; /* the matching line of the allow list, or NULL */
	struct finding_enrichment enrichment;
	struct finding_joined joined;
	struct finding_usual usual;
	struct finding_raster raster;
	struct finding_gaps gaps;
	const struct finding_life *lives; /* the target's own first, then of its successions */
	size_t life_count;
	uint64_t lives_left_out; /* records that were not kept */
};

/* A name that was looked at and could not be ranked, for evidence that is too short. */
struct unranked {
	struct endpoint target;
	uint8_t kind;
	uint64_t contacts;
	uint64_t visits;
	uint64_t active_days;
	uint64_t peers_total;
};

struct coverage_day {
	int64_t day;
	uint64_t contacts;
	double live; /* share of the day's 10-minute windows in which the sensor was alive */
};

/* Everything that a report shows. */
struct hunt_result {
	const char *version;
	uint64_t seed;
	const char *vantage;
	struct stamp first; /* of the whole haystack */
	struct stamp last;
	uint64_t contacts;
	uint64_t names;    /* targets looked at */
	uint64_t eligible; /* M of the false-discovery procedure */
	uint64_t needles;
	uint64_t needles_strict; /* by Benjamini & Yekutieli: whatever the names have in common */
	double lambda_gc;        /* NAN: too few eligible names to tell */
	double live_share;       /* of the span, by sensor coverage */
	struct sensor_losses losses;
	bool outages_judged; /* an outage of two days would have been found */
	const char
	    *none_eligible; /* NULL, or why: "the evidence spans 21 minutes, 3 days needed" */
	const struct finding *findings; /* in rank order */
	size_t finding_count;
	const struct unranked *unranked; /* only with none_eligible */
	size_t unranked_count;
	const struct coverage_day *coverage;
	size_t coverage_count;
	const struct event_mark *events; /* the dates of the list, in its order; near is not set */
	size_t event_count;
	const struct change_span *outages; /* of the sensor */
	size_t outage_count;
};

/* One line of the evidence health table. */
struct health_line {
	const char *name;
	const char *format;
	const char *state; /* "complete", "damaged", "unknown" */
	struct digest content;
	uint64_t bytes;
	uint64_t records;
	uint64_t contacts;
	struct stamp first;
	struct stamp last;
	const char *skipped; /* "3 truncated record (first at byte 812)", "" for none */
	const char *losses;  /* "1% of the packets, in 96 intervals", "" where it tells of none */
};

/* "target", "predecessor", "successor": the words of the output. */
const char *finding_life_name(enum life_of of);

/*
 * How many peers with equal shares would make as much of a crowd: 1 / sum of squared shares, from
 * the narrowness test or, where that did not run, from the peers listed. NAN: none is listed.
 */
double finding_effective_peers(const struct finding *f);

/* The bin of a gap, and the seconds from which a bin counts; the first counts from 0. */
size_t finding_gap_bin(double seconds);
double finding_gap_from(size_t bin);

#endif
