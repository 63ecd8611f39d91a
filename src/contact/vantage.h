/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where records were taken, which decides what they cannot show. A source is asked for its
 * vantage once it has been read; the vantage of a case is that of its contacts.
 */
#ifndef CONTACT_VANTAGE_H
#define CONTACT_VANTAGE_H

#include <stdint.h>

enum vantage {
	VANTAGE_UNKNOWN,
	VANTAGE_STUB,          /* one machine, of what it asks */
	VANTAGE_RECURSIVE,     /* a resolver, of what its clients ask */
	VANTAGE_RESOLVER_SIDE, /* a resolver, of what it asks for them */
	VANTAGE_AUTHORITATIVE, /* a name server, of what resolvers ask */
	VANTAGE_PASSIVE,       /* passive DNS */
	VANTAGE_MAIL_SERVER,
	VANTAGE_MIXED, /* several of these together */
	VANTAGES,
};

/* "unknown", "stub", "recursive", "resolver-side", "authoritative", ... Static. */
const char *vantage_name(enum vantage v);

/* The other way round; VANTAGE_UNKNOWN for any other text. */
enum vantage vantage_find(const char *name);

/* How many records speak for each; those that tell nothing speak for VANTAGE_UNKNOWN. */
struct vantage_votes {
	uint64_t of[VANTAGES];
};

/*
 * What nine in ten of the records speak for. Else VANTAGE_MIXED where at least two known ones
 * together make nine in ten, and VANTAGE_UNKNOWN.
 */
enum vantage vantage_of_votes(const struct vantage_votes *votes);

#endif
