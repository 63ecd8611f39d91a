/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What took a name's place, or came before it, in plain words. */
#ifndef FINDING_SUCCESSION_WORDS_H
#define FINDING_SUCCESSION_WORDS_H

#include "base/buf.h"
#include "finding/tests.h"

/* Sentences, each with a space before it; nothing where no other name was found. */
void succession_words_say(struct buf *b, const struct test_succession *t);

/* "mail2.example.net, first met 4 days after its last contact, with the same address and peers". */
void succession_words_entry(struct buf *b, const struct succession_entry *e);

#endif
