/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The value of a fact: count, precision, first and last in its unit, range of TTLs. It says what
 * passive DNS (draft-dulaunoy-dnsop-passive-dns-cof) says of a binding: how often, and from when
 * to when. Sums and extremes commute, so facts merge in any order.
 */
#include "contact/factset.h"

#include "contact/tick.h"

void factset_of(struct factset *s, const struct fact *f)
{
	*s = (struct factset){ .count = f->count,
		.first_ns = f->first_ns,
		.last_ns = f->last_ns,
		.digits = f->digits,
		.ttl_min = f->ttl,
		.ttl_max = f->ttl };
}

void factset_add(struct factset *s, const struct factset *other)
{
	if (__builtin_add_overflow(s->count, other->count, &s->count))
		s->count = UINT64_MAX;
	if (other->first_ns < s->first_ns)
		s->first_ns = other->first_ns;
	if (other->last_ns > s->last_ns)
		s->last_ns = other->last_ns;
	if (other->digits > s->digits)
		s->digits = other->digits;
	if (other->ttl_min == TTL_NONE)
		return;
	if (s->ttl_min == TTL_NONE || other->ttl_min < s->ttl_min)
		s->ttl_min = other->ttl_min;
	if (s->ttl_max == TTL_NONE || other->ttl_max > s->ttl_max)
		s->ttl_max = other->ttl_max;
}

void factset_encode(const struct factset *s, struct buf *out)
{
	/* as fine as both times need, whatever their source claimed */
	uint8_t digits = tick_digits(s->last_ns, tick_digits(s->first_ns, s->digits));
	uint8_t *to;

	if (!buf_reserve(out, 1 + 5 * VARINT_MAX))
		return;
	to = varint_write(out->bytes + out->len, s->count);
	*to++ = digits;
	to = varint_write(to, zigzag_of(s->first_ns / tick_ns(digits)));
	to = varint_write(to, tick_between(s->first_ns, s->last_ns, digits));
	to = varint_write(to, (uint32_t)(s->ttl_min + 1));
	if (s->ttl_min != TTL_NONE)
		to = varint_write(to, s->ttl_max - s->ttl_min);
	out->len = (size_t)(to - out->bytes);
}

static uint32_t read_ttl(struct cursor *c, uint64_t base)
{
	uint64_t value = cursor_varint(c);

	if (value > UINT32_MAX - base) {
		cursor_fail(c, "TTL out of range");
		return 0;
	}
	return (uint32_t)(base + value);
}

bool factset_decode(const uint8_t *value, size_t len, struct factset *ret)
{
	struct cursor c = cursor_of(value, len);
	struct factset s = { .count = 0 };
	int64_t ticks;

	s.count = cursor_varint(&c);
	s.digits = cursor_u8(&c);
	if (s.digits > TICK_DIGITS_MAX)
		return false;
	s.first_ns = tick_read_time(&c, s.digits, &ticks);
	if (!tick_add(s.first_ns, cursor_varint_long(&c), s.digits, &s.last_ns))
		return false;
	s.ttl_min = read_ttl(&c, 0) - 1;
	s.ttl_max = s.ttl_min == TTL_NONE ? TTL_NONE : read_ttl(&c, s.ttl_min);
	if (c.err != NULL || cursor_left(&c) != 0 ||
	    (s.ttl_min != TTL_NONE && s.ttl_max == TTL_NONE))
		return false;
	*ret = s;
	return true;
}
