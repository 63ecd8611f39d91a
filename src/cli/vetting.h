/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The evidence behind a finding, read once more for what the case does not keep of it. */
#ifndef CLI_VETTING_H
#define CLI_VETTING_H

#include "base/arena.h"
#include "cli/workspace.h"
#include "report/vet.h"

/*
 * Read the sources that hold the finding's contacts, as far as they are still where they were and
 * what they were; add their checks to f->tests.authenticity and judge it anew. ret->remarks says
 * what of the evidence could not be read again.
 */
bool vetting_reread(struct workspace *w, struct finding *f, struct arena *memory,
    struct vet_input *ret, struct err *reterr) MUST_USE;

#endif
