/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Classic pcap (draft-ietf-opsawg-pcap), in the byte order of the machine that wrote it:
 *
 *	 0  magic      a1b2c3d4 microseconds, a1b23c4d nanoseconds, a1b2cd34 Kuznetzov's variant
 *	 4  version    2.4; before 2.3 the two lengths of a record are the other way round
 *	 8  time zone, accuracy, snap length: never of use, often nonsense
 *	20  link type in the low 26 bits, length of the frame check sequence above
 *	24  records:   seconds, fraction, captured length, length on the wire [, 8 bytes], packet
 *
 * There is no mark between records, so one broken length loses the place. The place is found
 * again by looking, byte by byte, for a chain of headers that make sense: three in a row, or
 * fewer if the last one ends with the file; lengths and fraction in range, times near those
 * before. A header that makes no sense is still taken if a chain of sound ones follows it: clocks
 * do jump. A second file header between two records (files put together by cat) starts anew.
 */
#include "evidence/pcap.h"

#include <stdlib.h>

#include "base/cursor.h"
#include "base/limits.h"
#include "base/stamp.h"

#define FILE_HEADER_BYTES 24
#define CHAIN             3 /* sound headers in a row that settle that here a record begins */
#define RECORD_MAX        (24 + LIMIT_PACKET_BYTES)
#define SCAN_WINDOW       (CHAIN * RECORD_MAX)

struct header {
	bool big_endian;
	uint16_t major;
	uint16_t minor;
	uint16_t linktype;
	uint8_t digits;     /* 6 or 9 */
	uint8_t record_len; /* of a record header: 16, or 24 in Kuznetzov's variant */
};

struct record_header {
	uint32_t seconds;
	uint32_t fraction;
	uint32_t captured;
	uint32_t wire;
};

struct framing {
	struct framing_place place;
	struct header header;
	uint32_t seconds; /* of the last record */
	bool started;     /* there was a last record */
};

static const struct {
	uint32_t magic;
	uint8_t digits;
	uint8_t record_len;
} variants[] = {
	{ 0xa1b2c3d4, 6, 16 },
	{ 0xa1b23c4d, 9, 16 },
	{ 0xa1b2cd34, 6, 24 },
};

static uint16_t get16(struct cursor *c, bool big_endian)
{
	return big_endian ? cursor_be16(c) : cursor_le16(c);
}

static uint32_t get32(struct cursor *c, bool big_endian)
{
	return big_endian ? cursor_be32(c) : cursor_le32(c);
}

/* The variant of that magic number in either order. */
static bool header_variant(const uint8_t *bytes, size_t len, struct header *ret)
{
	for (int big_endian = 0; big_endian < 2; big_endian++) {
		struct cursor c = cursor_of(bytes, len);
		const uint32_t magic = get32(&c, big_endian);

		for (size_t i = 0; i < COUNT_OF(variants) && c.err == NULL; i++) {
			if (magic != variants[i].magic)
				continue;
			ret->big_endian = big_endian;
			ret->digits = variants[i].digits;
			ret->record_len = variants[i].record_len;
			return true;
		}
	}
	return false;
}

static bool header_read(const uint8_t *bytes, size_t len, struct header *ret)
{
	struct cursor c = cursor_of(bytes, len);
	uint32_t linktype;

	if (!header_variant(bytes, len, ret))
		return false;
	cursor_skip(&c, 4);
	ret->major = get16(&c, ret->big_endian);
	ret->minor = get16(&c, ret->big_endian);
	cursor_skip(&c, 12);
	linktype = get32(&c, ret->big_endian) & 0x03ffffff;
	ret->linktype = linktype > UINT16_MAX ? UINT16_MAX : (uint16_t)linktype;
	return c.err == NULL;
}

int pcap_probe(const uint8_t *head, size_t len)
{
	struct header header;

	return header_variant(head, len, &header) ? 100 : 0;
}

/* c stands behind the header, before the packet. */
static struct record_header record_read(struct cursor *c, const struct header *h)
{
	struct record_header r;

	r.seconds = get32(c, h->big_endian);
	r.fraction = get32(c, h->big_endian);
	r.captured = get32(c, h->big_endian);
	r.wire = get32(c, h->big_endian);
	cursor_skip(c, h->record_len - 16u);
	/* libpcap's rule: 2.3 was written both ways */
	if (h->major == 2 && (h->minor < 3 || (h->minor == 3 && r.captured > r.wire))) {
		const uint32_t swap = r.captured;

		r.captured = r.wire;
		r.wire = swap;
	}
	return r;
}

static bool near_in_time(uint32_t a, uint32_t b)
{
	return (a > b ? a - b : b - a) <= LIMIT_RESYNC_JUMP_S;
}

/* Could a tool have written this? */
static bool record_sound(const struct record_header *r, const struct header *h)
{
	return r->captured <= r->wire && r->wire <= LIMIT_PACKET_BYTES && r->wire > 0 &&
	       r->fraction < (h->digits == 9 ? 1000000000u : 1000000u);
}

/*
 * Do sound headers begin here, each near in time to the one before? The first is compared with
 * *seconds, unless that is NULL. The window is short only where the file ends.
 */
static bool chain_sound(struct cursor c, const struct header *h, const uint32_t *seconds)
{
	uint32_t before = seconds == NULL ? 0 : *seconds;

	for (int i = 0; i < CHAIN; i++) {
		const struct record_header r = record_read(&c, h);

		if (c.err != NULL || !record_sound(&r, h))
			return false;
		if ((i > 0 || seconds != NULL) && !near_in_time(r.seconds, before))
			return false;
		before = r.seconds;
		cursor_skip(&c, r.captured);
		if (c.err != NULL)
			return i + 1 == CHAIN; /* the window may end inside the last packet */
		if (c.pos == c.len)
			return true;
	}
	return true;
}

/* A chain of records, or another file. */
static bool record_begins(const struct framing *f, struct cursor c)
{
	struct header header;

	return chain_sound(c, &f->header, f->started ? &f->seconds : NULL) ||
	       (header_read(c.base, c.len, &header) && header.major == 2);
}

static enum next step_over(struct framing *f, const char *reason, struct err *reterr)
{
	return framing_step_over(&f->place, reason, SCAN_WINDOW, record_begins, f, reterr);
}

/* A further file header between two records. */
static bool step_into_next_file(struct framing *f, const uint8_t *bytes, size_t len)
{
	struct header header;

	if (!header_read(bytes, len, &header) || header.major != 2)
		return false;
	f->header = header;
	stream_consume(f->place.stream, FILE_HEADER_BYTES);
	f->place.consumed = stream_offset(f->place.stream);
	return true;
}

/*
 * Is the record r to be believed, though it is not sound, or far in time from the last one? c
 * stands behind it. Yes if what follows is sound, or belongs to it in time; but a stretch of
 * zeros, as file systems leave them behind a crash, is no row of empty packets.
 */
static bool believable(const struct framing *f, struct cursor c, const struct record_header *r)
{
	if (r->seconds == 0 && r->wire == 0)
		return false;
	for (int i = 1; i < CHAIN; i++) {
		const struct record_header next = record_read(&c, &f->header);

		if (c.err != NULL)
			return true; /* the file ends */
		if (!record_sound(&next, &f->header) &&
		    (next.captured > LIMIT_PACKET_BYTES ||
			(!near_in_time(next.seconds, r->seconds) &&
			    !near_in_time(next.seconds, f->seconds))))
			return false;
		cursor_skip(&c, next.captured);
	}
	return true;
}

static void describe(const struct framing *f, const struct record_header *r, struct captured *ret)
{
	*ret = (struct captured){ .digits = f->header.digits,
		.linktype = f->header.linktype,
		.offset = stream_offset(f->place.stream),
		.len = r->captured,
		.wire_len = r->wire };
	ret->time_ns = (int64_t)r->seconds * NS_PER_S +
		       (int64_t)r->fraction * (f->header.digits == 9 ? 1 : 1000);
}

static enum next pcap_next(struct framing *f, struct captured *ret, struct err *reterr)
{
	struct record_header r;
	const uint8_t *bytes;
	struct cursor c;
	size_t len;

	do {
		if (!stream_peek(f->place.stream, FILE_HEADER_BYTES, &bytes, &len, reterr))
			return NEXT_FAILED;
		if (len == 0)
			return NEXT_END;
	} while (step_into_next_file(f, bytes, len));
	c = cursor_of(bytes, len);
	r = record_read(&c, &f->header);
	if (c.err != NULL)
		return step_over(f, "truncated record", reterr);
	if (r.captured > LIMIT_PACKET_BYTES)
		return step_over(f, "damaged record header", reterr);
	if (len - c.pos < r.captured &&
	    !stream_peek(f->place.stream, f->header.record_len + r.captured, &bytes, &len, reterr))
		return NEXT_FAILED;
	if (len - f->header.record_len < r.captured)
		return step_over(f, "truncated record", reterr);
	if (!record_sound(&r, &f->header) || (f->started && !near_in_time(r.seconds, f->seconds))) {
		if (!stream_peek(f->place.stream, SCAN_WINDOW, &bytes, &len, reterr))
			return NEXT_FAILED;
		c = cursor_of(bytes, len);
		cursor_skip(&c, f->header.record_len + r.captured);
		if (!believable(f, c, &r))
			return step_over(f, "damaged record header", reterr);
	}
	describe(f, &r, ret);
	c = cursor_of(bytes, len);
	cursor_skip(&c, f->header.record_len);
	ret->bytes = cursor_take(&c, r.captured);
	f->started = true;
	f->seconds = r.seconds;
	stream_consume(f->place.stream, c.pos);
	f->place.consumed = stream_offset(f->place.stream);
	return NEXT_ITEM;
}

static void pcap_close(struct framing *f)
{
	free(f);
}

static bool pcap_open(struct stream *s, struct health *h, struct framing **ret, struct err *reterr)
{
	struct framing *f = NULL;
	const uint8_t *bytes;
	size_t len;

	if (!stream_peek(s, FILE_HEADER_BYTES, &bytes, &len, reterr))
		return false;
	f = calloc(1, sizeof(*f));
	if (f == NULL) {
		err_set_memory(reterr);
		return false;
	}
	f->place.stream = s;
	f->place.health = h;
	if (!header_read(bytes, len, &f->header)) {
		err_set_at(reterr, ERR_INPUT, len, "no whole pcap file header: %zu bytes of %d",
		    len, FILE_HEADER_BYTES);
		pcap_close(f);
		return false;
	}
	stream_consume(s, FILE_HEADER_BYTES);
	f->place.consumed = stream_offset(s);
	*ret = f;
	return true;
}

static uint64_t pcap_consumed(const struct framing *f)
{
	return f->place.consumed;
}

const struct framing_kind pcap_framing = {
	.open = pcap_open,
	.next = pcap_next,
	.close = pcap_close,
	.consumed = pcap_consumed,
};
