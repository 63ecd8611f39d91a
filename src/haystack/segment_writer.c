/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The MTBL file format, version 2, written from first byte to last: data blocks (varint length,
 * le32 CRC-32C, bytes), an index block of the same form (last key of a data block -> varint
 * offset), and 512 bytes of le64 numbers with the magic number at the end. The digest is taken on
 * the way, so that the file need not be read again.
 */
#include "haystack/segment.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mtbl.h>

#include "haystack/mtbl_format.h"

#define BLOCK_BYTES ((size_t)64 << 10)
#define WRITE_BYTES ((size_t)1 << 20)

struct segment_writer {
	int fd;
	const char *name;
	struct buf out;  /* not yet written */
	uint64_t offset; /* of the next block */
	struct block_builder data;
	struct block_builder index;
	struct digester *digester;
	uint64_t entries;
	uint64_t blocks;
	uint64_t key_bytes;
	uint64_t value_bytes;
	uint64_t block_bytes;
};

void segment_writer_free(struct segment_writer *w)
{
	if (w == NULL)
		return;
	digester_free(w->digester);
	block_builder_release(&w->data);
	block_builder_release(&w->index);
	buf_release(&w->out);
	free(w);
}

bool segment_writer_new(int fd, const char *name, struct segment_writer **ret, struct err *reterr)
{
	struct segment_writer *w = calloc(1, sizeof(*w));

	if (w == NULL) {
		err_set_memory(reterr);
		return false;
	}
	w->fd = fd;
	w->name = name;
	block_builder_init(&w->data);
	block_builder_init(&w->index);
	buf_init(&w->out, SIZE_MAX);
	if (!digester_new(&w->digester, reterr)) {
		segment_writer_free(w);
		return false;
	}
	*ret = w;
	return true;
}

/* Hand what has gathered to the system. */
static bool flush(struct segment_writer *w, struct err *reterr)
{
	size_t done = 0;

	if (!buf_ok(&w->out)) {
		err_set_memory(reterr);
		return false;
	}
	digester_add(w->digester, w->out.bytes, w->out.len);
	while (done < w->out.len) {
		ssize_t n = write(w->fd, w->out.bytes + done, w->out.len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			err_set(reterr, ERR_SYSTEM, "cannot write '%s': %s", w->name,
			    strerror(n < 0 ? errno : ENOSPC));
			return false;
		}
		done += (size_t)n;
	}
	buf_clear(&w->out);
	return true;
}

static void put_le(struct buf *b, uint64_t value, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		buf_u8(b, (uint8_t)(value >> 8 * i));
}

/* Finish the block and put it behind what has been written. */
static bool put_block(
    struct segment_writer *w, struct block_builder *b, uint64_t *ret_bytes, struct err *reterr)
{
	size_t before = w->out.len;

	if (!block_builder_finish(b)) {
		err_set(reterr, ERR_MEMORY, "no memory for an entry of '%s', or it is over 4 GiB",
		    w->name);
		return false;
	}
	buf_varint(&w->out, b->entries.len);
	put_le(&w->out, mtbl_crc32c(b->entries.bytes, b->entries.len), 4);
	buf_put(&w->out, b->entries.bytes, b->entries.len);
	*ret_bytes = w->out.len - before;
	w->offset += *ret_bytes;
	block_builder_clear(b);
	return w->out.len < WRITE_BYTES || flush(w, reterr);
}

static bool end_data_block(struct segment_writer *w, struct err *reterr)
{
	struct buf offset;
	uint8_t room[10];
	uint64_t bytes;

	/* a buffer over the stack: a number never outgrows it */
	buf_init(&offset, sizeof(room));
	offset.bytes = room;
	offset.capacity = sizeof(room);
	buf_varint(&offset, w->offset);
	block_builder_add(&w->index, w->data.last.bytes, w->data.last.len, room, offset.len);
	if (!put_block(w, &w->data, &bytes, reterr))
		return false;
	w->block_bytes += bytes;
	w->blocks++;
	return true;
}

bool segment_writer_add(struct segment_writer *w, const uint8_t *key, size_t key_len,
    const uint8_t *value, size_t value_len, struct err *reterr)
{
	if (w->data.count > 0 &&
	    block_builder_bytes(&w->data) + 15 + key_len + value_len > BLOCK_BYTES &&
	    !end_data_block(w, reterr))
		return false;
	block_builder_add(&w->data, key, key_len, value, value_len);
	w->entries++;
	w->key_bytes += key_len;
	w->value_bytes += value_len;
	return true;
}

static void put_trailer(struct segment_writer *w, uint64_t index_offset, uint64_t index_bytes)
{
	const uint64_t numbers[] = { index_offset, BLOCK_BYTES, MTBL_COMPRESSION_NONE, w->entries,
		w->blocks, w->block_bytes, index_bytes, w->key_bytes, w->value_bytes };

	for (size_t i = 0; i < COUNT_OF(numbers); i++)
		put_le(&w->out, numbers[i], 8);
	for (size_t at = sizeof(numbers); at < MTBL_TRAILER_BYTES - 4; at++)
		buf_u8(&w->out, 0);
	put_le(&w->out, MTBL_MAGIC_V2, 4);
}

bool segment_writer_finish(struct segment_writer *w, struct segment_info *ret, struct err *reterr)
{
	uint64_t index_offset;
	uint64_t index_bytes;

	if (w->data.count > 0 && !end_data_block(w, reterr))
		return false;
	index_offset = w->offset;
	if (!put_block(w, &w->index, &index_bytes, reterr))
		return false;
	put_trailer(w, index_offset, index_bytes);
	ret->bytes = w->offset + MTBL_TRAILER_BYTES;
	ret->entries = w->entries;
	return flush(w, reterr) && digester_peek(w->digester, &ret->digest, reterr);
}
