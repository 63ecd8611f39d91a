/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The debug log of Windows' DNS server ("Log packets for debugging"), a message a line:
 *
 *	7/22/2014 12:59:19 PM 0C28 PACKET  00000000022B2D30 UDP Rcv 192.0.2.7       8a3f   Q
 *	    [0001   D   NOERROR] A      (3)www(7)example(3)com(0)
 *	date, time, thread, PACKET, buffer, transport, direction, remote address, ID in hexadecimal,
 *	R for a response, opcode, [ flags in hexadecimal and in letters, response code ], type, name
 *
 * A query that was received and a response that was sent are a client's, which is the peer. A
 * query sent and a response received are the server's own look-ups elsewhere; these contacts have
 * no peer, as the server does not write its own address. Lines of other events, the text at the
 * log's head, and the details of a message in lines below it are passed over.
 *
 * The date is written as the server's locale has it. Its order of day and month is told by its
 * separator and clock, and by numbers above twelve; see date_read().
 */
#include <string.h>

#include "evidence/exchange.h"
#include "evidence/log.h"
#include "evidence/message.h"
#include "evidence/query_log.h"

#define FLAGS_MAX 4 /* words between the brackets: hexadecimal, letters, code */

struct windows {
	struct exchange *exchange;
	struct log_time time;
	struct vantage_votes votes;
};

/* What a line says. */
struct packet {
	struct log_date date;
	bool is_order_assumed;
	bool is_tcp;
	bool is_sent;
	bool is_response;
	struct addr remote;
	uint16_t id;
	bool recursion_desired;
	uint16_t rcode;
	uint16_t type;
	struct endpoint name;
};

/* ---- the date ---- */

/* Three numbers and what is between them. False: no date. */
static bool cut_date(
    struct query_word word, unsigned ret[static 3], size_t *ret_first, char *ret_mark)
{
	size_t n = 0;
	size_t digits = 0;

	ret[0] = 0;
	for (size_t i = 0; i < word.len; i++) {
		const uint8_t byte = word.bytes[i];

		if (byte >= '0' && byte <= '9') {
			if (++digits > 4)
				return false;
			ret[n] = ret[n] * 10 + (unsigned)(byte - '0');
			continue;
		}
		if ((byte != '/' && byte != '.' && byte != '-') || digits == 0 || n == 2 ||
		    (n > 0 && byte != (uint8_t)*ret_mark))
			return false;
		*ret_first = n == 0 ? digits : *ret_first;
		*ret_mark = (char)byte;
		digits = 0;
		ret[++n] = 0;
	}
	return n == 2 && digits > 0;
}

/* One or two digits with a colon or the end behind them; fails the cursor beyond max. */
static unsigned read_part(struct cursor *clock, unsigned max)
{
	size_t digits;
	const uint8_t *text = cursor_until(clock, ':', &digits);
	unsigned part = 0;

	if (digits < 1 || digits > 2)
		cursor_fail(clock, "no time of day");
	for (size_t i = 0; clock->err == NULL && i < digits; i++) {
		if (text[i] < '0' || text[i] > '9')
			cursor_fail(clock, "no time of day");
		part = part * 10 + (unsigned)(text[i] - '0');
	}
	if (part > max)
		cursor_fail(clock, "no time of day");
	return part;
}

/* "12:59:19" with "AM" or "PM" behind it, or not. */
static bool read_clock(struct cursor *line, int64_t *ret_s, bool *ret_is_half)
{
	struct query_word word = query_word_next(line);
	struct cursor ahead = *line;
	struct query_word half = query_word_next(&ahead);
	struct cursor clock = cursor_of(word.bytes, word.len);
	unsigned hour = read_part(&clock, 23);
	const unsigned minute = read_part(&clock, 59);
	const unsigned second = read_part(&clock, 59);

	if (clock.err != NULL || cursor_left(&clock) > 0)
		return false;
	*ret_is_half = query_word_is(half, "AM") || query_word_is(half, "PM");
	if (*ret_is_half) {
		if (hour < 1 || hour > 12)
			return false;
		hour = hour % 12 + (query_word_is(half, "PM") ? 12 : 0);
		*line = ahead;
	}
	*ret_s = (int64_t)hour * 3600 + minute * 60 + second;
	return true;
}

/*
 * Year first where it has four digits. Else the month is first with slashes and a clock of twelve
 * hours, as in America, and the day with all others; unless that gives a month above twelve.
 */
static bool date_read(struct cursor *line, struct packet *p)
{
	unsigned part[3] = { 0 };
	size_t first_digits = 0;
	unsigned day, month, year;
	bool is_half = false;
	char mark = 0;
	int64_t clock_s;

	if (!cut_date(query_word_next(line), part, &first_digits, &mark) ||
	    !read_clock(line, &clock_s, &is_half))
		return false;
	if (first_digits == 4) {
		year = part[0];
		month = part[1];
		day = part[2];
	} else {
		const bool is_month_first = mark == '/' && is_half ? part[0] <= 12 : part[1] > 12;

		month = part[is_month_first ? 0 : 1];
		day = part[is_month_first ? 1 : 0];
		year = part[2] < 100 ? 2000 + part[2] : part[2];
		p->is_order_assumed = mark == '/' && part[0] <= 12 && part[1] <= 12;
	}
	if (month < 1 || month > 12 || day < 1 || day > 31 || year < HINTS_YEAR_MIN ||
	    year > HINTS_YEAR_MAX)
		return false;
	p->date = (struct log_date){
		.time = { .ns = (stamp_days_of(year, month, day) * S_PER_DAY + clock_s) * NS_PER_S }
	};
	return true;
}

/* ---- the packet ---- */

/* "8a3f" */
static bool read_hexadecimal(struct query_word word, uint16_t *ret)
{
	unsigned value = 0;

	if (word.bytes == NULL || word.len < 1 || word.len > 4)
		return false;
	for (size_t i = 0; i < word.len; i++) {
		const uint8_t c = word.bytes[i] | 0x20;

		if (c >= '0' && c <= '9')
			value = value << 4 | (unsigned)(c - '0');
		else if (c >= 'a' && c <= 'f')
			value = value << 4 | (unsigned)(c - 'a' + 10);
		else
			return false;
	}
	*ret = (uint16_t)value;
	return true;
}

/* "[8081   DR  NOERROR]": the code is the last word, RD is a bit of the number. */
static bool read_flags(struct cursor *line, struct packet *p)
{
	struct query_word word = query_word_next(line);
	uint16_t flags;

	if (word.bytes == NULL || word.len < 2 || word.bytes[0] != '[')
		return false;
	/* the number has its bytes swapped */
	if (!read_hexadecimal((struct query_word){ &word.bytes[1], word.len - 1 }, &flags))
		return false;
	p->recursion_desired = (flags & 0x0001) != 0;
	for (int i = 1; i < FLAGS_MAX; i++) {
		word = query_word_next(line);
		if (word.bytes == NULL)
			return false;
		if (word.bytes[word.len - 1] == ']')
			return contact_rcode_parse(
			    (const char *)word.bytes, word.len - 1, &p->rcode);
	}
	return false;
}

/* "(3)www(7)example(3)com(0)" */
static bool read_name(struct query_word word, struct endpoint *ret)
{
	uint8_t wire[LIMIT_NAME_BYTES];
	struct cursor c = cursor_of(word.bytes, word.len);
	size_t len = 0;

	while (cursor_left(&c) > 0) {
		const uint8_t *label;
		size_t digits;
		const uint8_t *number;
		unsigned n = 0;

		if (cursor_u8(&c) != '(')
			return false;
		number = cursor_until(&c, ')', &digits);
		if (number == NULL || digits < 1 || digits > 2)
			return false;
		for (size_t i = 0; i < digits; i++) {
			if (number[i] < '0' || number[i] > '9')
				return false;
			n = n * 10 + (unsigned)(number[i] - '0');
		}
		label = cursor_take(&c, n);
		if (label == NULL || n > LIMIT_LABEL_BYTES || len + n + 1 > sizeof(wire))
			return false;
		wire[len++] = (uint8_t)n;
		memcpy(&wire[len], label, n);
		len += n;
	}
	return endpoint_from_wire(ret, wire, len);
}

/* From the transport on. NULL, or what is wrong. */
static const char *read_message(struct cursor *line, struct packet *p)
{
	struct query_word word = query_word_next(line);

	p->is_tcp = query_word_is(word, "TCP");
	if (!p->is_tcp && !query_word_is(word, "UDP"))
		return QUERY_LOG_OTHER_LINE;
	word = query_word_next(line);
	p->is_sent = query_word_is(word, "Snd");
	if (!p->is_sent && !query_word_is(word, "Rcv"))
		return QUERY_LOG_OTHER_LINE;
	word = query_word_next(line);
	if (word.bytes == NULL || !addr_parse((const char *)word.bytes, word.len, &p->remote))
		return "bad address";
	if (!read_hexadecimal(query_word_next(line), &p->id))
		return "bad transaction ID";
	word = query_word_next(line);
	p->is_response = query_word_is(word, "R");
	if (p->is_response)
		word = query_word_next(line);
	if (!query_word_is(word, "Q"))
		return "opcode is not query";
	if (!read_flags(line, p))
		return "bad response code";
	word = query_word_next(line);
	if (word.bytes == NULL || !query_word_type(word, &p->type))
		return "bad query type";
	return read_name(query_word_next(line), &p->name) ? NULL : "bad query name";
}

static const char *packet_read(struct cursor *line, struct packet *ret)
{
	*ret = (struct packet){ .id = 0 };
	if (!date_read(line, ret))
		return "line without a date";
	(void)query_word_next(line); /* the thread */
	if (!query_word_is(query_word_next(line), "PACKET"))
		return QUERY_LOG_OTHER_LINE;
	(void)query_word_next(line); /* the buffer */
	return read_message(line, ret);
}

/* ---- the log ---- */

/* By the lines of the head, which begins with text: 85 if there is a packet. */
static int windows_probe(const uint8_t *head, size_t len)
{
	struct cursor c = cursor_of(head, len);
	struct packet packet;
	const uint8_t *bytes;
	size_t line_len;

	while ((bytes = log_head_line(&c, &line_len)) != NULL) {
		struct cursor line = cursor_of(bytes, line_len);

		if (packet_read(&line, &packet) == NULL)
			return 85;
	}
	return 0;
}

static void fill_message(const struct packet *p, struct message *m)
{
	struct message_question *at = &m->questions[0];

	m->id = p->id;
	m->is_response = p->is_response;
	m->has_flags = true;
	m->recursion_desired = p->recursion_desired;
	m->outcome = p->is_response ? p->rcode : OUTCOME_NONE;
	at->q.name.len = p->name.len;
	memcpy(at->q.name.bytes, p->name.bytes, p->name.len);
	at->q.type = p->type;
	at->q.class = 1;
	at->ttl = TTL_NONE;
	m->question_count = 1;
}

static const char *windows_row(void *state, const uint8_t *line, size_t len, struct record *ret)
{
	struct windows *w = state;
	struct cursor c = cursor_of(line, len);
	struct exchange_origin origin = { .kind = KIND_DNS };
	struct packet packet;
	const char *why = packet_read(&c, &packet);
	struct message *m = exchange_message(w->exchange);
	struct stamp time;
	bool is_client;

	(void)ret;
	if (why != NULL)
		return why;
	if (!log_time_of(&w->time, &packet.date, &time))
		return "date without a year";
	w->time.health->assumed[ASSUMED_DAY_ORDER] += packet.is_order_assumed;
	fill_message(&packet, m);
	is_client = packet.is_sent == packet.is_response;
	/* the client's, or that of the server that was asked elsewhere: so the two never pair */
	if (packet.is_sent)
		origin.destination = packet.remote;
	else
		origin.source = packet.remote;
	origin.time_ns = origin.asked_ns = time.ns;
	origin.transport = packet.is_tcp;
	w->votes.of[is_client ? VANTAGE_RECURSIVE : VANTAGE_RESOLVER_SIDE]++;
	exchange_clock(w->exchange, origin.time_ns);
	exchange_take_filled(w->exchange, &origin);
	return NULL;
}

static void windows_attach(void *state, const struct hints *hints, struct health *health)
{
	struct windows *w = state;

	w->time.hints = *hints;
	w->time.health = health;
}

static bool windows_begin(void *state, struct health *health, struct err *reterr)
{
	return exchange_new(health, &((struct windows *)state)->exchange, reterr);
}

static void windows_end(void *state)
{
	exchange_free(((struct windows *)state)->exchange);
}

static enum next windows_more(void *state, struct record *ret, struct err *reterr)
{
	return exchange_next(((struct windows *)state)->exchange, ret, reterr);
}

static void windows_finish(void *state)
{
	exchange_finish(((struct windows *)state)->exchange);
}

static const struct log_kind windows_kind = {
	.state_bytes = sizeof(struct windows),
	.attach = windows_attach,
	.row = windows_row,
	.open = windows_begin,
	.close = windows_end,
	.more = windows_more,
	.finish = windows_finish,
};

static bool windows_open(
    struct stream *s, struct health *h, struct reader **ret, struct err *reterr)
{
	return log_open(&windows_kind, s, h, ret, reterr);
}

static enum vantage windows_vantage(const struct reader *r)
{
	return vantage_of_votes(&((const struct windows *)log_state(r))->votes);
}

const struct reader_format reader_windows = {
	.name = "windows-dns",
	.about = "debug log of Windows' DNS server",
	.probe = windows_probe,
	.open = windows_open,
	.next = log_next,
	.close = log_close,
	.consumed = log_consumed,
	.resume = log_resume,
	.vantage = windows_vantage,
};
