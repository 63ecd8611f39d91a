/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A report holds what it follows from. These words are taken on trust only to choose what to make:
 * the bytes are then compared, so that no word of the file can make it pass; and what differs is
 * named.
 */
#include "cli/verify.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/diag.h"
#include "cli/hunting.h"
#include "cli/opt.h"
#include "report/differ.h"
#include "report/export.h"

#define FILE_BYTES_MAX (1u << 30)
#define READ_BYTES     (1u << 16)
#define HEAD_BYTES     (256u << 10) /* in which the words stand */
#define WORD_MAX       128

struct claim {
	const char *format; /* NULL: the file does not say */
	char version[WORD_MAX];
	char evidence[WORD_MAX];
	char seed[WORD_MAX];
	char top[WORD_MAX];
};

static bool read_file(const char *path, struct buf *ret, struct err *reterr)
{
	FILE *f = fopen(path, "rbe");
	bool room = true;

	if (f == NULL) {
		err_set(reterr, ERR_SYSTEM, "cannot open '%s': %s", path, strerror(errno));
		return false;
	}
	for (size_t n = 1; room && n > 0;) {
		room = buf_reserve(ret, READ_BYTES);
		n = room ? fread(ret->bytes + ret->len, 1, READ_BYTES, f) : 0;
		ret->len += n;
	}
	if (!room)
		err_set_memory(reterr);
	else if (ferror(f))
		err_set(reterr, ERR_SYSTEM, "cannot read '%s': %s", path, strerror(errno));
	room = room && !ferror(f);
	(void)fclose(f);
	return room;
}

/* What follows the key, up to a space or a mark of the form. "": no such key. */
static void find_word(const struct buf *file, const char *key, char ret[static WORD_MAX])
{
	size_t len = file->len < HEAD_BYTES ? file->len : HEAD_BYTES, n = 0;
	const char *at = memmem(file->bytes, len, key, strlen(key));
	const char *end = (const char *)file->bytes + len;

	for (at = at == NULL ? end : at + strlen(key); at < end && n + 1 < WORD_MAX; at++) {
		if (strchr(" \",}", *at) != NULL)
			break;
		ret[n++] = *at;
	}
	ret[n] = '\0';
}

static void read_claim(const struct buf *file, struct claim *ret)
{
	static const char hunt[] = "{\"schema\":\"lodestone.hunt/1\"";
	static const char page[] = "<!DOCTYPE html>";
	bool is_page = file->len >= strlen(page) && memcmp(file->bytes, page, strlen(page)) == 0;
	bool is_hunt = file->len >= strlen(hunt) && memcmp(file->bytes, hunt, strlen(hunt)) == 0;

	*ret = (struct claim){ .format = is_page ? "html" : is_hunt ? "jsonl" : NULL };
	if (ret->format == NULL)
		return;
	find_word(file, is_page ? "content=\"version=" : "\"version\":\"", ret->version);
	find_word(file, is_page ? " evidence=" : "\"evidence\":\"", ret->evidence);
	find_word(file, is_page ? " seed=" : "\"seed\":", ret->seed);
	find_word(file, is_page ? " top=" : "\"top\":", ret->top);
}

static void adopt(const struct claim *c, struct settings *s)
{
	uint64_t n;

	if (c->format == NULL)
		return;
	s->format = c->format;
	if (opt_parse_number(c->seed, &n))
		s->seed = n;
	if (opt_parse_number(c->top, &n) && n > 0)
		s->top = n;
}

/* The digest of a list that the report was made with; "": none. */
static void find_list(
    const struct buf *text, bool is_page, const char *name, char ret[static WORD_MAX])
{
	char key[32];

	if (is_page)
		(void)snprintf(key, sizeof(key), " %s=", name);
	else
		(void)snprintf(key, sizeof(key), "\"%s\":\"", name);
	find_word(text, key, ret);
	if (strcmp(ret, "-") == 0)
		ret[0] = '\0';
}

/* The lists that a hunt was given change its result; which ones is in the file. */
static bool compare_lists(
    const struct claim *c, const struct buf *file, const struct report_input *in, struct buf *out)
{
	static const char *const lists[] = { "allow", "holidays", "events", "prior", "networks",
		"places", "popularity" };
	bool is_page = strcmp(c->format, "html") == 0, same = true;
	struct buf words;

	buf_init(&words, HEAD_BYTES);
	report_basis_words(&words, in);
	for (size_t i = 0; i < COUNT_OF(lists); i++) {
		char had[WORD_MAX], has[WORD_MAX], shown[WORD_MAX * 4];

		find_list(file, is_page, lists[i], had);
		find_list(&words, true, lists[i], has);
		if (strcmp(had, has) == 0)
			continue;
		(void)diag_escape(had, shown, sizeof(shown));
		buf_printf(out, "the report was made with%s --%s%s%s\n",
		    had[0] == '\0'   ? "out"
		    : has[0] == '\0' ? ""
				     : " another file of",
		    lists[i], had[0] == '\0' ? "" : ", ", shown);
		same = false;
	}
	buf_release(&words);
	return same;
}

/* What can be said before all is made anew; false where something has been. */
static bool compare_claim(
    const struct claim *c, const struct buf *file, const struct report_input *in, struct buf *out)
{
	char evidence[sizeof("sha256:") + DIGEST_TEXT_MAX] = "sha256:";
	bool same = true;

	if (c->format == NULL)
		return true;
	digest_format(&in->basis.evidence, evidence + strlen(evidence));
	if (strcmp(c->version, in->result->version) != 0) {
		buf_printf(out, "the report was made by another version than this one, %s\n",
		    in->result->version);
		same = false;
	}
	if (strcmp(c->evidence, evidence) != 0) {
		buf_printf(out,
		    "the report follows from other evidence than that of this case, %s\n",
		    evidence);
		same = false;
	}
	return compare_lists(c, file, in, out) && same;
}

static bool compare_bytes(const struct buf *file, const struct buf *made, struct buf *out)
{
	size_t at = 0, line = 1;

	if (file->len == made->len &&
	    (file->len == 0 || memcmp(file->bytes, made->bytes, file->len) == 0)) {
		buf_printf(out,
		    "the report is what this case gives: all of its %zu bytes were made anew from "
		    "the"
		    " evidence in the case\n",
		    file->len);
		return true;
	}
	while (at < file->len && at < made->len && file->bytes[at] == made->bytes[at])
		line += file->bytes[at++] == '\n';
	buf_printf(out,
	    "the report is not what this case gives: they differ from byte %zu on, in line %zu\n",
	    at, line);
	return differ_say(out, file, made);
}

bool verify_report(struct workspace *w, const struct settings *s, struct output *out,
    bool *ret_agrees, struct err *reterr)
{
	struct report_input input = { .result = NULL };
	struct settings as_claimed = *s;
	struct buf file, made;
	struct claim claim;
	struct arena memory;
	bool ok = false;

	buf_init(&file, FILE_BYTES_MAX);
	buf_init(&made, FILE_BYTES_MAX);
	arena_init(&memory, HUNTING_BYTES_MAX);
	if (!read_file(s->verify, &file, reterr))
		goto out;
	read_claim(&file, &claim);
	adopt(&claim, &as_claimed);
	if (!hunting_run(w, &as_claimed, &(struct hunting_of){ 0 }, &memory, &input, reterr))
		goto out;
	*ret_agrees = compare_claim(&claim, &file, &input, &out->buf);
	if (*ret_agrees) {
		(as_claimed.format == NULL ? export_formats : export_find(as_claimed.format))
		    ->write(&made, &input);
		if (!buf_ok(&made)) {
			err_set_memory(reterr);
			goto out;
		}
		*ret_agrees = compare_bytes(&file, &made, &out->buf);
	}
	ok = output_flush(out, reterr);
out:
	arena_release(&memory);
	buf_release(&made);
	buf_release(&file);
	return ok;
}
