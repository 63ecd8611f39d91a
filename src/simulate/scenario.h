/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A scenario, as its YAML file says it: who asks for what, how often, behind which caches. The
 * file is checked against a schema by libcyaml; scenarios/founding.yaml shows every field, and
 * lodestone-simulate(1) explains them. Days count from start, hours are UTC, rates are requests
 * per hour before any cache. A field that is left out is 0.
 */
#ifndef SIMULATE_SCENARIO_H
#define SIMULATE_SCENARIO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

enum client_model {
	CLIENT_PEOPLE,    /* bursts at a rate that follows phases, office hours and a poller */
	CLIENT_MONITOR,   /* a sleep timer: gap_s plus Exp(slack_s), in runs that come and go */
	CLIENT_CLOCK,     /* locked to the clock: every gap_s, jitter, missing beats */
	CLIENT_SCATTERED, /* count look-ups at uniformly random times */
};

struct span_days {
	double from_day;
	double to_day;
};

struct office_hours {
	double from_h; /* Monday to Friday, UTC */
	double to_h;
};

struct burst_shape {
	double more;      /* chance that another query follows */
	uint32_t most;    /* queries of a burst; 0 means 1 */
	double spacing_s; /* mean time between them */
};

struct rate_phase {
	double from_day;
	double to_day;
	double base;   /* at all hours */
	double office; /* on top, in office hours */
};

struct on_off_poller {
	double from_day;
	double to_day;
	double rate;  /* while on */
	double run_h; /* mean length of a run */
	double on;    /* chance that a run is on */
};

/* Chance that a look-up comes with another of this type, within the same second. */
struct companion_chances {
	double ptr;
	double txt;
	double mx;
	double aaaa;
};

struct client {
	enum client_model model;
	char **peers; /* addresses; each query goes to one of them at random */
	uint32_t peers_count;
	uint32_t peer_count; /* instead of peers: so many addresses from peer_net on */
	char *peer_net;
	bool cached; /* behind each peer's own cache, for the target's TTL */
	struct burst_shape burst;
	struct office_hours office;
	struct rate_phase *phases;
	uint32_t phases_count;
	struct on_off_poller poller;
	struct span_days silent;
	struct companion_chances companions;
	double gap_s;
	double slack_s;
	double run_days; /* 0: one run without end */
	double on;
	double jitter_s; /* standard deviation */
	double missing;
	uint32_t count;
	double from_day; /* to_day 0: the target's span */
	double to_day;
};

struct target {
	char *name;
	char *class; /* goes to the truth file */
	bool needle; /* likewise: should a hunt flag it? */
	char *type;  /* "A", "AAAA", ... */
	uint32_t ttl;
	char *address;
	double from_day; /* to_day 0: the scenario's end */
	double to_day;
	struct client *clients;
	uint32_t clients_count;
};

/* A part of the haystack: names whose popularity follows a power law, sticky resolvers, the usual TTLs. */
struct crowd {
	uint32_t names;
	uint64_t requests; /* of all names together, before the caches */
	uint32_t resolvers;
	double exponent; /* of the popularity law: share ~ rank^-exponent */
	char *suffix;    /* names are made below it */
};

struct scenario {
	char *start; /* 2016-05-04 */
	double days;
	uint8_t digits; /* fractional digits of the times written */
	char **servers;
	uint32_t servers_count;
	double repeated;
	struct crowd *crowds;
	uint32_t crowds_count;
	struct target *targets;
	uint32_t targets_count;
};

bool scenario_load(const char *path, struct scenario **ret, struct err *reterr) MUST_USE;
void scenario_free(struct scenario *s);

#endif
