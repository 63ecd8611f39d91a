/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The case as a whole: what the last hunt followed from, and the evidence with its health. */
#include "serve/api.h"

#include "report/member.h"
#include "serve/source_json.h"

static const char *const state_words[] = {
	[NAMES_READING] = "reading",
	[NAMES_READY] = "ready",
	[NAMES_FAILED] = "failed",
};

bool api_case(struct serving *s, const struct request *r, struct answer *a, struct err *reterr)
{
	const struct view *v = &s->view;
	struct printer *p = &a->printer;
	enum names_state state = names_state(v->names);

	(void)r;
	(void)reterr;
	printer_begin_map(p);
	member_text(p, "version", s->settings->version);
	printer_map_key(p, "edit");
	printer_boolean(p, s->settings->edit);
	member_text(p, "names_state", state_words[state]);
	member_text(p, "names_why", state == NAMES_FAILED ? names_why(v->names) : NULL);
	member_count(p, "names", state == NAMES_READY ? names_count(v->names) : 0);
	printer_map_key(p, "hunt");
	if (v->findings.hunt.len == 0)
		printer_null(p);
	else
		printer_raw(p, v->findings.hunt.bytes, v->findings.hunt.len);
	printer_end(p);
	return true;
}

struct source_page {
	struct answer *answer;
	struct page page;
	uint64_t at;
};

static bool count_source(void *context, const struct source *s, struct err *reterr)
{
	(void)s;
	(void)reterr;
	++*(uint64_t *)context;
	return true;
}

static bool print_source(void *context, const struct source *s, struct err *reterr)
{
	struct source_page *sp = context;
	uint64_t at = sp->at++;

	(void)reterr;
	if (at >= sp->page.offset && at - sp->page.offset < sp->page.limit)
		source_json(&sp->answer->printer, s);
	return true;
}

bool api_sources(struct serving *s, const struct request *r, struct answer *a, struct err *reterr)
{
	struct source_page sp = { .answer = a };
	uint64_t total = 0;

	if (!request_page(r, &sp.page, a))
		return true;
	if (!case_each_source(s->view.casefile, count_source, &total, reterr))
		return false;
	answer_begin_page(a, &sp.page, total);
	if (!case_each_source(s->view.casefile, print_source, &sp, reterr))
		return false;
	printer_end(&a->printer);
	printer_end(&a->printer);
	return true;
}
