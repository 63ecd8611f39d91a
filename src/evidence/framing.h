/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How one kind of capture file is cut into packets: no more than that. What is in the packets is
 * read by packets.h; both are put together in capture.c. Damage is stepped over where the next
 * whole record can be told from noise.
 */
#ifndef EVIDENCE_FRAMING_H
#define EVIDENCE_FRAMING_H

#include "base/cursor.h"
#include "base/err.h"
#include "evidence/health.h"
#include "evidence/packets.h"
#include "evidence/reader.h"
#include "evidence/stream.h"

struct framing; /* a kind's own state */

struct framing_kind {
	/* s and h are the caller's and outlive it. */
	bool (*open)(struct stream *s, struct health *h, struct framing **ret, struct err *reterr);
	/* The next packet; its bytes are borrowed until the next call. */
	enum next (*next)(struct framing *f, struct captured *ret, struct err *reterr);
	void (*close)(struct framing *f);
	/* Behind the last whole record: where reading goes on when the file has grown. */
	uint64_t (*consumed)(const struct framing *f);
};

/* Where a framing stands: what all kinds keep. */
struct framing_place {
	struct stream *stream;
	struct health *health;
	uint64_t consumed; /* behind the last whole record */
};

/* Could a record begin where c does? framing is the kind's own. */
typedef bool framing_begins(const struct framing *framing, struct cursor c);

/*
 * The record at the current place is broken, or cut: count it, and step to the next place, at
 * least a byte on, where begins says yes, or to the end. begins is shown window bytes, fewer only
 * at the end of the input. Bytes of a file that still grows may end anywhere, so that consumed
 * stays where it is at a cut. NEXT_SKIPPED, or NEXT_FAILED.
 */
enum next framing_step_over(struct framing_place *p, const char *reason, size_t window,
    framing_begins *begins, const struct framing *framing, struct err *reterr);

#endif
