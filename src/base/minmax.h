/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The smaller and the larger of two numbers, neither of them NAN. fmin() and fmax() are library
 * calls, because they promise something about NAN; these are one instruction.
 */
#ifndef BASE_MINMAX_H
#define BASE_MINMAX_H

static inline double double_min(double a, double b)
{
	return a < b ? a : b;
}

static inline double double_max(double a, double b)
{
	return a > b ? a : b;
}

#endif
