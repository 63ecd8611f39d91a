/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "contact/vantage.h"

#include <stdbool.h>
#include <string.h>

#include "base/attr.h"

static const char *const names[VANTAGES] = {
	[VANTAGE_UNKNOWN] = "unknown",
	[VANTAGE_STUB] = "stub",
	[VANTAGE_RECURSIVE] = "recursive",
	[VANTAGE_RESOLVER_SIDE] = "resolver-side",
	[VANTAGE_AUTHORITATIVE] = "authoritative",
	[VANTAGE_PASSIVE] = "passive",
	[VANTAGE_MAIL_SERVER] = "mail server",
	[VANTAGE_MIXED] = "mixed",
};

const char *vantage_name(enum vantage v)
{
	return names[v];
}

enum vantage vantage_find(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strcmp(names[i], name) == 0)
			return (enum vantage)i;
	return VANTAGE_UNKNOWN;
}

/* At least nine in ten; part <= all, so that the difference cannot be negative. */
static bool is_nearly_all(uint64_t part, uint64_t all)
{
	return all - part <= all / 10;
}

enum vantage vantage_of_votes(const struct vantage_votes *votes)
{
	uint64_t all = 0;

	for (int v = 0; v < VANTAGES; v++)
		all += votes->of[v];
	if (all == 0)
		return VANTAGE_UNKNOWN;
	for (int v = 0; v < VANTAGES; v++)
		if (is_nearly_all(votes->of[v], all))
			return (enum vantage)v;
	return is_nearly_all(all - votes->of[VANTAGE_UNKNOWN], all) ? VANTAGE_MIXED
								    : VANTAGE_UNKNOWN;
}
