/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inversion of the integrated rate (Cinlar 1975): exact, and one logarithm per event. */
#include "stats/surrogate.h"

#include <stdlib.h>

#include "base/size.h"

static bool put(struct surrogate *s, double event_s, struct err *reterr)
{
	if (s->count == s->capacity) {
		size_t capacity = s->capacity == 0 ? 256 : size_mul(s->capacity, 2);
		double *grown = realloc(s->events_s, size_mul(capacity, sizeof(*grown)));

		if (grown == NULL) {
			err_set_memory(reterr);
			return false;
		}
		s->events_s = grown;
		s->capacity = capacity;
	}
	s->events_s[s->count++] = event_s;
	return true;
}

bool surrogate_draw(struct surrogate *s, const struct profile *p, double first_s, double last_s,
    double dead_s, struct philox *random, struct err *reterr)
{
	double event_s = first_s;

	s->count = 0;
	while (event_s <= last_s && s->count < SURROGATE_EVENTS_MAX) {
		if (!put(s, event_s, reterr))
			return false;
		event_s = profile_inverse(p, event_s + dead_s, philox_exponential(random));
	}
	return true;
}

void surrogate_release(struct surrogate *s)
{
	free(s->events_s);
	*s = (struct surrogate){ 0 };
}
