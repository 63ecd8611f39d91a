/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_JSON_TESTS_H
#define REPORT_JSON_TESTS_H

#include "finding/tests.h"
#include "report/printer.h"

/* The key "tests" with all of them; one that did not run is an object that says why. */
void json_tests(struct printer *p, const struct finding_tests *t);

/* The key "authenticity" alone. */
void json_tests_authenticity(struct printer *p, const struct test_authenticity *t);

#endif
