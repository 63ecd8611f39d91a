/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One name's contacts as a sensor would have seen them: requests that a mechanism makes, passed
 * through the peers' caches, the sensor's losses and the grain of its clock. What every
 * mechanism has in common is drawn here, from broad priors; docs/methods.md lists them. All
 * times are seconds after the record's beginning until the scene is closed.
 */
#ifndef SIMULATE_SCENE_H
#define SIMULATE_SCENE_H

#include "base/err.h"
#include "base/philox.h"
#include "explain/subject.h"

#define SCENE_ROWS_MAX  6000 /* a larger scene is drawn again */
#define SCENE_LEVELS    6
#define SCENE_OUTAGES   4
#define SCENE_CACHES    16
#define SCENE_COMPANIES 4

/* Somebody's hours: the rate outside them, and at weekends, as shares of the rate inside. */
struct scene_hours {
	double zone_h; /* east of UTC */
	double from_h;
	double length_h; /* 24: always */
	double outside;
	double weekend;
};

/* Chances that a look-up comes with others at once. */
struct scene_company {
	double aaaa;
	double txt;
	double mx;
	double other;
	double reverse; /* of the address */
};

struct scene_request {
	double at_s;
	uint32_t peer;
	uint8_t cache;   /* of the peer's */
	uint8_t company; /* index */
};

struct scene_row {
	double at_s;
	uint32_t peer;
	uint8_t type; /* enum subject_type; SUBJECT_TYPES: the reverse name */
	bool refused;
};

struct scene_peer {
	uint8_t caches;
	double dead_s; /* what its caches make of the TTL; 0: none */
	double early;  /* share of the TTL, before its end, in which a question fetches again */
	double fresh_s[SCENE_CACHES];
};

/* Reused from series to series: release with scene_release(). Zeroed is empty. */
struct scene {
	struct philox draws;
	double stretch; /* of rates and jitters: 1, other than that to test robustness */

	/* what all mechanisms have in common */
	double days;
	double start_s; /* since 1970-01-01 */
	double ttl_s;
	bool ttl_known;
	bool lookups;
	bool cached; /* the sensor sits behind the peers' caches */
	bool bounded;
	bool reverse_seen; /* the address' zone is in the record, too */
	double grain_s;
	double loss;
	double repeated;
	double removed_s; /* the name is taken away then; INFINITY: never */
	double levels[SCENE_LEVELS];
	double level_from_s[SCENE_LEVELS];
	size_t level_count;
	struct interval outages[SCENE_OUTAGES];
	size_t outage_count;
	bool outages_known;
	struct scene_company companies[SCENE_COMPANIES]; /* the first: none */
	size_t company_count;

	struct scene_peer *peers;
	size_t peer_count;
	size_t peer_capacity;
	struct scene_request *requests;
	size_t request_count;
	size_t request_capacity;
	struct scene_row *rows;
	size_t row_count;
	size_t row_capacity;
	bool failed; /* out of memory */

	/* the result, valid after scene_close() */
	struct exposure exposure;
	struct subject_peer *observed;
	double *times_s;
	struct subject subject;
};

void scene_release(struct scene *s);

/* Draw what is common; forget what was. The stream of random numbers is the scene's. */
void scene_open(struct scene *s, uint64_t seed, uint64_t series, double stretch);

/* Draws. */
double scene_between(struct scene *s, double low, double high);
double scene_scale(struct scene *s, double low, double high); /* uniform in the logarithm */
bool scene_chance(struct scene *s, double p);
uint32_t scene_count(struct scene *s, double low, double high); /* a scale, rounded */

/* Peers with these many caches each; *ret_first is the first one's number. */
void scene_add_peers(struct scene *s, size_t count, uint8_t caches, uint32_t *ret_first);

/* A kind of company for requests; returns its index. */
uint8_t scene_add_company(struct scene *s, const struct scene_company *c);

/* One request. Times outside the record are left out. */
void scene_ask(struct scene *s, double at_s, uint32_t peer, uint8_t company);

/* Hours from the priors of an office. */
struct scene_hours scene_office(struct scene *s);
extern const struct scene_hours scene_always;
double scene_hours_at(const struct scene *s, const struct scene_hours *h, double at_s);

/* What the level of demand is at a time, 1 being usual. */
double scene_level_at(const struct scene *s, double at_s);

/* Pass the requests through the caches: rows. Requests are gone then. */
void scene_pass_caches(struct scene *s);

/*
 * Lose, repeat and round the rows, and make the subject. False with *ret_usable unset: out of
 * memory; *ret_usable false: too few or too many rows to be asked about, draw again.
 */
bool scene_close(struct scene *s, bool *ret_usable, struct err *reterr) MUST_USE;

/* ---- clients (scene_clients.c) ---- */

/* A Poisson process of a mean rate per day inside its hours, or behind one cache what is left. */
struct scene_poisson {
	uint32_t peer;
	double per_day; /* averaged over the record, hours and levels taken into account... */
	bool at_peak;   /* ...or in its hours, at the usual level */
	struct scene_hours hours;
	double more;      /* chance of another query of the same burst */
	double spacing_s; /* mean time to it */
	uint8_t company;
	double from_s;
	double to_s;
};
void scene_ask_poisson(struct scene *s, const struct scene_poisson *p);

/* A timer, locked to the clock or sleeping between beats. */
struct scene_timer {
	uint32_t peer;
	double period_s;
	double jitter;            /* of the period: standard deviation, or half width if sleeping */
	bool sleeping;            /* each beat is measured from the last */
	double missing;           /* chance that a beat is left out */
	double back_off;          /* chance that the sleep grows instead, doubling */
	struct scene_hours hours; /* beats outside them are left out, by chance as they say */
	uint8_t company;
	double from_s;
	double to_s;
};
void scene_ask_timer(struct scene *s, const struct scene_timer *t);

/* Runs of a poller, on and off. */
void scene_ask_runs(struct scene *s, uint32_t peer, double gap_s, double run_s, double on,
    double from_s, double to_s);

#endif
