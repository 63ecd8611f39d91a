/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * C-DNS (RFC 8618), the format of dns-stats' compactor and others: one array in CBOR,
 *
 *	[ "C-DNS", preamble, [ block, block, ... ] ]
 *
 * The preamble says in which units times are, for each of several sorts of blocks. Blocks are
 * read one at a time, whole, as their items point into their tables (cdns_block.h). Version 1 is
 * read; drafts before the RFC, which call themselves version 0, have other keys.
 *
 * An item is a query with its response. Both go through exchange.h as messages of their own, so
 * that what a repeated response or a lone half counts for is decided where all other formats have
 * it decided.
 *
 * There is no mark between blocks. Behind damage the next one is found by its beginning: a map
 * whose first value is a map with a time, which some 30 bits have to be right for by chance.
 */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/stamp.h"
#include "evidence/cdns_block.h"
#include "evidence/framing.h"
#include "evidence/reader.h"

#define PEEK_AT_FIRST 65536
#define WINDOW_BYTES  65536 /* of the search behind damage: a header is shorter */
#define FILE_PARTS    3     /* of the outermost array */
#define VERSION       1

static const char file_id[] = "C-DNS";
static const char why_header[] = "damaged C-DNS header";

enum preamble_key {
	PREAMBLE_VERSION,
	PREAMBLE_PARAMETERS = 3,
};

struct header {
	bool is_outer_open; /* the file's own array ends with a break */
	int64_t version;
	struct cbor_items blocks;
	size_t parameter_count;
	struct cdns_parameters parameters[LIMIT_CDNS_PARAMETERS];
};

struct reader {
	struct framing_place place;
	struct exchange *exchange;
	struct vantage_votes votes;
	struct header header;
	bool in_file; /* the header has been read, and its blocks not to the end */
	struct cdns_block block;
	size_t block_bytes;        /* of the block under way; 0: none */
	struct cdns_map block_map; /* of its members, if it is one */
	bool is_mapped;
	size_t peek_bytes; /* that the last block was found in */
	struct cdns_pair pair;
	bool response_waits; /* of the item: its query has been taken */
	bool is_finished;
};

/* Where the records of a role, of the program that wrote them, were taken (RFC 8618 7.3.2.3.2). */
static const enum vantage vantages[] = {
	VANTAGE_STUB, VANTAGE_RECURSIVE,                                     /* with its clients */
	VANTAGE_RESOLVER_SIDE, VANTAGE_AUTHORITATIVE, VANTAGE_RESOLVER_SIDE, /* a forwarder */
	VANTAGE_STUB,                                                        /* a tool */
};

/* ---- the header ---- */

static struct cdns_parameters parameters_read(struct cursor *c)
{
	struct cdns_parameters p = { .ticks_per_s = 1 };
	struct cdns_map map;
	struct cdns_map storage;
	struct cursor inner = cursor_of(c->base, c->len);
	uint64_t power = 1;
	int64_t ticks;

	cdns_map_read(c, &map);
	if ((map.has_item & 1) == 0) /* the storage parameters */
		cursor_fail(c, why_header);
	if (c->err != NULL)
		return p;
	cursor_skip(&inner, (size_t)map.value[0]);
	cdns_map_read(&inner, &storage);
	ticks = cdns_number(&storage, 0, 0);
	if (inner.err != NULL || ticks <= 0 || ticks > NS_PER_S) {
		cursor_fail(c, why_header);
		return p;
	}
	p.ticks_per_s = (uint64_t)ticks;
	for (; power < p.ticks_per_s; power *= 10)
		p.digits++;
	return p;
}

static void preamble_read(struct cursor *c, struct header *h)
{
	struct cbor_items pairs = cbor_map(c);
	struct cbor_items sorts;

	h->version = -1;
	while (cbor_more(c, &pairs)) {
		const int64_t key = cbor_int(c);

		if (key == PREAMBLE_VERSION) {
			h->version = cbor_int(c);
		} else if (key == PREAMBLE_PARAMETERS && h->version == VERSION) {
			sorts = cbor_array(c);
			while (cbor_more(c, &sorts))
				if (h->parameter_count < LIMIT_CDNS_PARAMETERS)
					h->parameters[h->parameter_count++] = parameters_read(c);
				else
					cbor_skip(c);
		} else {
			cbor_skip(c);
		}
	}
}

/* Up to the first block. False: c->err says what is wrong. */
static bool header_read(struct cursor *c, struct header *ret)
{
	const struct cbor_items outer = cbor_array(c);
	const uint8_t *id;
	size_t len;

	*ret = (struct header){ .is_outer_open = outer.is_open };
	id = cbor_bytes(c, &len);
	if (c->err == NULL && ((!outer.is_open && outer.left != FILE_PARTS) ||
				  len != sizeof(file_id) - 1 || memcmp(id, file_id, len) != 0))
		cursor_fail(c, why_header);
	preamble_read(c, ret);
	ret->blocks = cbor_array(c);
	return c->err == NULL;
}

/* ---- finding the place again ---- */

/* As a block begins: a map, its key 0, a map, its key 0, and a time of two numbers. */
static bool begins_block(struct cursor c)
{
	struct cbor_items outer = cbor_map(&c);
	struct cbor_items preamble;
	struct cbor_items time;

	if (!cbor_more(&c, &outer) || cbor_int(&c) != 0)
		return false;
	preamble = cbor_map(&c);
	if (!cbor_more(&c, &preamble) || cbor_int(&c) != 0)
		return false;
	time = cbor_array(&c);
	if (time.is_open || time.left != 2)
		return false;
	(void)cbor_uint(&c);
	(void)cbor_uint(&c);
	while (cbor_more(&c, &preamble)) {
		(void)cbor_int(&c);
		cbor_skip(&c);
	}
	return c.err == NULL && (!cbor_more(&c, &outer) || cbor_uint(&c) > 0);
}

/* What may come next. */
struct framing {
	bool blocks; /* a block of the file that was begun; else another file's header alone */
};

static bool begins_part(const struct framing *framing, struct cursor c)
{
	struct header h;

	return (framing->blocks && begins_block(c)) || header_read(&c, &h);
}

/* The part at the current place is broken: count it, and find the next one. */
static enum next step_over(struct reader *r, const char *why, struct err *reterr)
{
	const struct framing framing = { .blocks = r->in_file };
	const enum next status =
	    framing_step_over(&r->place, why, WINDOW_BYTES, begins_part, &framing, reterr);
	const uint8_t *bytes;
	struct header h;
	struct cursor c;
	size_t len;

	if (status == NEXT_FAILED ||
	    !stream_peek(r->place.stream, WINDOW_BYTES, &bytes, &len, reterr))
		return NEXT_FAILED;
	c = cursor_of(bytes, len);
	/* how many blocks were lost is not known: they no longer count */
	r->header.blocks.is_open = true;
	r->in_file = r->in_file && !header_read(&c, &h);
	return status;
}

/* ---- blocks ---- */

/*
 * The bytes of the item at the current place, which may be longer than any window seen so far.
 * *ret_why is why it has none. A block is read as a map on the way; what is none is only passed.
 */
static bool item_peek(
    struct reader *r, struct cursor *ret, const char **ret_why, struct err *reterr)
{
	const uint8_t *bytes;
	struct cursor c;
	size_t len;

	*ret_why = NULL;
	/* blocks of one file are of much the same length */
	for (size_t want = r->peek_bytes;; want *= 2) {
		if (!stream_peek(r->place.stream, want, &bytes, &len, reterr))
			return false;
		c = cursor_of(bytes, len);
		cdns_map_read(&c, &r->block_map);
		r->is_mapped = c.err == NULL;
		if (c.err != NULL && strcmp(c.err, CURSOR_TRUNCATED) != 0) {
			c = cursor_of(bytes, len);
			cbor_skip(&c);
		}
		if (c.err == NULL) {
			r->peek_bytes = want;
			break;
		}
		if (strcmp(c.err, CURSOR_TRUNCATED) != 0)
			*ret_why = c.err;
		else if (len < want)
			*ret_why = "truncated C-DNS block";
		else if (want >= LIMIT_CDNS_BLOCK_BYTES)
			*ret_why = "C-DNS block too long";
		if (*ret_why != NULL)
			return true;
	}
	*ret = cursor_of(bytes, c.pos);
	return true;
}

/* Is there another block? If not, what ends the blocks, and the file, is stepped over. */
static bool find_block(struct reader *r, bool *ret, struct err *reterr)
{
	struct cbor_head end;
	const uint8_t *bytes;
	struct cursor c;
	size_t len;

	if (!stream_peek(r->place.stream, 2, &bytes, &len, reterr))
		return false;
	c = cursor_of(bytes, len);
	*ret = cbor_more(&c, &r->header.blocks);
	if (*ret)
		return true;
	r->in_file = false;
	if (r->header.is_outer_open && len > c.pos) {
		struct cursor ahead = c;

		if (cbor_head_read(&ahead, &end) && end.is_break)
			c = ahead;
	}
	stream_consume(r->place.stream, c.pos);
	r->place.consumed = stream_offset(r->place.stream);
	return true;
}

static enum next next_header(struct reader *r, struct err *reterr)
{
	const uint8_t *bytes;
	struct cursor c;
	size_t len;

	for (size_t want = PEEK_AT_FIRST;; want = LIMIT_CDNS_HEADER_BYTES) {
		if (!stream_peek(r->place.stream, want, &bytes, &len, reterr))
			return NEXT_FAILED;
		c = cursor_of(bytes, len);
		if (header_read(&c, &r->header))
			break;
		if (len < want || want == LIMIT_CDNS_HEADER_BYTES)
			return step_over(r, why_header, reterr);
	}
	stream_consume(r->place.stream, c.pos);
	r->place.consumed = stream_offset(r->place.stream);
	r->in_file = true;
	return NEXT_ITEM;
}

/* The block at the current place becomes the one under way. */
static enum next next_block(struct reader *r, struct err *reterr)
{
	const uint64_t offset = stream_offset(r->place.stream);
	const char *why;
	struct cursor bytes;

	if (!item_peek(r, &bytes, &why, reterr))
		return NEXT_FAILED;
	if (why != NULL)
		return step_over(r, why, reterr);
	r->block_bytes = bytes.len;
	if (r->header.version != VERSION)
		why = "C-DNS of another version";
	else
		why = cdns_block_read(&r->block, bytes, r->is_mapped ? &r->block_map : NULL, offset,
		    r->header.parameters, r->header.parameter_count, r->place.health, reterr);
	if (why == NULL)
		return NEXT_ITEM;
	if (why == cdns_starved)
		return NEXT_FAILED;
	health_skip(r->place.health, why, offset);
	return NEXT_SKIPPED;
}

/* The block under way has been read, or is passed over. */
static void end_block(struct reader *r)
{
	if (r->block_bytes == 0)
		return;
	stream_consume(r->place.stream, r->block_bytes);
	r->block_bytes = 0;
	r->place.consumed = stream_offset(r->place.stream);
}

/* The next header or block. */
static enum next next_part(struct reader *r, struct err *reterr)
{
	const uint8_t *bytes;
	bool is_block;
	size_t len;

	end_block(r);
	if (!stream_peek(r->place.stream, 1, &bytes, &len, reterr))
		return NEXT_FAILED;
	if (len == 0)
		return NEXT_END;
	if (!r->in_file)
		return next_header(r, reterr);
	if (!find_block(r, &is_block, reterr))
		return NEXT_FAILED;
	return is_block ? next_block(r, reterr) : NEXT_ITEM;
}

/* ---- messages ---- */

/* One half of the item goes to the exchange. NULL, or why it cannot. */
static const char *take_half(struct reader *r, bool is_response)
{
	struct message *m = exchange_message(r->exchange);
	struct exchange_origin origin = { .offset = r->block.offset + r->pair.bytes.pos };
	const char *why = cdns_block_message(&r->block, &r->pair, is_response, &origin, m);

	if (why != NULL) {
		m->fact_count = 0;
		m->question_count = 0;
		if (why != cdns_starved)
			health_skip(r->place.health, why, origin.offset);
		return why;
	}
	if (r->pair.role >= 0 && r->pair.role < (int)COUNT_OF(vantages))
		r->votes.of[vantages[r->pair.role]]++;
	exchange_clock(r->exchange, origin.time_ns);
	exchange_take_filled(r->exchange, &origin);
	return NULL;
}

/* The next half of an item. NEXT_END: the block has no more. */
static enum next next_half(struct reader *r, struct err *reterr)
{
	const bool is_response = r->response_waits;
	const char *why;

	if (!is_response) {
		if (r->block_bytes == 0 || !cdns_block_next(&r->block, &r->pair))
			return NEXT_END;
		r->response_waits = r->pair.has_response;
		if (!r->pair.has_query)
			return NEXT_ITEM;
	}
	why = take_half(r, is_response);
	/* what is wrong with the one half is wrong with the other */
	r->response_waits = why == NULL && !is_response && r->pair.has_response;
	if (why != cdns_starved)
		return why == NULL ? NEXT_ITEM : NEXT_SKIPPED;
	err_set_memory(reterr);
	return NEXT_FAILED;
}

static enum next feed(struct reader *r, struct err *reterr)
{
	enum next status = next_half(r, reterr);

	if (status != NEXT_END)
		return status;
	status = next_part(r, reterr);
	if (status != NEXT_END)
		return status;
	r->is_finished = true;
	if (stream_damage(r->place.stream) != NULL)
		r->place.health->damaged = true;
	exchange_finish(r->exchange);
	return NEXT_ITEM;
}

/* ---- the reader ---- */

static int cdns_probe(const uint8_t *head, size_t len)
{
	struct cursor c = cursor_of(head, len);
	const struct cbor_items outer = cbor_array(&c);
	const uint8_t *id;
	size_t id_len;

	id = cbor_bytes(&c, &id_len);
	return c.err == NULL && (outer.is_open || outer.left == FILE_PARTS) &&
		       id_len == sizeof(file_id) - 1 && memcmp(id, file_id, id_len) == 0
		   ? 100
		   : 0;
}

static void cdns_close(struct reader *r)
{
	if (r == NULL)
		return;
	exchange_free(r->exchange);
	cdns_block_release(&r->block);
	free(r);
}

static bool cdns_open(struct stream *s, struct health *h, struct reader **ret, struct err *reterr)
{
	struct reader *r = calloc(1, sizeof(*r));

	if (r == NULL) {
		err_set_memory(reterr);
		return false;
	}
	r->place.stream = s;
	r->place.health = h;
	r->peek_bytes = PEEK_AT_FIRST;
	r->place.consumed = stream_offset(s);
	if (!exchange_new(h, &r->exchange, reterr)) {
		cdns_close(r);
		return false;
	}
	*ret = r;
	return true;
}

static enum next cdns_next(struct reader *r, struct record *ret, struct err *reterr)
{
	enum next status;

	for (;;) {
		status = exchange_next(r->exchange, ret, reterr);
		if (status != NEXT_END || r->is_finished)
			return status;
		status = feed(r, reterr);
		if (status != NEXT_ITEM)
			return status;
	}
}

static uint64_t cdns_consumed(const struct reader *r)
{
	return r->place.consumed;
}

/* Blocks are passed over one by one: in which units their times are stands in the header. */
static bool cdns_resume(struct reader *r, uint64_t offset, struct err *reterr)
{
	const struct health before = *r->place.health;
	enum next status = NEXT_ITEM;

	while (r->place.consumed < offset && status != NEXT_END) {
		status = next_part(r, reterr);
		if (status == NEXT_FAILED)
			return false;
		end_block(r);
	}
	*r->place.health = before;
	if (r->place.consumed == offset)
		return true;
	err_set_at(reterr, ERR_INPUT, r->place.consumed,
	    "no block ends at byte %llu: the file is not the one that was read before",
	    (unsigned long long)offset);
	return false;
}

/* What the items say, and else what can be told from the flags of the messages. */
static enum vantage cdns_vantage(const struct reader *r)
{
	const enum vantage said = vantage_of_votes(&r->votes);

	return said != VANTAGE_UNKNOWN ? said : exchange_vantage(r->exchange);
}

const struct reader_format reader_cdns = {
	.name = "cdns",
	.about = "C-DNS (RFC 8618)",
	.probe = cdns_probe,
	.open = cdns_open,
	.next = cdns_next,
	.close = cdns_close,
	.consumed = cdns_consumed,
	.resume = cdns_resume,
	.vantage = cdns_vantage,
};
