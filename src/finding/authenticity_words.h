/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The checks of authenticity in words: their names, what was seen, what speaks against it. */
#ifndef FINDING_AUTHENTICITY_WORDS_H
#define FINDING_AUTHENTICITY_WORDS_H

#include "base/buf.h"
#include "finding/tests.h"

/* "ttl", "digits", ...: as the output names them. Static. */
const char *authenticity_words_name(enum authenticity_check check);

/* What its p speaks against, by the innocent mechanism behind it. Static. */
const char *authenticity_words_null(enum authenticity_check check);

/* What is of concern where a part of it stands out. Static. */
const char *authenticity_words_concern(enum authenticity_check check, unsigned part);

/* "12 of 300 pauses are shorter than a cache allows, where 0.4 are expected". r->why is NULL. */
void authenticity_words_say(
    struct buf *b, enum authenticity_check check, const struct authenticity_result *r);

/* What no check of these can tell: to be printed wherever their verdict is. Static. */
extern const char authenticity_words_limit[];

#endif
