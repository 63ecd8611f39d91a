/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The digits come from the C library, which rounds correctly; the decimal point, which the locale
 * may change, is set here.
 */
#include "base/decimal.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ret[0 .. digits - 1] = the digits, rounded; returns the power of ten of the first. */
static int round_digits(double magnitude, unsigned digits, char ret[static DECIMAL_DIGITS_MAX])
{
	char text[64]; /* the point may be several bytes */
	const char *exponent;

	(void)snprintf(text, sizeof(text), "%.*e", (int)digits - 1, magnitude);
	exponent = strchr(text, 'e');
	assert(exponent != NULL && exponent - text >= (ptrdiff_t)digits);
	ret[0] = text[0];
	memcpy(ret + 1, exponent - (digits - 1), digits - 1);
	return (int)strtol(exponent + 1, NULL, 10);
}

size_t decimal_format(double value, unsigned digits, char text[static DECIMAL_TEXT_MAX])
{
	char shown[DECIMAL_DIGITS_MAX];
	int count = (int)digits;
	bool scientific;
	size_t len = 0;
	int power;
	int point; /* digits before the point */

	assert(digits >= 1 && digits <= DECIMAL_DIGITS_MAX);
	text[0] = '\0';
	if (!isfinite(value))
		return 0;
	power = round_digits(fabs(value), digits, shown);
	while (count > 1 && shown[count - 1] == '0')
		count--;
	if (value < 0)
		text[len++] = '-';
	scientific = power < -4 || power >= (int)digits;
	point = scientific ? 1 : power + 1;
	if (point <= 0)
		len += (size_t)snprintf(text + len, 8, "0.%.*s", -point, "0000");
	for (int i = 0; i < count || i < point; i++) {
		if (i == point && point > 0)
			text[len++] = '.';
		text[len++] = i < count ? shown[i] : '0';
	}
	text[len] = '\0';
	if (scientific)
		len += (size_t)snprintf(text + len, 8, "e%d", power);
	return len;
}
