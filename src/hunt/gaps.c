/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Gaps are taken within one peer and then put together: a pause is a property of who asks, and
 * that of two peers in turn would be a property of neither.
 */
#include "hunt/gaps.h"

#include <math.h>
#include <stdlib.h>

#include "base/size.h"

static int number_cmp(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The gaps of a peer, in seconds, to the end of the list. */
static size_t add_peer(const struct trace_peer *p, int64_t *starts_ns, double *gaps_s)
{
	size_t visits = trace_visit_starts(p, starts_ns);

	for (size_t i = 1; i < visits; i++) {
		/* differences may pass 63 bits */
		uint64_t ns = (uint64_t)starts_ns[i] - (uint64_t)starts_ns[i - 1];

		gaps_s[i - 1] = (double)ns / (double)NS_PER_S;
	}
	return visits > 0 ? visits - 1 : 0;
}

static void note_ttl(const struct trace_peer *p, struct finding_gaps *ret)
{
	if (p->ttl_max != TTL_NONE && (ret->ttl == TTL_NONE || p->ttl_max > ret->ttl))
		ret->ttl = p->ttl_max;
}

bool gaps_fill(const struct trace *t, struct finding_gaps *ret)
{
	size_t room = size_add((size_t)t->contacts, 1), count = 0;
	double *gaps_s = malloc(size_mul(room, sizeof(*gaps_s)));
	int64_t *starts_ns = malloc(size_mul(room, sizeof(*starts_ns)));
	bool ok = gaps_s != NULL && starts_ns != NULL;

	*ret = (struct finding_gaps){ .quartiles_s = { NAN, NAN, NAN }, .ttl = TTL_NONE };
	for (size_t i = 0; ok && i < t->peer_count; i++) {
		count += add_peer(&t->peers[i], starts_ns, gaps_s + count);
		note_ttl(&t->peers[i], ret);
	}
	for (size_t i = 0; i < count; i++)
		ret->counts[finding_gap_bin(gaps_s[i])]++;
	ret->total = count;
	if (count > 0) {
		qsort(gaps_s, count, sizeof(*gaps_s), number_cmp);
		for (size_t i = 0; i < 3; i++) /* the least that so many are not above */
			ret->quartiles_s[i] = gaps_s[(count * (i + 1) + 3) / 4 - 1];
	}
	free(gaps_s);
	free(starts_ns);
	return ok;
}
