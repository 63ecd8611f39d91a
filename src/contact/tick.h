/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Stored times count ticks of 10^-digits seconds, digits 0 to 9, so that whole seconds do not
 * pay for nanoseconds.
 */
#ifndef CONTACT_TICK_H
#define CONTACT_TICK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/cursor.h"

#define TICK_DIGITS_MAX 9

/* Nanoseconds of a tick. */
static inline int64_t tick_ns(uint8_t digits)
{
	static const int64_t ns[] = { 1000000000, 100000000, 10000000, 1000000, 100000, 10000, 1000,
		100, 10, 1 };

	return ns[digits];
}

/* The least digits, from those given on, in which the time is a whole number of ticks. */
static inline uint8_t tick_digits(int64_t time_ns, uint8_t digits)
{
	while (digits < TICK_DIGITS_MAX && time_ns % tick_ns(digits) != 0)
		digits++;
	return digits < TICK_DIGITS_MAX ? digits : TICK_DIGITS_MAX;
}

/* A point in time, read as a zigzag number of ticks, which *ret_ticks is set to. */
static inline int64_t tick_read_time(struct cursor *c, uint8_t digits, int64_t *ret_ticks)
{
	int64_t ns = 0;

	*ret_ticks = cursor_zigzag(c);
	if (__builtin_mul_overflow(*ret_ticks, tick_ns(digits), &ns))
		cursor_fail(c, "time out of range");
	return ns;
}

/* The time that many ticks after a first one; false when 64 bits do not hold it. */
static inline bool tick_add(int64_t time_ns, uint64_t ticks, uint8_t digits, int64_t *ret)
{
	uint64_t ns;

	if (__builtin_mul_overflow(ticks, (uint64_t)tick_ns(digits), &ns) ||
	    ns > (uint64_t)INT64_MAX - (uint64_t)time_ns)
		return false;
	*ret = (int64_t)((uint64_t)time_ns + ns);
	return true;
}

/* Ticks between two times that are whole ticks, to >= from. */
static inline uint64_t tick_between(int64_t from_ns, int64_t to_ns, uint8_t digits)
{
	return ((uint64_t)to_ns - (uint64_t)from_ns) / (uint64_t)tick_ns(digits);
}

#endif
