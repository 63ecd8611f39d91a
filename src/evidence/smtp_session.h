/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SMTP sessions of captures, many at a time: the octets of TCP streams become deliveries, one for
 * each mail transaction, and one for a session that had none. At most LIMIT_SMTP_SESSIONS are
 * followed; the one that has been silent longest makes room, and is told of as far as it came.
 *
 *	smtp_sessions_take(s, &message, digits);
 *	while (smtp_sessions_next(s, &record))
 *		...
 *
 * and at the end of the capture smtp_sessions_finish() in place of smtp_sessions_take().
 */
#ifndef EVIDENCE_SMTP_SESSION_H
#define EVIDENCE_SMTP_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "evidence/health.h"
#include "evidence/reader.h"
#include "wire/tcp_stream.h"

struct smtp_sessions;

/* health is the caller's and outlives it. */
bool smtp_sessions_new(
    struct health *health, struct smtp_sessions **ret, struct err *reterr) MUST_USE;
void smtp_sessions_free(struct smtp_sessions *s);

/* All that it keeps is in so many bytes from its address on: for those who look what is left there. */
extern const size_t smtp_sessions_bytes;

/*
 * Take the next octets of a stream. The ones before must have been drained. *m is copied; its bytes
 * are borrowed until smtp_sessions_next() has said false. digits are those of the capture's clock.
 */
void smtp_sessions_take(struct smtp_sessions *s, const struct tcp_message *m, uint8_t digits);

/* The capture has ended: every session is told of. */
void smtp_sessions_finish(struct smtp_sessions *s);

/* The next record, borrowed until the next call. False: take more. */
bool smtp_sessions_next(struct smtp_sessions *s, struct record *ret) MUST_USE;

#endif
