/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A zone that can be read tells a moment for every time of the clock, and mostly back again. */
#include <stdlib.h>

#include "evidence/zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* What the clock shows at that moment. */
static int64_t local_of(const struct zone *z, int64_t utc_s)
{
	size_t i = 0;

	while (i < z->count && z->at_s[i] <= utc_s)
		i++;
	return utc_s + z->east_s[i];
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct zone z;
	int64_t utc_s;

	if (!zone_read(&z, bytes, len))
		return 0;
	for (int64_t local_s = -2000000000; local_s < 4000000000; local_s += 86400 * 30 + 3599)
		if (zone_utc(&z, local_s, &utc_s) && local_of(&z, utc_s) != local_s)
			abort();
	return 0;
}
