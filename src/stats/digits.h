/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The parts of a time stamp that carry no sense: the second of its minute and the last digit that
 * the log wrote. People cannot make them up evenly (Mosimann, Wiseman & Edelman 1995), and tools
 * that round or shift leave their mark. Benford's law has nothing to say here: stamps have a range.
 */
#ifndef STATS_DIGITS_H
#define STATS_DIGITS_H

#include <stddef.h>
#include <stdint.h>

#define DIGITS_SECONDS 60
#define DIGITS_LAST    10

/* Add each time's second of the minute. */
void digits_count_seconds(
    const int64_t *times_ns, size_t count, uint32_t counts[static DIGITS_SECONDS]);

/* Add each time's last digit, of a log that writes `digits` > 0 of them behind the second. */
void digits_count_last(
    const int64_t *times_ns, size_t count, unsigned digits, uint32_t counts[static DIGITS_LAST]);

#endif
