/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files that the user gave beside the evidence, opened together. */
#ifndef ENRICH_ENRICH_H
#define ENRICH_ENRICH_H

#include "enrich/mmdb.h"
#include "enrich/popularity.h"

/* Each is NULL where no file was given. */
struct enrich {
	struct mmdb *networks;
	struct mmdb *places;
	struct popularity *popularity;
};

/* Paths are kept by reference; NULL: not given. A zeroed struct holds nothing. */
struct enrich_paths {
	const char *networks;
	const char *places;
	const char *popularity;
};

/* On failure nothing is held. */
bool enrich_open(const struct enrich_paths *paths, struct enrich *ret, struct err *reterr) MUST_USE;
void enrich_release(struct enrich *e);

#endif
