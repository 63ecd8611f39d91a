/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a line of a list of holidays: a date that is read is the one that was written. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/stamp.h"
#include "hunt/holidays.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char text[32];
	int64_t day, year;
	unsigned month, of_month;

	if (!holidays_parse((const char *)bytes, len, &day))
		return 0;
	stamp_date_of(day, &year, &month, &of_month);
	(void)snprintf(text, sizeof(text), "%04d-%02u-%02u", (int)year, month, of_month);
	if (len < 10 || memcmp(text, bytes, 10) != 0)
		abort();
	return 0;
}
