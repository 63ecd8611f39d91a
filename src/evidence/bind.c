/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BIND's log of queries (category queries) and of queries that it denied (category security), from
 * a channel of its own or through syslog (ns/client.c, ns/query.c):
 *
 *	DATE [HOST named[PID]:] [CATEGORY:] [SEVERITY:] client [@0x7f65100ee4d8] 192.0.2.1#3076
 *	    [/key NAME] [(NAME)]: [view VIEW:] query: NAME CLASS TYPE +E(0)K (198.51.100.1)
 *	    ... query (cache) 'NAME/TYPE/CLASS' denied
 *	    ... zone transfer 'NAME/AXFR/CLASS' denied
 *
 * The name in parentheses is BIND 9.9's and later, the pointer 9.11's. A query that is denied may
 * be in the log twice, once in each category, in the same millisecond.
 */
#include "evidence/log.h"
#include "evidence/query_log.h"

#define WORDS_BETWEEN                                                                              \
	10 /* between the client and what it asked: key, name, view, "zone transfer" */

/* "'NAME/TYPE/CLASS'"; a name may hold a slash itself. */
static const char *find_quoted(struct query_word word, struct cursor *line, struct query_text *ret)
{
	size_t slashes[2] = { 0, 0 };

	if (word.len < 3 || word.bytes[word.len - 1] != '\'' ||
	    !query_word_is(query_word_next(line), "denied"))
		return QUERY_LOG_OTHER_LINE;
	for (size_t i = 1; i < word.len; i++) {
		if (word.bytes[i] != '/')
			continue;
		slashes[0] = slashes[1];
		slashes[1] = i;
	}
	if (slashes[0] == 0)
		return QUERY_LOG_OTHER_LINE;
	ret->name = (struct query_word){ &word.bytes[1], slashes[0] - 1 };
	ret->type = (struct query_word){ &word.bytes[slashes[0] + 1], slashes[1] - slashes[0] - 1 };
	return NULL;
}

static const char *bind_find(struct cursor *line, struct query_text *ret)
{
	if (!query_word_seek(line, "client"))
		return QUERY_LOG_OTHER_LINE;
	ret->peer = query_word_next(line);
	if (ret->peer.bytes != NULL && ret->peer.bytes[0] == '@')
		ret->peer = query_word_next(line);
	if (!query_word_cut(&ret->peer, '#'))
		return QUERY_LOG_OTHER_LINE;
	for (int i = 0; i < WORDS_BETWEEN; i++) {
		struct query_word word = query_word_next(line);

		if (word.bytes == NULL)
			return QUERY_LOG_OTHER_LINE;
		if (word.bytes[0] == '\'')
			return find_quoted(word, line, ret);
		if (!query_word_is(word, "query:"))
			continue;
		ret->name = query_word_next(line);
		(void)query_word_next(line); /* the class */
		ret->type = query_word_next(line);
		/* the flags say that the type is whole */
		word = query_word_next(line);
		if (word.bytes == NULL)
			return "line without flags";
		/* recursion desired: so ask the clients of a resolver, and not resolvers */
		ret->vantage = word.bytes[0] == '+' ? VANTAGE_RECURSIVE : VANTAGE_AUTHORITATIVE;
		return NULL;
	}
	return QUERY_LOG_OTHER_LINE;
}

static int bind_probe(const uint8_t *head, size_t len)
{
	return query_log_probe(bind_find, head, len);
}

static const char *bind_row(void *state, const uint8_t *line, size_t len, struct record *ret)
{
	return query_log_row(state, bind_find, line, len, ret);
}

static const struct log_kind bind_kind = {
	.state_bytes = sizeof(struct query_log),
	.attach = query_log_attach,
	.header = query_log_header,
	.row = bind_row,
};

static bool bind_open(struct stream *s, struct health *h, struct reader **ret, struct err *reterr)
{
	return log_open(&bind_kind, s, h, ret, reterr);
}

const struct reader_format reader_bind = {
	.name = "bind",
	.about = "BIND query log, also with views and through syslog",
	.probe = bind_probe,
	.open = bind_open,
	.next = log_next,
	.close = log_close,
	.consumed = log_consumed,
	.resume = log_resume,
	.vantage = query_log_vantage,
};
