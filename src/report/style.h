/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Terminal looks: weight of the letters, where colors are wanted, and paragraphs of a width. */
#ifndef REPORT_STYLE_H
#define REPORT_STYLE_H

#include "base/buf.h"
#include "report/report.h"

#define STYLE_PARAGRAPH_MAX 16384

void style_strong(struct buf *out, const struct report_style *s);
void style_dim(struct buf *out, const struct report_style *s);
void style_plain(struct buf *out, const struct report_style *s);

/* The words as lines of at most s->columns characters; they are cleared. Nothing for no words. */
void style_paragraph(struct buf *out, const struct report_style *s, struct buf *words);

#endif
