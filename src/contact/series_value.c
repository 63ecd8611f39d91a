/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The head of a series value and its runs, read and written. series_value.h draws the layout. */
#include "contact/series_value.h"

#include "contact/tick.h"

#define CODE_ANSWERED_MIN 1u /* outcome + 1 */
#define CODE_NXDOMAIN     4u

static const struct {
	unsigned shift;
	unsigned mask;
	bool has_usual;
	uint32_t usual;
} shapes[COLUMN_COUNT] = {
	[COLUMN_OUTCOME] = { 0, 3, true, 1 }, /* NOERROR */
	[COLUMN_TRAITS] = { 2, 3, true, SEEN_BOTH | DIRECTION_OUT << 2 },
	[COLUMN_SOURCE] = { 4, 3, true, 0 },
	[COLUMN_TTL] = { 6, 1, false, 0 },
	[COLUMN_PRECISION] = { 7, 1, false, 0 },
};

/* Both outcome and traits are the usual ones. */
#define SHAPE_USUAL_MASK 0x0fu
#define SHAPE_ALL_USUAL  (SHAPE_USUAL | SHAPE_USUAL << 2)

static unsigned shape_of(const struct series_head *h, enum column column)
{
	if (!h->one[column])
		return SHAPE_RUNS;
	return shapes[column].has_usual && h->value[column] == shapes[column].usual ? SHAPE_USUAL
										    : SHAPE_ONE;
}

/* The one value of a column that has two bits; 0 when it is in runs. */
static inline uint32_t read_one(
    struct cursor *c, uint8_t shape, enum column column, struct series_head *h)
{
	unsigned bits = shape >> shapes[column].shift & shapes[column].mask;
	uint64_t value = shapes[column].usual;

	h->one[column] = bits != SHAPE_RUNS;
	if (bits == SHAPE_RUNS)
		return h->value[column] = 0;
	if (bits == SHAPE_ONE)
		value = cursor_varint(c);
	else if (bits != SHAPE_USUAL)
		cursor_fail(c, "unknown shape of a column");
	if (value > (column == COLUMN_SOURCE       ? UINT32_MAX
			: column == COLUMN_OUTCOME ? UINT16_MAX
						   : 15))
		cursor_fail(c, "value of a column out of range");
	return h->value[column] = (uint32_t)value;
}

static inline void read_ttls(struct cursor *c, uint8_t shape, struct series_head *h)
{
	uint64_t least = cursor_varint(c);
	uint64_t range = 0;

	h->one[COLUMN_TTL] = shape >> shapes[COLUMN_TTL].shift & 1;
	if (!h->one[COLUMN_TTL])
		range = cursor_varint(c);
	if (least > UINT32_MAX || range > UINT32_MAX - least || (least == 0 && !h->one[COLUMN_TTL]))
		cursor_fail(c, "TTL out of range");
	h->value[COLUMN_TTL] = (uint32_t)least;
	h->summary.ttl_min = (uint32_t)least - 1;
	h->summary.ttl_max = (uint32_t)(least + range) - 1;
}

static inline void read_span(struct cursor *c, uint8_t form, struct series_head *h)
{
	struct series_summary *s = &h->summary;
	uint64_t tail = 0;

	s->days = 1;
	s->contacts = h->rows;
	h->span_ticks = 0;
	if (h->rows == 1 && (form & (FORM_VIEW_DIFFERS | FORM_VISITS_GIVEN)) == 0) {
		s->visits = 1;
		s->last_ns = h->row_last_ns = s->first_ns;
		return;
	}
	if (h->rows > 1) {
		h->span_ticks = cursor_varint_long(c);
		s->days = cursor_varint(c);
	}
	if (form & FORM_VIEW_DIFFERS) {
		s->contacts = cursor_varint(c);
		tail = cursor_varint(c);
	}
	s->visits = form & FORM_VISITS_GIVEN ? cursor_varint(c) : s->contacts;
	if (tail > h->span_ticks || s->contacts == 0 || s->contacts > h->rows ||
	    !tick_add(s->first_ns, h->span_ticks, s->digits, &h->row_last_ns))
		cursor_fail(c, "summary contradicts itself");
	/* no more than what has just fitted */
	s->last_ns = (int64_t)((uint64_t)h->row_last_ns - tail * (uint64_t)tick_ns(s->digits));
}

/* Outcome with its counts, and traits: nearly always as usual. */
static inline void read_outcome_traits(struct cursor *c, uint8_t shape, struct series_head *h)
{
	struct series_summary *s = &h->summary;
	uint32_t outcome;

	if ((shape & SHAPE_USUAL_MASK) == SHAPE_ALL_USUAL) {
		h->one[COLUMN_OUTCOME] = h->one[COLUMN_TRAITS] = true;
		h->value[COLUMN_OUTCOME] = shapes[COLUMN_OUTCOME].usual;
		h->value[COLUMN_TRAITS] = shapes[COLUMN_TRAITS].usual;
		s->answered = s->contacts;
		s->nxdomain = 0;
		return;
	}
	outcome = read_one(c, shape, COLUMN_OUTCOME, h);
	if (h->one[COLUMN_OUTCOME]) {
		s->answered = outcome >= CODE_ANSWERED_MIN ? s->contacts : 0;
		s->nxdomain = outcome == CODE_NXDOMAIN ? s->contacts : 0;
	} else {
		s->answered = cursor_varint(c);
		s->nxdomain = cursor_varint(c);
	}
	(void)read_one(c, shape, COLUMN_TRAITS, h);
}

bool series_head_read(struct cursor *value, struct series_head *h)
{
	/* in registers; copied as a whole it would wait for its parts, which were written just now */
	struct cursor c = { value->base, value->len, value->pos, value->err };
	struct series_summary *s = &h->summary;
	const uint8_t *begin = cursor_take(&c, 2);
	uint8_t shape = begin == NULL ? 0 : begin[0];
	uint8_t form = begin == NULL ? 0 : begin[1];

	s->digits = form & FORM_DIGITS;
	if (s->digits > TICK_DIGITS_MAX || form > 0x7f) {
		cursor_fail(&c, "unknown form of a series");
		s->digits = 0;
	}
	h->has_txids = (form & FORM_TXIDS_GIVEN) != 0;
	h->rows = cursor_varint(&c);
	if (h->rows == 0)
		cursor_fail(&c, "series without rows");
	s->first_ns = tick_read_time(&c, s->digits, &h->first_ticks);
	read_span(&c, form, h);
	h->one[COLUMN_PRECISION] = shape >> shapes[COLUMN_PRECISION].shift & 1;
	h->value[COLUMN_PRECISION] = s->digits;
	read_ttls(&c, shape, h);
	read_outcome_traits(&c, shape, h);
	(void)read_one(&c, shape, COLUMN_SOURCE, h);
	*value = c;
	return c.err == NULL;
}

/* Two octets, and more numbers than it can hold. */
#define HEAD_MAX (2 + 16 * VARINT_MAX)

void series_head_write(const struct series_head *h, struct buf *out)
{
	const struct series_summary *s = &h->summary;
	bool differs = s->contacts != h->rows || s->last_ns != h->row_last_ns;
	unsigned shape = 0;
	unsigned form = s->digits;
	uint8_t *to;

	for (enum column k = 0; k < COLUMN_COUNT; k++)
		shape |= shape_of(h, k) << shapes[k].shift;
	form |= differs ? FORM_VIEW_DIFFERS : 0;
	form |= s->visits != s->contacts ? FORM_VISITS_GIVEN : 0;
	form |= h->has_txids ? FORM_TXIDS_GIVEN : 0;
	if (!buf_reserve(out, HEAD_MAX))
		return;
	to = out->bytes + out->len;
	*to++ = (uint8_t)shape;
	*to++ = (uint8_t)form;
	to = varint_write(varint_write(to, h->rows), zigzag_of(h->first_ticks));
	if (h->rows > 1)
		to = varint_write(varint_write(to, h->span_ticks), s->days);
	if (differs) {
		to = varint_write(to, s->contacts);
		to = varint_write(to, tick_between(s->last_ns, h->row_last_ns, s->digits));
	}
	if (s->visits != s->contacts)
		to = varint_write(to, s->visits);
	to = varint_write(to, (uint32_t)(s->ttl_min + 1));
	if (!h->one[COLUMN_TTL])
		to = varint_write(to, s->ttl_max - s->ttl_min);
	if (!h->one[COLUMN_OUTCOME])
		to = varint_write(varint_write(to, s->answered), s->nxdomain);
	for (enum column k = COLUMN_OUTCOME; k < COLUMN_COUNT; k++)
		if (k != COLUMN_TTL && shape_of(h, k) == SHAPE_ONE)
			to = varint_write(to, h->value[k]);
	out->len = (size_t)(to - out->bytes);
}

uint32_t series_column_code(const struct series_row *row, enum column column)
{
	switch (column) {
	case COLUMN_PRECISION:
		return row->digits;
	case COLUMN_OUTCOME:
		return (uint16_t)(row->outcome + 1);
	case COLUMN_TTL:
		return row->ttl + 1;
	case COLUMN_TRAITS:
		return row->traits;
	case COLUMN_SOURCE:
	case COLUMN_COUNT:
		break;
	}
	return row->source;
}

struct series_run series_run_read(
    struct cursor *c, enum column column, const struct series_head *h, uint64_t left)
{
	struct series_run run = { .len = cursor_varint(c) };
	uint64_t value = cursor_varint(c);
	uint64_t max = UINT32_MAX;

	if (column == COLUMN_TTL && value != 0) {
		max = h->summary.ttl_max - h->summary.ttl_min + 1;
		run.code = (uint32_t)(value + h->summary.ttl_min);
	} else {
		run.code = (uint32_t)value;
		max = column == COLUMN_PRECISION ? h->summary.digits
		      : column == COLUMN_OUTCOME ? UINT16_MAX
		      : column == COLUMN_TRAITS  ? 15
						 : max;
	}
	if (value > max)
		cursor_fail(c, "value of a run out of range");
	/* one run alone would be one value: that is another shape */
	if (run.len == 0 || run.len > left || run.len == h->rows)
		cursor_fail(c, "run of a wrong length");
	if (c->err != NULL)
		run.len = left;
	return run;
}

static void write_run(struct series_run_writer *w)
{
	uint32_t code = w->run.code;

	if (w->column == COLUMN_TTL && code != 0)
		code -= w->head->summary.ttl_min;
	buf_varint(w->out, w->run.len);
	buf_varint(w->out, code);
}

void series_run_add(struct series_run_writer *w, struct series_run run)
{
	if (w->run.len > 0 && w->run.code == run.code) {
		w->run.len += run.len;
		return;
	}
	if (w->run.len > 0)
		write_run(w);
	w->run = run;
}

void series_run_end(struct series_run_writer *w)
{
	write_run(w);
}
