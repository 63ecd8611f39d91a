/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All contacts of one name, by peer, types merged: what the tests of one finding work on. One is
 * used again from name to name.
 */
#ifndef HUNT_TRACE_H
#define HUNT_TRACE_H

#include "base/arena.h"
#include "base/buf.h"
#include "contact/series.h"
#include "hunt/walk.h"

struct trace_peer {
	const uint8_t
	    *series_key; /* of one of its series, whole: target, kind and peer are in it */
	size_t series_key_len;
	const uint8_t *key; /* the end of it: the peer */
	size_t key_len;
	const int64_t *times_ns; /* sorted */
	size_t count;
	uint32_t ttl_max;   /* TTL_NONE: none known */
	uint8_t digits_min; /* how coarse its clock may be */
	uint8_t digits_max;
};

struct trace_series {
	size_t key_at; /* in keys */
	size_t key_len;
	size_t peer_at; /* in the key */
	size_t times_at;
	size_t count;
	uint32_t ttl_max;
	uint16_t type;
	uint8_t digits_min;
	uint8_t digits_max;
};

struct trace {
	struct trace_peer *peers; /* in the order of their keys; valid after trace_close() */
	size_t peer_count;
	uint64_t contacts;
	uint64_t refused;  /* of them: answered that there is no such name */
	uint64_t *sources; /* contacts by global source, or NULL: not wanted */
	size_t source_count;

	/* gathered */
	struct trace_series *series;
	size_t series_count;
	size_t series_capacity;
	size_t peer_capacity;
	struct buf keys;
	int64_t *times_ns;
	size_t time_capacity;
	struct series_rows rows;
};

/* Count sources too, when source_count is not 0. */
bool trace_init(struct trace *t, size_t source_count, struct err *reterr) MUST_USE;
void trace_release(struct trace *t);

/* Forget the last name. */
void trace_clear(struct trace *t);

/* Add a series of the name. */
bool trace_add(struct trace *t, const struct walk_series *s, struct err *reterr) MUST_USE;

/* All series are in: peers are ready. */
bool trace_close(struct trace *t, struct err *reterr) MUST_USE;

/* Visits of a peer: bursts of contacts by LIMIT_VISIT_GAP_S and LIMIT_VISIT_SPAN_S. */
size_t trace_visits(const struct trace_peer *p);

/* The same, and when each began, unless ret_ns is NULL: room for p->count of them. */
size_t trace_visit_starts(const struct trace_peer *p, int64_t *ret_ns);

/* Read the group with this key out of the haystack: clear, add, close. */
bool trace_read(struct trace *t, struct haystack *h, const uint8_t *group, size_t group_len,
    struct err *reterr) MUST_USE;

#endif
