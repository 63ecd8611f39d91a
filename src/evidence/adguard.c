/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * AdGuard Home's querylog.json, one object a line:
 *
 *	{"T":"2025-11-12T23:34:08.123456789+01:00","QH":"www.example.com","QT":"A","QC":"IN","CP":"",
 *	    "Answer":"<message in base64>","Result":{...},"Elapsed":837429,"IP":"192.0.2.1"}
 *
 * T is the time of the query. The answer is the response as it was sent; of it the outcome is
 * read, which lies in the header.
 */
#include "evidence/log.h"
#include "evidence/query_log.h"
#include "wire/base64.h"
#include "wire/json_line.h"

enum {
	SLOT_T,
	SLOT_QH,
	SLOT_QT,
	SLOT_IP,
	SLOT_ANSWER,
	SLOTS,
};

static const struct json_key wanted_keys[] = {
	{ "T", SLOT_T },
	{ "QH", SLOT_QH },
	{ "QT", SLOT_QT },
	{ "IP", SLOT_IP },
	{ "Answer", SLOT_ANSWER },
};

#define NAME_MAX_BYTES 1280 /* of a name, each octet escaped */
#define HEADER_BYTES   6    /* of the answer, that are decoded */
#define HEADER_DIGITS  8    /* which are these in base64 */

struct adguard {
	struct query_log log; /* first: query_log.c takes the state for it */
	struct json_keys keys;
	struct json_value values[SLOTS];
	uint8_t name[NAME_MAX_BYTES];
};

static bool is_row(const struct json_value values[static SLOTS])
{
	return values[SLOT_T].kind == JSON_STRING && values[SLOT_QH].kind == JSON_STRING &&
	       values[SLOT_QT].kind == JSON_STRING && values[SLOT_IP].kind == JSON_STRING;
}

static int adguard_probe(const uint8_t *head, size_t len)
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

		if (json_line_read(&keys, &line, values) && is_row(values))
			return first ? 85 : 60;
		first = false;
	}
	return 0;
}

/* The response code in the low four bits of a message's fourth byte. False: no such message. */
static bool read_outcome(const struct json_value *answer, uint16_t *ret)
{
	uint8_t header[HEADER_BYTES];
	size_t len;

	if (answer->kind != JSON_STRING || answer->len < HEADER_DIGITS ||
	    !base64_read(answer->bytes, HEADER_DIGITS, header, sizeof(header), &len) || len < 4)
		return false;
	*ret = header[3] & 0xf;
	return true;
}

static struct query_word word_of(const struct json_value *v)
{
	return (struct query_word){ v->bytes, v->len };
}

static const char *adguard_row(void *state, const uint8_t *line, size_t len, struct record *ret)
{
	struct adguard *a = state;
	struct cursor c = cursor_of(line, len);
	struct query_text text = { .peer = { .bytes = NULL } };
	const struct json_value *v = a->values;
	struct log_date date = { .yearless = false };
	const char *why;

	if (!json_line_read(&a->keys, &c, a->values))
		return c.err;
	if (!is_row(v))
		return QUERY_LOG_OTHER_LINE;
	if (!log_date_iso((const char *)v[SLOT_T].bytes, v[SLOT_T].len, &date))
		return "bad time";
	text.vantage = VANTAGE_RECURSIVE; /* it forwards, and sees the clients all the same */
	text.peer = word_of(&v[SLOT_IP]);
	text.type = word_of(&v[SLOT_QT]);
	if (!json_text(&v[SLOT_QH], a->name, sizeof(a->name), &text.name.bytes, &text.name.len))
		return "bad query name";
	why = query_log_take(&a->log, &text, &date, ret);
	if (why == NULL && read_outcome(&v[SLOT_ANSWER], &a->log.contact.outcome))
		a->log.contact.seen = SEEN_BOTH;
	return why;
}

static void adguard_begin(void *state)
{
	struct adguard *a = state;

	json_keys_init(&a->keys, wanted_keys, COUNT_OF(wanted_keys), SLOTS);
}

static const struct log_kind adguard_kind = {
	.state_bytes = sizeof(struct adguard),
	.begin = adguard_begin,
	.attach = query_log_attach,
	.row = adguard_row,
};

static bool adguard_open(
    struct stream *s, struct health *h, struct reader **ret, struct err *reterr)
{
	return log_open(&adguard_kind, s, h, ret, reterr);
}

const struct reader_format reader_adguard = {
	.name = "adguard",
	.about = "AdGuard Home's querylog.json",
	.probe = adguard_probe,
	.open = adguard_open,
	.next = log_next,
	.close = log_close,
	.consumed = log_consumed,
	.resume = log_resume,
	.vantage = query_log_vantage,
};
