/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Zeek's own text log: header lines that begin with '#', then one row a line, columns between
 * separators. The layout is what the header says and nothing else:
 *
 *	#separator \x09             begins a log; the one line that is not cut at the separator
 *	#set_separator  ,           between the elements of a vector
 *	#empty_field    (empty)     an empty vector or text
 *	#unset_field    -           no value
 *	#path           dns         the kind of log: dns, conn, smtp or capture_loss
 *	#fields         ts uid ...  the columns; old and labeled layouts differ here alone
 *	#types, #open, #close       of no use to us
 *
 * Logs are concatenated in practice, so a header can come at any place, and what it says holds
 * until the next.
 */
#include <string.h>

#include "base/cursor.h"
#include "evidence/log.h"
#include "evidence/zeek.h"
#include "wire/columns.h"

#define NO_COLUMN SIZE_MAX

/* A text of the header, kept. */
struct word {
	size_t len;
	uint8_t bytes[LIMIT_LOG_WORD_BYTES];
};

/* What the header lines so far have said. */
struct layout {
	uint8_t separator;
	struct word set_separator;
	struct word empty_field;
	struct word unset_field;
	struct word path; /* empty: none was given */
	size_t columns;   /* named by #fields; 0 before that line */
	size_t wanted;    /* columns up to the last one that we use */
	size_t column_of[ZEEK_FIELDS];
	bool understood;   /* no text of the header was too long for us */
	const char *fault; /* NULL, or why rows under it are of no use */
};

struct tsv {
	struct layout layout;
	uint32_t ends[LIMIT_LOG_COLUMNS]; /* of the columns of the row under way */
	struct zeek_row row;
	struct delivery delivery; /* of a row of smtp.log */
	struct capture_loss loss; /* of a row of capture_loss.log */
};

struct named_field {
	const char *name;
	enum zeek_field field;
};

static const struct named_field named_fields[] = {
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
};

static bool is_text(const uint8_t *bytes, size_t len, const char *text)
{
	return len == strlen(text) && memcmp(bytes, text, len) == 0;
}

static inline bool is_word(struct column column, const struct word *word)
{
	return column.len == word->len && column.bytes[0] == word->bytes[0] &&
	       memcmp(column.bytes, word->bytes, word->len) == 0;
}

static bool word_set(struct word *word, const uint8_t *bytes, size_t len)
{
	if (len > sizeof(word->bytes))
		return false;
	word->len = len;
	if (len > 0)
		memcpy(word->bytes, bytes, len);
	return true;
}

/* Zeek's defaults, as at the head of a log. */
static void layout_init(struct layout *l)
{
	*l = (struct layout){ .separator = '\t', .understood = true };
	(void)word_set(&l->set_separator, (const uint8_t *)",", 1);
	(void)word_set(&l->empty_field, (const uint8_t *)"(empty)", 7);
	(void)word_set(&l->unset_field, (const uint8_t *)"-", 1);
	for (size_t i = 0; i < ZEEK_FIELDS; i++)
		l->column_of[i] = NO_COLUMN;
}

static int hex_value(uint8_t byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	byte |= 0x20;
	return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* "\x09", or the byte itself. */
static bool read_separator(struct cursor *c, uint8_t *ret)
{
	size_t len = cursor_left(c);
	const uint8_t *text = cursor_take(c, len);
	int high, low;

	if (len == 1) {
		*ret = text[0];
		return true;
	}
	if (len != 4 || text[0] != '\\' || text[1] != 'x')
		return false;
	high = hex_value(text[2]);
	low = hex_value(text[3]);
	if (high < 0 || low < 0)
		return false;
	*ret = (uint8_t)(high << 4 | low);
	return true;
}

static void read_fields(struct layout *l, struct cursor *c)
{
	const uint8_t *name;
	size_t len;

	l->columns = 0;
	l->wanted = 0;
	for (size_t i = 0; i < ZEEK_FIELDS; i++)
		l->column_of[i] = NO_COLUMN;
	for (; (name = cursor_until(c, l->separator, &len)) != NULL; l->columns++) {
		if (l->columns >= LIMIT_LOG_COLUMNS)
			continue;
		for (size_t i = 0; i < COUNT_OF(named_fields); i++) {
			if (!is_text(name, len, named_fields[i].name))
				continue;
			l->column_of[named_fields[i].field] = l->columns;
			l->wanted = l->columns + 1;
		}
	}
}

/* A line that begins with '#'. Those that we do not know are comments. */
static void layout_read(struct layout *l, const uint8_t *line, size_t len)
{
	static const char separator[] = "#separator ";
	struct cursor c = cursor_of(line, len);
	const uint8_t *name;
	size_t name_len;
	size_t rest;

	if (len >= sizeof(separator) - 1 && memcmp(line, separator, sizeof(separator) - 1) == 0) {
		layout_init(l);
		cursor_skip(&c, sizeof(separator) - 1);
		l->understood = read_separator(&c, &l->separator);
		return;
	}
	name = cursor_until(&c, l->separator, &name_len);
	if (name == NULL)
		return;
	if (is_text(name, name_len, "#fields")) {
		read_fields(l, &c);
		return;
	}
	rest = cursor_left(&c);
	line = cursor_take(&c, rest);
	if (is_text(name, name_len, "#set_separator"))
		l->understood =
		    word_set(&l->set_separator, line, rest) && rest == 1 && l->understood;
	else if (is_text(name, name_len, "#empty_field"))
		l->understood = word_set(&l->empty_field, line, rest) && l->understood;
	else if (is_text(name, name_len, "#unset_field"))
		l->understood = word_set(&l->unset_field, line, rest) && l->understood;
	else if (is_text(name, name_len, "#path"))
		l->understood = word_set(&l->path, line, rest) && l->understood;
}

static bool has_column(const struct layout *l, enum zeek_field field)
{
	return l->column_of[field] != NO_COLUMN;
}

/* Only capture_loss.log has these columns. */
static bool has_losses(const struct layout *l)
{
	return has_column(l, ZEEK_TS_DELTA) && has_column(l, ZEEK_GAPS) &&
	       has_column(l, ZEEK_ACKS) && has_column(l, ZEEK_PERCENT_LOST);
}

/* By its name; without it, by the columns that only that log has. */
static enum zeek_log layout_log(const struct layout *l)
{
	if (l->path.len > 0)
		return is_text(l->path.bytes, l->path.len, "dns")            ? ZEEK_DNS_LOG
		       : is_text(l->path.bytes, l->path.len, "conn")         ? ZEEK_CONN_LOG
		       : is_text(l->path.bytes, l->path.len, "smtp")         ? ZEEK_SMTP_LOG
		       : is_text(l->path.bytes, l->path.len, "capture_loss") ? ZEEK_LOSS_LOG
									     : ZEEK_NO_LOG;
	if (has_losses(l))
		return ZEEK_LOSS_LOG;
	if (!has_column(l, ZEEK_RESP_H))
		return ZEEK_DNS_LOG;
	return has_column(l, ZEEK_CONN_STATE)                               ? ZEEK_CONN_LOG
	       : has_column(l, ZEEK_HELO) && has_column(l, ZEEK_LAST_REPLY) ? ZEEK_SMTP_LOG
									    : ZEEK_DNS_LOG;
}

/* NULL, or why rows under this header are of no use. */
static const char *layout_fault(const struct layout *l)
{
	const enum zeek_log log = layout_log(l);

	if (l->columns == 0)
		return "row before any #fields line";
	if (log == ZEEK_NO_LOG)
		return "row of another log";
	if (!l->understood)
		return "header not understood";
	if (log == ZEEK_LOSS_LOG)
		return has_column(l, ZEEK_TS) && has_column(l, ZEEK_TS_DELTA) &&
			       has_column(l, ZEEK_GAPS) && has_column(l, ZEEK_ACKS)
			   ? NULL
			   : "log lacks ts, ts_delta, gaps or acks";
	if (!has_column(l, ZEEK_TS) || !has_column(l, ZEEK_ORIG_H) ||
	    !has_column(l, log == ZEEK_DNS_LOG ? ZEEK_QUERY : ZEEK_RESP_H))
		return log == ZEEK_DNS_LOG ? "log lacks ts, id.orig_h or query"
					   : "log lacks ts, id.orig_h or id.resp_h";
	return NULL;
}

/* The head of a file, up to its first row, decides. */
static int zeek_tsv_probe(const uint8_t *head, size_t len)
{
	struct cursor c = cursor_of(head, len);
	struct layout l;
	const uint8_t *line;
	size_t line_len;

	layout_init(&l);
	while ((line = log_head_line(&c, &line_len)) != NULL && line[0] == '#')
		layout_read(&l, line, line_len);
	if (layout_fault(&l) != NULL)
		return 0;
	/* without its name a log is one of ours if it has what only that one has */
	if (l.path.len == 0 && !has_column(&l, ZEEK_CONN_STATE) && !has_column(&l, ZEEK_QTYPE) &&
	    !has_column(&l, ZEEK_QTYPE_NAME) && !has_column(&l, ZEEK_LAST_REPLY) && !has_losses(&l))
		return 0;
	return l.path.len == 0 ? 80 : 100;
}

/* The text of a column or of an element of a vector, unless it is a place-holder. */
static inline struct zeek_text text_of(const struct layout *l, struct column column)
{
	/* the first octet tells, nearly always */
	if (column.len > 0 && column.bytes[0] != l->unset_field.bytes[0] &&
	    column.bytes[0] != l->empty_field.bytes[0])
		return (struct zeek_text){ .bytes = column.bytes, .len = column.len };
	if (is_word(column, &l->unset_field))
		return (struct zeek_text){ .bytes = NULL };
	if (is_word(column, &l->empty_field))
		column.len = 0;
	return (struct zeek_text){ .bytes = column.bytes, .len = column.len };
}

/* Unset, too, where the log has no such column. */
static inline struct zeek_text field_text(
    const struct tsv *t, const uint8_t *line, enum zeek_field field)
{
	size_t at = t->layout.column_of[field];

	if (at == NO_COLUMN)
		return (struct zeek_text){ .bytes = NULL };
	return text_of(&t->layout, column_of(line, t->ends, at));
}

/* What is left of a vector: an empty one has no element, one that ends with a separator one more. */
struct elements {
	struct zeek_text vector;
	size_t at; /* beyond its length: nothing is left */
};

static inline struct elements elements_of(struct zeek_text vector)
{
	return (struct elements){ .vector = vector, .at = vector.len == 0 };
}

/* False, *ret untouched: there is no further one. */
static inline bool next_element(
    const struct layout *l, struct elements *left, struct zeek_text *ret)
{
	struct column element;
	size_t end;

	if (left->at > left->vector.len)
		return false;
	end = column_end(left->vector.bytes, left->at, left->vector.len, l->set_separator.bytes[0]);
	element.bytes = &left->vector.bytes[left->at];
	element.len = end - left->at;
	left->at = end + 1;
	*ret = text_of(l, element);
	return true;
}

static void read_answers(struct tsv *t, const uint8_t *line)
{
	const struct layout *l = &t->layout;
	struct elements answers = elements_of(field_text(t, line, ZEEK_ANSWERS));
	struct elements ttls = elements_of(field_text(t, line, ZEEK_TTLS));
	struct zeek_text data;

	for (size_t i = 0; i < LIMIT_LOG_ANSWERS && next_element(l, &answers, &data); i++) {
		struct zeek_text ttl = { .bytes = NULL };

		(void)next_element(l, &ttls, &ttl);
		zeek_row_answer(&t->row, data, ttl);
	}
}

static const char *tsv_row(void *state, const uint8_t *line, size_t len, struct record *ret)
{
	struct tsv *t = state;
	const struct layout *l = &t->layout;
	const char *why = l->fault;
	UNINITIALIZED struct zeek_text fields[ZEEK_FIELDS];
	struct zeek_text ts;
	struct stamp time;

	if (why != NULL)
		return why;
	if (columns_split(line, len, l->separator, t->ends, l->wanted) < l->columns)
		return "too few columns";
	ts = field_text(t, line, ZEEK_TS);
	if (ts.bytes == NULL || !stamp_parse_epoch((const char *)ts.bytes, ts.len, &time))
		return "bad time";
	for (int i = ZEEK_ORIG_H; i < ZEEK_ANSWERS; i++)
		fields[i] = field_text(t, line, (enum zeek_field)i);
	if (layout_log(l) == ZEEK_SMTP_LOG) {
		return zeek_smtp_read(&t->delivery, time, fields, ret);
	}
	if (layout_log(l) == ZEEK_LOSS_LOG)
		return zeek_loss_read(&t->loss, time, fields, ret);
	if (layout_log(l) == ZEEK_CONN_LOG) {
		why = zeek_conn_begin(&t->row, time, fields);
	} else {
		why = zeek_row_begin(&t->row, time, fields);
		if (why == NULL)
			read_answers(t, line);
	}
	*ret = zeek_row_record(&t->row);
	return why;
}

static void tsv_begin(void *state)
{
	struct tsv *t = state;

	layout_init(&t->layout);
	t->layout.fault = layout_fault(&t->layout);
}

static bool tsv_header(void *state, const uint8_t *line, size_t len)
{
	struct tsv *t = state;

	if (line[0] != '#')
		return false;
	layout_read(&t->layout, line, len);
	t->layout.fault = layout_fault(&t->layout);
	return true;
}

static const struct log_kind tsv_kind = {
	.state_bytes = sizeof(struct tsv),
	.begin = tsv_begin,
	.header = tsv_header,
	.row = tsv_row,
};

static bool zeek_tsv_open(
    struct stream *s, struct health *h, struct reader **ret, struct err *reterr)
{
	return log_open(&tsv_kind, s, h, ret, reterr);
}

const struct reader_format reader_zeek_tsv = {
	.name = "zeek-tsv",
	.about = "Zeek (Bro) dns.log, conn.log, smtp.log and capture_loss.log, text with #fields",
	.probe = zeek_tsv_probe,
	.open = zeek_tsv_open,
	.next = log_next,
	.close = log_close,
	.consumed = log_consumed,
	.resume = log_resume,
};
