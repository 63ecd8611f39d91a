/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A log of one line a row, as a reader: what every such format has in common. A format's own file
 * is a table of what it does with one line, and its probe:
 *
 *	static const struct log_kind kind = { .state_bytes = sizeof(struct state), .row = mine_row };
 *
 *	static bool mine_open(
 *	    struct stream *s, struct health *h, struct reader **ret, struct err *reterr)
 *	{
 *		return log_open(&kind, s, h, ret, reterr);
 *	}
 *
 *	const struct reader_format reader_mine = { .name = "mine", .about = "...", .probe = mine_probe,
 *		.open = mine_open, .next = log_next, .close = log_close,
 *		.consumed = log_consumed, .resume = log_resume };
 *
 * Lines end with a newline, or a carriage return and one; empty ones are passed over. One that is
 * longer than LIMIT_LOG_LINE_BYTES is skipped. A last line without a newline is taken if it makes
 * a row; if not, its writer may not have finished it, and it is read again when the log has grown.
 */
#ifndef EVIDENCE_LOG_H
#define EVIDENCE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/cursor.h"
#include "base/err.h"
#include "evidence/health.h"
#include "evidence/reader.h"
#include "evidence/stream.h"

struct log_kind {
	size_t state_bytes; /* of the kind's own state, which begins as zeros */
	/*
	 * Can the beginning of a row look like a whole one, as of those that end with an address? Then
	 * a last line without a newline is never taken.
	 */
	bool open_ended;
	/* Make the state ready; it owns no memory beyond itself. NULL: zeros are ready. */
	void (*begin)(void *state);
	/*
	 * Take what is known of the source besides its bytes, and where to say what was assumed;
	 * both outlive the state. NULL: a log whose times are complete.
	 */
	void (*attach)(void *state, const struct hints *hints, struct health *health);
	/*
	 * Does this line, never empty, say how rows are to be read, and is none itself? Take what
	 * it says. It must do so by the line and the state alone: after growth, all lines before
	 * the new ones are shown to it once more. NULL: a log without such lines.
	 */
	bool (*header)(void *state, const uint8_t *line, size_t len);
	/*
	 * Read one row, never empty, into *ret, which may borrow from state and line until the
	 * next call. NULL, or why the row is skipped: a static text.
	 */
	const char *(*row)(void *state, const uint8_t *line, size_t len, struct record *ret);

	/*
	 * For logs whose rows make no record each, as queries and responses that are rows of their
	 * own. All four, or none: NULL.
	 */
	/* In place of begin: make the state ready, with memory of its own. health outlives it. */
	bool (*open)(void *state, struct health *health, struct err *reterr);
	/* Whatever open did, or began to do. */
	void (*close)(void *state);
	/* What the rows read so far have made, until NEXT_END; row then leaves *ret alone. */
	enum next (*more)(void *state, struct record *ret, struct err *reterr);
	/* There are no more rows: what is held back comes out of more(). */
	void (*finish)(void *state);
};

bool log_open(const struct log_kind *kind, struct stream *s, struct health *h, struct reader **ret,
    struct err *reterr) MUST_USE;

/* These are members of struct reader_format; reader.h has their contracts. */
enum next log_next(struct reader *r, struct record *ret, struct err *reterr);
void log_close(struct reader *r);
uint64_t log_consumed(const struct reader *r);
bool log_resume(struct reader *r, uint64_t offset, struct err *reterr);

/* The kind's state, for members of struct reader_format that a kind has of its own. */
const void *log_state(const struct reader *r);

/*
 * For probes: the next line of the head that is not empty, without its carriage return. NULL at
 * the end. The last one may be cut, as the head is.
 */
const uint8_t *log_head_line(struct cursor *head, size_t *ret_len);

#endif
