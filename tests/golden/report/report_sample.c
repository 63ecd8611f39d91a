/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report-sample FORM SAMPLE [ascii] [color] [COLUMNS]: a sample as one of the report's forms, on
 * stdout. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sample.h"

#define BYTES_MAX (256u << 20)

static bool print(const char *form, const struct report_input *in, const struct report_style *style)
{
	struct buf out;
	bool ok;

	buf_init(&out, BYTES_MAX);
	if (strcmp(form, "json") == 0)
		report_jsonl(&out, in);
	else if (strcmp(form, "text") == 0)
		report_text(&out, in, style);
	else if (strcmp(form, "html") == 0)
		report_html(&out, in);
	else if (strcmp(form, "health") == 0)
		report_health(&out, in, style);
	else
		out.failed = true;
	ok = buf_ok(&out) && fwrite(out.bytes, 1, out.len, stdout) == out.len;
	buf_release(&out);
	return ok;
}

int main(int argc, char **argv)
{
	struct report_style style = { .unicode = true, .columns = 100 };
	struct report_input in;
	struct arena memory;
	bool ok;

	arena_init(&memory, BYTES_MAX);
	for (int i = 3; i < argc; i++) {
		style.unicode = style.unicode && strcmp(argv[i], "ascii") != 0;
		style.color = style.color || strcmp(argv[i], "color") == 0;
		if (atoi(argv[i]) > 0)
			style.columns = (unsigned)atoi(argv[i]);
	}
	ok = argc > 2 && sample_make(argv[2], &memory, &in) && print(argv[1], &in, &style);
	arena_release(&memory);
	return ok ? 0 : 2;
}
