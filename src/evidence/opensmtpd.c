/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * OpenSMTPD's log of sessions, through syslog, as of its version 6.4 and the ones before:
 *
 *	DATE HOST smtpd[PID]: SESSION smtp connected address=ADDRESS host=NAME
 *	    ... SESSION smtp message msgid=... from=<...> to=<...> ...
 *	    ... SESSION smtp failed-command command="RCPT TO:<...>" result="550 Invalid recipient"
 *	    ... SESSION smtp disconnected reason=quit
 *	    ... SESSION mta delivery evpid=... from=<...> to=<...> ... relay="ADDRESS (NAME)" ...
 *	        result="Ok" stat="250 2.0.0 ..."
 *	    ... SESSION smtp event=connected address=ADDRESS host=NAME       before 6.4
 *
 * Only the first line of a session names the client.
 */
#include "evidence/log.h"
#include "evidence/mta_log.h"

#include <string.h>

#define SESSION_BYTES 16

static bool is_session(struct query_word word)
{
	if (word.len != SESSION_BYTES)
		return false;
	for (size_t i = 0; i < word.len; i++)
		if (memchr("0123456789abcdef", word.bytes[i], 16) == NULL)
			return false;
	return true;
}

/* "local", which is a socket of the host's own, is no address. */
static bool read_client(struct query_word text, struct mta_text *ret)
{
	ret->address = mta_before(mta_behind(text, "address="), " ");
	ret->name = mta_before(mta_behind(text, "host="), " ");
	return ret->address.bytes != NULL && !query_word_is(ret->address, "local");
}

static const char *find_smtp(struct query_word event, struct query_word text, struct mta_text *ret)
{
	if (query_word_is(event, "connected")) {
		ret->what = MTA_CONNECTED;
		return read_client(text, ret) ? NULL : "hand-over within the host";
	}
	if (query_word_is(event, "disconnected") || query_word_is(event, "closed")) {
		ret->what = MTA_LEFT;
		return NULL;
	}
	ret->what = MTA_RECEIVED;
	if (query_word_is(event, "message")) {
		ret->reply = (struct query_word){ (const uint8_t *)"250", 3 };
		return NULL;
	}
	if (!query_word_is(event, "failed-command"))
		return MTA_OTHER_LINE;
	ret->reply = mta_behind_last(text, " result=\"");
	return NULL;
}

/* relay="ADDRESS (NAME)", the name being from the DNS */
static const char *find_mta(struct query_word event, struct query_word text, struct mta_text *ret)
{
	struct query_word relay = mta_before(mta_behind(text, " relay=\""), "\"");

	if (!query_word_is(event, "delivery"))
		return MTA_OTHER_LINE;
	ret->what = MTA_SENT;
	ret->message = ret->session;
	ret->address = mta_before(relay, " (");
	ret->name = mta_before(mta_behind(relay, " ("), ")");
	ret->reply = mta_behind_last(text, " stat=\"");
	return relay.bytes == NULL || query_word_is(relay, "-") ? "delivery without a server"
								: NULL;
}

static const char *opensmtpd_find(struct cursor *line, struct mta_text *ret)
{
	struct query_word program = mta_program(line, &ret->here);
	struct query_word part, event, text;

	ret->session = query_word_next(line);
	if (!query_word_is(program, "smtpd") || !is_session(ret->session))
		return MTA_OTHER_LINE;
	part = query_word_next(line);
	event = query_word_next(line);
	if (event.bytes == NULL)
		return MTA_OTHER_LINE;
	if (event.len > 6 && memcmp(event.bytes, "event=", 6) == 0)
		event = (struct query_word){ event.bytes + 6, event.len - 6 };
	text = mta_rest(line);
	if (query_word_is(part, "smtp"))
		return find_smtp(event, text, ret);
	return query_word_is(part, "mta") ? find_mta(event, text, ret) : MTA_OTHER_LINE;
}

static int opensmtpd_probe(const uint8_t *head, size_t len)
{
	return mta_log_probe(opensmtpd_find, head, len);
}

static bool opensmtpd_header(void *state, const uint8_t *line, size_t len)
{
	return mta_log_header(state, opensmtpd_find, line, len);
}

static const struct log_kind opensmtpd_kind = {
	.state_bytes = sizeof(struct mta_log),
	.open_ended = true,
	.begin = mta_log_begin,
	.attach = mta_log_attach,
	.header = opensmtpd_header,
	.row = mta_log_row,
};

static bool opensmtpd_open(
    struct stream *s, struct health *h, struct reader **ret, struct err *reterr)
{
	return log_open(&opensmtpd_kind, s, h, ret, reterr);
}

const struct reader_format reader_opensmtpd = {
	.name = "opensmtpd",
	.about = "OpenSMTPD's log in syslog",
	.probe = opensmtpd_probe,
	.open = opensmtpd_open,
	.next = log_next,
	.close = log_close,
	.consumed = log_consumed,
	.resume = log_resume,
	.vantage = mta_log_vantage,
};
