/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where messages were recorded, inferred from themselves: their RD bits, which a response repeats,
 * and how many ask how many. The rules are at the head of vantage_guess.c. Bounded memory; the
 * order of the messages does not matter.
 */
#ifndef EVIDENCE_VANTAGE_GUESS_H
#define EVIDENCE_VANTAGE_GUESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "contact/vantage.h"

#define VANTAGE_ENDS_MAX 16 /* different addresses of a side that are told apart */

struct vantage_ends {
	uint8_t count; /* VANTAGE_ENDS_MAX: as many or more */
	struct addr addr[VANTAGE_ENDS_MAX];
};

/* Zeros are ready. No members for callers. */
struct vantage_guess {
	uint64_t messages;
	uint64_t recursive; /* of them with RD */
	struct vantage_ends clients;
	struct vantage_ends servers;
};

void vantage_guess_message(struct vantage_guess *g, const struct addr *client,
    const struct addr *server, bool recursion_desired);

enum vantage vantage_guess_of(const struct vantage_guess *g);

#endif
