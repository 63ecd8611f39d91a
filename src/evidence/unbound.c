/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Unbound's log with log-queries or log-replies, from a file or through syslog, with or without
 * log-time-ascii, log-time-iso and log-tag-queryreply (unbound.conf(5)):
 *
 *	[1122214615] unbound[2541:0] info: 192.0.2.1 NAME. TYPE CLASS
 *	[1122214615] unbound[2541:0] reply: 192.0.2.1 NAME. TYPE CLASS RCODE SECONDS CACHED BYTES
 *
 * A log with both kinds has each query twice, and nothing on the lines says which belong together.
 * So from the first query line on, reply lines are passed over: the queries are what counts.
 */
#include "evidence/log.h"
#include "evidence/query_log.h"

#include <string.h>

#define WORDS_PASSED 8 /* host, unbound:, [pid:thread] */

struct unbound {
	struct query_log log; /* first: query_log.c takes the state for it */
	bool has_queries;
};

static bool is_class(struct query_word word)
{
	return query_word_is(word, "IN") || query_word_is(word, "CH") ||
	       query_word_is(word, "HS") || query_word_is(word, "ANY") ||
	       (word.bytes != NULL && word.len > 5 && memcmp(word.bytes, "CLASS", 5) == 0);
}

/* Every address has one of them, and no word of other lines in that place does. */
static bool is_like_address(struct query_word word)
{
	return word.bytes != NULL && (memchr(word.bytes, '.', word.len) != NULL ||
					 memchr(word.bytes, ':', word.len) != NULL);
}

static const char *unbound_find(struct cursor *line, struct query_text *ret)
{
	struct query_word word = { .bytes = NULL };
	bool found = false;

	for (int i = 0; i < WORDS_PASSED && !found; i++) {
		word = query_word_next(line);
		found = query_word_is(word, "info:") || query_word_is(word, "query:") ||
			query_word_is(word, "reply:");
	}
	ret->peer = query_word_next(line);
	ret->name = query_word_next(line);
	ret->type = query_word_next(line);
	if (!found || !is_like_address(ret->peer) || !is_class(query_word_next(line)))
		return QUERY_LOG_OTHER_LINE;
	ret->vantage = VANTAGE_RECURSIVE; /* what clients ask: it is no other server */
	ret->rcode = query_word_next(line);
	ret->took = query_word_next(line);
	return NULL;
}

static int unbound_probe(const uint8_t *head, size_t len)
{
	return query_log_probe(unbound_find, head, len);
}

/* As unbound_find(), in a log that has lines of queries. */
static const char *find_query(struct cursor *line, struct query_text *ret)
{
	const char *why = unbound_find(line, ret);

	return why == NULL && ret->rcode.bytes != NULL ? "reply to a query of the log" : why;
}

static const char *unbound_row(void *state, const uint8_t *line, size_t len, struct record *ret)
{
	struct unbound *u = state;
	const char *why =
	    query_log_row(&u->log, u->has_queries ? find_query : unbound_find, line, len, ret);

	if (why == NULL && ret->contact->seen == SEEN_QUERY)
		u->has_queries = true;
	return why;
}

static const struct log_kind unbound_kind = {
	.state_bytes = sizeof(struct unbound),
	.open_ended = true,
	.attach = query_log_attach,
	.header = query_log_header,
	.row = unbound_row,
};

static bool unbound_open(
    struct stream *s, struct health *h, struct reader **ret, struct err *reterr)
{
	return log_open(&unbound_kind, s, h, ret, reterr);
}

const struct reader_format reader_unbound = {
	.name = "unbound",
	.about = "Unbound's log-queries and log-replies",
	.probe = unbound_probe,
	.open = unbound_open,
	.next = log_next,
	.close = log_close,
	.consumed = log_consumed,
	.resume = log_resume,
	.vantage = query_log_vantage,
};
