/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "finding/authenticity.h"

#include <math.h>

void authenticity_offer(
    struct authenticity_result *r, unsigned *parts, struct authenticity_result part)
{
	if (isnan(part.p))
		return;
	if (*parts == 0 || part.p < r->p)
		*r = part;
	++*parts;
}

void authenticity_close(struct authenticity_result *r, unsigned parts, const char *why)
{
	if (parts == 0)
		*r = (struct authenticity_result){ .why = why };
	else
		r->p = fmin(1, r->p * parts);
}
