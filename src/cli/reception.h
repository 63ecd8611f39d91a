/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ingest --listen: what comes over a socket becomes a file of the case, to be ingested as any other. */
#ifndef CLI_RECEPTION_H
#define CLI_RECEPTION_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"
#include "cli/settings.h"
#include "cli/workspace.h"

/*
 * Listen where s->listen says, until a sender ends, s->lasting is over or a signal comes, which is
 * then answered. *ret_path is the file in CASE/received/, named by its digest and freed by the
 * caller, or NULL where nothing came. Killed, it leaves what came under a name that begins with
 * "receiving-".
 */
bool reception_run(
    struct workspace *w, const struct settings *s, char **ret_path, struct err *reterr) MUST_USE;

#endif
