/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "enrich/enrich.h"

#include <stddef.h>

bool enrich_open(const struct enrich_paths *paths, struct enrich *ret, struct err *reterr)
{
	struct enrich e = { .networks = NULL };

	if ((paths->networks != NULL && !mmdb_open(paths->networks, &e.networks, reterr)) ||
	    (paths->places != NULL && !mmdb_open(paths->places, &e.places, reterr)) ||
	    (paths->popularity != NULL &&
		!popularity_read(paths->popularity, &e.popularity, reterr))) {
		enrich_release(&e);
		return false;
	}
	*ret = e;
	return true;
}

void enrich_release(struct enrich *e)
{
	mmdb_free(e->networks);
	mmdb_free(e->places);
	popularity_free(e->popularity);
	*e = (struct enrich){ .networks = NULL };
}
