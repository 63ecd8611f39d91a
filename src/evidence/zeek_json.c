/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Zeek's log as JSON Lines, one object a row. Unset fields are left out, or null. Shippers
 * change the keys: "id.orig_h" becomes "id_orig_h", and the kind of log is in "_path" (Zeek's
 * own streaming logs), "@path" or "@stream", where it is at all. So a row is one of dns.log,
 * conn.log, smtp.log or capture_loss.log if it says so, or else by the keys that only this log has together.
 */
#include <string.h>

#include "base/cursor.h"
#include "evidence/log.h"
#include "evidence/zeek.h"
#include "wire/json_line.h"

/* Beyond the fields that are used for a contact. */
enum {
	SLOT_PATH = ZEEK_FIELDS,
	SLOT_TRANS_ID,
	SLOT_RD,
	SLOTS,
};

static const struct json_key wanted_keys[] = {
	{ "ts", ZEEK_TS },
	{ "id.orig_h", ZEEK_ORIG_H },
	{ "id_orig_h", ZEEK_ORIG_H },
	{ "id.resp_h", ZEEK_RESP_H },
	{ "id_resp_h", ZEEK_RESP_H },
	{ "id.resp_p", ZEEK_RESP_P },
	{ "id_resp_p", ZEEK_RESP_P },
	{ "conn_state", ZEEK_CONN_STATE },
	{ "opcode", ZEEK_OPCODE },
	{ "query", ZEEK_QUERY },
	{ "qclass", ZEEK_QCLASS },
	{ "qtype", ZEEK_QTYPE },
	{ "qtype_name", ZEEK_QTYPE_NAME },
	{ "rcode", ZEEK_RCODE },
	{ "rtt", ZEEK_RTT },
	{ "helo", ZEEK_HELO },
	{ "date", ZEEK_DATE },
	{ "msg_id", ZEEK_MSG_ID },
	{ "last_reply", ZEEK_LAST_REPLY },
	{ "ts_delta", ZEEK_TS_DELTA },
	{ "gaps", ZEEK_GAPS },
	{ "acks", ZEEK_ACKS },
	{ "percent_lost", ZEEK_PERCENT_LOST },
	{ "answers", ZEEK_ANSWERS },
	{ "TTLs", ZEEK_TTLS },
	{ "_path", SLOT_PATH },
	{ "@path", SLOT_PATH },
	{ "@stream", SLOT_PATH },
	{ "trans_id", SLOT_TRANS_ID },
	{ "RD", SLOT_RD },
};

/* A name of 255 octets with each of them as \xHH, which JSON writes as \\xHH. */
#define TEXT_MAX 1280

struct json_log {
	struct json_keys keys;
	struct json_value values[SLOTS];
	/* decoded texts; a field that is text has its own place, as all are looked at together */
	uint8_t room[ZEEK_FIELDS][TEXT_MAX];
	struct zeek_row row;
	struct delivery delivery; /* of a row of smtp.log */
	struct capture_loss loss; /* of a row of capture_loss.log */
};

static bool is_set(const struct json_value *v)
{
	return v->kind != JSON_ABSENT && v->kind != JSON_NULL;
}

/* Only capture_loss.log has these keys. */
static bool has_losses(const struct json_value values[static SLOTS])
{
	return is_set(&values[ZEEK_TS_DELTA]) && is_set(&values[ZEEK_GAPS]) &&
	       is_set(&values[ZEEK_ACKS]) && is_set(&values[ZEEK_PERCENT_LOST]);
}

/* Of which log the row is. */
static enum zeek_log row_log(const struct json_value values[static SLOTS])
{
	const struct json_value *path = &values[SLOT_PATH];

	if (path->kind == JSON_STRING)
		return json_is_text(path, "dns")            ? ZEEK_DNS_LOG
		       : json_is_text(path, "conn")         ? ZEEK_CONN_LOG
		       : json_is_text(path, "smtp")         ? ZEEK_SMTP_LOG
		       : json_is_text(path, "capture_loss") ? ZEEK_LOSS_LOG
							    : ZEEK_NO_LOG;
	if (is_set(&values[ZEEK_TS]) && has_losses(values))
		return ZEEK_LOSS_LOG;
	if (!is_set(&values[ZEEK_TS]) || !is_set(&values[ZEEK_ORIG_H]))
		return ZEEK_NO_LOG;
	if (is_set(&values[SLOT_TRANS_ID]) &&
	    (is_set(&values[SLOT_RD]) || is_set(&values[ZEEK_QUERY])))
		return ZEEK_DNS_LOG;
	if (is_set(&values[ZEEK_QUERY]) &&
	    (is_set(&values[ZEEK_QTYPE]) || is_set(&values[ZEEK_QTYPE_NAME])))
		return ZEEK_DNS_LOG;
	if (!is_set(&values[ZEEK_RESP_H]))
		return ZEEK_NO_LOG;
	return is_set(&values[ZEEK_CONN_STATE])                                 ? ZEEK_CONN_LOG
	       : is_set(&values[ZEEK_HELO]) || is_set(&values[ZEEK_LAST_REPLY]) ? ZEEK_SMTP_LOG
										: ZEEK_NO_LOG;
}

/* By the first lines: 90 if the first is a row of ours, 40 if only another one is. */
static int zeek_json_probe(const uint8_t *head, size_t len)
{
	struct cursor c = cursor_of(head, len);
	struct json_value values[SLOTS];
	struct json_keys keys;
	const uint8_t *bytes;
	bool first = true;
	size_t line_len;

	json_keys_init(&keys, wanted_keys, COUNT_OF(wanted_keys), SLOTS);
	while ((bytes = log_head_line(&c, &line_len)) != NULL) {
		struct cursor line = cursor_of(bytes, line_len);

		/* a log may begin with the rest of a cut row, and the head ends within one */
		if (json_line_read(&keys, &line, values) && row_log(values) != ZEEK_NO_LOG)
			return first ? 90 : 40;
		first = false;
	}
	return 0;
}

static bool is_hex(uint8_t byte)
{
	return (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'f');
}

/*
 * Zeek writes a byte that is no text as \xHH and a backslash as itself, so that a backslash with
 * anything else behind it stands for itself: double it, which is what the reader of names takes.
 * False: longer than room has.
 */
static bool keep_backslashes(uint8_t room[static TEXT_MAX], size_t *len)
{
	uint8_t text[TEXT_MAX];
	size_t text_len = *len;
	size_t out = 0;

	memcpy(text, room, text_len);
	for (size_t i = 0; i < text_len; i++) {
		bool lone = text[i] == '\\' && (text_len - i < 4 || text[i + 1] != 'x' ||
						   !is_hex(text[i + 2]) || !is_hex(text[i + 3]));

		if (TEXT_MAX - out < 2)
			return false;
		room[out++] = text[i];
		if (lone)
			room[out++] = '\\';
	}
	*len = out;
	return true;
}

/*
 * A string or number as text, unset if it is neither. A string that is longer than any name
 * keeps its JSON form, which no reader of fields will take.
 */
static struct zeek_text value_text(const struct json_value *v, uint8_t room[static TEXT_MAX])
{
	struct zeek_text text = { .bytes = NULL };

	if (v->kind != JSON_STRING && v->kind != JSON_NUMBER)
		return text;
	text.bytes = v->bytes;
	text.len = v->len;
	if (!v->escaped)
		return text;
	if (json_text(v, room, TEXT_MAX, &text.bytes, &text.len) &&
	    keep_backslashes(room, &text.len))
		return text;
	return (struct zeek_text){ .bytes = v->bytes, .len = v->len };
}

/*
 * Zeek's JSON writer prints a time as a double, without trailing zeros: its clock has
 * microseconds all the same, so 1 to 6 digits are 6. Digits are 0 where a shipper has made whole
 * seconds of it, and what was written where that is more. Milliseconds (JSON::TS_MILLIS) are
 * whole numbers that no date in seconds reaches. ISO 8601 (JSON::TS_ISO8601) is written whole.
 */
static bool read_time(const struct json_value *v, struct stamp *ret)
{
	const char *text = (const char *)v->bytes;
	uint64_t millis = 0;

	if (v->kind == JSON_STRING && stamp_parse_iso(text, v->len, ret, NULL))
		return true;
	if (v->kind != JSON_STRING && v->kind != JSON_NUMBER)
		return false;
	if (stamp_parse_epoch(text, v->len, ret)) {
		if (ret->digits > 0 && ret->digits < 6)
			ret->digits = 6;
		return true;
	}
	if (v->len != 13)
		return false;
	for (size_t i = 0; i < v->len; i++) {
		if (v->bytes[i] < '0' || v->bytes[i] > '9')
			return false;
		millis = millis * 10 + (uint64_t)(v->bytes[i] - '0');
	}
	if (millis / 1000 > (uint64_t)STAMP_MAX_S)
		return false;
	*ret = (struct stamp){ .ns = (int64_t)millis * (NS_PER_S / 1000), .digits = 3 };
	return true;
}

static void read_answers(struct json_log *j)
{
	struct cursor answers = json_array_open(&j->values[ZEEK_ANSWERS]);
	struct cursor ttls = json_array_open(&j->values[ZEEK_TTLS]);
	struct json_value data;

	while (json_array_next(&answers, &data)) {
		struct zeek_text seconds = { .bytes = NULL };
		struct json_value ttl;

		if (json_array_next(&ttls, &ttl) && ttl.kind == JSON_NUMBER)
			seconds = (struct zeek_text){ .bytes = ttl.bytes, .len = ttl.len };
		zeek_row_answer(&j->row, value_text(&data, j->room[ZEEK_ANSWERS]), seconds);
	}
}

static const char *json_row(void *state, const uint8_t *line, size_t len, struct record *ret)
{
	struct json_log *j = state;
	struct cursor c = cursor_of(line, len);
	UNINITIALIZED struct zeek_text fields[ZEEK_FIELDS];
	struct stamp time;
	enum zeek_log log;
	const char *why;

	if (!json_line_read(&j->keys, &c, j->values))
		return c.err;
	log = row_log(j->values);
	if (log == ZEEK_NO_LOG)
		return "row of another log";
	if (!read_time(&j->values[ZEEK_TS], &time))
		return "bad time";
	for (int i = ZEEK_ORIG_H; i < ZEEK_ANSWERS; i++)
		fields[i] = value_text(&j->values[i], j->room[i]);
	if (log == ZEEK_SMTP_LOG)
		return zeek_smtp_read(&j->delivery, time, fields, ret);
	if (log == ZEEK_LOSS_LOG)
		return zeek_loss_read(&j->loss, time, fields, ret);
	if (log == ZEEK_CONN_LOG) {
		why = zeek_conn_begin(&j->row, time, fields);
	} else {
		why = zeek_row_begin(&j->row, time, fields);
		if (why == NULL)
			read_answers(j);
	}
	*ret = zeek_row_record(&j->row);
	return why;
}

static void json_begin(void *state)
{
	struct json_log *j = state;

	json_keys_init(&j->keys, wanted_keys, COUNT_OF(wanted_keys), SLOTS);
}

static const struct log_kind json_kind = {
	.state_bytes = sizeof(struct json_log),
	.begin = json_begin,
	.row = json_row,
};

static bool zeek_json_open(
    struct stream *s, struct health *h, struct reader **ret, struct err *reterr)
{
	return log_open(&json_kind, s, h, ret, reterr);
}

const struct reader_format reader_zeek_json = {
	.name = "zeek-json",
	.about = "Zeek dns.log, conn.log, smtp.log and capture_loss.log as JSON Lines",
	.probe = zeek_json_probe,
	.open = zeek_json_open,
	.next = log_next,
	.close = log_close,
	.consumed = log_consumed,
	.resume = log_resume,
};
