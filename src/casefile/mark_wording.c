/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "casefile/mark_wording.h"

#include <stdio.h>
#include <string.h>

#include "base/stamp.h"

static bool is_verdict(const char *word)
{
	/* those of the tool, which stands below this folder's reach (finding/explanation.h) */
	static const char *const verdicts[] = { "unusual", "ordinary", "cannot tell" };

	for (size_t i = 0; i < COUNT_OF(verdicts); i++)
		if (strcmp(verdicts[i], word) == 0)
			return true;
	return false;
}

/* What is wrong with it, or NULL. */
static const char *fault_of(const struct mark *m)
{
	if (strlen(m->word) > MARK_WORD_MAX)
		return "the 'word' is longer than 60 bytes";
	if (strlen(m->text) > MARK_TEXT_MAX)
		return "the 'text' is longer than 8000 bytes";
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

bool mark_wording_read(const struct mark_wording *w, char target[static ENDPOINT_TEXT_MAX],
    struct mark *ret, struct err *reterr)
{
	struct mark m = { .target = target, .word = w->word, .text = w->text };
	struct endpoint e;
	const char *fault = NULL;

	if (!endpoint_parse(&e, w->target, strlen(w->target)))
		fault = "'target' is a domain name or an address";
	else if (!mark_kind_find(w->kind, &m.kind))
		fault = "'kind' is note, tag, mute or verdict";
	else if (!read_until(w->until, &m))
		fault = "'until' is a day such as 2026-01-31";
	else
		fault = fault_of(&m);
	if (fault != NULL) {
		err_set(reterr, ERR_INPUT, "%s", fault);
		return false;
	}
	(void)endpoint_format(&e, target);
	*ret = m;
	return true;
}
