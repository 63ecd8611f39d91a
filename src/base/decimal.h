/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers as text that is the same on every machine and in every locale. */
#ifndef BASE_DECIMAL_H
#define BASE_DECIMAL_H

#include <stddef.h>

#define DECIMAL_TEXT_MAX   32 /* with the NUL */
#define DECIMAL_DIGITS_MAX 17

/*
 * value rounded to 1 to DECIMAL_DIGITS_MAX significant digits, as printf's %g in the C locale but
 * for the exponent's padding: "3600", "0.395", "1.2e-13". Zero has no sign. Returns the length of
 * the text; 0 and "" when value is not finite.
 */
size_t decimal_format(double value, unsigned digits, char text[static DECIMAL_TEXT_MAX]);

#endif
