/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Cut any bytes into packets, and check what a framing owes its caller: it comes to an end, each
 * packet lies in the input, behind the one before, and nothing is said to be consumed that was
 * not there. What is in the packets is another harness's: the tables for it take far longer to
 * set up than a small capture takes to read.
 */
#ifndef TESTS_FUZZ_FRAMING_H
#define TESTS_FUZZ_FRAMING_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "evidence/codec.h"
#include "evidence/framing.h"

static inline void must(bool ok)
{
	if (!ok)
		abort();
}

static inline void run_framing(
    const struct framing_kind *kind, struct stream *s, const uint8_t *bytes, size_t len)
{
	struct framing *f = NULL;
	struct health h = { .count = 0 };
	struct captured c;
	struct err err = { .code = ERR_NONE };
	uint64_t behind = 0;
	uint64_t skipped = 0;
	enum next next;

	if (!kind->open(s, &h, &f, &err)) {
		must(err.code == ERR_INPUT); /* not even a whole file header */
		return;
	}
	while ((next = kind->next(f, &c, &err)) != NEXT_END) {
		must(next == NEXT_ITEM || next == NEXT_SKIPPED);
		skipped += next == NEXT_SKIPPED;
		if (next == NEXT_SKIPPED)
			continue;
		must(c.offset >= behind && c.offset + c.len <= kind->consumed(f));
		must(memmem(bytes + c.offset, len - c.offset, c.bytes, c.len) != NULL);
		must(c.digits <= 9);
		behind = kind->consumed(f);
		must(behind <= len);
	}
	must(skipped == health_total(&h));
	must(kind->consumed(f) <= len && stream_offset(s) == len);
	kind->close(f);
}

static inline void fuzz_framing(const struct framing_kind *kind, const uint8_t *bytes, size_t len)
{
	const int fd = memfd_create("input", 0);
	struct stream *s = NULL;
	char path[64];

	must(fd >= 0 && write(fd, bytes, len) == (ssize_t)len);
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (codec_detect(bytes, len) == NULL) { /* decompression is another harness's, too */
		must(stream_open(path, &s, NULL));
		run_framing(kind, s, bytes, len);
		stream_close(s);
	}
	(void)close(fd);
}

#endif
