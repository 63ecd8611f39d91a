/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Members of a JSON object (RFC 8259, 4): a key with a value of one of the project's own types. */
#ifndef REPORT_MEMBER_H
#define REPORT_MEMBER_H

#include "finding/finding.h"
#include "report/printer.h"

void member_number(struct printer *p, const char *key, double value);
void member_count(struct printer *p, const char *key, uint64_t value);
void member_text(struct printer *p, const char *key, const char *text);
void member_time(struct printer *p, const char *key, struct stamp s);
void member_endpoint(struct printer *p, const char *key, const struct endpoint *e);

/* "losses": {...}; nothing where the sensors say nothing. */
void member_losses(struct printer *p, const struct sensor_losses *losses);
void member_strings(struct printer *p, const char *key, const char *const *lines, size_t count);

#endif
