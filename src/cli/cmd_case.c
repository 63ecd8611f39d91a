/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lodestone case: its sources, whether its files are whole, fewer segments, marks on its targets. */
#include <inttypes.h>
#include <string.h>

#include "cli/command.h"
#include "cli/custody.h"
#include "cli/diag.h"
#include "cli/health.h"
#include "cli/marking.h"
#include "cli/output.h"
#include "cli/screen.h"
#include "cli/typo.h"
#include "cli/workspace.h"
#include "report/report.h"
#include "serve/source_json.h"

#define TABLE_BYTES_MAX (1u << 30)

static const struct opt *const options[] = { &opt_case, &opt_json, &opt_until, &opt_jobs,
	&opt_verbose, &opt_help, NULL };

static const struct action actions[] = {
	{ "sources", "list the evidence of the case and its health" },
	{ "verify", "recompute every digest; exit with 1 when one disagrees" },
	{ "compact", "merge the segments of the haystack into one" },
	{ "note", "note TARGET TEXT: write a note on a target" },
	{ "tag", "tag TARGET WORD: put a tag on a target" },
	{ "mute", "mute TARGET REASON: mute a target, for good or until a day" },
	{ "verdict", "verdict TARGET WORD [WHY]: say what it is, beside the tool's verdict" },
	{ "marks", "marks [TARGET]: list notes, tags, mutes and verdicts in force" },
	{ "retire", "retire NUMBER: take a mark back; it stays in the catalogue" },
	{ NULL, NULL },
};

/* ---- sources ---- */

static bool print_source(void *context, const struct source *s, struct err *reterr)
{
	struct output *out = context;
	struct printer p;

	printer_init(&p, &out->buf);
	source_json(&p, s);
	printer_line(&p);
	return output_step(out, reterr);
}

static bool print_table(struct workspace *w, struct buf *out, struct err *reterr)
{
	struct report_input input = { .result = NULL };
	struct report_style style = screen_style();
	struct arena memory;
	bool ok;

	arena_init(&memory, TABLE_BYTES_MAX);
	ok = health_lines(w->casefile, &memory, &input.health, &input.health_count, reterr);
	if (ok)
		report_health(out, &input, &style);
	arena_release(&memory);
	return ok;
}

static bool sources(
    struct workspace *w, const struct settings *s, struct output *out, struct err *reterr)
{
	return s->json ? case_each_source(w->casefile, print_source, out, reterr)
		       : print_table(w, &out->buf, reterr);
}

/* ---- verify ---- */

struct agreement {
	struct haystack *haystack;
	struct buf *out;
	uint64_t sources;
	uint64_t with_contacts;
	struct custody custody;
	bool agrees;
};

static bool check_source(void *context, const struct source *s, struct err *reterr)
{
	struct agreement *a = context;
	char hex[DIGEST_TEXT_MAX];
	char name[1024];

	a->sources++;
	if (!custody_check(&a->custody, s, a->out, reterr))
		return false;
	if (haystack_has_source(a->haystack, &s->content)) {
		a->with_contacts++;
		return true;
	}
	if (s->contacts == 0)
		return true;
	digest_format(&s->content, hex);
	(void)diag_escape(s->name, name, sizeof(name));
	buf_printf(a->out, "the haystack lacks source %s (%s); ingest it again\n", hex, name);
	a->agrees = false;
	return true;
}

/* Opening the case has checked every segment against its digest already. */
static bool verify(struct workspace *w, struct output *out, bool *ret_agrees, struct err *reterr)
{
	struct agreement a = { .haystack = w->haystack, .out = &out->buf, .agrees = true };
	size_t stored = haystack_source_count(w->haystack);

	if (!case_check(w->casefile, reterr) ||
	    !case_each_source(w->casefile, check_source, &a, reterr))
		return false;
	if (stored > a.with_contacts) {
		buf_printf(&out->buf,
		    "the catalogue lacks %" PRIu64
		    " sources of the haystack; ingest the evidence again\n",
		    stored - a.with_contacts);
		a.agrees = false;
	}
	if (a.agrees)
		buf_printf(&out->buf,
		    "segments, manifest and catalogue agree: segments %zu, bytes %" PRIu64
		    ", sources %" PRIu64 "\n",
		    haystack_segment_count(w->haystack), haystack_bytes(w->haystack), a.sources);
	custody_print(&a.custody, &out->buf);
	*ret_agrees = a.agrees && a.custody.changed == 0;
	return true;
}

/* ---- the command ---- */

static int unknown_action(const char *word)
{
	struct typo t;

	typo_init(&t, word, strlen(word));
	for (size_t i = 0; actions[i].name != NULL; i++)
		typo_try(&t, actions[i].name);
	if (t.best != NULL)
		diag_say("no action '%s' of 'case', did you mean '%s'?", word, t.best);
	else
		diag_say("no action '%s' of 'case', try 'lodestone case --help'", word);
	return 2;
}

static bool is_action(const char *word)
{
	for (size_t i = 0; actions[i].name != NULL; i++) {
		if (strcmp(word, actions[i].name) == 0)
			return true;
	}
	return false;
}

static bool act(const char *action, const struct settings *s, struct workspace *w,
    struct output *out, bool *ret_agrees, struct err *reterr)
{
	if (strcmp(action, "sources") == 0)
		return sources(w, s, out, reterr);
	if (strcmp(action, "verify") == 0)
		return verify(w, out, ret_agrees, reterr);
	return haystack_compact(w->haystack, 1, w->jobs, reterr);
}

static int run_marking(const struct settings *s)
{
	struct err err = { .code = ERR_NONE };
	struct output out;
	bool ok;

	output_init(&out);
	ok = marking_run(s, &out, &err) && output_flush(&out, &err);
	if (!ok && !out.broken)
		diag_err(&err);
	output_release(&out);
	return ok ? 0 : 2;
}

static int run(const struct settings *s)
{
	const char *action = s->operand_count == 0 ? "" : s->operands[0];
	struct workspace w;
	struct output out;
	struct err err = { .code = ERR_NONE };
	bool agrees = true;
	bool ok;

	if (s->operand_count == 0) {
		diag_say(
		    "case needs an action, such as sources, verify or note; try 'lodestone case"
		    " --help'");
		return 2;
	}
	if (!is_action(action))
		return unknown_action(action);
	if (marking_is(action))
		return run_marking(s);
	if (s->operand_count != 1 || s->until != NULL) {
		diag_say("'case %s' takes nothing else", action);
		return 2;
	}
	if (s->json && strcmp(action, "sources") != 0) {
		diag_say("'case %s' has no option '--json'", action);
		return 2;
	}
	output_init(&out);
	ok = workspace_open(
		 &w, s, strcmp(action, "compact") == 0 ? WORKSPACE_WRITE : WORKSPACE_READ, &err) &&
	     act(action, s, &w, &out, &agrees, &err) && output_flush(&out, &err);
	if (!ok && !out.broken)
		diag_err(&err);
	/* what verify looks for is damage, and then the answer is no */
	if (!ok && strcmp(action, "verify") == 0 && err.code == ERR_DAMAGED)
		agrees = false;
	workspace_close(&w, out.broken);
	output_release(&out);
	return !agrees ? 1 : ok ? 0 : 2;
}

const struct command cmd_case = {
	.name = "case",
	.operands = "ACTION [ARGUMENT...]",
	.about = "list the sources of a case, verify it, compact it, mark its targets",
	.options = options,
	.actions = actions,
	.run = run,
};
