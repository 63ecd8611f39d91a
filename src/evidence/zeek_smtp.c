/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a row of smtp.log means (Zeek's base/protocols/smtp/main.zeek): one message, or a session
 * that came to none, from the originator to the responder. last_reply is the server's last line in
 * it: of a message that was taken "250 ...", of a session that was left at once the greeting.
 * Of who wrote to whom, mailfrom, rcptto, from, to and subject, nothing is looked at.
 */
#include "evidence/zeek.h"

static bool read_address(struct endpoint *e, struct zeek_text text)
{
	struct addr a;

	if (text.bytes == NULL || !addr_parse((const char *)text.bytes, text.len, &a))
		return false;
	endpoint_from_addr(e, &a);
	return true;
}

const char *zeek_smtp_read(struct delivery *d, struct stamp time,
    const struct zeek_text fields[static ZEEK_FIELDS], struct record *ret)
{
	const struct zeek_text *reply = &fields[ZEEK_LAST_REPLY];
	struct endpoint client, server;

	delivery_begin(d, KIND_SMTP, time);
	if (!read_address(&client, fields[ZEEK_ORIG_H]) ||
	    !read_address(&server, fields[ZEEK_RESP_H]) || !delivery_ends(d, &client, &server))
		return "bad address";
	delivery_reply(d, reply->bytes, reply->len);
	delivery_helo(d, fields[ZEEK_HELO].bytes, fields[ZEEK_HELO].len);
	delivery_message_id(d, fields[ZEEK_MSG_ID].bytes, fields[ZEEK_MSG_ID].len);
	delivery_date(d, fields[ZEEK_DATE].bytes, fields[ZEEK_DATE].len);
	*ret = delivery_record(d);
	return NULL;
}
