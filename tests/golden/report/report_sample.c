/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report-sample FORM SAMPLE [ascii] [color] [COLUMNS]: a sample as one of the report's forms, on
 * stdout. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/export.h"
#include "sample.h"

#define BYTES_MAX (256u << 20)

/* All findings of the sample, the second as if it had been looked at alone. */
static void write_dossiers(
    const struct report_input *in, const struct report_style *style, struct buf *out)
{
	static const struct dossier_fact facts[] = {
		{ false, 1, { ENDPOINT_V4, 4, { 192, 0, 2, 25 } }, 3570, { 0, 0 }, { 1, 0 } },
		{ true, 15, { ENDPOINT_NAME, 7, "\5\x1b[2J\xff" }, 2, { 0, 0 }, { 1, 0 } },
	};
	struct dossier_input dossier = {
		.result = in->result, .health = in->health, .health_count = in->health_count
	};

	for (size_t i = 0; i < in->result->finding_count; i++) {
		struct finding f = in->result->findings[i];

		f.q = i == 1 ? (double)NAN : f.q;
		dossier.finding = &f;
		dossier.facts = i == 0 ? facts : NULL;
		dossier.fact_count = i == 0 ? sizeof(facts) / sizeof(facts[0]) : 0;
		dossier.facts_cut = i == 0;
		dossier.case_dir = i == 0 ? "a\x1b'c" : NULL;
		report_dossier(out, &dossier, style);
	}
}

static void write_form(const char *form, const struct report_input *in,
    const struct report_style *style, struct buf *out)
{
	if (strcmp(form, "json") == 0)
		report_jsonl(out, in);
	else if (strcmp(form, "text") == 0)
		report_text(out, in, style);
	else if (strcmp(form, "html") == 0)
		report_html(out, in);
	else if (strcmp(form, "health") == 0)
		report_health(out, in, style);
	else if (strcmp(form, "dossier") == 0)
		write_dossiers(in, style, out);
	else if (export_find(form) != NULL)
		export_find(form)->write(out, in);
	else
		out->failed = true;
}

/* The form in every 61st size of memory that is too small: does each tell of it? */
static bool starve(
    const char *form, const struct report_input *in, const struct report_style *style, size_t whole)
{
	bool told = whole > 0;

	for (size_t max = 0; max < whole && told; max += 61) {
		struct buf out;

		buf_init(&out, max);
		write_form(form, in, style, &out);
		told = !buf_ok(&out) && out.len <= max;
		buf_release(&out);
	}
	return told;
}

static bool print(const char *form, const struct report_input *in, const struct report_style *style,
    bool starving)
{
	struct buf out;
	bool ok;

	buf_init(&out, BYTES_MAX);
	write_form(form, in, style, &out);
	ok = buf_ok(&out);
	if (ok && starving)
		ok = starve(form, in, style, out.len);
	else if (ok)
		ok = fwrite(out.bytes, 1, out.len, stdout) == out.len;
	buf_release(&out);
	return ok;
}

int main(int argc, char **argv)
{
	struct report_style style = { .unicode = true, .terminal = true, .columns = 100 };
	struct report_input in;
	struct arena memory;
	bool starving = false;
	bool ok;

	arena_init(&memory, BYTES_MAX);
	for (int i = 3; i < argc; i++) {
		style.unicode = style.unicode && strcmp(argv[i], "ascii") != 0;
		style.color = style.color || strcmp(argv[i], "color") == 0;
		starving = starving || strcmp(argv[i], "starve") == 0;
		if (atoi(argv[i]) > 0)
			style.columns = (unsigned)atoi(argv[i]);
	}
	ok =
	    argc > 2 && sample_make(argv[2], &memory, &in) && print(argv[1], &in, &style, starving);
	arena_release(&memory);
	return ok ? 0 : 2;
}
