/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A name's pattern as numbers that a classifier can weigh (METHODS 2.g). Screening values alone:
 * no random numbers, so the same evidence gives the same numbers. Most are logarithms, so that
 * none has a long tail; what cannot be had of a name is NAN, which the classifier is told.
 */
#ifndef EXPLAIN_TRAITS_H
#define EXPLAIN_TRAITS_H

#include <math.h>

#include "base/err.h"
#include "explain/subject.h"

/* The weights of the classifier hang on the order: after a change, `make train`. */
enum trait {
	/* who */
	TRAIT_CONTACTS,  /* ln n */
	TRAIT_PEERS,     /* ln k */
	TRAIT_EFFECTIVE, /* ln D2, effective peers */
	TRAIT_TOP_SHARE, /* of the busiest peer */
	TRAIT_SINGLE,    /* share of the contacts that are their peer's only one */
	TRAIT_SECOND,    /* ln of the second peer's contacts to the first's */
	TRAIT_TOGETHER,  /* ln of distinct peers in a ten-minute window with visits, mean */
	TRAIT_CROWDED,   /* share of the visits in windows with five peers or more */
	TRAIT_JOINT,     /* ln of visits of the second peer near the first's, to a week apart */
	TRAIT_NEWCOMERS, /* share of the peers first met in the last half of the span */
	/* what they ask for */
	TRAIT_AAAA, /* shares of the contacts, as logarithms */
	TRAIT_TXT,
	TRAIT_MX,
	TRAIT_OTHER_TYPES,
	TRAIT_REVERSE, /* ln of look-ups of its address' name to contacts */
	TRAIT_REFUSED,
	/* visits of the busiest peer, and the pauses between them */
	TRAIT_VISITS,     /* ln of their number */
	TRAIT_BURST,      /* ln of contacts in a visit, mean */
	TRAIT_BURST_SPAN, /* ln of a visit's seconds, mean */
	TRAIT_GAP,        /* ln of the median pause */
	TRAIT_GAP_SPREAD, /* ln of the upper to the lower quartile */
	TRAIT_GAP_TAIL,   /* ln of the longest tenth to the median */
	TRAIT_GAP_MODE,   /* share of the pauses in the densest tenth of a logarithm */
	TRAIT_GAP_MEMORY, /* correlation of the logarithms of neighbors */
	TRAIT_GAP_COPIES, /* share of runs of six pauses that come again, to the second */
	TRAIT_MINUTE,     /* mean resultant of the minute of the hour */
	TRAIT_QUARTER,    /* the same modulo a quarter of an hour */
	/* its cache */
	TRAIT_TTL,        /* ln */
	TRAIT_SATURATION, /* share of the time in which it held the answer */
	TRAIT_DEMAND,     /* ln of questions behind it per TTL */
	TRAIT_FORBIDDEN,  /* share of the pauses that one cache would not allow */
	TRAIT_BEFORE,     /* share in the last tenth of the TTL */
	TRAIT_AFTER,      /* share in the tenth after it */
	TRAIT_MULTIPLE,   /* how near the pauses are to whole TTLs or periods: resultant */
	/* screens of the rhythm tests: ln(1 - ln p) */
	TRAIT_P_GAP,
	TRAIT_P_DAYS,
	TRAIT_P_CLOCK,
	TRAIT_GAP_EXCESS,
	TRAIT_GAP_CV,     /* ln */
	TRAIT_DAYS_RATIO, /* ln */
	/* hours of all visits */
	TRAIT_BEST_HOUR,   /* share in the busiest hour of the day */
	TRAIT_BEST_SHIFT,  /* share in the busiest nine hours on end */
	TRAIT_QUIET_SHIFT, /* share in the quietest six */
	TRAIT_WEEKEND,     /* ln of a weekend day's visits to a weekday's */
	/* from week to week */
	TRAIT_SPAN,       /* ln of the days from first to last */
	TRAIT_ACTIVE,     /* share of the days with a visit */
	TRAIT_DISPERSION, /* ln of the variance of days to Poisson's */
	TRAIT_BLOCKS,     /* ln of runs of one level */
	TRAIT_STEP,       /* ln of the highest block's rate to the lowest's */
	TRAIT_P_SILENCE,  /* as p_gap */
	TRAIT_P_STOP,
	TRAIT_LATE, /* ln of the days before its first contact, plus one */
	TRAIT_COUNT,
};

struct traits {
	double value[TRAIT_COUNT]; /* NAN: not to be had */
};

/* "contacts", ...: for tables of this folder's figures, not for people. */
const char *traits_name(enum trait f);

/* Used again from name to name: one per thread. */
struct traits_work;
bool traits_work_new(struct traits_work **ret, struct err *reterr) MUST_USE;
void traits_work_free(struct traits_work *w);

/* Measure *s. Some 5 us a contact. False: out of memory. */
bool traits_measure(const struct subject *s, struct traits_work *w, struct traits *ret,
    struct err *reterr) MUST_USE;

/* ---- within this folder ---- */

#include "stats/clock_test.h"
#include "stats/rhythm.h"
#include "stats/visits.h"

/* A visit of any peer. */
struct traits_visit {
	double start_s;
	uint32_t peer; /* by rank of contacts */
};

struct traits_work {
	struct subject_peer *peers; /* most contacts first */
	size_t peer_capacity;
	struct visit *visits;     /* of one peer */
	struct traits_visit *all; /* of all, sorted */
	double *first;            /* the busiest peer's visits: starts */
	double *second;           /* the next one's */
	double *spare;
	size_t capacity; /* of the five, contacts */
	size_t all_count;
	size_t first_count;
	size_t second_count;
	double burst_contacts; /* of the busiest peer's visits: sums */
	double burst_span_s;
	struct rhythm_work *rhythm;
	struct clock_wheel wheel;
};

/* A p-value as a number without a long tail: 0 for 1, 1.7 for .01, 3.3 for 1e-12. */
static inline double traits_surprise(double p)
{
	return log1p(-log(p > 1e-300 ? p : 1e-300));
}

/* Of the sorted peers and all visits. */
void traits_of_peers(const struct subject *s, const struct traits_work *w, struct traits *f);

/* Of the busiest peer's visits: pauses, cache, rhythm. */
bool traits_of_beat(
    const struct subject *s, struct traits_work *w, struct traits *f, struct err *reterr) MUST_USE;

/* Of all visits: hours, weeks. */
bool traits_of_course(
    const struct subject *s, struct traits_work *w, struct traits *f, struct err *reterr) MUST_USE;

#endif
