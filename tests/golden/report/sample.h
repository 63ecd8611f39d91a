/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Results of a hunt made by hand, for the goldens of the report. All memory is static or *memory.
 */
#ifndef SAMPLE_H
#define SAMPLE_H

#include "base/arena.h"
#include "report/report.h"

/*
 * "scenario": the founding scenario among ordinary names. "hostile": names, files and lines that
 * carry markup, escape codes and bidi marks. "short": too short for any name. "quiet": no needle.
 * "long": forty years of days. False: no such sample, or out of memory.
 */
bool sample_make(const char *name, struct arena *memory, struct report_input *ret);

#endif
