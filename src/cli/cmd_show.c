/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lodestone show: the dossier of one target. */
#include <string.h>

#include "cli/bindings.h"
#include "cli/command.h"
#include "cli/diag.h"
#include "cli/hunting.h"
#include "cli/nearest.h"
#include "cli/output.h"
#include "cli/screen.h"

static const struct opt *const options[] = { &opt_case, &opt_json, &opt_ascii, &opt_allow,
	&opt_holidays, &opt_events, &opt_prior, &opt_networks, &opt_places, &opt_popularity,
	&opt_seed, &opt_memory, &opt_verbose, &opt_help, NULL };

/* The target is not among the names that can be told of: which were perhaps meant? */
static bool say_unknown(
    struct workspace *w, const struct endpoint *target, uint64_t contacts, struct err *reterr)
{
	char text[ENDPOINT_TEXT_MAX], near[ENDPOINT_TEXT_MAX];
	struct nearest nearest;

	(void)endpoint_format(target, text);
	if (contacts > 0) {
		diag_say(
		    "'%s' was only called for within a local network (mDNS, LLMNR), which is not"
		    " tested; 'lodestone contacts --target' prints the rows",
		    text);
		return true;
	}
	if (!nearest_find(w->haystack, target, &nearest, reterr))
		return false;
	if (nearest.count == 0)
		diag_say("the case has no contact with '%s'", text);
	for (size_t i = 0; i < nearest.count; i++) {
		(void)endpoint_format(&nearest.targets[i], near);
		if (i == 0)
			diag_say(
			    "the case has no contact with '%s', did you mean '%s'?", text, near);
		else
			diag_say("or '%s'?", near);
	}
	return true;
}

static bool write_dossiers(struct workspace *w, const struct settings *s,
    const struct endpoint *target, const struct report_input *found, struct arena *memory,
    struct output *out, struct err *reterr)
{
	struct dossier_input input = { .result = found->result,
		.health = found->health,
		.health_count = found->health_count,
		.basis = &found->basis,
		.case_dir = s->case_dir };
	struct report_style style = screen_style();

	style.unicode = style.unicode && !s->ascii;
	if (!bindings_read(w->haystack, target, memory, &input, reterr))
		return false;
	for (size_t i = 0; i < found->result->finding_count; i++) {
		input.finding = &found->result->findings[i];
		if (i > 0)
			buf_u8(&out->buf, '\n');
		report_dossier(&out->buf, &input, &style);
	}
	return true;
}

static bool show(struct workspace *w, const struct settings *s, const struct endpoint *target,
    struct output *out, bool *ret_found, struct err *reterr)
{
	struct report_input found = { .result = NULL };
	struct arena memory;
	bool ok;

	arena_init(&memory, HUNTING_BYTES_MAX);
	ok = hunting_run(
	    w, s, &(struct hunting_of){ .only = target, .beside = true }, &memory, &found, reterr);
	if (ok) {
		*ret_found = found.result->finding_count > 0;
		if (!*ret_found)
			ok = say_unknown(w, target, found.result->contacts, reterr);
		else if (s->json)
			report_jsonl(&out->buf, &found);
		else
			ok = write_dossiers(w, s, target, &found, &memory, out, reterr);
		ok = ok && output_flush(out, reterr);
	}
	arena_release(&memory);
	return ok;
}

static int run(const struct settings *s)
{
	struct workspace w;
	struct output out;
	struct endpoint target;
	struct err err = { .code = ERR_NONE };
	bool ok, found = false;

	if (s->operand_count != 1) {
		diag_say(
		    "show takes one target, a domain name or an address; name the case with -C");
		return 2;
	}
	if (!endpoint_parse(&target, s->operands[0], strlen(s->operands[0]))) {
		diag_say("'%s' is neither a domain name nor an address", s->operands[0]);
		return 2;
	}
	output_init(&out);
	ok =
	    workspace_open(&w, s, WORKSPACE_LOOK, &err) && show(&w, s, &target, &out, &found, &err);
	if (!ok && !out.broken)
		diag_err(&err);
	workspace_close(&w, out.broken);
	output_release(&out);
	return ok && found ? 0 : 2;
}

const struct command cmd_show = {
	.name = "show",
	.operands = "TARGET",
	.about = "print all about one target: words, tests, pictures, peers, facts",
	.options = options,
	.run = run,
};
