/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who asked first for a name that took another's place, and what speaks against reading a notice
 * from outside into that: receivers of mail look up address, name and address again by themselves
 * at the first connection.
 */
#ifndef HUNT_ASKER_H
#define HUNT_ASKER_H

#include "base/arena.h"
#include "finding/tests.h"
#include "hunt/kin.h"

struct asker_input {
	struct haystack *haystack;
	const struct funnel *funnel;
	const struct kinship *kinship;
	size_t died; /* indexes into the kinship */
	size_t born;
};

/* Fill the entry's first asker, its chance and the downgrades, these in *memory. */
bool asker_fill(const struct asker_input *in, struct arena *memory, struct succession_entry *ret,
    struct err *reterr) MUST_USE;

#endif
