/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a list of events: a table, or iCalendar where they begin so. */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "calendar/calendar.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct arena memory;
	struct calendar c;

	arena_init(&memory, 1 << 26);
	if (calendar_parse(bytes, len, &memory, &c, NULL)) {
		if (c.count == 0 || c.count > LIMIT_CALENDAR_EVENTS)
			abort();
		for (size_t i = 0; i < c.count; i++)
			if (strlen(c.events[i].label) > LIMIT_CALENDAR_LABEL_BYTES)
				abort();
	}
	arena_release(&memory);
	return 0;
}
