/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The user's list of names that are no news to them. It annotates findings and removes none.
 *
 *   # a comment, to the end of the line
 *   mail.example.net      exactly this name (or this address)
 *   *.example.org         every name below example.org, and not example.org itself
 */
#ifndef HUNT_ALLOW_H
#define HUNT_ALLOW_H

#include "base/arena.h"
#include "base/err.h"
#include "contact/endpoint.h"

struct allow;

/*
 * Read the list. *ret lives in *memory. A line that is no name, no address and no pattern is an
 * error that gives its number.
 */
bool allow_read(
    const char *path, struct arena *memory, const struct allow **ret, struct err *reterr) MUST_USE;

/* The line that covers the target, an exact one before a pattern, a longer pattern before a
 * shorter; NULL when there is none, or the list is NULL. Borrowed from the arena. */
const char *allow_find(const struct allow *list, const struct endpoint *target);

#endif
