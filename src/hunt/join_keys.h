/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The other names and addresses of a host, by facts. */
#ifndef HUNT_JOIN_KEYS_H
#define HUNT_JOIN_KEYS_H

#include "finding/joined.h"
#include "haystack/haystack.h"

#define JOIN_STEPS_MAX  3 /* facts from the target to a key */
#define JOIN_SHARED_MAX 8 /* facts that are named for not being followed */

struct join_keys {
	struct joined_key keys[JOINED_KEYS_MAX]; /* nearest first; counts are 0 */
	size_t count;
	bool cut;
	struct joined_shared shared[JOIN_SHARED_MAX];
	size_t shared_count;
};

/* Fill *ret, the target first. The same for the same facts, in whatever order they came. */
bool join_keys_find(struct haystack *h, const struct endpoint *target, struct join_keys *ret,
    struct err *reterr) MUST_USE;

/* The address whose reverse name it is (RFC 1035 3.5, RFC 3596 2.5). False: it is none. */
bool join_keys_of_reverse(const struct endpoint *name, struct endpoint *ret) MUST_USE;

#endif
