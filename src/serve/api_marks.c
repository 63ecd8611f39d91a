/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The only requests that change anything: marks. The case is opened for writing for as long as one
 * takes, so that a page that is left open keeps no hunt waiting.
 */
#include "serve/api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "casefile/mark_wording.h"
#include "report/member.h"
#include "serve/marks.h"
#include "wire/json_line.h"

bool api_marks(struct serving *s, const struct request *r, struct answer *a, struct err *reterr)
{
	struct marks marks;
	struct page page;
	bool ok;

	if (!request_page(r, &page, a))
		return true;
	ok = marks_read(s->view.casefile, NULL, &marks, reterr);
	if (ok) {
		answer_begin_page(a, &page, marks.count);
		for (size_t i = page.offset; i < marks.count && i - page.offset < page.limit; i++)
			marks_print(&a->printer, &marks.items[i]);
		printer_end(&a->printer);
		printer_end(&a->printer);
	}
	marks_release(&marks);
	return ok;
}

/* ---- what is asked ---- */

enum slot { SLOT_TARGET, SLOT_KIND, SLOT_WORD, SLOT_TEXT, SLOT_UNTIL, SLOTS };

static const struct json_key keys[] = {
	{ "target", SLOT_TARGET },
	{ "kind", SLOT_KIND },
	{ "word", SLOT_WORD },
	{ "text", SLOT_TEXT },
	{ "until", SLOT_UNTIL },
};

/* The texts of a mark, with a NUL. */
struct wording {
	char target[ENDPOINT_TEXT_MAX];
	char written[ENDPOINT_TEXT_MAX]; /* as the mark has it */
	char kind[16];
	char word[MARK_WORD_MAX + 1];
	char text[MARK_TEXT_MAX + 1];
	char until[16];
};

/* A string, or "" for null and nothing. False: another value, too long, or a NUL in it. */
static bool take_text(const struct json_value *v, char *ret, size_t size)
{
	const uint8_t *text;
	size_t len;

	ret[0] = '\0';
	if (v->kind == JSON_ABSENT || v->kind == JSON_NULL)
		return true;
	if (!json_text(v, (uint8_t *)ret, size - 1, &text, &len) || len >= size ||
	    memchr(text, '\0', len) != NULL)
		return false;
	memmove(ret, text, len);
	ret[len] = '\0';
	return true;
}

static bool read_wording(const struct request *r, struct wording *ret)
{
	struct cursor c = cursor_of(r->body, r->body_len);
	struct json_value values[SLOTS];
	struct json_keys k;

	json_keys_init(&k, keys, COUNT_OF(keys), SLOTS);
	return json_line_read(&k, &c, values) &&
	       take_text(&values[SLOT_TARGET], ret->target, sizeof(ret->target)) &&
	       take_text(&values[SLOT_KIND], ret->kind, sizeof(ret->kind)) &&
	       take_text(&values[SLOT_WORD], ret->word, sizeof(ret->word)) &&
	       take_text(&values[SLOT_TEXT], ret->text, sizeof(ret->text)) &&
	       take_text(&values[SLOT_UNTIL], ret->until, sizeof(ret->until));
}

/* False: the answer says what is wrong. */
static bool read_mark(
    const struct request *r, struct wording *w, struct mark *ret, struct answer *a)
{
	const struct mark_wording said = { w->target, w->kind, w->word, w->text, w->until };
	struct err err;

	if (!read_wording(r, w)) {
		(void)answer_refuse(a, 400,
		    "the body is no object of target, kind, word, text and"
		    " until, or one of them is too long");
		return false;
	}
	if (mark_wording_read(&said, w->written, ret, &err))
		return true;
	(void)answer_refuse(a, 400, "%s", err.text);
	return false;
}

/* ---- and done ---- */

/* A case that another writes is no failure of ours: the answer says who does. */
static bool open_for_writing(struct serving *s, struct casefile **ret, struct answer *a)
{
	struct err err = { .code = ERR_NONE };

	if (!s->settings->edit) {
		(void)answer_refuse(a, 403,
		    "the case is open for reading; start serve with --edit to change marks");
		return false;
	}
	if (case_open(s->settings->case_dir, false, true, ret, &err))
		return true;
	(void)answer_refuse(a, 409, "%s", err.text);
	return false;
}

bool api_mark_put(struct serving *s, const struct request *r, struct answer *a, struct err *reterr)
{
	struct wording *w = calloc(1, sizeof(*w));
	struct casefile *c = NULL;
	struct mark m;
	bool ok = true;

	if (w == NULL) {
		err_set_memory(reterr);
		return false;
	}
	if (read_mark(r, w, &m, a) && open_for_writing(s, &c, a)) {
		m.made_s = s->now_s;
		ok = mark_put(c, &m, &m.id, reterr);
		if (ok)
			marks_print(&a->printer, &m);
	}
	case_close(c);
	free(w);
	return ok;
}

bool api_mark_retire(
    struct serving *s, const struct request *r, struct answer *a, struct err *reterr)
{
	struct casefile *c = NULL;
	uint64_t id = 0;
	bool found = false, ok;

	if (!request_number(r, "id", 1, INT64_MAX, &id, a) || !open_for_writing(s, &c, a))
		return true;
	ok = mark_retire(c, (int64_t)id, s->now_s, &found, reterr);
	case_close(c);
	if (ok && !found)
		return answer_refuse(a, 404, "no mark of that number is in force");
	if (ok) {
		printer_begin_map(&a->printer);
		member_count(&a->printer, "retired", id);
		printer_end(&a->printer);
	}
	return ok;
}
