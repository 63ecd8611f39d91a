/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The log of dnsmasq with log-queries, which is Pi-hole's too, from a file or through syslog, also
 * with log-queries=extra, that puts a serial number and the client before each (dnsmasq(8)):
 *
 *	DATE [HOST] dnsmasq[PID]: [SERIAL 192.0.2.1/PORT] query[TYPE] NAME from 192.0.2.1
 *	    ... reply NAME is 198.51.100.7
 *	    ... cached NAME is 198.51.100.7
 *
 * A query is a contact. An answer is a line of its own that does not say to whom it went, so it is
 * a fact alone. Forwarding, lists, hosts files and DHCP are of other kinds.
 */
#include "evidence/log.h"
#include "evidence/query_log.h"

#include <string.h>

#define WORDS_PASSED 8 /* host, dnsmasq[pid]:, serial, client */

/* "query[A]", "query[type=65]": types that dnsmasq has no name for. */
static bool find_type(struct query_word word, struct query_word *ret)
{
	static const char head[] = "query[";
	static const char number[] = "type=";

	if (word.bytes == NULL || word.len < sizeof(head) || word.bytes[word.len - 1] != ']' ||
	    memcmp(word.bytes, head, sizeof(head) - 1) != 0)
		return false;
	*ret = (struct query_word){ &word.bytes[sizeof(head) - 1], word.len - sizeof(head) };
	if (ret->len > sizeof(number) - 1 && memcmp(ret->bytes, number, sizeof(number) - 1) == 0) {
		ret->bytes = &ret->bytes[sizeof(number) - 1];
		ret->len -= sizeof(number) - 1;
	}
	return true;
}

static const char *dnsmasq_find(struct cursor *line, struct query_text *ret)
{
	for (int i = 0; i < WORDS_PASSED; i++) {
		struct query_word word = query_word_next(line);
		bool is_query = find_type(word, &ret->type);

		if (!is_query && !query_word_is(word, "reply") && !query_word_is(word, "cached"))
			continue;
		ret->vantage =
		    VANTAGE_RECURSIVE; /* it forwards, and sees the clients all the same */
		if (!query_word_span(line, is_query ? "from" : "is", &ret->name,
			is_query ? &ret->peer : &ret->data))
			return QUERY_LOG_OTHER_LINE;
		/* what dnsmasq writes for bytes that it cannot show */
		return query_word_is(ret->name, "<name unprintable>") ? "name is not in the log"
								      : NULL;
	}
	return QUERY_LOG_OTHER_LINE;
}

static int dnsmasq_probe(const uint8_t *head, size_t len)
{
	return query_log_probe(dnsmasq_find, head, len);
}

static const char *dnsmasq_row(void *state, const uint8_t *line, size_t len, struct record *ret)
{
	return query_log_row(state, dnsmasq_find, line, len, ret);
}

static const struct log_kind dnsmasq_kind = {
	.state_bytes = sizeof(struct query_log),
	.open_ended = true,
	.attach = query_log_attach,
	.header = query_log_header,
	.row = dnsmasq_row,
};

static bool dnsmasq_open(
    struct stream *s, struct health *h, struct reader **ret, struct err *reterr)
{
	return log_open(&dnsmasq_kind, s, h, ret, reterr);
}

const struct reader_format reader_dnsmasq = {
	.name = "dnsmasq",
	.about = "dnsmasq's log-queries, as in Pi-hole's log",
	.probe = dnsmasq_probe,
	.open = dnsmasq_open,
	.next = log_next,
	.close = log_close,
	.consumed = log_consumed,
	.resume = log_resume,
	.vantage = query_log_vantage,
};
