/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a line of a list of popular domains: what is read is what was written. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "enrich/popularity.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char text[ENDPOINT_TEXT_MAX + 16], name[ENDPOINT_TEXT_MAX];
	struct endpoint got, again;
	uint32_t place, place_again;
	int n;

	if (!popularity_parse((const char *)bytes, len, &place, &got))
		return 0;
	(void)endpoint_format(&got, name);
	n = snprintf(text, sizeof(text), "%u,%s", (unsigned)place, name);
	if (n <= 0 || !popularity_parse(text, (size_t)n, &place_again, &again))
		abort();
	if (place == 0 || place != place_again || endpoint_cmp(&got, &again) != 0)
		abort();
	return 0;
}
