/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pcapng (draft-ietf-opsawg-pcapng): a row of blocks, all of one shape,
 *
 *	 0  type       section header, interface description, packet, ...
 *	 4  length     of the whole block
 *	 8  body
 *	-4  length     once more
 *
 * A section header sets the byte order and forgets the interfaces. Each interface has its link
 * type and its clock: units a second, as a power of ten or of two, and an offset in seconds. The
 * repeated length makes damage easy to see, and the next whole block easy to find.
 */
#include "evidence/pcapng.h"

#include <stdlib.h>

#include "base/cursor.h"
#include "base/limits.h"
#include "base/size.h"
#include "base/stamp.h"

#define FRAME_BYTES   12         /* type and both lengths */
#define SECTION_BYTES 28         /* the shortest section header */
#define ORDER_MAGIC   0x1a2b3c4d /* as the section header's writer sees it */
/* What is looked at to find a whole block behind damage: a packet and plenty of options. */
#define SCAN_WINDOW (LIMIT_PACKET_BYTES + 65536)

enum block_type {
	BLOCK_SECTION = 0x0a0d0d0a, /* the same in both byte orders */
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET_OLD = 2,
	BLOCK_PACKET_SIMPLE = 3,
	BLOCK_NAMES = 4,
	BLOCK_STATISTICS = 5,
	BLOCK_PACKET = 6,
	BLOCK_JOURNAL = 9,
	BLOCK_SECRETS = 10,
};

enum option_code {
	OPTION_END = 0,
	OPTION_CLOCK_UNIT = 9,    /* if_tsresol: 10^-n, or 2^-n with the top bit set */
	OPTION_CLOCK_OFFSET = 14, /* if_tsoffset: seconds to add */
};

struct interface {
	uint16_t linktype;
	bool binary; /* the unit is 2^-power, not 10^-power */
	uint8_t power;
	bool clock_sound; /* the unit is one that 64 bits can hold */
	int64_t offset_s;
};

struct framing {
	struct framing_place place;
	bool big_endian;
	struct interface *interfaces;
	size_t interface_count;
	size_t interface_capacity;
};

static uint16_t get16(struct cursor *c, bool big_endian)
{
	return big_endian ? cursor_be16(c) : cursor_le16(c);
}

static uint32_t get32(struct cursor *c, bool big_endian)
{
	return big_endian ? cursor_be32(c) : cursor_le32(c);
}

/* The two halves of a time stamp are written high first in either byte order. */
static uint64_t get_ticks(struct cursor *c, bool big_endian)
{
	const uint64_t high = get32(c, big_endian);
	const uint64_t low = get32(c, big_endian);

	return high << 32 | low;
}

/* A 64-bit option value, which follows the byte order as a whole. */
static uint64_t get64(struct cursor *c, bool big_endian)
{
	const uint64_t first = get32(c, big_endian);
	const uint64_t second = get32(c, big_endian);

	return big_endian ? first << 32 | second : second << 32 | first;
}

/* The byte order of the section header that begins here. */
static bool section_begins(const uint8_t *bytes, size_t len, bool *ret_big_endian)
{
	struct cursor c = cursor_of(bytes, len);
	const uint32_t type = cursor_be32(&c);
	uint32_t order;

	cursor_skip(&c, 4);
	order = cursor_be32(&c);
	if (c.err != NULL || type != BLOCK_SECTION)
		return false;
	*ret_big_endian = order == ORDER_MAGIC;
	return *ret_big_endian || order == __builtin_bswap32(ORDER_MAGIC);
}

int pcapng_probe(const uint8_t *head, size_t len)
{
	bool big_endian;

	return section_begins(head, len, &big_endian) ? 100 : 0;
}

static bool type_known(uint32_t type)
{
	return type == BLOCK_SECTION || (type >= BLOCK_INTERFACE && type <= BLOCK_PACKET) ||
	       type == BLOCK_JOURNAL || type == BLOCK_SECRETS;
}

/* Does a whole block of a known type begin here, its two lengths alike? */
static bool block_begins(const struct framing *f, struct cursor c)
{
	bool big_endian = f->big_endian;
	uint32_t type;
	uint32_t length;

	(void)section_begins(c.base, c.len, &big_endian);
	type = get32(&c, big_endian);
	length = get32(&c, big_endian);
	if (c.err != NULL || !type_known(type) || length < FRAME_BYTES)
		return false;
	cursor_skip(&c, length - FRAME_BYTES);
	return get32(&c, big_endian) == length && c.err == NULL;
}

static enum next step_over(struct framing *f, const char *reason, struct err *reterr)
{
	return framing_step_over(&f->place, reason, SCAN_WINDOW, block_begins, f, reterr);
}

/* One record of the sound block at hand is of no use. */
static enum next skip(struct framing *f, const char *reason, uint64_t offset)
{
	health_skip(f->place.health, reason, offset);
	return NEXT_SKIPPED;
}

/* Options of an interface; what is broken ends them, and what was read before holds. */
static void read_options(struct cursor c, bool big_endian, struct interface *i)
{
	while (cursor_left(&c) >= 4) {
		const uint16_t code = get16(&c, big_endian);
		const uint16_t length = get16(&c, big_endian);
		struct cursor value = cursor_sub(&c, length);

		if (code == OPTION_END || c.err != NULL)
			return;
		if (code == OPTION_CLOCK_UNIT && length >= 1) {
			const uint8_t unit = cursor_u8(&value);

			i->binary = unit >> 7;
			i->power = unit & 0x7f;
			i->clock_sound = i->power <= (i->binary ? 63 : 19);
		}
		if (code == OPTION_CLOCK_OFFSET && length >= 8)
			i->offset_s = (int64_t)get64(&value, big_endian);
		cursor_skip(&c, -length & 3u);
	}
}

static bool add_interface(struct framing *f, struct cursor body, struct err *reterr)
{
	struct interface i = { .power = 6, .clock_sound = true };

	i.linktype = get16(&body, f->big_endian);
	cursor_skip(&body, 6); /* reserved, snap length */
	if (body.err != NULL)
		i.clock_sound = false; /* keeps its number; its packets are skipped */
	else
		read_options(body, f->big_endian, &i);
	if (f->interface_count == LIMIT_INTERFACES)
		return true;
	if (f->interface_count == f->interface_capacity) {
		const size_t capacity = f->interface_capacity == 0 ? 8 : 2 * f->interface_capacity;
		struct interface *grown =
		    realloc(f->interfaces, size_mul(capacity, sizeof(*f->interfaces)));

		if (grown == NULL) {
			err_set_memory(reterr);
			return false;
		}
		f->interfaces = grown;
		f->interface_capacity = capacity;
	}
	f->interfaces[f->interface_count++] = i;
	return true;
}

static uint64_t power_of_ten(unsigned n)
{
	uint64_t p = 1;

	while (n-- > 0)
		p *= 10;
	return p;
}

/* Fractional digits that tell every tick of the clock apart, as far as nanoseconds can. */
static uint8_t clock_digits(const struct interface *i)
{
	/* log10(2) is a little less than 1233 / 4096 */
	const unsigned digits = i->binary ? (i->power * 1233u + 4095) / 4096 : i->power;

	return digits > 9 ? 9 : (uint8_t)digits;
}

/* Ticks of the interface's clock as nanoseconds since 1970, rounded down. False: out of range. */
static bool clock_read(const struct interface *i, uint64_t ticks, int64_t *ret_ns)
{
	uint64_t seconds;
	uint64_t fraction;
	int64_t whole;

	if (i->binary) {
		/* 34 bits are finer than a nanosecond, and with 30 more for 10^9 still fit */
		const unsigned extra = i->power > 34 ? i->power - 34u : 0;

		seconds = ticks >> i->power;
		fraction = (ticks - (seconds << i->power)) >> extra;
		fraction = fraction * (uint64_t)NS_PER_S >> (i->power - extra);
	} else {
		const uint64_t unit = power_of_ten(i->power);

		seconds = ticks / unit;
		fraction = ticks % unit;
		if (i->power <= 9)
			fraction *= power_of_ten(9u - i->power);
		else
			fraction /= power_of_ten(i->power - 9u);
	}
	if (seconds > (uint64_t)STAMP_MAX_S ||
	    __builtin_add_overflow((int64_t)seconds, i->offset_s, &whole) || whole > STAMP_MAX_S ||
	    whole < -STAMP_MAX_S)
		return false;
	*ret_ns = whole * NS_PER_S + (int64_t)fraction;
	return true;
}

/* An enhanced packet block, or the obsolete form of it: they differ in their first words. */
static enum next read_packet(
    struct framing *f, struct cursor body, bool old, uint64_t offset, struct captured *ret)
{
	const uint32_t first = get32(&body, f->big_endian);
	const uint64_t ticks = get_ticks(&body, f->big_endian);
	const uint32_t captured = get32(&body, f->big_endian);
	const uint32_t wire = get32(&body, f->big_endian);
	/* the old form: 16 bits of interface and 16 of packets dropped, in file order */
	const uint32_t number = !old ? first : f->big_endian ? first >> 16 : first & 0xffff;
	const struct interface *i;

	*ret = (struct captured){ .offset = offset, .len = captured, .wire_len = wire };
	ret->bytes = cursor_take(&body, captured);
	if (body.err != NULL) {
		f->place.health->damaged = true;
		return skip(f, "packet longer than its block", offset);
	}
	if (captured > LIMIT_PACKET_BYTES)
		return skip(f, "packet too long", offset);
	if (number >= f->interface_count)
		return skip(f, "packet of an interface not described", offset);
	i = &f->interfaces[number];
	if (!i->clock_sound || !clock_read(i, ticks, &ret->time_ns))
		return skip(f, "packet time out of range", offset);
	ret->linktype = i->linktype;
	ret->digits = clock_digits(i);
	return NEXT_ITEM;
}

/* What the sound block gives: NEXT_END when it is none that holds a packet. */
static enum next read_block(struct framing *f, uint32_t type, struct cursor body, uint64_t offset,
    struct captured *ret, struct err *reterr)
{
	switch (type) {
	case BLOCK_SECTION:
		f->interface_count = 0;
		return NEXT_END;
	case BLOCK_INTERFACE:
		return add_interface(f, body, reterr) ? NEXT_END : NEXT_FAILED;
	case BLOCK_PACKET:
	case BLOCK_PACKET_OLD:
		return read_packet(f, body, type == BLOCK_PACKET_OLD, offset, ret);
	case BLOCK_PACKET_SIMPLE:
		return skip(f, "packet without a time", offset);
	default:
		return NEXT_END;
	}
}

/* Step over the next block. NEXT_END: it held no packet; at the end of the file *ret_ended. */
static enum next next_block(
    struct framing *f, struct captured *ret, bool *ret_ended, struct err *reterr)
{
	const uint64_t offset = stream_offset(f->place.stream);
	const uint8_t *bytes;
	struct cursor c;
	struct cursor body;
	uint32_t type;
	uint32_t length;
	size_t len;

	if (!stream_peek(f->place.stream, FRAME_BYTES, &bytes, &len, reterr))
		return NEXT_FAILED;
	*ret_ended = len == 0;
	if (len == 0)
		return NEXT_END;
	(void)section_begins(bytes, len, &f->big_endian);
	c = cursor_of(bytes, len);
	type = get32(&c, f->big_endian);
	length = get32(&c, f->big_endian);
	if (c.err != NULL)
		return step_over(f, "truncated block", reterr);
	if (length < FRAME_BYTES || length > LIMIT_BLOCK_BYTES)
		return step_over(f, "damaged block length", reterr);
	if (len < length && !stream_peek(f->place.stream, length, &bytes, &len, reterr))
		return NEXT_FAILED;
	if (len < length)
		return step_over(f, "truncated block", reterr);
	c = cursor_of(bytes, len);
	cursor_skip(&c, 8);
	body = cursor_sub(&c, length - FRAME_BYTES);
	if (get32(&c, f->big_endian) != length)
		return step_over(f, "block lengths differ", reterr);
	stream_consume(f->place.stream, length);
	f->place.consumed = stream_offset(f->place.stream);
	return read_block(f, type, body, offset, ret, reterr);
}

static enum next pcapng_next(struct framing *f, struct captured *ret, struct err *reterr)
{
	bool ended = false;
	enum next status;

	do
		status = next_block(f, ret, &ended, reterr);
	while (status == NEXT_END && !ended);
	return status;
}

static void pcapng_close(struct framing *f)
{
	if (f == NULL)
		return;
	free(f->interfaces);
	free(f);
}

static bool pcapng_open(
    struct stream *s, struct health *h, struct framing **ret, struct err *reterr)
{
	struct framing *f;
	const uint8_t *bytes;
	size_t len;
	bool big_endian;

	if (!stream_peek(s, SECTION_BYTES, &bytes, &len, reterr))
		return false;
	if (len < SECTION_BYTES || !section_begins(bytes, len, &big_endian)) {
		err_set_at(reterr, ERR_INPUT, len,
		    "no whole pcapng section header: %zu bytes of %d", len, SECTION_BYTES);
		return false;
	}
	f = calloc(1, sizeof(*f));
	if (f == NULL) {
		err_set_memory(reterr);
		return false;
	}
	f->place.stream = s;
	f->place.health = h;
	f->place.consumed = stream_offset(s);
	*ret = f;
	return true;
}

static uint64_t pcapng_consumed(const struct framing *f)
{
	return f->place.consumed;
}

const struct framing_kind pcapng_framing = {
	.open = pcapng_open,
	.next = pcapng_next,
	.close = pcapng_close,
	.consumed = pcapng_consumed,
};
