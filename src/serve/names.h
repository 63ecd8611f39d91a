/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The names of a case in memory, for search as one types and for the list of peers. They are read
 * by a thread of their own once the case is open, so that a large case opens at once; until they
 * are there, callers are told so.
 */
#ifndef SERVE_NAMES_H
#define SERVE_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "contact/endpoint.h"
#include "haystack/haystack.h"

struct names;

/* A target, or a peer. */
struct names_item {
	const char *text; /* as endpoint_format() writes it, without a NUL; borrowed */
	size_t len;
	uint64_t contacts;
	int64_t first_ns;
	int64_t last_ns;
	uint32_t others; /* of a target, its series; of a peer, the targets that it asked for */
};

/* Begin to read the haystack, which must stay open until names_free(). */
bool names_new(struct haystack *h, struct names **ret, struct err *reterr) MUST_USE;

/* Stop reading, if it is not done. */
void names_free(struct names *n);

enum names_state {
	NAMES_READING,
	NAMES_READY,
	NAMES_FAILED, /* out of memory, or damage, of which names_why() tells */
};
enum names_state names_state(struct names *n);
const char *names_why(const struct names *n);

/* What follows holds once the state is NAMES_READY. */
size_t names_count(const struct names *n);

/*
 * The names that hold the text, which is ASCII: those that are it, those that begin with it, those
 * with a label that does, the others; each class in key order (by label from the root). A leading
 * "*." or "." asks for names that end so. At most max into found; returns how many match in all.
 */
size_t names_search(const struct names *n, const char *text, struct names_item *found, size_t max,
    size_t *ret_count);

enum names_order {
	NAMES_BY_CONTACTS,
	NAMES_BY_OTHERS,
	NAMES_BY_TEXT,
	NAMES_BY_FIRST,
	NAMES_BY_LAST,
};

/* Peers whose text holds the given one (or NULL), in order, from offset on. The same returns. */
size_t names_peers(const struct names *n, const char *text, enum names_order order, bool rising,
    size_t offset, struct names_item *found, size_t max, size_t *ret_count);

/*
 * Targets of a peer in key order, with the peer's own contacts; first and last are not told. False:
 * there is no such peer. *ret_total is 0 where the case has more series than are kept.
 */
bool names_of_peer(const struct names *n, const struct endpoint *peer, struct names_item *ret_peer,
    size_t offset, struct names_item *found, size_t max, size_t *ret_count, size_t *ret_total);

#endif
