/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/growth.h"

#include <string.h>

struct search {
	struct growth *growth;
	const char *format;
};

/* Insert by falling length; of too many the longest stay. */
static bool note(void *context, const struct source *s, struct err *reterr)
{
	const struct search *search = context;
	struct growth *g = search->growth;
	size_t at = g->count;

	(void)reterr;
	if (strcmp(s->format, search->format) != 0)
		return true;
	while (at > 0 && g->from[at - 1].consumed_bytes < s->consumed_bytes)
		at--;
	if (at == GROWTH_TRIES)
		return true;
	if (g->count < GROWTH_TRIES)
		g->count++;
	memmove(&g->from[at + 1], &g->from[at], (g->count - at - 1) * sizeof(g->from[0]));
	g->from[at] = (struct grown_from){ s->content, s->consumed, s->consumed_bytes };
	return true;
}

bool growth_find(struct growth *g, struct casefile *c, const char *format, const void *head,
    size_t head_len, struct err *reterr)
{
	struct search search = { g, format };
	struct digester *d = NULL;
	struct digest digest;
	bool ok = digester_new(&d, reterr);
	size_t done = 0;

	g->count = 0;
	for (size_t n = 1; ok && n <= CASE_HEAD_MAX && n <= head_len; n *= 2) {
		digester_add(d, (const char *)head + done, n - done);
		done = n;
		ok = digester_peek(d, &digest, reterr) &&
		     case_each_head(c, &digest, note, &search, reterr);
	}
	digester_free(d);
	return ok;
}
