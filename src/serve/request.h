/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was asked and what is answered, without the server between them: tests make both by hand. */
#ifndef SERVE_REQUEST_H
#define SERVE_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "contact/endpoint.h"
#include "report/printer.h"

#define REQUEST_BODY_MAX (64u << 10)

struct request {
	const char *method;
	const char *path;
	/* The decoded value of a word of the query, or NULL. */
	const char *(*argument)(void *context, const char *name);
	void *context;
	const uint8_t *body;
	size_t body_len;
};

#define ANSWER_BYTES_MAX (64u << 20)

struct answer {
	unsigned status; /* of HTTP */
	struct buf body; /* JSON */
	struct printer printer;
};

/* Status 200 and nothing in the body. */
void answer_init(struct answer *a);
void answer_release(struct answer *a);

/* Throw away what was written, and say in words why not: {"error": "..."}. Returns true. */
bool answer_refuse(struct answer *a, unsigned status, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* A part of a list. */
struct page {
	uint64_t offset;
	uint64_t limit;
};

#define PAGE_LIMIT     50
#define PAGE_LIMIT_MAX 1000

/*
 * Read an argument. Where there is none, *ret stays as it is. False: it cannot be read, and the
 * answer says so.
 */
bool request_page(const struct request *r, struct page *ret, struct answer *a) MUST_USE;
bool request_number(const struct request *r, const char *name, uint64_t least, uint64_t most,
    uint64_t *ret, struct answer *a) MUST_USE;
bool request_time(
    const struct request *r, const char *name, int64_t *ret_ns, struct answer *a) MUST_USE;

/* A name or address that must be there. */
bool request_endpoint(
    const struct request *r, const char *name, struct endpoint *ret, struct answer *a) MUST_USE;

/* One of the words, ended by NULL; *ret is its index. */
bool request_word(const struct request *r, const char *name, const char *const *words,
    unsigned *ret, struct answer *a) MUST_USE;

/* {"total": ..., "offset": ..., "limit": ..., "items": [; two printer_end() follow. */
void answer_begin_page(struct answer *a, const struct page *page, uint64_t total);

#endif
