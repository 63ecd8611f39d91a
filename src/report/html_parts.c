/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/html_parts.h"

#include <string.h>

#include "finding/words.h"

void html_endpoint(struct markup *m, const struct endpoint *e)
{
	char text[ENDPOINT_TEXT_MAX];
	size_t len = endpoint_format(e, text);

	markup_begin(m, "bdi");
	markup_attr(m, "class", "host");
	/* a long name may be broken behind a dot, and the style lets it nowhere else */
	for (size_t at = 0; at < len;) {
		const char *dot =
		    e->form == ENDPOINT_NAME ? memchr(text + at, '.', len - at) : NULL;
		size_t next = dot == NULL ? len : (size_t)(dot - text) + 1;

		markup_text_len(m, text + at, next - at);
		if (next < len) {
			markup_begin(m, "wbr");
			markup_end(m);
		}
		at = next;
	}
	markup_end(m);
}

void html_begin_groups(
    struct markup *m, const char *caption, const struct html_head *heads, size_t count)
{
	markup_begin(m, "div");
	markup_attr(m, "class", "wide");
	markup_attr(m, "role", "region");
	markup_attr(m, "aria-label", caption);
	markup_attr(m, "tabindex", "0");
	markup_begin(m, "table");
	markup_element(m, "caption", NULL, caption);
	markup_begin(m, "thead");
	markup_begin(m, "tr");
	for (size_t i = 0; i < count; i++) {
		markup_begin(m, "th");
		markup_attr(m, "scope", "col");
		if (heads[i].class != NULL)
			markup_attr(m, "class", heads[i].class);
		markup_text(m, heads[i].text);
		markup_end(m);
	}
	markup_end(m);
	markup_end(m);
}

void html_end_groups(struct markup *m)
{
	markup_end(m);
	markup_end(m);
}

void html_begin_table(
    struct markup *m, const char *caption, const struct html_head *heads, size_t count)
{
	html_begin_groups(m, caption, heads, count);
	markup_begin(m, "tbody");
}

void html_end_table(struct markup *m)
{
	markup_end(m);
	html_end_groups(m);
}

struct buf *html_begin_cell(struct markup *m, const char *element, const char *class)
{
	markup_begin(m, element);
	if (strcmp(element, "th") == 0)
		markup_attr(m, "scope", "row");
	if (class != NULL)
		markup_attr(m, "class", class);
	return markup_words(m);
}

void html_number_cell(struct markup *m, double value, unsigned digits)
{
	words_number(html_begin_cell(m, "td", "n"), value, digits);
	markup_end(m);
}

void html_p_cell(struct markup *m, double p)
{
	words_p(html_begin_cell(m, "td", "n"), p);
	markup_end(m);
}

void html_count_cell(struct markup *m, uint64_t value)
{
	words_count(html_begin_cell(m, "td", "n"), value);
	markup_end(m);
}
