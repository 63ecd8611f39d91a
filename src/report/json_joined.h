/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The member "joined" of lodestone.finding/1. */
#ifndef REPORT_JSON_JOINED_H
#define REPORT_JSON_JOINED_H

#include "finding/joined.h"
#include "report/printer.h"

void json_joined(struct printer *p, const struct finding_joined *j);

#endif
