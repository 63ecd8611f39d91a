/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One window over the content, filled by read(2), or by a decoder that pulls raw blocks. No file
 * is mapped: one that is cut while we look at it would be a SIGBUS.
 *
 *   raw file --pull_raw()--> decoder --fill()--> window [start, end) --consume--> reader
 *       |                                            |
 *   file digest (compressed only)              content digest, over what was consumed
 *
 * A plain file has one digest: file and content are the same bytes. The content is digested in
 * long runs, when it leaves the window or a digest is asked for. The decoder is only ever called
 * by fill(), the one place to put a thread in between.
 */
#include "evidence/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/size.h"
#include "evidence/decoder.h"

#define BLOCK_BYTES  (256u << 10) /* asked from read(2) at once; fits the second-level cache */
#define WINDOW_FIRST (2 * BLOCK_BYTES)

struct stream {
	char *name;
	int fd;
	bool own; /* not so for standard input */
	bool ended;  /* nothing more will come into the window */
	bool failed; /* the raw file could not be read; failure holds why */
	struct err failure;
	uint64_t raw_offset;
	uint64_t raw_length;

	uint8_t *window;
	size_t capacity;
	size_t start;    /* next byte for the reader */
	size_t end;      /* behind the last byte there */
	size_t digested; /* <= start */
	uint64_t offset; /* of start */
	struct digester *content;

	/* compressed input only */
	struct decoder *decoder;
	uint8_t *block; /* raw bytes, the decoder's until it pulls again */
	size_t block_len; /* read while the kind of input was found out; 0 later */
	struct digester *file;

	uint8_t *cut; /* the kept part of a line that is longer than its maximum */
	size_t cut_capacity;
};

/* One read(2): its length, 0 at the end, -1 after a failure, which stays. */
static ssize_t read_raw(struct stream *s, uint8_t *to, size_t len)
{
	ssize_t n;

	if (s->failed)
		return -1;
	do
		n = read(s->fd, to, len);
	while (n < 0 && errno == EINTR);
	if (n < 0) {
		s->failed = true;
		err_set_at(&s->failure, ERR_SYSTEM, s->raw_offset, "cannot read '%s' at byte %llu: %s",
		    s->name, (unsigned long long)s->raw_offset, strerror(errno));
		return -1;
	}
	s->raw_offset += (uint64_t)n;
	return n;
}

/* The decoder's source. */
static ssize_t pull_raw(void *source, const void **ret)
{
	struct stream *s = source;
	ssize_t n = (ssize_t)s->block_len;

	*ret = s->block;
	s->block_len = 0;
	if (n == 0)
		n = read_raw(s, s->block, BLOCK_BYTES);
	if (n > 0)
		digester_add(s->file, s->block, (size_t)n);
	return n;
}

static void digest_consumed(struct stream *s)
{
	digester_add(s->content, s->window + s->digested, s->start - s->digested);
	s->digested = s->start;
}

/* Make room behind end, so that the window can hold want bytes from start on. */
static bool make_room(struct stream *s, size_t want, struct err *reterr)
{
	size_t capacity = s->capacity;
	uint8_t *window;

	digest_consumed(s);
	memmove(s->window, s->window + s->start, s->end - s->start);
	s->end -= s->start;
	s->start = 0;
	s->digested = 0;
	while (capacity < want)
		capacity *= 2;
	if (capacity == s->capacity)
		return true;
	window = realloc(s->window, capacity);
	if (window == NULL) {
		err_set_memory(reterr);
		return false;
	}
	s->window = window;
	s->capacity = capacity;
	return true;
}

/* Read on until want bytes are there, or the end is. */
static bool fill(struct stream *s, size_t want, struct err *reterr)
{
	if (want > s->capacity - s->start || s->capacity - s->end < BLOCK_BYTES / 2)
		if (!make_room(s, want, reterr))
			return false;
	while (s->end - s->start < want && !s->ended) {
		uint8_t *to = s->window + s->end;
		size_t room = s->capacity - s->end;
		ssize_t n;

		if (s->decoder == NULL)
			n = read_raw(s, to, room < BLOCK_BYTES ? room : BLOCK_BYTES);
		else
			n = (ssize_t)decoder_read(s->decoder, to, room < BLOCK_BYTES ? room : BLOCK_BYTES);
		if (s->failed) {
			*reterr = s->failure;
			return false;
		}
		s->ended = n == 0;
		s->end += (size_t)n;
	}
	return true;
}

/* Take the first block, and put a decoder in front of the window if it is compressed. */
static bool begin(struct stream *s, struct err *reterr)
{
	if (!fill(s, sizeof(uint64_t), reterr))
		return false;
	if (!decoder_wanted(s->window, s->end))
		return true;
	s->block = malloc(WINDOW_FIRST);
	if (s->block == NULL) {
		err_set_memory(reterr);
		return false;
	}
	if (!digester_new(&s->file, reterr))
		return false;
	s->block_len = s->end;
	memcpy(s->block, s->window, s->block_len);
	s->end = 0;
	s->ended = false;
	if (!decoder_new(pull_raw, s, &s->decoder, reterr))
		return false;
	if (s->failed)
		*reterr = s->failure;
	return !s->failed;
}

bool stream_open(const char *path, struct stream **ret, struct err *reterr)
{
	bool ok = false;
	struct stream *s = calloc(1, sizeof(*s));
	const bool standard = strcmp(path, "-") == 0;
	struct stat st;

	if (s == NULL) {
		err_set_memory(reterr);
		return false;
	}
	s->own = !standard;
	s->name = strdup(standard ? "standard input" : path);
	s->window = malloc(WINDOW_FIRST);
	s->capacity = WINDOW_FIRST;
	s->fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (s->fd < 0 || fstat(s->fd, &st) != 0) {
		err_set(reterr, ERR_SYSTEM, "cannot open '%s': %s", path, strerror(errno));
		goto out;
	}
	if (S_ISREG(st.st_mode))
		s->raw_length = (uint64_t)st.st_size;
	if (s->name == NULL || s->window == NULL) {
		err_set_memory(reterr);
		goto out;
	}
	ok = digester_new(&s->content, reterr) && begin(s, reterr);
out:
	if (ok)
		*ret = s;
	else
		stream_close(s);
	return ok;
}

void stream_close(struct stream *s)
{
	if (s == NULL)
		return;
	decoder_free(s->decoder);
	digester_free(s->content);
	digester_free(s->file);
	if (s->own && s->fd >= 0)
		(void)close(s->fd);
	free(s->window);
	free(s->block);
	free(s->cut);
	free(s->name);
	free(s);
}

bool stream_peek(struct stream *s, size_t want, const uint8_t **ret, size_t *ret_len,
    struct err *reterr)
{
	if (want > STREAM_WINDOW_MAX)
		want = STREAM_WINDOW_MAX;
	if (s->end - s->start < want && !s->ended && !fill(s, want, reterr))
		return false;
	*ret = s->window + s->start;
	*ret_len = s->end - s->start;
	return true;
}

void stream_consume(struct stream *s, size_t n)
{
	if (n > s->end - s->start)
		n = s->end - s->start;
	s->start += n;
	s->offset += n;
}

bool stream_seek(struct stream *s, uint64_t offset, bool *ret_there, struct err *reterr)
{
	const uint8_t *bytes;
	size_t len;

	while (s->offset < offset) {
		if (!stream_peek(s, 1, &bytes, &len, reterr))
			return false;
		if (len == 0)
			break;
		stream_consume(s, offset - s->offset < len ? (size_t)(offset - s->offset) : len);
	}
	*ret_there = s->offset == offset;
	return true;
}

/* The rest of a line whose first max bytes are at hand: keep those, step over all of it. */
static bool cut_line(struct stream *s, size_t max, struct stream_line *ret, struct err *reterr)
{
	const uint8_t *bytes;
	size_t len;

	if (s->cut_capacity < max) {
		uint8_t *cut = realloc(s->cut, max);

		if (cut == NULL) {
			err_set_memory(reterr);
			return false;
		}
		s->cut = cut;
		s->cut_capacity = max;
	}
	memcpy(s->cut, s->window + s->start, max);
	stream_consume(s, max);
	ret->bytes = s->cut;
	ret->len = max;
	ret->cut = true;
	while (!ret->ended) {
		const uint8_t *newline;

		if (!stream_peek(s, 1, &bytes, &len, reterr))
			return false;
		if (len == 0)
			break;
		newline = memchr(bytes, '\n', len);
		ret->ended = newline != NULL;
		stream_consume(s, newline == NULL ? len : (size_t)(newline - bytes) + 1);
	}
	return true;
}

bool stream_line(struct stream *s, size_t max, struct stream_line *ret, struct err *reterr)
{
	const size_t most = size_add(max, 2); /* with its carriage return and newline */
	size_t searched = 0;
	const uint8_t *newline = NULL;
	const uint8_t *bytes;
	size_t len;

	*ret = (struct stream_line){ .offset = s->offset };
	for (size_t want = 1;; want = searched + 1) {
		if (!stream_peek(s, want, &bytes, &len, reterr))
			return false;
		if (len < want)
			break;
		newline = memchr(bytes + searched, '\n', len - searched);
		if (newline != NULL || len >= most)
			break;
		searched = len;
	}
	if (len == 0)
		return true;
	ret->ended = newline != NULL;
	ret->len = newline == NULL ? len : (size_t)(newline - bytes);
	if (ret->len > 0 && ret->ended && bytes[ret->len - 1] == '\r')
		ret->len--;
	if (ret->len > max) {
		ret->ended = false;
		return cut_line(s, max, ret, reterr);
	}
	ret->bytes = bytes;
	stream_consume(s, newline == NULL ? len : (size_t)(newline - bytes) + 1);
	return true;
}

uint64_t stream_offset(const struct stream *s)
{
	return s->offset;
}

uint64_t stream_raw_offset(const struct stream *s)
{
	return s->raw_offset;
}

uint64_t stream_raw_length(const struct stream *s)
{
	return s->raw_length;
}

const char *stream_damage(const struct stream *s)
{
	return s->decoder == NULL ? NULL : decoder_damage(s->decoder);
}

const char *stream_compression(const struct stream *s)
{
	return s->decoder == NULL ? "none" : decoder_name(s->decoder);
}

bool stream_digest_here(struct stream *s, struct digest *ret, struct err *reterr)
{
	digest_consumed(s);
	return digester_peek(s->content, ret, reterr);
}

bool stream_finish(struct stream *s, struct stream_custody *ret, struct err *reterr)
{
	const void *raw;
	ssize_t n = 0;
	bool there;

	if (!stream_seek(s, UINT64_MAX, &there, reterr))
		return false;
	if (!stream_digest_here(s, &ret->content, reterr))
		return false;
	ret->content_bytes = s->offset;
	ret->file = ret->content;
	if (s->decoder != NULL) {
		do
			n = pull_raw(s, &raw);
		while (n > 0);
		if (n < 0) {
			*reterr = s->failure;
			return false;
		}
		if (!digester_peek(s->file, &ret->file, reterr))
			return false;
	}
	ret->file_bytes = s->raw_offset;
	return true;
}
