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
#include "finding/explanation.h"
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

static bool is_verdict(const char *word)
{
	for (unsigned i = VERDICT_CANNOT_TELL; i <= VERDICT_UNUSUAL; i++)
		if (strcmp(explanation_verdict_name((enum finding_verdict)i), word) == 0)
			return true;
	return false;
}

/* What is wrong with it, or NULL. */
static const char *fault_of(const struct mark *m)
{
	switch (m->kind) {
	case MARK_NOTE:
		return m->text[0] == '\0' ? "a note needs its 'text'" : NULL;
	case MARK_TAG:
		return m->word[0] == '\0' ? "a tag needs its 'word'" : NULL;
	case MARK_MUTE:
		return m->text[0] == '\0' ? "a mute needs its reason, as 'text'" : NULL;
	case MARK_VERDICT:
		return is_verdict(m->word)
			   ? NULL
			   : "the 'word' of a verdict is unusual, ordinary or cannot tell";
	case MARK_KINDS:
		break;
	}
	return "no such kind";
}

static bool read_until(const char *text, struct mark *ret)
{
	char midnight[32];
	struct stamp s;

	ret->has_until = text[0] != '\0';
	if (!ret->has_until)
		return true;
	(void)snprintf(midnight, sizeof(midnight), "%sT00:00:00Z", text);
	if (strlen(text) != strlen("2026-01-31") ||
	    !stamp_parse_iso(midnight, strlen(midnight), &s, NULL))
		return false;
	ret->until_day = stamp_day(s.ns);
	return true;
}

/* False: the answer says what is wrong. */
static bool read_mark(
    const struct request *r, struct wording *w, struct mark *ret, struct answer *a)
{
	struct endpoint target;
	const char *fault;

	if (!read_wording(r, w)) {
		(void)answer_refuse(a, 400,
		    "the body is no object of target, kind, word, text and"
		    " until, or one of them is too long");
		return false;
	}
	*ret = (struct mark){ .target = w->target, .word = w->word, .text = w->text };
	if (!endpoint_parse(&target, w->target, strlen(w->target))) {
		(void)answer_refuse(a, 400, "'target' is a domain name or an address");
		return false;
	}
	(void)endpoint_format(&target, w->target);
	if (!mark_kind_find(w->kind, &ret->kind)) {
		(void)answer_refuse(a, 400, "'kind' is note, tag, mute or verdict");
		return false;
	}
	if (!read_until(w->until, ret)) {
		(void)answer_refuse(a, 400, "'until' is a day such as 2026-01-31");
		return false;
	}
	fault = fault_of(ret);
	if (fault != NULL)
		(void)answer_refuse(a, 400, "%s", fault);
	return fault == NULL;
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
