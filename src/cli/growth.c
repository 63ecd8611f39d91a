/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/growth.h"

#define HEADS 13 /* lengths: 1, 2, 4, ... CASE_HEAD_MAX */

struct search {
	struct growth *growth;
	struct casefile *casefile;
	const char *format;
	const void *bytes; /* how the content begins */
	size_t len;
};

/* The digests of the first 1, 2, 4, ... bytes. Returns how many there are, 0 on failure. */
static size_t digest_heads(
    const struct search *s, struct digest heads[static HEADS], struct err *reterr)
{
	struct digester *d = NULL;
	bool ok = digester_new(&d, reterr);
	size_t count = 0, done = 0;

	for (size_t n = 1; ok && n <= CASE_HEAD_MAX && n <= s->len; n *= 2) {
		digester_add(d, (const char *)s->bytes + done, n - done);
		done = n;
		ok = digester_peek(d, &heads[count++], reterr);
	}
	digester_free(d);
	return ok ? count : 0;
}

static bool digest_prefix(
    const struct search *s, size_t len, struct digest *ret, struct err *reterr)
{
	struct digester *d = NULL;
	bool ok = digester_new(&d, reterr);

	if (ok) {
		digester_add(d, s->bytes, len);
		ok = digester_peek(d, ret, reterr);
	}
	digester_free(d);
	return ok;
}

/* The candidates of one length: where it can be seen, those that fit. */
static bool take_length(
    const struct search *s, const struct digest *head, uint64_t length, struct err *reterr)
{
	struct growth *g = s->growth;
	const bool seen = length <= s->len;
	struct digest prefix;
	size_t found = 0;

	if (seen && !digest_prefix(s, (size_t)length, &prefix, reterr))
		return false;
	if (!case_find_prefixes(s->casefile, head, s->format, length, seen ? &prefix : NULL,
		&g->from[g->count], GROWTH_TRIES - g->count, &found, reterr))
		return false;
	g->count += found;
	return true;
}

/* The candidates whose head this is, the longest first. */
static bool take_head(const struct search *s, const struct digest *head, struct err *reterr)
{
	uint64_t length = UINT64_MAX;

	for (int i = 0; i < GROWTH_LENGTHS && s->growth->count < GROWTH_TRIES; i++) {
		if (!case_next_prefix(s->casefile, head, s->format, length, &length, reterr))
			return false;
		if (length == 0)
			return true;
		if (!take_length(s, head, length, reterr))
			return false;
	}
	return true;
}

bool growth_find(struct growth *g, struct casefile *c, const char *format, const void *head,
    size_t head_len, struct err *reterr)
{
	const struct search s = { g, c, format, head, head_len };
	struct digest heads[HEADS];
	size_t count;

	g->count = 0;
	if (head_len == 0)
		return true;
	count = digest_heads(&s, heads, reterr);
	if (count == 0)
		return false;
	/* a longer head belongs to longer prefixes */
	for (size_t i = count; i-- > 0 && g->count < GROWTH_TRIES;)
		if (!take_head(&s, &heads[i], reterr))
			return false;
	return true;
}
