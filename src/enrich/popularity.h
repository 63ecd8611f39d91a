/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A list of popular domains as Tranco and its like publish them: one "PLACE,DOMAIN" a line, the
 * first the most popular (Le Pochat et al., NDSS 2019).
 */
#ifndef ENRICH_POPULARITY_H
#define ENRICH_POPULARITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "contact/endpoint.h"

/* Lines that are kept at most: the longest list that is published has ten million. */
#define POPULARITY_LINES_MAX 20000000

struct popularity;

/* A line that is not a place and a name is an error that gives its number; empty ones are none. */
bool popularity_read(const char *path, struct popularity **ret, struct err *reterr) MUST_USE;
void popularity_free(struct popularity *p);

/*
 * The place of the name itself or of the nearest name above it that the list has, with that name
 * in *ret_listed; 0, *ret_listed untouched: none of them is on the list.
 */
uint32_t popularity_find(
    const struct popularity *p, const struct endpoint *name, struct endpoint *ret_listed);

/* One line without its end: false unless it is a place from 1 on and a name. */
bool popularity_parse(
    const char *line, size_t len, uint32_t *ret_place, struct endpoint *ret_name) MUST_USE;

#endif
