/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sendmail's log, which always comes through syslog. A line is of one message, and lists what is
 * known of it between commas:
 *
 *	DATE HOST sm-mta[PID]: ID: from=<...>, ..., msgid=<...>, ..., relay=NAME [ADDRESS]
 *	    ... ID: to=<...>, ..., mailer=esmtp, ..., relay=NAME. [ADDRESS], dsn=2.0.0, stat=Sent (250 ...)
 *	    ... ID: ruleset=check_rcpt, arg1=<...>, relay=NAME [ADDRESS], reject=550 5.7.1 ...
 *
 * "(may be forged)" behind an address says that NAME does not lead back to it. The program's name is
 * what Sendmail was started as; a message's ID ends with the number of its process.
 */
#include "evidence/log.h"
#include "evidence/mta_log.h"

#include <string.h>

#define ID_BYTES_MIN 12

/* "s1GNXHYB005133" and nothing but letters and digits, which ends with the process's number. */
static bool is_id(struct query_word id)
{
	if (id.bytes == NULL || id.len < ID_BYTES_MIN || id.len > MTA_KEY_BYTES)
		return false;
	for (size_t i = 0; i < id.len; i++) {
		const uint8_t byte = id.bytes[i];
		const bool digit = byte >= '0' && byte <= '9';

		if (!digit && ((byte | 0x20) < 'a' || (byte | 0x20) > 'z'))
			return false;
		if (!digit && i + 4 > id.len)
			return false;
	}
	return true;
}

/* Behind "relay=": "NAME [ADDRESS] (may be forged)"; of one that is not known by name, "[ADDRESS]". */
static bool read_relay(struct query_word text, struct mta_text *ret)
{
	struct query_word relay = mta_before(mta_behind(text, ", relay="), ", ");
	struct query_word address = mta_behind(relay, "[");

	if (address.bytes == NULL)
		return false;
	ret->address = mta_before(address, "]");
	if (mta_behind(relay, "(may be forged)").bytes == NULL && relay.bytes[0] != '[')
		ret->name = mta_before(relay, " [");
	return true;
}

static const char *sendmail_find(struct cursor *line, struct mta_text *ret)
{
	struct query_word program = mta_program(line, &ret->here);
	struct query_word text;
	struct query_word id = query_word_next(line);

	if (program.bytes == NULL || !query_word_cut(&id, ':') || !is_id(id))
		return MTA_OTHER_LINE;
	text = mta_rest(line);
	ret->what = MTA_RECEIVED;
	if (text.bytes == NULL)
		return MTA_OTHER_LINE;
	if (text.len > 5 && memcmp(text.bytes, "from=", 5) == 0) {
		/* the line comes when the message has been taken */
		ret->reply = (struct query_word){ (const uint8_t *)"250", 3 };
		ret->message_id = mta_before(mta_behind(text, ", msgid="), ", ");
	} else if (text.len > 8 && memcmp(text.bytes, "ruleset=", 8) == 0) {
		ret->reply = mta_behind(text, ", reject=");
	} else if (text.len > 3 && memcmp(text.bytes, "to=", 3) == 0) {
		ret->what = MTA_SENT;
		ret->message = id;
		ret->reply = mta_code(mta_behind(text, ", stat="));
	} else {
		return MTA_OTHER_LINE;
	}
	if (read_relay(text, ret))
		return NULL;
	return ret->what == MTA_SENT ? "delivery without a server" : "hand-over within the host";
}

static int sendmail_probe(const uint8_t *head, size_t len)
{
	return mta_log_probe(sendmail_find, head, len);
}

static bool sendmail_header(void *state, const uint8_t *line, size_t len)
{
	return mta_log_header(state, sendmail_find, line, len);
}

static const struct log_kind sendmail_kind = {
	.state_bytes = sizeof(struct mta_log),
	.open_ended = true,
	.begin = mta_log_begin,
	.attach = mta_log_attach,
	.header = sendmail_header,
	.row = mta_log_row,
};

static bool sendmail_open(
    struct stream *s, struct health *h, struct reader **ret, struct err *reterr)
{
	return log_open(&sendmail_kind, s, h, ret, reterr);
}

const struct reader_format reader_sendmail = {
	.name = "sendmail",
	.about = "Sendmail's log in syslog",
	.probe = sendmail_probe,
	.open = sendmail_open,
	.next = log_next,
	.close = log_close,
	.consumed = log_consumed,
	.resume = log_resume,
	.vantage = mta_log_vantage,
};
