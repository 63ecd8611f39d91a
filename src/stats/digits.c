/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/digits.h"

#include "base/stamp.h"

/* The remainder that is never negative. */
static int64_t rest(int64_t x, int64_t by)
{
	int64_t r = x % by;

	return r < 0 ? r + by : r;
}

void digits_count_seconds(
    const int64_t *times_ns, size_t count, uint32_t counts[static DIGITS_SECONDS])
{
	for (size_t i = 0; i < count; i++)
		counts[rest(times_ns[i], DIGITS_SECONDS * NS_PER_S) / NS_PER_S]++;
}

void digits_count_last(
    const int64_t *times_ns, size_t count, unsigned digits, uint32_t counts[static DIGITS_LAST])
{
	int64_t unit = NS_PER_S;

	while (digits-- > 0 && unit > 1)
		unit /= 10;
	for (size_t i = 0; i < count; i++)
		counts[rest(times_ns[i], unit * DIGITS_LAST) / unit]++;
}
