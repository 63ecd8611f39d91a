/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which name took the place of one that stopped (METHODS 2.f)? A pair is a name that died at a and
 * one that was born at b, 0 <= b - a <= 60 days. Its weight is the log likelihood ratio of what
 * the two have in common (stats/linkage.h); its p the rank of that among random pairs of names as
 * often met, which cannot have followed each other; its q is by Benjamini and Hochberg over all
 * pairs of the question, those that share nothing to begin with counted as p = 1.
 */
#ifndef STATS_SUCCESSION_H
#define STATS_SUCCESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

#define SUCCESSION_LAG_S         (60 * 86400.0)
#define SUCCESSION_CELLS         48 /* weekday or weekend, hour of the UTC day */
#define SUCCESSION_ADDRESSES_MAX 8
#define SUCCESSION_BANDS         4
#define SUCCESSION_NAMES_MIN     200 /* fewer make no random pairs */
#define SUCCESSION_NONE          UINT32_MAX

enum succession_place {
	PLACE_APART,
	PLACE_SERVERS,
	PLACE_NETWORK,
	PLACE_NETWORK_SERVERS,
	PLACE_ADDRESS,
	PLACES,
};

/* In the order of a linkage's features; pairs are chosen by the first two. */
enum succession_feature {
	FEATURE_PLACE,
	FEATURE_PEERS,
	FEATURE_ZONE,
	FEATURE_REVERSE,
	FEATURE_TTL,
	FEATURE_PROFILE,
	FEATURE_RATE,
	FEATURE_LAG,
	FEATURE_LABEL,
	FEATURES,
};

/* Numbers stand for things of any kind, equal for equal things; SUCCESSION_NONE: not known. */
struct succession_name {
	bool asked; /* the question is about pairs with one of these */
	bool died;
	bool born;
	uint8_t kind; /* names of one kind alone are compared */
	double first_s;
	double last_s;
	uint64_t contacts;
	uint32_t *peers; /* sorted; rare ones suffice */
	size_t peer_count;
	uint32_t addresses[SUCCESSION_ADDRESSES_MAX];
	uint32_t networks[SUCCESSION_ADDRESSES_MAX];
	size_t address_count;
	uint32_t servers;
	uint32_t zone;
	uint32_t reverse;
	uint32_t ttl;
	const uint8_t *label;
	size_t label_len;
	uint64_t profile_count; /* contacts in profile */
	float profile[SUCCESSION_CELLS];
};

struct succession_input {
	const struct succession_name *names;
	size_t count;
	const double *peer_shares;    /* by peer: of all names that it met */
	const double *address_shares; /* by address: of all names that it holds */
	uint64_t seed;
};

struct succession_pair {
	uint32_t died; /* index into names */
	uint32_t born;
	double weight;
	double p;
	double q;
	double lag_s;
	double lives; /* ln of how long the new one was met, over how long the old one was */
	bool same_address;
	bool same_network;
	bool same_servers;
	bool same_zone;
	bool same_reverse;
	bool same_ttl;
	uint32_t same_peers; /* of those listed */
};

struct succession {
	struct succession_pair *pairs; /* that share enough to be weighed */
	size_t count;
	uint64_t of; /* pairs of the question */
};

/*
 * Was a name born, or has it died, inside the evidence? first_s, last_s: of the name; days: UTC
 * days on which it was met; from_s and upto_s: of the evidence. Yes where so many days at random
 * up to its end (from its beginning) would have left the silence before it (after it) in 1 of 100
 * cases; a name met on one day alone has neither.
 */
bool succession_was_born(double first_s, double last_s, uint64_t days, double from_s);
bool succession_has_died(double first_s, double last_s, uint64_t days, double upto_s);

/* 0 .. SUCCESSION_BANDS - 1. */
unsigned succession_band(uint64_t contacts);

/* Weigh all pairs of the question. Needs SUCCESSION_NAMES_MIN names. */
bool succession_find(
    const struct succession_input *in, struct succession *ret, struct err *reterr) MUST_USE;
void succession_release(struct succession *s);

#endif
