/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hunt/raster.h"

#include "base/stamp.h"

bool raster_fill(
    const int64_t *times_ns, size_t n, struct arena *memory, struct finding_raster *ret)
{
	int64_t first = INT64_MAX, last = INT64_MIN;
	uint32_t(*hours)[24];
	size_t days;

	for (size_t i = 0; i < n; i++) {
		int64_t day = stamp_day(times_ns[i]);

		first = day < first ? day : first;
		last = day > last ? day : last;
	}
	if (last - first >= RASTER_DAYS_MAX)
		first = last - RASTER_DAYS_MAX + 1;
	days = (size_t)(last - first) + 1;
	hours = arena_alloc(memory, days * sizeof(*hours));
	if (hours == NULL)
		return false;
	for (size_t i = 0; i < n; i++) {
		int64_t day = stamp_day(times_ns[i]);
		int64_t in_day = times_ns[i] % NS_PER_DAY;

		if (in_day < 0)
			in_day += NS_PER_DAY;
		if (day >= first)
			hours[day - first][in_day / (3600 * NS_PER_S)]++;
	}
	*ret = (struct finding_raster){
		.first_day = first,
		.days = days,
		.hours = (const uint32_t(*)[24])hours,
	};
	return true;
}

void raster_parts(const int64_t *times_ns, size_t n, int64_t first_ns, int64_t last_ns,
    uint64_t ret[static FINDING_PARTS])
{
	/* in floating point: stamps from damaged records may lie centuries apart */
	double span = (double)last_ns - (double)first_ns;

	for (size_t i = 0; i < FINDING_PARTS; i++)
		ret[i] = 0;
	for (size_t i = 0; i < n; i++) {
		double at = span > 0 ? ((double)times_ns[i] - (double)first_ns) / span : 0;
		size_t part = (size_t)(at * FINDING_PARTS);

		ret[part < FINDING_PARTS ? part : FINDING_PARTS - 1]++;
	}
}
