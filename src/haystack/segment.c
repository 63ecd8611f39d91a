/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading of segments, in place: keys are put together as the blocks are walked, values are not
 * copied. segment_writer.c has the format. */
#include "haystack/segment.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <mtbl.h>

#include "haystack/mtbl_format.h"

static bool damaged(const struct segment *s, size_t offset, const char *why, struct err *reterr)
{
	err_set_at(reterr, ERR_DAMAGED, offset,
	    "segment '%s' is damaged: %s; re-ingest the evidence into a new case, or restore the "
	    "file "
	    "from a backup",
	    s->name, why);
	return false;
}

static uint64_t read_le64(struct cursor *c)
{
	uint64_t low = cursor_le32(c);

	return low | (uint64_t)cursor_le32(c) << 32;
}

/* The block at an offset. */
static struct cursor read_block(const struct segment *s, uint64_t offset)
{
	struct cursor c = cursor_of(s->map, s->len - MTBL_TRAILER_BYTES);
	uint64_t len;

	if (offset > c.len)
		cursor_fail(&c, "offset behind the end");
	else
		cursor_skip(&c, offset);
	len = cursor_varint(&c);
	cursor_skip(&c, 4); /* its CRC: the digest of the file has been checked */
	return cursor_sub(&c, len);
}

static bool read_trailer(struct segment *s, struct err *reterr)
{
	struct cursor c = cursor_of(s->map, s->len);
	uint64_t index_offset;
	uint64_t compression;

	cursor_skip(&c, s->len - MTBL_TRAILER_BYTES);
	index_offset = read_le64(&c);
	(void)read_le64(&c); /* block size */
	compression = read_le64(&c);
	s->entries = read_le64(&c);
	cursor_skip(&c, MTBL_TRAILER_BYTES - 4 * sizeof(uint64_t) - 4);
	if (cursor_le32(&c) != MTBL_MAGIC_V2)
		return damaged(s, s->len - 4, "not an MTBL file", reterr);
	if (compression != MTBL_COMPRESSION_NONE)
		return damaged(
		    s, s->len - MTBL_TRAILER_BYTES, "compressed, as none is written", reterr);
	s->index = read_block(s, index_offset);
	if (s->index.err != NULL)
		return damaged(s, index_offset, s->index.err, reterr);
	return true;
}

bool segment_open(int fd, const char *name, struct segment *ret, struct err *reterr)
{
	struct segment s = { .map = NULL };
	struct stat st;
	void *map;

	(void)snprintf(s.name, sizeof(s.name), "%s", name);
	if (fstat(fd, &st) != 0) {
		err_set(reterr, ERR_SYSTEM, "cannot read '%s': %s", name, strerror(errno));
		return false;
	}
	if (st.st_size < MTBL_TRAILER_BYTES)
		return damaged(&s, 0, "too short", reterr);
	s.len = (size_t)st.st_size;
	map = mmap(NULL, s.len, PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED) {
		err_set(reterr, ERR_SYSTEM, "cannot map '%s': %s", name, strerror(errno));
		return false;
	}
	s.map = map;
	if (!read_trailer(&s, reterr)) {
		segment_close(&s);
		return false;
	}
	*ret = s;
	return true;
}

void segment_close(struct segment *s)
{
	if (s->map != NULL)
		(void)munmap(s->map, s->len);
	s->map = NULL;
}

static bool check(const struct segment_iter *it, const struct block_iter *b, struct err *reterr)
{
	if (b->entries.err == NULL)
		return true;
	return damaged(it->segment, b->entries.pos, b->entries.err, reterr);
}

static bool is_below(const struct key *k, const struct key *bound)
{
	return bound->len == 0 || block_key_cmp(k->bytes, k->len, bound->bytes, bound->len) < 0;
}

/* The data block that the current entry of the index leads to. */
static bool enter_block(struct segment_iter *it, struct err *reterr)
{
	struct cursor offset = cursor_of(it->index.value, it->index.value_len);
	struct cursor block = read_block(it->segment, cursor_varint(&offset));

	if (offset.err != NULL)
		return damaged(it->segment, 0, offset.err, reterr);
	/* an index key is not below the last of its block */
	it->within = is_below(&it->index.key, it->below);
	block_iter_init(&it->block, block);
	return check(it, &it->block, reterr);
}

bool segment_index_next(struct segment_iter *it, struct err *reterr)
{
	return block_iter_next(&it->index) || check(it, &it->index, reterr);
}

/* What the first key of a block shares with the last of the block before, which it must be above. */
static bool share_over_blocks(
    struct segment_iter *it, const uint8_t *last, size_t last_len, struct err *reterr)
{
	const struct key *k = &it->block.key;

	if (block_key_cmp(last, last_len, k->bytes, k->len) >= 0)
		return damaged(it->segment, 0, "keys out of order", reterr);
	it->block.shared =
	    block_shared_prefix(last, k->bytes, last_len < k->len ? last_len : k->len);
	return true;
}

/* The first entry of the next block that has any, or no entry. */
static bool next_block(struct segment_iter *it, struct err *reterr)
{
	uint8_t last[KEY_MAX];
	size_t last_len = it->block.key.len;

	memcpy(last, it->block.key.bytes, last_len);
	do {
		if (!check(it, &it->block, reterr))
			return false;
		if (!block_iter_next(&it->index))
			return check(it, &it->index, reterr);
		if (!enter_block(it, reterr))
			return false;
	} while (!block_iter_next(&it->block));
	return share_over_blocks(it, last, last_len, reterr);
}

/* An entry that is not below the bound is none. */
static void stop_at_bound(struct segment_iter *it)
{
	if (it->block.value != NULL && !is_below(&it->block.key, it->below))
		it->block.value = NULL;
}

bool segment_iter_next(struct segment_iter *it, struct err *reterr)
{
	if (!block_iter_next(&it->block) && !next_block(it, reterr))
		return false;
	if (!it->within)
		stop_at_bound(it);
	return true;
}

bool segment_iter_init(struct segment_iter *it, const struct segment *s, const struct key *from,
    const struct key *below, struct err *reterr)
{
	it->segment = s;
	it->below = below;
	it->within = false;
	block_iter_init(&it->index, s->index);
	/* no block yet: the next step enters the first */
	it->block = (struct block_iter){ .value = NULL };
	if (!check(it, &it->index, reterr))
		return false;
	if (from->len == 0)
		return segment_iter_next(it, reterr);
	/* an index key is not below the last of its block: the first not below the key has the place */
	if (!block_iter_seek(&it->index, from->bytes, from->len))
		return check(it, &it->index, reterr);
	if (!enter_block(it, reterr))
		return false;
	if (!block_iter_seek(&it->block, from->bytes, from->len))
		return check(it, &it->block, reterr) && segment_iter_next(it, reterr);
	if (!it->within)
		stop_at_bound(it);
	return true;
}
