/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the checks of authenticity saw, as rows of the table of tests (test_rows.h). */
#ifndef REPORT_TEST_ROWS_AUTHENTICITY_H
#define REPORT_TEST_ROWS_AUTHENTICITY_H

#include "report/test_rows.h"

bool test_rows_authenticity_verdict(const struct finding *f, struct buf *out, double *ret_p);
bool test_rows_authenticity_ttl(const struct finding *f, struct buf *out, double *ret_p);
bool test_rows_authenticity_digits(const struct finding *f, struct buf *out, double *ret_p);
bool test_rows_authenticity_copies(const struct finding *f, struct buf *out, double *ret_p);
bool test_rows_authenticity_coverage(const struct finding *f, struct buf *out, double *ret_p);
bool test_rows_authenticity_companions(const struct finding *f, struct buf *out, double *ret_p);

#endif
