/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "finding/words.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "base/attr.h"
#include "base/decimal.h"

void words_count(struct buf *out, uint64_t n)
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%" PRIu64, n);

	for (int i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			buf_u8(out, ',');
		buf_u8(out, (uint8_t)digits[i]);
	}
}

void words_things(struct buf *out, uint64_t n, const char *one, const char *many)
{
	words_count(out, n);
	buf_printf(out, " %s", n == 1 ? one : many);
}

void words_number(struct buf *out, double value, unsigned digits)
{
	char text[DECIMAL_TEXT_MAX];

	if (value >= 100 && value < 1e15) {
		words_count(out, (uint64_t)llround(value));
		return;
	}
	buf_text(out, decimal_format(value, digits, text) == 0 ? "-" : text);
}

void words_amount(struct buf *out, double value, unsigned digits, const char *one, const char *many)
{
	char text[DECIMAL_TEXT_MAX];

	words_number(out, value, digits);
	(void)decimal_format(value, digits, text);
	buf_printf(out, " %s", text[0] == '1' && text[1] == '\0' ? one : many);
}

void words_p(struct buf *out, double p)
{
	if (p < WORDS_P_FLOOR)
		buf_text(out, "under 1e-300");
	else
		words_number(out, p, 2);
}

void words_p_of(struct buf *out, const char *letter, double p)
{
	buf_printf(out, p < WORDS_P_FLOOR ? "%s " : "%s = ", letter);
	words_p(out, p);
}

void words_seconds(struct buf *out, double seconds)
{
	static const struct {
		double length;
		const char *name;
	} units[] = { { 86400, "days" }, { 3600, "h" }, { 60, "min" } };
	char text[DECIMAL_TEXT_MAX];

	for (size_t i = 0; i < COUNT_OF(units); i++) {
		if (!(fabs(seconds) >= units[i].length))
			continue;
		(void)decimal_format(seconds / units[i].length, 3, text);
		buf_printf(out, "%s %s", text,
		    i == 0 && text[0] == '1' && text[1] == '\0' ? "day" : units[i].name);
		return;
	}
	words_number(out, seconds, 3);
	if (isfinite(seconds))
		buf_text(out, " s");
}

void words_share(struct buf *out, double share)
{
	if (!isfinite(share))
		buf_u8(out, '-');
	else if (share > 0 && share < 0.01)
		buf_text(out, "under 1%");
	else if (share > 0.99 && share < 1)
		buf_text(out, "over 99%");
	else
		buf_printf(out, "%.0f%%", share * 100);
}

void words_day(struct buf *out, int64_t day)
{
	int64_t year;
	unsigned month, in_month;

	stamp_date_of(day, &year, &month, &in_month);
	buf_printf(out, "%04" PRId64 "-%02u-%02u", year, month, in_month);
}

void words_date(struct buf *out, struct stamp s)
{
	words_day(out, stamp_day(s.ns));
}

void words_outages(struct buf *out, double live_share, bool judged)
{
	if (live_share < 1) {
		buf_text(out, "the sensor was silent for ");
		words_share(out, 1 - live_share);
		buf_text(out, " of that time");
	} else if (judged) {
		buf_text(out, "no outage of the sensor was found");
	} else {
		buf_text(out, "outages of the sensor cannot be judged from so few records");
	}
}

void words_losses(struct buf *out, const char *before, const struct sensor_losses *losses)
{
	if (losses->intervals == 0)
		return;
	buf_printf(out, "%sby its own word the sensor lost ", before);
	if (losses->lost_share > 0)
		words_share(out, losses->lost_share);
	else
		buf_text(out, "none");
	buf_text(out, " of its packets");
	if (losses->denied) {
		buf_text(out, ", most of them at times at which the contacts are as many as ever: "
			      "these times are not taken as outages");
	} else if (losses->out_s > 0) {
		buf_text(out, ", and more than half of the usual for ");
		words_seconds(out, losses->out_s);
		buf_text(out, ", which are taken as outages");
	}
}

void words_span(struct buf *out, struct stamp first, struct stamp last)
{
	bool one = stamp_day(first.ns) == stamp_day(last.ns);

	buf_text(out, one ? " on " : " from ");
	words_date(out, first);
	if (one)
		return;
	buf_text(out, " to ");
	words_date(out, last);
}

void words_zone(struct buf *out, int minutes)
{
	unsigned size = (unsigned)(minutes < 0 ? -minutes : minutes);

	buf_text(out, "UTC");
	if (size > 0)
		buf_printf(out, "%c%u", minutes < 0 ? '-' : '+', size / 60);
	if (size % 60 > 0)
		buf_printf(out, ":%02u", size % 60);
}
