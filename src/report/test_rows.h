/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the tests of a finding saw, a row each, the same in the terminal and on the page: its
 * effect with the interval where there is one, the null hypothesis by its name, and p. A new test
 * is one function and one line of the table in test_rows.c.
 */
#ifndef REPORT_TEST_ROWS_H
#define REPORT_TEST_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "finding/finding.h"

struct test_row {
	const char *test;     /* as in why_tests(): rows of one test follow each other */
	const char *question; /* of the test, in plain words */
	const char *name;
	const char *null;  /* what p speaks against; NULL: it only describes, under the model */
	const char *model; /* or NULL */
	double p;          /* NAN: a description, or not enough was read to test it */
};

size_t test_rows_count(void);

/*
 * Fill *ret with row i and append its effect to *effect, as it came: names and labels in it are
 * for the caller to escape. False, with nothing appended: the test, or this part of it, did not
 * run. *ret then means nothing.
 */
bool test_rows_make(const struct finding *f, size_t i, struct test_row *ret, struct buf *effect);

#endif
