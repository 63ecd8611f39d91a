/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The first scan: one line of figures for every name of the haystack, the totals of every peer,
 * the coverage of the sensor, and the names that may be eligible. What is hunted is in one const
 * table: DNS, SMTP, mail and connections. Multicast DNS and LLMNR are questions that a machine
 * shouts at its own network whether anyone is there or not; they count as signs of life of the
 * sensor and are hunted no further.
 */
#ifndef HUNT_FUNNEL_H
#define HUNT_FUNNEL_H

#include "base/buf.h"
#include "base/intern.h"
#include "haystack/haystack.h"
#include "hunt/coverage.h"
#include "hunt/phase.h"

/* Eligible, fixed before timing is looked at (METHODS 2.i). */
#define ELIGIBLE_VISITS 10
#define ELIGIBLE_DAYS   3
#define ELIGIBLE_D2     10.0

/* Of one name: a target and a kind. */
struct name {
	uint64_t contacts;
	double d2; /* effective peers: 1 / sum of squared shares */
	int64_t first_ns;
	int64_t last_ns;
	uint32_t peers;  /* distinct */
	uint32_t days;   /* distinct UTC days */
	uint32_t visits; /* an upper bound: types are not merged yet; stops at UINT32_MAX */
	uint16_t type;   /* with the most contacts */
	uint8_t kind;
	uint8_t ttl_class;
};

/* A name that passed every filter that the first scan can decide. */
struct candidate {
	uint32_t name; /* index into names */
	uint32_t key_len;
	size_t key_at; /* its group key, in keys of its part */
};

struct funnel_part {
	size_t first_name;            /* its first one in names */
	struct candidate *candidates; /* in key order */
	size_t candidate_count;
	struct buf keys;
};

struct peer_total {
	uint64_t contacts;
	uint64_t names; /* that it asked for */
};

struct funnel {
	const struct key *prefix; /* of the settings: what was scanned; borrowed */
	struct name *names;       /* in key order */
	size_t name_count;
	struct funnel_part *parts;
	size_t part_count;
	struct intern peers; /* by their bytes in a key; numbers follow key order of first sight */
	struct peer_total *peer_totals;
	size_t peer_count;
	struct coverage coverage;
	struct coverage mail; /* of it, that of funnel_is_mail() */
	uint64_t contacts;    /* of all kinds */
	int64_t first_ns;
	int64_t last_ns;
	uint8_t digits;
};

struct funnel_settings {
	unsigned jobs;
	size_t memory_bytes;      /* bound on the table of names, and on that of peers */
	const struct key *prefix; /* one target's series alone, all of them candidates; or NULL */
};

/* An unused struct is all zeroes; release is safe on it. */
bool funnel_run(struct funnel *f, struct haystack *h, const struct funnel_settings *settings,
    const struct hunt_progress *progress, struct err *reterr) MUST_USE;
void funnel_release(struct funnel *f);

/* UTC days that the contacts span, both ends included; 1 when there are none. */
uint64_t funnel_days(const struct funnel *f);

/* Is the kind hunted? */
bool funnel_hunts(uint8_t kind);

/* Is such a series of mail: a session, a hop in headers, or a connection to a port of mail? */
bool funnel_is_mail(uint8_t kind, uint16_t type);

/* 0 unknown, then up to a minute, five minutes, an hour, a day, longer. */
uint8_t funnel_ttl_class(uint32_t ttl);

#endif
