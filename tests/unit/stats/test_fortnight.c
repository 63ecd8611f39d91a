/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/stamp.h"
#include "stats/exposure.h"
#include "stats/fortnight.h"

/* Every hour of six years about 1970 has the cell that its day and hour name. */
static void cells_follow_weekday_hour_and_parity(void **state)
{
	(void)state;
	for (int64_t hour = -3 * 365 * 24; hour < 3 * 365 * 24; hour++) {
		struct moment m = fortnight_moment((double)hour * HOUR_S + 1799.5);
		int64_t day = (hour - (hour % 24 + 24) % 24) / 24;
		unsigned cell = (unsigned)(hour - day * 24);

		cell += stamp_weekday(day) >= 5 ? 24 : 0;
		cell += (day & 1) != 0 ? CELL_COUNT : 0;
		assert_int_equal(fortnight_cells[m.hour], cell);
		assert_true(m.into_s == 1799.5);
	}
}

static void a_moment_tells_its_time(void **state)
{
	static const double times_s[] = { 0, -.25, 1, 3599.75, 3600, -259200, -259200.25,
		1462147200, 1462147199.75, 9.2e9, -9.2e9 };

	(void)state;
	for (size_t i = 0; i < sizeof(times_s) / sizeof(times_s[0]); i++) {
		struct moment m = fortnight_moment(times_s[i]);

		assert_true(m.hour < FORTNIGHT_HOURS);
		assert_true(m.into_s >= 0 && m.into_s < HOUR_S);
		assert_true(FORTNIGHT_ORIGIN_S + (double)m.fortnight * FORTNIGHT_S +
				m.hour * HOUR_S + m.into_s ==
			    times_s[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_follow_weekday_hour_and_parity),
		cmocka_unit_test(a_moment_tells_its_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
