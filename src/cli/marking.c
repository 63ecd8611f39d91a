/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the page does with --edit, for those who work in a terminal. Marks stand beside the findings
 * and change none of them, so that the clock, which dates them, is in no result.
 */
#include "cli/marking.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "casefile/mark_wording.h"
#include "cli/opt.h"
#include "report/visible.h"
#include "serve/marks.h"

/* What an action is given, behind its own name. */
static const struct form {
	const char *action;
	size_t least;
	size_t most;
	const char *usage;
} forms[] = {
	{ "note", 2, 2, "note TARGET TEXT" },
	{ "tag", 2, 2, "tag TARGET WORD" },
	{ "mute", 2, 2, "mute TARGET REASON [--until DAY]" },
	{ "verdict", 2, 3, "verdict TARGET unusual|ordinary|'cannot tell' [WHY]" },
	{ "marks", 0, 1, "marks [TARGET]" },
	{ "retire", 1, 1, "retire NUMBER" },
};

static const struct form *find_form(const char *action)
{
	for (size_t i = 0; i < COUNT_OF(forms); i++)
		if (strcmp(forms[i].action, action) == 0)
			return &forms[i];
	return NULL;
}

bool marking_is(const char *action)
{
	return find_form(action) != NULL;
}

static bool open_case(
    const struct settings *s, bool write, struct casefile **ret, struct err *reterr)
{
	return case_open(
	    s->case_dir == NULL ? DEFAULT_CASE : s->case_dir, false, write, ret, reterr);
}

/* One line, whatever the analyst wrote. */
static void print_line(struct buf *out, const struct mark *m)
{
	char day[STAMP_TEXT_MAX];

	buf_printf(out, "%" PRId64 "\t%s\t%s\t", m->id, mark_kind_name(m->kind), m->target);
	visible_put(out, m->word, strlen(m->word), false);
	if (m->word[0] != '\0' && m->text[0] != '\0')
		buf_text(out, ": ");
	visible_put(out, m->text, strlen(m->text), false);
	if (m->has_until) {
		(void)stamp_format_iso((struct stamp){ m->until_day * NS_PER_DAY, 0 }, day);
		buf_printf(out, " (until %.*s)", (int)strcspn(day, "T"), day);
	}
	buf_u8(out, '\n');
}

static void print_mark(struct output *out, const struct mark *m, bool json)
{
	struct printer p;

	if (!json) {
		print_line(&out->buf, m);
		return;
	}
	printer_init(&p, &out->buf);
	marks_print(&p, m);
	printer_line(&p);
}

static bool put(const struct settings *s, struct output *out, struct err *reterr)
{
	const char *action = s->operands[0];
	const char *last = s->operands[s->operand_count - 1];
	bool worded = strcmp(action, "tag") == 0 || strcmp(action, "verdict") == 0;
	const struct mark_wording said = { .target = s->operands[1],
		.kind = action,
		.word = worded ? s->operands[2] : "",
		.text = worded && s->operand_count == 3 ? "" : last,
		.until = s->until == NULL ? "" : s->until };
	char target[ENDPOINT_TEXT_MAX];
	struct casefile *c = NULL;
	struct mark m;
	bool ok;

	if (!mark_wording_read(&said, target, &m, reterr))
		return false;
	m.made_s = time(NULL);
	ok = open_case(s, true, &c, reterr) && mark_put(c, &m, &m.id, reterr);
	case_close(c);
	if (ok)
		print_mark(out, &m, s->json);
	return ok;
}

struct lister {
	struct output *out;
	bool json;
};

static bool list_one(void *context, const struct mark *m, struct err *reterr)
{
	struct lister *l = context;

	print_mark(l->out, m, l->json);
	return output_step(l->out, reterr);
}

static bool list(const struct settings *s, struct output *out, struct err *reterr)
{
	struct lister l = { out, s->json };
	const char *of = s->operand_count > 1 ? s->operands[1] : NULL;
	char target[ENDPOINT_TEXT_MAX];
	struct casefile *c = NULL;
	struct endpoint e;
	bool ok;

	if (of != NULL) {
		if (!endpoint_parse(&e, of, strlen(of))) {
			err_set(reterr, ERR_INPUT, "'target' is a domain name or an address");
			return false;
		}
		(void)endpoint_format(&e, target);
	}
	ok = open_case(s, false, &c, reterr) &&
	     mark_each(c, of == NULL ? NULL : target, list_one, &l, reterr);
	case_close(c);
	return ok;
}

static bool retire(const struct settings *s, struct err *reterr)
{
	struct casefile *c = NULL;
	bool found = false, ok;
	uint64_t id;

	if (!opt_parse_number(s->operands[1], &id) || id > INT64_MAX) {
		err_set(reterr, ERR_INPUT, "'%.40s' is not the number of a mark", s->operands[1]);
		return false;
	}
	ok = open_case(s, true, &c, reterr) &&
	     mark_retire(c, (int64_t)id, time(NULL), &found, reterr);
	case_close(c);
	if (ok && !found)
		err_set(reterr, ERR_INPUT, "no mark of that number is in force");
	return ok && found;
}

bool marking_run(const struct settings *s, struct output *out, struct err *reterr)
{
	const struct form *f = find_form(s->operands[0]);
	size_t given = s->operand_count - 1;

	assert(f != NULL);
	if (given < f->least || given > f->most) {
		err_set(reterr, ERR_INPUT, "the words are: lodestone case %s", f->usage);
		return false;
	}
	if (s->until != NULL && strcmp(f->action, "mute") != 0) {
		err_set(reterr, ERR_INPUT, "'case %s' has no option '--until'", f->action);
		return false;
	}
	if (strcmp(f->action, "marks") == 0)
		return list(s, out, reterr);
	if (strcmp(f->action, "retire") == 0)
		return retire(s, reterr);
	return put(s, out, reterr);
}
