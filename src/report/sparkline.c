/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/sparkline.h"

#include "base/attr.h"

static uint64_t sparkline_day(const struct finding_raster *r, size_t day)
{
	uint64_t sum = 0;

	for (size_t hour = 0; hour < 24; hour++)
		sum += r->hours[day][hour];
	return sum;
}

/* Contacts of step days from this one; fewer days at the end count for as many. */
static uint64_t sum_days(const struct finding_raster *r, size_t from, size_t step)
{
	size_t days = r->days - from < step ? r->days - from : step;
	uint64_t sum = 0;

	for (size_t i = 0; i < days; i++)
		sum += sparkline_day(r, from + i);
	return sum * step / days;
}

void sparkline_put(struct buf *out, const struct finding_raster *r, size_t width, bool unicode)
{
	static const char *const blocks[] = { " ", "\xe2\x96\x81", "\xe2\x96\x82", "\xe2\x96\x83",
		"\xe2\x96\x84", "\xe2\x96\x85", "\xe2\x96\x86", "\xe2\x96\x87", "\xe2\x96\x88" };
	static const char *const ascii[] = { " ", ".", ":", "-", "=", "+", "*", "#", "@" };
	const char *const *marks = unicode ? blocks : ascii;
	const uint64_t top = COUNT_OF(blocks) - 1;
	size_t step = width == 0 ? r->days : (r->days + width - 1) / width; /* days a mark */
	uint64_t max = 1;

	if (r->hours == NULL || r->days == 0)
		return;
	for (size_t day = 0; day < r->days; day += step) {
		uint64_t sum = sum_days(r, day, step);

		max = sum > max ? sum : max;
	}
	for (size_t day = 0; day < r->days; day += step) {
		uint64_t sum = sum_days(r, day, step);

		buf_text(out, marks[(sum * top + max - 1) / max]); /* rounded up */
	}
}
