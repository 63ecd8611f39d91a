/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is a report what this case gives? */
#ifndef CLI_VERIFY_H
#define CLI_VERIFY_H

#include "cli/output.h"
#include "cli/workspace.h"

/*
 * Make the report in file s->verify anew from the evidence of the case and compare them byte by
 * byte, so that each number in it is found again. Form, seed and number of findings are taken from
 * the file where it is a page or JSON Lines, else from the settings. What is found is said in *out:
 * another version, evidence or list than this run's, else each value that differs and its place.
 */
bool verify_report(struct workspace *w, const struct settings *s, struct output *out,
    bool *ret_agrees, struct err *reterr) MUST_USE;

#endif
