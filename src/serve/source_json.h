/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lodestone.source/1: one source of a case, key by key as in schema/source-v1.schema.json. */
#ifndef SERVE_SOURCE_JSON_H
#define SERVE_SOURCE_JSON_H

#include "casefile/case.h"
#include "report/printer.h"

/* A whole object, as a value. */
void source_json(struct printer *p, const struct source *s);

/* Is this no loss, but what was assumed where a log says nothing? */
bool source_json_assumed(const struct source_skip *s);

#endif
