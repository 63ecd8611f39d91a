/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The libraries are called directly, not by way of libarchive. Measured with libarchive 3.6.2: its
 * filters hand on whole blocks of 64 or 128 KiB, and give up the one under way when the input is
 * cut, so that a cut .gz of 170 kB of log gave nothing at all; here all 20 of 66 compressed kB
 * that are there are decoded. It also passes over bytes behind a gzip member in silence.
 */
#include "evidence/codec.h"

#include <stdlib.h>
#include <string.h>

#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "base/attr.h"
#include "base/limits.h"

/* The libraries count in 32 bits. */
#define ROOM_MAX (1u << 30)

static unsigned room(size_t len)
{
	return len > ROOM_MAX ? ROOM_MAX : (unsigned)len;
}

/* Step over what a library has read and written. */
static void advance(struct codec_io *io, size_t read, size_t written)
{
	io->in += read;
	io->in_len -= read;
	io->out += written;
	io->out_len -= written;
}

static void *gzip_begin(void)
{
	z_stream *z = calloc(1, sizeof(*z));

	if (z != NULL && inflateInit2(z, 15 + 16) != Z_OK) { /* 16: in a gzip member */
		free(z);
		z = NULL;
	}
	return z;
}

static enum codec_status gzip_run(void *state, struct codec_io *io)
{
	z_stream *z = state;
	const unsigned in = room(io->in_len);
	const unsigned out = room(io->out_len);
	int status;

	z->next_in = io->in;
	z->avail_in = in;
	z->next_out = io->out;
	z->avail_out = out;
	status = inflate(z, Z_NO_FLUSH);
	advance(io, in - z->avail_in, out - z->avail_out);
	switch (status) {
	case Z_OK:
	case Z_BUF_ERROR:
		return CODEC_MORE;
	case Z_STREAM_END:
		return CODEC_END;
	case Z_MEM_ERROR:
		return CODEC_MEMORY;
	default:
		return CODEC_DAMAGED;
	}
}

static void gzip_end(void *state)
{
	(void)inflateEnd(state);
	free(state);
}

static void *bzip2_begin(void)
{
	bz_stream *z = calloc(1, sizeof(*z));

	if (z != NULL && BZ2_bzDecompressInit(z, 0, 0) != BZ_OK) {
		free(z);
		z = NULL;
	}
	return z;
}

static enum codec_status bzip2_run(void *state, struct codec_io *io)
{
	bz_stream *z = state;
	const unsigned in = room(io->in_len);
	const unsigned out = room(io->out_len);
	int status;

	z->next_in = (char *)io->in;
	z->avail_in = in;
	z->next_out = (char *)io->out;
	z->avail_out = out;
	status = BZ2_bzDecompress(z);
	advance(io, in - z->avail_in, out - z->avail_out);
	switch (status) {
	case BZ_OK:
		return CODEC_MORE;
	case BZ_STREAM_END:
		return CODEC_END;
	case BZ_MEM_ERROR:
		return CODEC_MEMORY;
	default:
		return CODEC_DAMAGED;
	}
}

static void bzip2_end(void *state)
{
	(void)BZ2_bzDecompressEnd(state);
	free(state);
}

static void *xz_begin(void)
{
	static const lzma_stream fresh = LZMA_STREAM_INIT;
	lzma_stream *z = malloc(sizeof(*z));

	if (z == NULL)
		return NULL;
	*z = fresh;
	if (lzma_stream_decoder(z, LIMIT_DECODER_BYTES, 0) != LZMA_OK) {
		free(z);
		return NULL;
	}
	return z;
}

static enum codec_status xz_run(void *state, struct codec_io *io)
{
	lzma_stream *z = state;
	lzma_ret status;

	z->next_in = io->in;
	z->avail_in = io->in_len;
	z->next_out = io->out;
	z->avail_out = io->out_len;
	status = lzma_code(z, LZMA_RUN);
	advance(io, io->in_len - z->avail_in, io->out_len - z->avail_out);
	if (status == LZMA_OK || status == LZMA_BUF_ERROR)
		return CODEC_MORE;
	if (status == LZMA_STREAM_END)
		return CODEC_END;
	if (status == LZMA_MEMLIMIT_ERROR)
		return CODEC_LIMIT;
	return status == LZMA_MEM_ERROR ? CODEC_MEMORY : CODEC_DAMAGED;
}

static void xz_end(void *state)
{
	lzma_end(state);
	free(state);
}

static void *zstd_begin(void)
{
	return ZSTD_createDStream(); /* its window is at most 128 MiB by default */
}

static enum codec_status zstd_run(void *state, struct codec_io *io)
{
	ZSTD_inBuffer in = { .src = io->in, .size = io->in_len };
	ZSTD_outBuffer out = { .dst = io->out, .size = io->out_len };
	const size_t status = ZSTD_decompressStream(state, &out, &in);

	advance(io, in.pos, out.pos);
	if (!ZSTD_isError(status))
		return status == 0 ? CODEC_END : CODEC_MORE;
	switch ((int)ZSTD_getErrorCode(status)) {
	case ZSTD_error_memory_allocation:
		return CODEC_MEMORY;
	case ZSTD_error_frameParameter_windowTooLarge:
		return CODEC_LIMIT;
	default:
		return CODEC_DAMAGED;
	}
}

static void zstd_end(void *state)
{
	(void)ZSTD_freeDStream(state);
}

static const struct codec codecs[] = {
	{ "gzip", { 0x1f, 0x8b }, 2, gzip_begin, gzip_run, gzip_end },
	{ "bzip2", { 'B', 'Z', 'h' }, 3, bzip2_begin, bzip2_run, bzip2_end },
	{ "xz", { 0xfd, '7', 'z', 'X', 'Z', 0 }, 6, xz_begin, xz_run, xz_end },
	{ "zstd", { 0x28, 0xb5, 0x2f, 0xfd }, 4, zstd_begin, zstd_run, zstd_end },
};

const struct codec *codec_detect(const uint8_t *head, size_t len)
{
	for (size_t i = 0; i < COUNT_OF(codecs); i++)
		if (len >= codecs[i].magic_len &&
		    memcmp(head, codecs[i].magic, codecs[i].magic_len) == 0)
			return &codecs[i];
	return NULL;
}
