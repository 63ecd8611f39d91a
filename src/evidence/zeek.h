/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A row of a Zeek dns.log, conn.log, smtp.log or capture_loss.log, whatever notation it came in:
 * from the texts of its fields to a contact and facts, or to a loss. The fields used, and the rules, are in lodestone-evidence(5).
 */
#ifndef EVIDENCE_ZEEK_H
#define EVIDENCE_ZEEK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr_memo.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/stamp.h"
#include "contact/capture_loss.h"
#include "contact/contact.h"
#include "evidence/delivery.h"
#include "evidence/reader.h"

/* The logs of Zeek that are read. */
enum zeek_log {
	ZEEK_NO_LOG,
	ZEEK_DNS_LOG,
	ZEEK_CONN_LOG,
	ZEEK_SMTP_LOG,
	ZEEK_LOSS_LOG,
};

/* The fields that we read, by what the log calls them. */
enum zeek_field {
	ZEEK_TS,
	ZEEK_ORIG_H,
	ZEEK_RESP_H,
	ZEEK_RESP_P,
	ZEEK_CONN_STATE,
	ZEEK_OPCODE,
	ZEEK_QUERY,
	ZEEK_QCLASS,
	ZEEK_QTYPE,
	ZEEK_QTYPE_NAME,
	ZEEK_RCODE,
	ZEEK_RTT,
	ZEEK_HELO,
	ZEEK_DATE,
	ZEEK_MSG_ID,
	ZEEK_LAST_REPLY,
	ZEEK_TS_DELTA,
	ZEEK_GAPS,
	ZEEK_ACKS,
	ZEEK_PERCENT_LOST,
	ZEEK_ANSWERS,
	ZEEK_TTLS,
	ZEEK_FIELDS,
};

/* A field's text, escaped as Zeek does; bytes is NULL where the field is unset or absent. */
struct zeek_text {
	const uint8_t *bytes;
	size_t len;
};

/* One row under way; begins as zeros. Big: part of a reader, not of a stack frame. */
struct zeek_row {
	struct contact contact;
	struct endpoint owner; /* of the next answer; none before the first */
	bool factless;         /* no further answer can be given an owner, or is wanted */
	size_t fact_count;
	struct fact facts[LIMIT_LOG_ANSWERS];
	struct addr_memo memo; /* lasts from row to row */
};

/*
 * Begin a row: fill its contact from the fields, of which ZEEK_TS, ZEEK_ANSWERS and ZEEK_TTLS
 * are not looked at; time is that of the row. NULL, or the reason why the row gives no contact.
 */
const char *zeek_row_begin(struct zeek_row *row, struct stamp time,
    const struct zeek_text fields[static ZEEK_FIELDS]) MUST_USE;

/* The same for a row of conn.log, which has no answers. */
const char *zeek_conn_begin(struct zeek_row *row, struct stamp time,
    const struct zeek_text fields[static ZEEK_FIELDS]) MUST_USE;

/* A whole row of smtp.log; *ret borrows from d. NULL, or why it gives no contact. */
const char *zeek_smtp_read(struct delivery *d, struct stamp time,
    const struct zeek_text fields[static ZEEK_FIELDS], struct record *ret) MUST_USE;

/* A whole row of capture_loss.log; *ret borrows *loss. NULL, or why it tells nothing. */
const char *zeek_loss_read(struct capture_loss *loss, struct stamp time,
    const struct zeek_text fields[static ZEEK_FIELDS], struct record *ret) MUST_USE;

/* A whole number of digits alone, at most max, in a text that is set. */
bool zeek_number(struct zeek_text text, uint32_t max, uint32_t *ret) MUST_USE;

/* The next answer of the row in the log's order, with its TTL (unset: unknown). */
void zeek_row_answer(struct zeek_row *row, struct zeek_text answer, struct zeek_text ttl);

/* The finished row as a record, borrowed. */
struct record zeek_row_record(const struct zeek_row *row);

#endif
