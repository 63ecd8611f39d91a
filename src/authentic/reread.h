/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the case does not keep, read once more from the evidence for one peer: its queries as they
 * were sent, and how often rows stand behind later ones in their file. A source counts only if
 * its bytes are still those that the case was made of.
 */
#ifndef AUTHENTIC_REREAD_H
#define AUTHENTIC_REREAD_H

#include "base/digest.h"
#include "base/intern.h"
#include "contact/endpoint.h"
#include "evidence/hints.h"
#include "evidence/stream.h"

struct reread_query {
	int64_t time_ns;
	uint32_t name; /* 0: the target; others by number of first sight */
	uint16_t port;
	uint16_t id;
	uint16_t flags;
	uint16_t edns_bytes;
	uint8_t server; /* by number of first sight; REREAD_SERVERS - 1: that one or a later one */
	uint8_t hops;
	uint8_t letters;
	uint8_t capitals;
	bool dnssec_ok;
};

/* The first so many; the rest of a huge capture says no more of a peer. */
#define REREAD_QUERIES_MAX 1000000
#define REREAD_SERVERS     16

/* Rows of all peers in so many heaps of names, each of which stands for one. */
#define REREAD_HEAPS 256

struct reread_order {
	uint64_t rows;
	uint64_t late; /* more than a minute behind the latest row before them in the file */
};

struct reread {
	struct endpoint target;
	struct endpoint peer;
	struct reread_query *queries; /* in the order of the sources; reread_sort() */
	size_t count;
	size_t capacity;
	struct intern names;
	struct intern servers;
	struct reread_order order; /* of the target, by this peer */
	struct reread_order heaps[REREAD_HEAPS];
	bool wired; /* a source held messages, not only what a server wrote of them */
};

/* A peer without an address has no queries. False: out of memory. Release follows either way. */
bool reread_init(struct reread *r, const struct endpoint *target, const struct endpoint *peer,
    struct err *reterr) MUST_USE;
void reread_release(struct reread *r);

enum reread_outcome {
	REREAD_DONE,
	REREAD_ABSENT,  /* no such file, or it cannot be read */
	REREAD_CHANGED, /* its content is another one now: nothing of it counts */
};

struct reread_source {
	const char *path;
	const char *format;
	struct digest content;
	struct hints hints;
	stream_look *look; /* as stream_open_watched() has it */
	void *context;
};

/* False: out of memory, or stopped by look. */
bool reread_take(struct reread *r, const struct reread_source *s, enum reread_outcome *ret,
    struct err *reterr) MUST_USE;

/* By time, then by what was sent, so that the order of the sources says nothing. */
void reread_sort(struct reread *r);

#endif
