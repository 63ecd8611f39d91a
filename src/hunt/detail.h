/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A ranked name as a finding: everything that a report shows of it. */
#ifndef HUNT_DETAIL_H
#define HUNT_DETAIL_H

#include "base/arena.h"
#include "calendar/calendar.h"
#include "hunt/allow.h"
#include "hunt/cache.h"
#include "enrich/enrich.h"
#include "hunt/company.h"
#include "hunt/explain.h"
#include "hunt/holidays.h"
#include "hunt/join.h"
#include "hunt/narrow_units.h"
#include "hunt/order.h"
#include "hunt/peer_hours.h"
#include "hunt/succession.h"
#include "hunt/usual.h"

struct detail_settings {
	const struct funnel *funnel;
	const struct exposure *exposure;
	const struct allow *allow;             /* or NULL */
	const struct holidays *holidays;       /* or NULL */
	const struct peer_hours *peer_hours;   /* or NULL: looked at alone */
	const struct calendar *events;         /* or NULL */
	const struct successions *successions; /* or NULL: looked at alone */
	const struct companies *companies;     /* or NULL: looked at alone */
	const struct usual *usual;             /* or NULL: no others were read */
	const struct narrow_units *units;      /* or NULL: looked at alone */
	const char *vantage;
	uint64_t seed;
	double lambda_gc;
	const struct cache_settings *cache;
	const struct classifier *classifier;
	const struct prior *prior; /* of explanations */
	const struct enrich *enrich;
	const struct join_case *covers; /* the evidence of the case */
	unsigned jobs;                  /* for the tests of one name */
	bool alone;        /* the only name that was looked at: nothing to compare it with */
	bool ranking_only; /* see hunt.h */
};

/* Fill *ret, rank left out, in *memory. */
bool detail_fill(struct haystack *h, const struct detail_settings *settings,
    const struct eligible *e, const struct cache_subject *cached, struct arena *memory,
    struct finding *ret, struct err *reterr) MUST_USE;

#endif
