/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Postfix's log, from a file of its own or through syslog. The name of the program has the
 * instance and the service before its last slash:
 *
 *	DATE HOST postfix/smtpd[PID]: connect from NAME[ADDRESS]
 *	    ... ID: client=NAME[ADDRESS], ...          the first recipient was taken
 *	    ... NOQUEUE: reject: RCPT from NAME[ADDRESS]: 554 5.7.1 ...; ... helo=<NAME>
 *	    ... disconnect from NAME[ADDRESS] ...
 *	DATE HOST postfix/cleanup[PID]: ID: message-id=<...>
 *	DATE HOST postfix/smtp[PID]: ID: to=<...>, relay=NAME[ADDRESS]:25, ..., status=sent (250 ...)
 *	    ... connect to NAME[ADDRESS]:25: Connection timed out
 *
 * A session is named by its process, which has one at a time. NAME is from the DNS, and led back
 * to ADDRESS, or is "unknown".
 */
#include "evidence/log.h"
#include "evidence/mta_log.h"

#include <string.h>

/* The program's part behind the last slash: "smtpd". */
static bool is_service(struct query_word program, const char *service)
{
	const uint8_t *slash = memrchr(program.bytes, '/', program.len);

	if (slash == NULL)
		return false;
	program.len -= (size_t)(slash - program.bytes) + 1;
	program.bytes = slash + 1;
	return query_word_is(program, service);
}

/* "NAME[ADDRESS]" */
static bool read_host(struct query_word text, struct mta_text *ret)
{
	struct query_word address = mta_behind(text, "[");

	if (address.bytes == NULL)
		return false;
	ret->name = mta_before(text, "[");
	ret->address = mta_before(address, "]");
	return ret->address.len < address.len;
}

/* "ID: " in front; NULL bytes, nothing passed over, where there is none. */
static struct query_word read_id(struct query_word *text)
{
	struct query_word id = mta_before(*text, ": ");
	struct query_word none = { .bytes = NULL };

	if (id.bytes == NULL || id.len == text->len || memchr(id.bytes, ' ', id.len) != NULL)
		return none;
	*text = mta_behind(*text, ": ");
	return id;
}

static bool begins(struct query_word text, const char *with)
{
	return text.bytes != NULL && text.len >= strlen(with) &&
	       memcmp(text.bytes, with, strlen(with)) == 0;
}

static const char *find_smtpd(struct query_word text, struct mta_text *ret)
{
	struct query_word id = { .bytes = NULL };
	struct query_word host;

	if (begins(text, "connect from ")) {
		ret->what = MTA_CONNECTED;
		host = mta_behind(text, "connect from ");
	} else if (begins(text, "disconnect from ")) {
		ret->what = MTA_LEFT;
		host = mta_behind(text, "disconnect from ");
	} else {
		ret->what = MTA_RECEIVED;
		id = read_id(&text);
		host = mta_behind(text, " from ");
		if (begins(text, "client=")) {
			host = mta_behind(text, "client=");
			ret->message = id;
			ret->reply = (struct query_word){ (const uint8_t *)"250", 3 };
		} else if (!begins(text, "reject: ")) {
			return MTA_OTHER_LINE;
		}
	}
	if (!read_host(host, ret))
		return MTA_OTHER_LINE;
	if (begins(text, "reject: ")) {
		ret->reply = mta_code(mta_behind(host, "]:"));
		ret->helo = mta_before(mta_behind_last(text, " helo=<"), ">");
	}
	return NULL;
}

static const char *find_smtp(struct query_word text, struct mta_text *ret)
{
	struct query_word id, relay;

	ret->what = MTA_SENT;
	if (begins(text, "connect to "))
		return read_host(mta_behind(text, "connect to "), ret) ? NULL : MTA_OTHER_LINE;
	id = read_id(&text);
	if (id.bytes == NULL || !begins(text, "to=<"))
		return MTA_OTHER_LINE;
	relay = mta_behind(text, ">, relay=");
	if (relay.bytes == NULL)
		return MTA_OTHER_LINE;
	if (begins(relay, "none,"))
		return "delivery without a server";
	ret->message = id;
	if (!read_host(mta_before(relay, ", "), ret))
		return MTA_OTHER_LINE;
	ret->reply = mta_code(mta_behind(relay, ", status="));
	return NULL;
}

static const char *postfix_find(struct cursor *line, struct mta_text *ret)
{
	const struct cursor before = *line;
	struct query_word program = mta_program(line, &ret->here);
	struct query_word text;

	if (program.bytes == NULL)
		return MTA_OTHER_LINE;
	/* the process is the word with its number, up to the colon */
	ret->session = (struct query_word){ program.bytes,
		(size_t)(&before.base[line->pos] - program.bytes) - 1 };
	text = mta_rest(line);
	/* postscreen refuses some, and hands all others to smtpd, which tells of them */
	if (is_service(program, "smtpd") ||
	    (is_service(program, "postscreen") && begins(text, "NOQUEUE: reject: RCPT ")))
		return find_smtpd(text, ret);
	ret->session.bytes = NULL;
	if (is_service(program, "smtp"))
		return find_smtp(text, ret);
	if (!is_service(program, "cleanup"))
		return MTA_OTHER_LINE;
	ret->what = MTA_HEADER;
	ret->message = read_id(&text);
	ret->message_id = mta_behind(text, "message-id=");
	return begins(text, "message-id=") ? NULL : MTA_OTHER_LINE;
}

static int postfix_probe(const uint8_t *head, size_t len)
{
	return mta_log_probe(postfix_find, head, len);
}

static bool postfix_header(void *state, const uint8_t *line, size_t len)
{
	return mta_log_header(state, postfix_find, line, len);
}

static const struct log_kind postfix_kind = {
	.state_bytes = sizeof(struct mta_log),
	.open_ended = true,
	.begin = mta_log_begin,
	.attach = mta_log_attach,
	.header = postfix_header,
	.row = mta_log_row,
};

static bool postfix_open(
    struct stream *s, struct health *h, struct reader **ret, struct err *reterr)
{
	return log_open(&postfix_kind, s, h, ret, reterr);
}

const struct reader_format reader_postfix = {
	.name = "postfix",
	.about = "Postfix mail log, also through syslog",
	.probe = postfix_probe,
	.open = postfix_open,
	.next = log_next,
	.close = log_close,
	.consumed = log_consumed,
	.resume = log_resume,
	.vantage = mta_log_vantage,
};
