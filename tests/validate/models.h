/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Series of known origin for the validation of the tests: innocent ones that must not be found
 * and planted ones that must. Contact times in seconds, sorted; all random numbers are the
 * caller's.
 */
#ifndef VALIDATE_MODELS_H
#define VALIDATE_MODELS_H

#include <stddef.h>

#include "base/philox.h"
#include "stats/exposure.h"

#define MODEL_EVENTS_MAX  400000
#define MODEL_FIRST_S     1462320000.0 /* Wednesday 2016-05-04 00:00 UTC */
#define MODEL_STREAMS_MAX 8

enum model_kind {
	MODEL_CLIENTS,  /* Poisson clients of a daily profile behind caches */
	MODEL_SESSIONS, /* people: sessions of visits in office hours */
	MODEL_WORKDAY,  /* once a workday at a random minute of office hours */
	MODEL_DAILY,    /* once a day at a random minute of the day */
	MODEL_WEEKLY,   /* once a week */
	MODEL_TIMER,    /* sleep timer: gaps independent, uniform about the period */
	MODEL_CRON,     /* clock: beats with jitter and misses; addresses take turns */
};

enum model_shape {
	SHAPE_FLAT,
	SHAPE_OFFICE,   /* Mon-Fri 9-18, a fiftieth else */
	SHAPE_EVENING,  /* 16:30-23:30, a fiftieth else */
	SHAPE_WEEKDAYS, /* office, each weekday with a level of its own */
	SHAPE_HOLIDAYS, /* office, two silent weeks and five silent days */
	SHAPE_TREND,    /* office, rising eightfold over the span */
	SHAPE_SMOOTH,   /* a sine over the day */
};

struct model {
	const char *name;
	enum model_kind kind;
	enum model_shape shape;
	double days;
	double per_day;    /* clients: requests a day while at the peak rate */
	double ttl_s;      /* of each cache; 0: none */
	double said_ttl_s; /* what the log says; 0: the same as ttl_s */
	unsigned caches;   /* behind each address, fed at random; 0 is 1 */
	unsigned streams;  /* addresses; 0 is 1 */
	double prefetch;   /* a cache refetches by itself in the last share of a TTL when asked */
	double burst;      /* a request is followed by another 5 s later with this probability */
	double period_s;   /* timer, cron: kept in the hours of the shape */
	double jitter;     /* share of the period */
	double missing;    /* share of beats */
	bool whole_seconds;
	bool outages;   /* declared ones, 3 % of the span */
	double gains_s; /* the sensor's clock, each day */
	double steps_s; /* or it is set anew each week, wrong by up to so much */
};

struct model_series {
	double *times_s[MODEL_STREAMS_MAX];
	size_t count[MODEL_STREAMS_MAX];
	size_t streams;
};

/* False: out of memory. */
bool model_series_new(struct model_series *s) MUST_USE;
void model_series_free(struct model_series *s);

/* Draw a series; contacts in outages of e are left out. */
void model_draw(const struct model *m, const struct exposure *e, struct philox *random,
    struct model_series *ret);

/* The model's exposure: its days, with outages where it has them. */
bool model_exposure(const struct model *m, struct exposure *ret, struct err *reterr) MUST_USE;

#endif
