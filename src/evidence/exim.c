/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Exim's main log, from a file of its own (which does not name the host) or through syslog:
 *
 *	DATE [+ZONE] [[PID]] ID <= SENDER H=NAME (HELO) [ADDRESS]:PORT P=... id=MESSAGE-ID
 *	    ... ID => RECIPIENT R=... T=... H=NAME [ADDRESS]:PORT ... C="250 ..."
 *	    ... ID -> RECIPIENT ...    a further one of the same delivery
 *	    ... ID ** RECIPIENT ... H=NAME [ADDRESS]: SMTP error ...: 550 ...
 *	    ... ID == RECIPIENT ... H=NAME [ADDRESS] ...: 450 ...
 *	    ... ID H=NAME [ADDRESS] Connection timed out
 *	    ... H=NAME (HELO) [ADDRESS] ... rejected RCPT <...>: ...
 *
 * NAME is from the DNS; where there is none, H= begins with (HELO). Without H= a delivery is
 * within the host.
 */
#include "evidence/log.h"
#include "evidence/mta_log.h"

#include <string.h>

static bool is_alnum(uint8_t byte)
{
	return (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
}

/* "1jmFYj-00039V-QX", since Exim 4.97 "1jmFYj-000000039VX-QXab". */
static bool is_id(struct query_word word)
{
	static const uint8_t dashes[][3] = { { 6, 13, 16 }, { 6, 18, 23 } };

	for (size_t i = 0; i < COUNT_OF(dashes); i++) {
		bool fits = word.bytes != NULL && word.len == dashes[i][2];

		for (size_t at = 0; fits && at < word.len; at++)
			fits = at == dashes[i][0] || at == dashes[i][1] ? word.bytes[at] == '-'
									: is_alnum(word.bytes[at]);
		if (fits)
			return true;
	}
	return false;
}

/*
 * Behind "H=": "NAME (HELO) [ADDRESS]", each of the first two may be missing. Comes from the client
 * as far as it stands in parentheses.
 */
static bool read_host(struct cursor *line, struct query_word word, struct mta_text *ret)
{
	word = (struct query_word){ word.bytes + 2, word.len - 2 };
	for (int i = 0; i < 3 && word.bytes != NULL && word.len > 0; i++) {
		if (word.bytes[0] == '[') {
			ret->address = mta_before(mta_behind(word, "["), "]");
			return ret->address.len > 0;
		}
		if (word.bytes[0] == '(')
			ret->helo = mta_before(mta_behind(word, "("), ")");
		else
			ret->name = word;
		word = query_word_next(line);
	}
	return false;
}

static bool has_prefix(struct query_word word, const char *prefix)
{
	const size_t len = strlen(prefix);

	return word.bytes != NULL && word.len > len && memcmp(word.bytes, prefix, len) == 0;
}

/* An address may be quoted, and hold anything between the quotes. */
static void skip_address(struct cursor *line)
{
	struct query_word word = query_word_next(line);

	if (word.bytes == NULL || word.bytes[0] != '"')
		return;
	while (word.bytes != NULL && mta_behind(word, "\"@").bytes == NULL)
		word = query_word_next(line);
}

/* Up to the word that names the host. */
static bool seek_host(struct cursor *line, struct mta_text *ret)
{
	for (;;) {
		struct query_word word = query_word_next(line);

		if (word.bytes == NULL)
			return false;
		if (has_prefix(word, "H="))
			return read_host(line, word, ret);
	}
}

static const char *find_arrival(struct cursor *line, struct mta_text *ret)
{
	ret->what = MTA_RECEIVED;
	skip_address(line);
	if (!seek_host(line, ret))
		return "hand-over within the host";
	/* the message was taken, which ends its data (RFC 5321 4.2.5) */
	ret->reply = (struct query_word){ (const uint8_t *)"250", 3 };
	for (struct query_word word = query_word_next(line); word.bytes != NULL;
	     word = query_word_next(line))
		if (has_prefix(word, "id="))
			ret->message_id = mta_behind(word, "id=");
	return NULL;
}

static const char *find_delivery(struct cursor *line, bool done, struct mta_text *ret)
{
	struct query_word rest;

	ret->what = MTA_SENT;
	skip_address(line);
	if (!seek_host(line, ret))
		return done ? "hand-over within the host" : "delivery without a server";
	rest = mta_rest(line);
	ret->reply = done ? mta_behind(rest, "C=\"")
			  : mta_code(mta_behind(rest, "SMTP error from remote mail server "));
	ret->helo.bytes = NULL; /* of the server, which says it before it is asked */
	return NULL;
}

/* A line of no message: a client that was turned away. */
static const char *find_rejected(struct cursor *line, struct query_word word, struct mta_text *ret)
{
	struct query_word rest;

	ret->what = MTA_RECEIVED;
	if (!has_prefix(word, "H=") || !read_host(line, word, ret))
		return MTA_OTHER_LINE;
	rest = mta_rest(line);
	if (mta_behind(rest, " rejected ").bytes == NULL &&
	    mta_behind(rest, " temporarily rejected ").bytes == NULL)
		return MTA_OTHER_LINE;
	return NULL;
}

static const char *find_of_message(struct cursor *line, struct mta_text *ret)
{
	struct query_word word = query_word_next(line);

	if (query_word_is(word, "<="))
		return find_arrival(line, ret);
	if (query_word_is(word, "=>") || query_word_is(word, "->"))
		return find_delivery(line, true, ret);
	if (query_word_is(word, "**") || query_word_is(word, "=="))
		return find_delivery(line, false, ret);
	if (!has_prefix(word, "H=") || !read_host(line, word, ret))
		return MTA_OTHER_LINE;
	word = mta_rest(line);
	ret->what = MTA_SENT;
	ret->helo.bytes = NULL;
	/* of the others, some are of the client that a message comes from */
	return mta_behind(word, "Connection ").bytes != NULL ? NULL : MTA_OTHER_LINE;
}

static const char *exim_find(struct cursor *line, struct mta_text *ret)
{
	struct cursor before = *line;
	struct query_word word = mta_program(line, &ret->here);
	struct log_date date;

	if (query_word_is(word, "exim") || query_word_is(word, "exim4")) {
		/* Exim's own date behind that of syslog */
		before = *line;
		if (log_date_read(&before, &date))
			*line = before;
	} else {
		ret->here.bytes = NULL;
		*line = before;
	}
	word = query_word_next(line);
	if (word.bytes != NULL && word.bytes[0] == '[') /* the process */
		word = query_word_next(line);
	if (!is_id(word))
		return find_rejected(line, word, ret);
	ret->message = word;
	return find_of_message(line, ret);
}

static int exim_probe(const uint8_t *head, size_t len)
{
	return mta_log_probe(exim_find, head, len);
}

static bool exim_header(void *state, const uint8_t *line, size_t len)
{
	return mta_log_header(state, exim_find, line, len);
}

static const struct log_kind exim_kind = {
	.state_bytes = sizeof(struct mta_log),
	.open_ended = true,
	.begin = mta_log_begin,
	.attach = mta_log_attach,
	.header = exim_header,
	.row = mta_log_row,
};

static bool exim_open(struct stream *s, struct health *h, struct reader **ret, struct err *reterr)
{
	return log_open(&exim_kind, s, h, ret, reterr);
}

const struct reader_format reader_exim = {
	.name = "exim",
	.about = "Exim main log, also through syslog",
	.probe = exim_probe,
	.open = exim_open,
	.next = log_next,
	.close = log_close,
	.consumed = log_consumed,
	.resume = log_resume,
	.vantage = mta_log_vantage,
};
