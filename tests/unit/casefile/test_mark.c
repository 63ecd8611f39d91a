/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "casefile/mark.h"

/* A fresh case, open for writing. */
struct place {
	char folder[64];
	struct casefile *casefile;
};

static int make_place(void **state)
{
	struct place *p = calloc(1, sizeof(*p));
	char dir[96];

	(void)snprintf(p->folder, sizeof(p->folder), "/tmp/lodestone-mark-XXXXXX");
	if (mkdtemp(p->folder) == NULL)
		return -1;
	(void)snprintf(dir, sizeof(dir), "%s/case", p->folder);
	*state = p;
	return case_open(dir, true, true, &p->casefile, NULL) ? 0 : -1;
}

static int remove_place(void **state)
{
	struct place *p = *state;
	char command[128];

	case_close(p->casefile);
	(void)snprintf(command, sizeof(command), "rm -rf '%s'", p->folder);
	if (system(command) != 0)
		return -1;
	free(p);
	return 0;
}

struct heard {
	char text[512];
	size_t count;
};

/* "target kind word text until;" of each */
static bool hear(void *context, const struct mark *m, struct err *reterr)
{
	struct heard *h = context;
	size_t len = strlen(h->text);

	(void)reterr;
	h->count++;
	(void)snprintf(h->text + len, sizeof(h->text) - len, "%s %s '%s' '%s' %lld;", m->target,
	    mark_kind_name(m->kind), m->word, m->text,
	    m->has_until ? (long long)m->until_day : -1LL);
	return true;
}

static const char *heard_of(struct place *p, const char *target)
{
	static struct heard h;

	h = (struct heard){ .count = 0 };
	assert_true(mark_each(p->casefile, target, hear, &h, NULL));
	return h.text;
}

static int64_t put(struct place *p, const struct mark *m)
{
	int64_t id = 0;

	assert_true(mark_put(p->casefile, m, &id, NULL));
	assert_true(id > 0);
	return id;
}

static void keeps_many_notes_but_one_mute_and_one_verdict(void **state)
{
	struct place *p = *state;
	struct mark m = { .kind = MARK_NOTE, .target = "a.example", .word = "", .text = "one" };

	put(p, &m);
	m.text = "two";
	put(p, &m);
	m = (struct mark){ .kind = MARK_MUTE,
		.target = "a.example",
		.word = "",
		.text = "ours",
		.has_until = true,
		.until_day = 20000 };
	put(p, &m);
	m.text = "ours still";
	put(p, &m);
	m = (struct mark){
		.kind = MARK_VERDICT, .target = "a.example", .word = "ordinary", .text = ""
	};
	put(p, &m);
	m.word = "unusual";
	put(p, &m);
	assert_string_equal(heard_of(p, "a.example"),
	    "a.example note '' 'one' -1;a.example note '' 'two' -1;"
	    "a.example mute '' 'ours still' 20000;a.example verdict 'unusual' '' -1;");
	assert_string_equal(heard_of(p, "b.example"), "");
}

static void keeps_each_tag_once(void **state)
{
	struct place *p = *state;
	struct mark m = { .kind = MARK_TAG, .target = "a.example", .word = "mail", .text = "" };

	put(p, &m);
	put(p, &m);
	m.word = "seen";
	put(p, &m);
	m.target = "b.example";
	put(p, &m);
	assert_string_equal(heard_of(p, NULL),
	    "a.example tag 'mail' '' -1;a.example tag 'seen' '' -1;b.example tag 'seen' '' -1;");
}

static void what_is_taken_back_is_no_longer_told(void **state)
{
	struct place *p = *state;
	const struct mark m = {
		.kind = MARK_NOTE, .target = "a.example", .word = "", .text = "<b>\xe2\x80\xae"
	};
	int64_t id = put(p, &m);
	bool found = false;

	assert_true(mark_retire(p->casefile, id, 5, &found, NULL));
	assert_true(found);
	assert_string_equal(heard_of(p, NULL), "");
	assert_true(mark_retire(p->casefile, id, 6, &found, NULL));
	assert_false(found);
	/* its number is not given again */
	assert_true(put(p, &m) > id);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    keeps_many_notes_but_one_mute_and_one_verdict, make_place, remove_place),
		cmocka_unit_test_setup_teardown(keeps_each_tag_once, make_place, remove_place),
		cmocka_unit_test_setup_teardown(
		    what_is_taken_back_is_no_longer_told, make_place, remove_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
