/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * PowerDNS, from a file or through syslog. The authoritative server with log-dns-queries, the
 * recursor with quiet=no in its old form, and in its structured one since 4.8:
 *
 *	DATE ... Remote 192.0.2.1 wants 'NAME|TYPE', do = 0, bufsize = 512: packetcache MISS
 *	DATE ... 3 [1/1] [TCP ]question for 'NAME|TYPE' from 192.0.2.1:33165
 *	DATE ... msg="Question" subsystem="syncres" ... ts="1795827908.835" ecs="" mtid="1"
 *	    proto="udp" qname="NAME" qtype="TYPE" remote="192.0.2.1:33165"
 *
 * So has one that the packet cache answers, with msg="Question answered from packet cache"; the old
 * form does not name what was asked there. The structured form has the time with its milliseconds in ts. Answers are lines of their own,
 * each to a question of the log, and are passed over.
 */
#include "evidence/log.h"
#include "evidence/query_log.h"

#include <string.h>

#define WORDS_PASSED 40 /* a structured line has some twenty words; keys are sorted, not counted */

/* "'NAME|TYPE'", with a comma behind it or not. */
static bool find_quoted(struct query_word word, struct query_text *ret)
{
	struct query_word inner;

	if (word.bytes == NULL || word.len < 2 || word.bytes[0] != '\'')
		return false;
	inner = (struct query_word){ &word.bytes[1], word.len - 1 };
	if (!query_word_cut(&inner, '\''))
		return false;
	ret->name = inner;
	if (!query_word_cut(&ret->name, '|'))
		return false;
	ret->type =
	    (struct query_word){ &inner.bytes[ret->name.len + 1], inner.len - ret->name.len - 1 };
	return true;
}

/* The value, if the word is key="value" with this key. */
static bool find_value(struct query_word word, const char *key, struct query_word *ret)
{
	size_t len = strlen(key);
	struct query_word value;

	if (word.len < len + 3 || memcmp(word.bytes, key, len) != 0 || word.bytes[len] != '=' ||
	    word.bytes[len + 1] != '"')
		return false;
	value = (struct query_word){ &word.bytes[len + 2], word.len - len - 2 };
	if (!query_word_cut(&value, '"'))
		return false;
	*ret = value;
	return true;
}

static const char *find_structured(struct cursor *line, struct query_text *ret)
{
	for (int i = 0; i < WORDS_PASSED; i++) {
		struct query_word word = query_word_next(line);

		if (word.bytes == NULL)
			break;
		(void)(find_value(word, "ts", &ret->when) ||
		       find_value(word, "qname", &ret->name) ||
		       find_value(word, "qtype", &ret->type) ||
		       find_value(word, "remote", &ret->peer));
	}
	ret->doubled = true;
	ret->vantage = VANTAGE_RECURSIVE;
	ret->peer = query_word_host(ret->peer);
	return ret->peer.bytes != NULL && ret->name.bytes != NULL && ret->type.bytes != NULL
		   ? NULL
		   : "line is cut";
}

static const char *powerdns_find(struct cursor *line, struct query_text *ret)
{
	for (int i = 0; i < WORDS_PASSED; i++) {
		struct query_word word = query_word_next(line);

		if (word.bytes == NULL)
			break;
		/* the second one is of "Question answered from packet cache" */
		if (query_word_is(word, "msg=\"Question\"") ||
		    query_word_is(word, "msg=\"Question"))
			return find_structured(line, ret);
		if (query_word_is(word, "Remote")) {
			ret->vantage = VANTAGE_AUTHORITATIVE;
			ret->peer = query_word_host(query_word_next(line));
			if (query_word_is(query_word_next(line), "wants") &&
			    find_quoted(query_word_next(line), ret))
				return NULL;
			break;
		}
		if (query_word_is(word, "question")) {
			ret->vantage = VANTAGE_RECURSIVE;
			if (!query_word_is(query_word_next(line), "for") ||
			    !find_quoted(query_word_next(line), ret) ||
			    !query_word_is(query_word_next(line), "from"))
				break;
			ret->peer = query_word_host(query_word_next(line));
			return ret->peer.bytes == NULL ? "line is cut" : NULL;
		}
	}
	return QUERY_LOG_OTHER_LINE;
}

static int powerdns_probe(const uint8_t *head, size_t len)
{
	return query_log_probe(powerdns_find, head, len);
}

static const char *powerdns_row(void *state, const uint8_t *line, size_t len, struct record *ret)
{
	return query_log_row(state, powerdns_find, line, len, ret);
}

static const struct log_kind powerdns_kind = {
	.state_bytes = sizeof(struct query_log),
	.open_ended = true,
	.attach = query_log_attach,
	.header = query_log_header,
	.row = powerdns_row,
};

static bool powerdns_open(
    struct stream *s, struct health *h, struct reader **ret, struct err *reterr)
{
	return log_open(&powerdns_kind, s, h, ret, reterr);
}

const struct reader_format reader_powerdns = {
	.name = "powerdns",
	.about = "PowerDNS query log, recursor and authoritative",
	.probe = powerdns_probe,
	.open = powerdns_open,
	.next = log_next,
	.close = log_close,
	.consumed = log_consumed,
	.resume = log_resume,
	.vantage = query_log_vantage,
};
