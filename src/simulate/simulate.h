/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Evidence from generative models, for demos, tests and validation: every row that an
 * authoritative server's sensor would have logged. A simulation is a pure function of its
 * scenario and seed.
 */
#ifndef SIMULATE_SIMULATE_H
#define SIMULATE_SIMULATE_H

#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/philox.h"
#include "contact/contact.h"
#include "simulate/scenario.h"

struct sim_name {
	struct endpoint name;
	struct addr address; /* what A or AAAA answers; len 0: none */
	uint32_t ttl;
	const char *class; /* borrowed from the scenario, or static */
	bool needle;
	uint32_t rows;  /* distinct look-ups of it, without what a second server repeats */
	uint32_t peers; /* distinct */
	int64_t first_ns;
	int64_t last_ns;
};

struct sim_row {
	int64_t time_ns;
	uint32_t name; /* indexes of the simulation's tables */
	uint32_t peer;
	uint16_t type;
	uint16_t port; /* of the peer */
	uint16_t txid;
	uint8_t server;
};

struct simulation {
	uint8_t digits;
	struct addr *servers;
	size_t server_count;
	struct sim_name *names;
	size_t name_count;
	size_t name_capacity;
	struct addr *peers;
	size_t peer_count;
	size_t peer_capacity;
	struct sim_row *rows; /* by time, then by all other fields */
	size_t row_count;
	size_t row_capacity;
};

bool simulate(
    const struct scenario *s, uint64_t seed, struct simulation **ret, struct err *reterr) MUST_USE;
void simulation_free(struct simulation *sim);

/* A Zeek dns.log in TSV. False with *reterr when the stream cannot be written. */
bool simulation_write_zeek(const struct simulation *sim, FILE *out, struct err *reterr) MUST_USE;

/* A classic capture of queries and their responses (nanosecond magic when digits > 6). */
bool simulation_write_pcap(const struct simulation *sim, FILE *out, struct err *reterr) MUST_USE;

/* What is what: one line a name, tab-separated, under a header line. */
bool simulation_write_truth(const struct simulation *sim, FILE *out, struct err *reterr) MUST_USE;

/* ---- within this folder ---- */

/* Where in time and among which random streams a part of the simulation is made. */
struct sim_context {
	struct simulation *sim;
	const struct scenario *scenario;
	uint64_t seed;
	int64_t start_ns; /* midnight of day 0 */
};

bool sim_add_name(struct simulation *sim, const struct sim_name *name, uint32_t *ret) MUST_USE;
bool sim_add_peer(struct simulation *sim, const struct addr *peer, uint32_t *ret) MUST_USE;

/*
 * A row at second s after the start, for whichever server draws decide, at times also for a
 * second one. The time is cut to the scenario's digits.
 */
bool sim_add_row(const struct sim_context *ctx, struct philox *draws, double s, uint32_t name,
    uint32_t peer, uint16_t type) MUST_USE;

/* The address n above base, counted in its last 32 bits. */
struct addr sim_addr_above(const struct addr *base, uint32_t n);

/* The server's address that the row went to: of the same family as the peer's. */
struct addr sim_server(const struct simulation *sim, const struct sim_row *row);

/* clients.c: all rows of one scenario target. */
bool sim_target(const struct sim_context *ctx, size_t index, struct err *reterr) MUST_USE;

/* crowd.c: all rows of one crowd of the haystack. */
bool sim_crowd(const struct sim_context *ctx, size_t index, struct err *reterr) MUST_USE;

#endif
