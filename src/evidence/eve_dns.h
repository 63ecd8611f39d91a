/* SPDX-License-Identifier: GPL-3.0-or-later */
/* EVE events of type dns, in the versions 1, 2 and 3: one message each, which are paired here. */
#ifndef EVIDENCE_EVE_DNS_H
#define EVIDENCE_EVE_DNS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "contact/vantage.h"
#include "evidence/eve.h"
#include "evidence/health.h"
#include "evidence/reader.h"

struct eve_dns;

/* health is the caller's and outlives it. */
bool eve_dns_new(struct health *health, struct eve_dns **ret, struct err *reterr) MUST_USE;
void eve_dns_free(struct eve_dns *d);

/* Have the object in that slot of the event read with the event, which eve_dns_take() relies on. */
void eve_dns_nest(struct eve_dns *d, struct json_keys *event_keys, unsigned slot);

/* NULL: taken, and eve_dns_next() may have records; or why not, a static text. */
const char *eve_dns_take(struct eve_dns *d, const struct eve_event *event) MUST_USE;

/* There are no more events. */
void eve_dns_finish(struct eve_dns *d);

/* The next finished record, borrowed until the next call. NEXT_END: take another event. */
enum next eve_dns_next(struct eve_dns *d, struct record *ret, struct err *reterr) MUST_USE;

enum vantage eve_dns_vantage(const struct eve_dns *d);

#endif
