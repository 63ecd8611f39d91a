/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The checks that a hunt makes; those that need the evidence itself are printed by vet. */
#include "report/test_rows_authenticity.h"

#include "finding/authenticity_words.h"

bool test_rows_authenticity_verdict(const struct finding *f, struct buf *out, double *ret_p)
{
	const struct test_authenticity *t = &f->tests.authenticity;

	*ret_p = t->p;
	buf_text(out, tests_authenticity_name(t->verdict));
	for (size_t i = 0; i < t->concern_count; i++)
		buf_printf(out, "%s%s", i == 0 ? ": " : "; ", t->concerns[i]);
	buf_printf(out, "; %s", authenticity_words_limit);
	return true;
}

static bool see(
    const struct finding *f, enum authenticity_check check, struct buf *out, double *ret_p)
{
	const struct authenticity_result *r = &f->tests.authenticity.checks[check];

	if (r->why != NULL)
		return false;
	*ret_p = r->p;
	authenticity_words_say(out, check, r);
	return true;
}

bool test_rows_authenticity_ttl(const struct finding *f, struct buf *out, double *ret_p)
{
	return see(f, CHECK_TTL, out, ret_p);
}

bool test_rows_authenticity_digits(const struct finding *f, struct buf *out, double *ret_p)
{
	return see(f, CHECK_DIGITS, out, ret_p);
}

bool test_rows_authenticity_copies(const struct finding *f, struct buf *out, double *ret_p)
{
	return see(f, CHECK_COPIES, out, ret_p);
}

bool test_rows_authenticity_coverage(const struct finding *f, struct buf *out, double *ret_p)
{
	return see(f, CHECK_COVERAGE, out, ret_p);
}

bool test_rows_authenticity_companions(const struct finding *f, struct buf *out, double *ret_p)
{
	return see(f, CHECK_COMPANIONS, out, ret_p);
}
