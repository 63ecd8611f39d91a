/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 *   lodestone haystack 1
 *   segment <digest> <bytes> <entries> <sources>
 *   source <digest>             as often as the segment says
 *   ...
 *   digest <digest>             of all lines above
 */
#include "haystack/manifest.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/size.h"

#define HEADER         "lodestone haystack 1"
#define MANIFEST_MAX   ((size_t)256 << 20) /* some three million sources */
#define TEMPORARY_NAME "tmp-manifest"

void manifest_file_name(const struct segment_info *s, char name[static MANIFEST_FILE_MAX])
{
	digest_format(&s->digest, name);
	memcpy(name + DIGEST_TEXT_MAX - 1, ".mtbl", sizeof(".mtbl"));
}

void manifest_release(struct manifest *m)
{
	for (size_t i = 0; i < m->count; i++)
		free(m->segments[i].sources);
	free(m->segments);
	*m = (struct manifest){ .segments = NULL };
}

static int compare_digests(const void *a, const void *b)
{
	return digest_cmp(a, b);
}

static int compare_segments(const struct manifest_segment *a, const struct manifest_segment *b)
{
	int order = digest_cmp(&a->info.digest, &b->info.digest);
	size_t count = a->source_count < b->source_count ? a->source_count : b->source_count;

	for (size_t i = 0; i < count && order == 0; i++)
		order = digest_cmp(&a->sources[i], &b->sources[i]);
	return order != 0
		   ? order
		   : (a->source_count > b->source_count) - (a->source_count < b->source_count);
}

bool manifest_add(struct manifest *m, const struct segment_info *info, const struct digest *sources,
    size_t source_count, struct err *reterr)
{
	struct manifest_segment *segments =
	    realloc(m->segments, size_mul(size_add(m->count, 1), sizeof(*segments)));
	struct manifest_segment s = { .info = *info, .source_count = source_count };
	size_t at = m->count;

	if (segments != NULL) {
		m->segments = segments;
		s.sources = calloc(size_add(source_count, 1), sizeof(*sources));
	}
	if (s.sources == NULL) {
		err_set_memory(reterr);
		return false;
	}
	if (source_count > 0)
		memcpy(s.sources, sources, source_count * sizeof(*sources));
	qsort(s.sources, source_count, sizeof(*sources), compare_digests);
	for (; at > 0 && compare_segments(&m->segments[at - 1], &s) > 0; at--)
		m->segments[at] = m->segments[at - 1];
	m->segments[at] = s;
	m->count++;
	return true;
}

void manifest_remove(struct manifest *m, size_t i)
{
	free(m->segments[i].sources);
	m->count--;
	memmove(&m->segments[i], &m->segments[i + 1], (m->count - i) * sizeof(m->segments[0]));
}

static bool digest_of(const uint8_t *bytes, size_t len, struct digest *ret, struct err *reterr)
{
	struct digester *d = NULL;
	bool ok;

	if (!digester_new(&d, reterr))
		return false;
	digester_add(d, bytes, len);
	ok = digester_peek(d, ret, reterr);
	digester_free(d);
	return ok;
}

bool manifest_write(const struct manifest *m, struct buf *out, struct err *reterr)
{
	char hex[DIGEST_TEXT_MAX];
	struct digest d;

	buf_text(out, HEADER "\n");
	for (size_t i = 0; i < m->count; i++) {
		const struct manifest_segment *s = &m->segments[i];

		digest_format(&s->info.digest, hex);
		buf_printf(out, "segment %s %" PRIu64 " %" PRIu64 " %zu\n", hex, s->info.bytes,
		    s->info.entries, s->source_count);
		for (size_t j = 0; j < s->source_count; j++) {
			digest_format(&s->sources[j], hex);
			buf_printf(out, "source %s\n", hex);
		}
	}
	if (buf_ok(out) && !digest_of(out->bytes, out->len, &d, reterr))
		return false;
	digest_format(&d, hex);
	buf_printf(out, "digest %s\n", hex);
	if (!buf_ok(out))
		err_set_memory(reterr);
	return buf_ok(out);
}

/* ---- reading ---- */

/* The rest of the line must begin with the word and a space. */
static void read_word(struct cursor *line, const char *word)
{
	size_t len = strlen(word);
	const uint8_t *at = cursor_take(line, len);

	if (at != NULL && memcmp(at, word, len) != 0)
		cursor_fail(line, "unexpected line");
}

static struct digest read_digest(struct cursor *line)
{
	const uint8_t *hex = cursor_take(line, DIGEST_TEXT_MAX - 1);
	struct digest d = { { 0 } };

	if (hex != NULL && !digest_parse((const char *)hex, DIGEST_TEXT_MAX - 1, &d))
		cursor_fail(line, "bad digest");
	return d;
}

/* A space, and decimal digits up to the next space or the end. */
static uint64_t read_number(struct cursor *line)
{
	uint64_t value = 0;
	size_t len = 0;
	const uint8_t *at;

	read_word(line, " ");
	while (cursor_left(line) > 0 && line->base[line->pos] != ' ') {
		at = cursor_take(line, 1);
		if (*at < '0' || *at > '9' || ++len > 19)
			cursor_fail(line, "bad number");
		else
			value = value * 10 + (uint64_t)(*at - '0');
	}
	if (len == 0)
		cursor_fail(line, "bad number");
	return value;
}

static struct cursor next_line(struct cursor *text)
{
	size_t len;
	const uint8_t *at = cursor_until(text, '\n', &len);
	struct cursor line = cursor_of(at, len);

	if (at == NULL)
		cursor_fail(&line, "truncated");
	return line;
}

static bool fail(struct cursor *text, const char *why)
{
	cursor_fail(text, why);
	return false;
}

/* A line whose word is taken, and the sources that follow. */
static bool read_segment(
    struct cursor *text, struct cursor *line, struct manifest *m, struct err *reterr)
{
	struct segment_info info = { .bytes = 0 };
	struct digest *sources = NULL;
	uint64_t count;
	bool ok = false;

	info.digest = read_digest(line);
	info.bytes = read_number(line);
	info.entries = read_number(line);
	count = read_number(line);
	if (line->err != NULL || cursor_left(line) > 0)
		return fail(text, "bad line of a segment");
	if (count > cursor_left(text) / sizeof("source"))
		return fail(text, "more sources than lines");
	sources = calloc(size_add(count, 1), sizeof(*sources));
	if (sources == NULL) {
		err_set_memory(reterr);
		return false;
	}
	for (uint64_t i = 0; i < count; i++) {
		struct cursor source = next_line(text);

		read_word(&source, "source ");
		sources[i] = read_digest(&source);
		if (source.err != NULL || cursor_left(&source) > 0 ||
		    (i > 0 && digest_cmp(&sources[i - 1], &sources[i]) >= 0)) {
			cursor_fail(text, "bad line of a source");
			goto out;
		}
	}
	ok = manifest_add(m, &info, sources, count, reterr);
out:
	free(sources);
	return ok;
}

/* The last line holds the digest of what is above it. */
static bool check_digest(const uint8_t *text, size_t len, size_t above, struct cursor *line,
    struct cursor *rest, struct err *reterr)
{
	struct digest said = read_digest(line);
	struct digest is;

	if (line->err != NULL || cursor_left(line) > 0 || cursor_left(rest) > 0 ||
	    text[len - 1] != '\n')
		return fail(rest, "bad last line");
	if (!digest_of(text, above, &is, reterr))
		return false;
	return digest_cmp(&said, &is) == 0 || fail(rest, "its digest is another");
}

static bool read_lines(struct cursor *text, struct manifest *m, struct err *reterr)
{
	struct cursor line = next_line(text);

	read_word(&line, HEADER);
	if (line.err != NULL || cursor_left(&line) > 0)
		return fail(text, "not a manifest of this version");
	for (;;) {
		size_t above = text->pos;

		line = next_line(text);
		if (line.err != NULL)
			return fail(text, line.err);
		if (line.len > 0 && line.base[0] == 'd') {
			read_word(&line, "digest ");
			return check_digest(text->base, text->len, above, &line, text, reterr);
		}
		read_word(&line, "segment ");
		if (!read_segment(text, &line, m, reterr))
			return false;
	}
}

bool manifest_read(
    const uint8_t *text, size_t len, const char *name, struct manifest *ret, struct err *reterr)
{
	struct cursor c = cursor_of(text, len);
	struct manifest m = { .segments = NULL };

	if (read_lines(&c, &m, reterr)) {
		*ret = m;
		return true;
	}
	manifest_release(&m);
	if (c.err != NULL)
		err_set_at(reterr, ERR_DAMAGED, c.pos,
		    "'%s' is damaged: %s; re-ingest the evidence into a new case, or restore the "
		    "file from a backup",
		    name, c.err);
	return false;
}

bool manifest_load(int dir, const char *dir_name, struct manifest *ret, struct err *reterr)
{
	bool ok = false;
	struct buf text;
	char name[512];
	int fd = openat(dir, MANIFEST_NAME, O_RDONLY | O_CLOEXEC);
	ssize_t n = 1;

	buf_init(&text, MANIFEST_MAX);
	if (fd < 0 && errno == ENOENT) {
		*ret = (struct manifest){ .segments = NULL };
		return true;
	}
	(void)snprintf(name, sizeof(name), "%s/" MANIFEST_NAME, dir_name);
	while (fd >= 0 && n > 0) {
		if (!buf_reserve(&text, 1 << 16)) {
			err_set_memory(reterr);
			goto out;
		}
		n = read(fd, text.bytes + text.len, 1 << 16);
		if (n > 0)
			text.len += (size_t)n;
		else if (n < 0 && errno == EINTR)
			n = 1;
	}
	if (fd < 0 || n < 0) {
		err_set(reterr, ERR_SYSTEM, "cannot read '%s': %s", name, strerror(errno));
		goto out;
	}
	ok = manifest_read(text.bytes, text.len, name, ret, reterr);
out:
	if (fd >= 0)
		(void)close(fd);
	buf_release(&text);
	return ok;
}

/* The whole text to a new file, down to the disk. */
static bool write_file(int dir, const struct buf *text)
{
	int fd = openat(dir, TEMPORARY_NAME, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	size_t done = 0;
	bool ok;

	while (fd >= 0 && done < text->len) {
		ssize_t n = write(fd, text->bytes + done, text->len - done);

		if (n <= 0 && !(n < 0 && errno == EINTR))
			break;
		done += n > 0 ? (size_t)n : 0;
	}
	ok = fd >= 0 && done == text->len && fsync(fd) == 0;
	if (fd >= 0 && close(fd) != 0)
		ok = false;
	return ok;
}

bool manifest_store(const struct manifest *m, int dir, const char *dir_name, struct err *reterr)
{
	struct buf text;
	bool ok;

	buf_init(&text, MANIFEST_MAX);
	ok = manifest_write(m, &text, reterr);
	if (ok && !(write_file(dir, &text) &&
		      renameat(dir, TEMPORARY_NAME, dir, MANIFEST_NAME) == 0 && fsync(dir) == 0)) {
		err_set(reterr, ERR_SYSTEM, "cannot write '%s/" MANIFEST_NAME "': %s", dir_name,
		    strerror(errno));
		ok = false;
	}
	buf_release(&text);
	return ok;
}
