/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * libarchive's "raw" format is one entry that holds whatever its filters yield. Only the filters
 * named here are switched on: an archive of several files is not evidence, and each decoder is
 * code that hostile bytes can reach.
 *
 * libarchive's filters hand on full blocks of 64 or 128 KiB. When the input is cut they give up
 * the block under way, so that the last up to 128 KiB of content before a cut are lost.
 */
#include "evidence/decoder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>

#include "base/cursor.h"

struct decoder {
	struct archive *archive;
	decoder_pull *pull;
	void *source;
	struct cursor block; /* libarchive's bytes, until the next block is asked for */
	bool pull_ended;
	bool pull_failed;
	bool ended;
	bool damaged;
	char damage[96];
};

static const struct magic {
	const char *name;
	uint8_t bytes[6];
	uint8_t len;
	int code;
} magics[] = {
	{ "gzip", { 0x1f, 0x8b }, 2, ARCHIVE_FILTER_GZIP },
	{ "bzip2", { 'B', 'Z', 'h' }, 3, ARCHIVE_FILTER_BZIP2 },
	{ "xz", { 0xfd, '7', 'z', 'X', 'Z', 0 }, 6, ARCHIVE_FILTER_XZ },
	{ "zstd", { 0x28, 0xb5, 0x2f, 0xfd }, 4, ARCHIVE_FILTER_ZSTD },
};

bool decoder_wanted(const uint8_t *head, size_t len)
{
	for (size_t i = 0; i < COUNT_OF(magics); i++)
		if (len >= magics[i].len && memcmp(head, magics[i].bytes, magics[i].len) == 0)
			return true;
	return false;
}

const char *decoder_name(const struct decoder *d)
{
	/* the last one in libarchive's count is the raw input, the one before it the outermost */
	const int count = archive_filter_count(d->archive);

	for (size_t i = 0; count > 1 && i < COUNT_OF(magics); i++)
		if (archive_filter_code(d->archive, count - 2) == magics[i].code)
			return magics[i].name;
	return "none";
}

static void set_damage(struct decoder *d)
{
	const char *why = archive_error_string(d->archive);

	d->ended = true;
	d->damaged = true;
	if (d->pull_ended)
		why = "it is cut short";
	(void)snprintf(d->damage, sizeof(d->damage), "compressed data is damaged: %s",
	    why == NULL ? "it cannot be decoded" : why);
}

static la_ssize_t pull_raw(struct archive *archive, void *decoder, const void **ret)
{
	struct decoder *d = decoder;
	const ssize_t n = d->pull(d->source, ret);

	d->pull_ended = n == 0;
	d->pull_failed = n < 0;
	if (n < 0)
		archive_set_error(archive, EIO, "the input cannot be read");
	return n;
}

static bool prepare(struct archive *a)
{
	/* ARCHIVE_WARN would mean that an external program is to do the work */
	return archive_read_support_filter_gzip(a) == ARCHIVE_OK &&
	    archive_read_support_filter_bzip2(a) == ARCHIVE_OK &&
	    archive_read_support_filter_xz(a) == ARCHIVE_OK &&
	    archive_read_support_filter_zstd(a) == ARCHIVE_OK &&
	    archive_read_support_format_raw(a) == ARCHIVE_OK &&
	    archive_read_support_format_empty(a) == ARCHIVE_OK;
}

bool decoder_new(decoder_pull *pull, void *source, struct decoder **ret, struct err *reterr)
{
	struct decoder *d = calloc(1, sizeof(*d));
	struct archive_entry *entry;

	if (d == NULL)
		goto failed;
	d->pull = pull;
	d->source = source;
	d->archive = archive_read_new();
	if (d->archive == NULL || !prepare(d->archive))
		goto failed;
	if (archive_read_open(d->archive, d, NULL, pull_raw, NULL) != ARCHIVE_OK)
		set_damage(d);
	else
		switch (archive_read_next_header(d->archive, &entry)) {
		case ARCHIVE_OK:
			break;
		case ARCHIVE_EOF:
			d->ended = true;
			break;
		default:
			set_damage(d);
		}
	*ret = d;
	return true;
failed:
	decoder_free(d);
	err_set_memory(reterr);
	return false;
}

void decoder_free(struct decoder *d)
{
	if (d == NULL)
		return;
	(void)archive_read_free(d->archive);
	free(d);
}

/* Bytes behind the last member that begin no further one are passed over by libarchive. */
static void check_trailing(struct decoder *d)
{
	const void *raw;

	if (!d->pull_ended && d->pull(d->source, &raw) > 0) {
		d->damaged = true;
		(void)snprintf(d->damage, sizeof(d->damage),
		    "other bytes follow the compressed data");
	}
}

/* The next block of libarchive's, which is never empty unless the input has ended. */
static void next_block(struct decoder *d)
{
	const void *block = NULL;
	size_t len = 0;
	int64_t offset;

	switch (archive_read_data_block(d->archive, &block, &len, &offset)) {
	case ARCHIVE_OK:
		d->block = cursor_of(block, len);
		break;
	case ARCHIVE_EOF:
		d->ended = true;
		check_trailing(d);
		break;
	default:
		set_damage(d);
	}
}

size_t decoder_read(struct decoder *d, uint8_t *to, size_t len)
{
	size_t done = 0;

	while (done < len && !d->ended) {
		const size_t left = cursor_left(&d->block);
		const size_t n = left < len - done ? left : len - done;

		if (n == 0) {
			next_block(d);
			continue;
		}
		memcpy(to + done, cursor_take(&d->block, n), n);
		done += n;
	}
	return done;
}

const char *decoder_damage(const struct decoder *d)
{
	return d->damaged && !d->pull_failed ? d->damage : NULL;
}
