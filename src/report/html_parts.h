/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the page share. */
#ifndef REPORT_HTML_PARTS_H
#define REPORT_HTML_PARTS_H

#include "finding/finding.h"
#include "report/markup.h"
#include "report/report.h"

/* The section of one finding. */
void html_finding(struct markup *m, const struct finding *f);

/* What may lie behind it, mechanism beside mechanism; nothing where none was weighed. */
void html_explanations(struct markup *m, const struct finding *f);

/* The methods with their references, and the settings that can change a result. */
void html_methods(struct markup *m, const struct report_input *in);

/* Its table of peers; nothing where none is listed. */
void html_peers(struct markup *m, const struct finding *f);

/* A name or address as text that a right-to-left letter in it cannot turn. */
void html_endpoint(struct markup *m, const struct endpoint *e);

/* <table> in a box that scrolls on its own, with its caption and column heads; "n" heads are
 * numbers. */
struct html_head {
	const char *text;
	const char *class; /* NULL, or "n" for numbers */
};
void html_begin_table(
    struct markup *m, const char *caption, const struct html_head *heads, size_t count);
void html_end_table(struct markup *m);

/* The same for a table of several <tbody>, which the caller writes. */
void html_begin_groups(
    struct markup *m, const char *caption, const struct html_head *heads, size_t count);
void html_end_groups(struct markup *m);

/* Begin a cell (NULL class for none); the words go to what is returned. */
struct buf *html_begin_cell(struct markup *m, const char *element, const char *class);

void html_number_cell(struct markup *m, double value, unsigned digits);
void html_p_cell(struct markup *m, double p);
void html_count_cell(struct markup *m, uint64_t value);

#endif
