/* SPDX-License-Identifier: GPL-3.0-or-later */
/* EVE events of type smtp: one message each, or a session that came to none. */
#ifndef EVIDENCE_EVE_SMTP_H
#define EVIDENCE_EVE_SMTP_H

#include <stdbool.h>

#include "base/attr.h"
#include "evidence/delivery.h"
#include "evidence/eve.h"
#include "wire/json_keys.h"

struct eve_smtp {
	struct json_keys smtp_keys;
	struct json_keys email_keys;
	struct delivery delivery;
	bool is_ready; /* to be given out by eve_smtp_next() */
};

void eve_smtp_init(struct eve_smtp *s);

/*
 * email is the event's object of that name, if it has one. NULL: taken, and eve_smtp_next() has
 * it; or why not, a static text.
 */
const char *eve_smtp_take(
    struct eve_smtp *s, const struct eve_event *event, const struct json_value *email) MUST_USE;

/* The event taken as a record, once, borrowed until the next one is. False: none is left. */
bool eve_smtp_next(struct eve_smtp *s, struct record *ret) MUST_USE;

#endif
