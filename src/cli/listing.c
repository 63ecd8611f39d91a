/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/listing.h"

#include "cli/diag.h"
#include "cli/ingest.h"
#include "cli/operands.h"
#include "cli/workspace.h"

static bool print_all(
    const struct listing *l, struct workspace *w, struct output *out, struct err *reterr)
{
	const struct haystack_range range = { .tag = l->tag, .prefix = l->prefix, .parts = 1 };
	struct haystack_scan *scan = NULL;
	struct haystack_entry entry;
	bool end = false;
	bool any = false;
	bool ok = haystack_scan_new(w->haystack, &range, &scan, reterr);

	while (ok && !stop_asked(&w->stop) &&
	       (ok = haystack_scan_next(scan, &entry, &end, reterr)) && !end) {
		size_t before = out->buf.len;

		ok = l->print(l->context, w->haystack, &entry, &out->buf, reterr);
		any = any || out->buf.len > before;
		ok = ok && output_step(out, reterr);
	}
	haystack_scan_free(scan);
	if (ok && !any && l->none != NULL && !stop_asked(&w->stop))
		diag_say("%s", l->none);
	return ok && output_flush(out, reterr);
}

int listing_run(const struct listing *l, const struct settings *s)
{
	struct workspace w;
	struct ingest_result result = { .added = 0 };
	struct output out;
	struct err err = { .code = ERR_NONE };
	enum workspace_use use = s->operand_count == 0 ? WORKSPACE_READ : WORKSPACE_TEMPORARY;
	bool ok;

	if (s->case_dir != NULL && s->operand_count > 0) {
		diag_say("name a case or evidence, not both; 'lodestone ingest' puts evidence into "
			 "a case");
		return 2;
	}
	if (!operands_exist(s))
		return 2;
	output_init(&out);
	ok = workspace_open(&w, s, use, &err) &&
	     (use == WORKSPACE_READ ||
		 ingest(&w, s->operands, s->operand_count, NULL, s->memory, &result, &err)) &&
	     (result.stopped || print_all(l, &w, &out, &err));
	if (!ok && !out.broken)
		diag_err(&err);
	workspace_close(&w, out.broken);
	output_release(&out);
	return ok && !result.named_failed && !result.stopped ? 0 : 2;
}
