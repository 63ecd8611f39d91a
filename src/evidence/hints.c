/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/hints.h"

#include <stdio.h>
#include <string.h>

#include "base/stamp.h"

bool hints_set_zone(struct hints *h, const char *text)
{
	char midnight[64];
	struct stamp_zone zone;
	struct stamp s;
	int len;

	len = snprintf(midnight, sizeof(midnight), "1970-01-01T00:00:00%s",
	    strcmp(text, "UTC") == 0 ? "Z" : text);
	/* a fraction of a second would be taken, too, and is no zone */
	if (len <= 0 || (size_t)len >= sizeof(midnight) || text[0] == '.' || text[0] == ',' ||
	    !stamp_parse_iso(midnight, (size_t)len, &s, &zone) || !zone.is_named)
		return false;
	h->zoned = true;
	h->east_s = zone.east_s;
	return true;
}
