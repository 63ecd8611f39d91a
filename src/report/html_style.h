/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_HTML_STYLE_H
#define REPORT_HTML_STYLE_H

/* The style sheet of the page: static text without < & or ]]>. */
extern const char html_style[];

#endif
