/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hunt/operator.h"

#include <stdlib.h>
#include <string.h>

#include "base/size.h"
#include "contact/key.h"

/* Of the prefix that stands for an operator where no autonomous system is known: /24 and /48. */
#define PREFIX_V4_BYTES 3
#define PREFIX_V6_BYTES 6

/* What a number is of stands above it. */
#define OF_V4     (UINT64_C(1) << 56)
#define OF_V6     (UINT64_C(2) << 56)
#define OF_SYSTEM (UINT64_C(3) << 56)

static uint64_t prefix_of(const struct endpoint *e)
{
	size_t len = e->form == ENDPOINT_V4 ? PREFIX_V4_BYTES : PREFIX_V6_BYTES;
	uint64_t prefix = 0;

	for (size_t i = 0; i < len; i++)
		prefix = prefix << 8 | e->bytes[i];
	return prefix | (e->form == ENDPOINT_V4 ? OF_V4 : OF_V6);
}

bool operator_find(const struct enrich *e, const uint8_t *peer, size_t peer_len, uint64_t name,
    uint64_t *ret, struct err *reterr)
{
	struct mmdb_entry entry = { .as_number = 0 };
	struct endpoint p;
	struct addr a;

	if (!key_read_endpoint(peer, peer_len, &p)) {
		err_set(reterr, ERR_DAMAGED, "the haystack holds a peer that cannot be read");
		return false;
	}
	*ret = name;
	if (p.form != ENDPOINT_V4 && p.form != ENDPOINT_V6)
		return true;
	a.len = p.len;
	memcpy(a.bytes, p.bytes, p.len);
	if (e->networks != NULL && !mmdb_find(e->networks, &a, &entry, reterr))
		return false;
	*ret = entry.as_number != 0 ? OF_SYSTEM | entry.as_number : prefix_of(&p);
	return true;
}

bool operator_shares_add(struct operator_shares *s, uint64_t number, uint64_t contacts)
{
	if (s->count == s->capacity) {
		size_t capacity = size_add(size_mul(s->capacity, 2), 64);
		struct operator_share *grown = reallocarray(s->items, capacity, sizeof(*grown));

		if (grown == NULL)
			return false;
		s->items = grown;
		s->capacity = capacity;
	}
	s->items[s->count++] = (struct operator_share){ number, contacts };
	return true;
}

void operator_shares_release(struct operator_shares *s)
{
	free(s->items);
	*s = (struct operator_shares){ 0 };
}

static int share_cmp(const void *a, const void *b)
{
	const struct operator_share *x = a, *y = b;

	return (x->number > y->number) - (x->number < y->number);
}

void operator_shares_count(
    struct operator_shares *s, uint64_t *ret_operators, double *ret_effective)
{
	double all = 0, squares = 0;
	size_t kept = 0;

	if (s->count > 1)
		qsort(s->items, s->count, sizeof(*s->items), share_cmp);
	for (size_t i = 0; i < s->count; i++)
		if (kept > 0 && s->items[kept - 1].number == s->items[i].number)
			s->items[kept - 1].contacts += s->items[i].contacts;
		else
			s->items[kept++] = s->items[i];
	s->count = kept;
	for (size_t i = 0; i < kept; i++) {
		double n = (double)s->items[i].contacts;

		all += n;
		squares += n * n;
	}
	*ret_operators = kept;
	*ret_effective = squares > 0 ? all * all / squares : 0;
}
