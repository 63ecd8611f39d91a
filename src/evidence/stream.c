/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One window over the content, filled by read(2), or by decoders, one a layer of compression. No
 * file is mapped: one that is cut while we look at it would be a SIGBUS.
 *
 *   raw file --pull_raw()--> decoder, decoder, ... --fill()--> window --consume--> reader
 *       |                                           :           |
 *   file digest (compressed only)               ahead.h   content digest, over what was consumed
 *
 * A plain file has one digest: file and content are the same bytes. The content is digested in
 * long runs, when it leaves the window or a digest is asked for. Decoders are only ever called by
 * fill(): there a compressed file that turns out to be long gets a thread, which does all that is left of
 * the dots. A pipe gets none, because while it waits for its other end we must look up.
 */
#include "evidence/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/parallel.h"
#include "base/size.h"
#include "evidence/ahead.h"
#include "evidence/decoder.h"

#define BLOCK_BYTES  (256u << 10) /* asked from read(2) at once; fits the second-level cache */
#define WINDOW_FIRST (2 * BLOCK_BYTES)
#define AHEAD_FROM   (1u << 20) /* of content: what is shorter is read before a thread has begun */
#define WAIT_MS      200 /* between two looks at an idle pipe: as soon as a person would ask why */

struct stream {
	char *name;
	int fd;
	bool own;     /* not so for standard input */
	bool regular; /* a file, that never lets us wait */
	bool ended;   /* nothing more will come into the window */
	struct hints hints;
	uint64_t raw_offset;
	decoder_pull *pull; /* what fills the window: the file, or the innermost decoder */
	void *source;

	uint8_t *window;
	size_t capacity;
	size_t start;    /* next byte for the reader */
	size_t end;      /* behind the last byte there */
	size_t digested; /* <= start */
	uint64_t offset; /* of start */
	struct digester *content;

	/* compressed input only */
	struct decoder *layers[LIMIT_COMPRESSION_LAYERS]; /* outermost first */
	size_t layer_count;
	const char *compression;
	struct digester *file;
	struct ahead *ahead; /* or NULL; it has the layers, the file, its digest and raw_offset */
	bool alone;          /* no thread from here on */

	stream_look *look; /* or NULL */
	void *look_context;

	uint8_t *cut; /* the kept part of a line that is longer than its maximum */
	size_t cut_capacity;
};

static bool look_up(const struct stream *s, struct err *reterr)
{
	if (s->look == NULL || !s->look(s->look_context, stream_raw_offset(s)))
		return true;
	err_set(reterr, ERR_STOPPED, "reading '%s' was stopped", s->name);
	return false;
}

/*
 * Until an idle pipe or terminal has bytes, or has ended, or fails to be asked. Signals may be
 * blocked, so that neither poll(2) nor read(2) would ever tell of one: hence the time.
 */
static bool wait_for_input(const struct stream *s, struct err *reterr)
{
	struct pollfd p = { .fd = s->fd, .events = POLLIN };

	while (!s->regular && poll(&p, 1, WAIT_MS) == 0)
		if (!look_up(s, reterr))
			return false;
	return true;
}

/* One read(2), into the window of a plain file or a decoder: a decoder_pull. */
static bool pull_raw(void *stream, uint8_t *to, size_t len, size_t *ret_len, struct err *reterr)
{
	struct stream *s = stream;
	ssize_t n;

	do {
		if (!wait_for_input(s, reterr))
			return false;
		n = read(s->fd, to, len < BLOCK_BYTES ? len : BLOCK_BYTES);
	} while (n < 0 && (errno == EINTR || errno == EAGAIN));
	if (n < 0) {
		err_set_at(reterr, ERR_SYSTEM, s->raw_offset, "cannot read '%s' at byte %llu: %s",
		    s->name, (unsigned long long)s->raw_offset, strerror(errno));
		return false;
	}
	s->raw_offset += (uint64_t)n;
	if (s->file != NULL)
		digester_add(s->file, to, (size_t)n);
	*ret_len = (size_t)n;
	return true;
}

/* The decoder of an outer layer as the source of the next one. */
static bool pull_decoded(
    void *decoder, uint8_t *to, size_t len, size_t *ret_len, struct err *reterr)
{
	return decoder_read(decoder, to, len, ret_len, reterr);
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

/*
 * Hand the decoders to a thread, once, where that pays: there is more to come than a thread costs,
 * and a processor to run it.
 */
static void go_ahead(struct stream *s)
{
	if (s->alone || s->layer_count == 0 || s->offset < AHEAD_FROM)
		return;
	s->alone = true;
	if (!s->regular || parallel_default_jobs() < 2)
		return;
	s->ahead = ahead_new(s->pull, s->source, &s->raw_offset);
	if (s->ahead == NULL)
		return;
	s->pull = ahead_read;
	s->source = s->ahead;
}

/* Read on until want bytes are there, or the end is. */
static bool fill(struct stream *s, size_t want, struct err *reterr)
{
	if (want > s->capacity - s->start || s->capacity - s->end < BLOCK_BYTES / 2)
		if (!make_room(s, want, reterr))
			return false;
	go_ahead(s);
	while (s->end - s->start < want && !s->ended) {
		size_t n;

		if (!look_up(s, reterr))
			return false;
		if (!s->pull(s->source, s->window + s->end, s->capacity - s->end, &n, reterr))
			return false;
		s->ended = n == 0;
		s->end += n;
	}
	return true;
}

/* Put a decoder between the source and the window, which holds compressed bytes. */
static bool add_layer(struct stream *s, const struct codec *codec, struct err *reterr)
{
	struct decoder **d = &s->layers[s->layer_count];

	if (s->layer_count == 0) {
		if (!digester_new(&s->file, reterr))
			return false;
		digester_add(s->file, s->window, s->end);
		s->compression = codec->name;
	}
	if (!decoder_new(codec, s->window, s->end, s->pull, s->source, d, reterr))
		return false;
	s->layer_count++;
	s->pull = pull_decoded;
	s->source = *d;
	s->end = 0;
	s->ended = false;
	return true;
}

/* See what the input begins with, and decode as many layers as there are. */
static bool begin(struct stream *s, struct err *reterr)
{
	for (;;) {
		const struct codec *codec;

		if (!fill(s, CODEC_MAGIC_MAX, reterr))
			return false;
		codec = codec_detect(s->window, s->end);
		if (codec == NULL || s->layer_count == LIMIT_COMPRESSION_LAYERS)
			return true;
		if (!add_layer(s, codec, reterr))
			return false;
	}
}

bool stream_open(const char *path, struct stream **ret, struct err *reterr)
{
	return stream_open_watched(path, NULL, NULL, ret, reterr);
}

bool stream_open_watched(
    const char *path, stream_look *look, void *context, struct stream **ret, struct err *reterr)
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
	s->compression = "none";
	s->pull = pull_raw;
	s->source = s;
	s->look = look;
	s->look_context = context;
	/* O_NONBLOCK: opening a pipe that no one writes to yet must not wait where we cannot look */
	s->fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (s->fd < 0 || fstat(s->fd, &st) != 0) {
		err_set(reterr, ERR_SYSTEM, "cannot open '%s': %s", path, strerror(errno));
		goto out;
	}
	s->regular = S_ISREG(st.st_mode);
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
	ahead_free(s->ahead);
	while (s->layer_count > 0)
		decoder_free(s->layers[--s->layer_count]);
	digester_free(s->content);
	digester_free(s->file);
	if (s->own && s->fd >= 0)
		(void)close(s->fd);
	/* what is read may be mail, of which nothing may be left in memory that others will have */
	if (s->window != NULL)
		explicit_bzero(s->window, s->capacity);
	if (s->cut != NULL)
		explicit_bzero(s->cut, s->cut_capacity);
	free(s->window);
	free(s->cut);
	free(s->name);
	free(s);
}

bool stream_is_repeatable(const struct stream *s)
{
	return s->own && s->regular;
}

bool stream_peek(
    struct stream *s, size_t want, const uint8_t **ret, size_t *ret_len, struct err *reterr)
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
	return s->ahead != NULL ? ahead_raw_offset(s->ahead) : s->raw_offset;
}

void stream_set_hints(struct stream *s, const struct hints *hints)
{
	s->hints = *hints;
}

const struct hints *stream_hints(const struct stream *s)
{
	return &s->hints;
}

const char *stream_damage(const struct stream *s)
{
	/* before its end is seen here, a thread may be about to find some */
	if (!s->ended)
		return NULL;
	/* an outer layer's damage is what ends the inner ones */
	for (size_t i = 0; i < s->layer_count; i++)
		if (decoder_damage(s->layers[i]) != NULL)
			return decoder_damage(s->layers[i]);
	return NULL;
}

const char *stream_compression(const struct stream *s)
{
	return s->compression;
}

bool stream_digest_here(struct stream *s, struct digest *ret, struct err *reterr)
{
	digest_consumed(s);
	return digester_peek(s->content, ret, reterr);
}

/* Read what is left of a file whose decoder has stopped before its end. */
static bool drain(struct stream *s, struct err *reterr)
{
	size_t n;

	do {
		if (!look_up(s, reterr) || !pull_raw(s, s->window, s->capacity, &n, reterr))
			return false;
	} while (n > 0);
	return true;
}

bool stream_finish(struct stream *s, struct stream_custody *ret, struct err *reterr)
{
	bool there;

	if (!stream_seek(s, UINT64_MAX, &there, reterr))
		return false;
	if (!stream_digest_here(s, &ret->content, reterr))
		return false;
	ahead_free(s->ahead); /* which has ended, and leaves the file to us */
	s->ahead = NULL;
	ret->content_bytes = s->offset;
	ret->file = ret->content;
	if (s->layer_count > 0 &&
	    (!drain(s, reterr) || !digester_peek(s->file, &ret->file, reterr)))
		return false;
	ret->file_bytes = s->raw_offset;
	return true;
}
