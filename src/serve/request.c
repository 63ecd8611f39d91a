/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/request.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/stamp.h"
#include "report/member.h"

#define REFUSAL_MAX 512

void answer_init(struct answer *a)
{
	a->status = 200;
	buf_init(&a->body, ANSWER_BYTES_MAX);
	printer_init(&a->printer, &a->body);
}

void answer_release(struct answer *a)
{
	buf_release(&a->body);
}

bool answer_refuse(struct answer *a, unsigned status, const char *fmt, ...)
{
	char text[REFUSAL_MAX];
	va_list words;

	va_start(words, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, words);
	va_end(words);
	a->status = status;
	buf_clear(&a->body);
	printer_init(&a->printer, &a->body);
	printer_begin_map(&a->printer);
	member_text(&a->printer, "error", text);
	printer_end(&a->printer);
	return true;
}

static const char *argument(const struct request *r, const char *name)
{
	return r->argument(r->context, name);
}

/* Digits alone, as many as 64 bits hold. */
static bool read_whole(const char *text, uint64_t *ret)
{
	uint64_t n = 0;

	if (*text == '\0')
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9' || __builtin_mul_overflow(n, (uint64_t)10, &n) ||
		    __builtin_add_overflow(n, (uint64_t)(*text - '0'), &n))
			return false;
	}
	*ret = n;
	return true;
}

bool request_number(const struct request *r, const char *name, uint64_t least, uint64_t most,
    uint64_t *ret, struct answer *a)
{
	const char *text = argument(r, name);
	uint64_t n;

	if (text == NULL)
		return true;
	if (read_whole(text, &n) && n >= least && n <= most) {
		*ret = n;
		return true;
	}
	(void)answer_refuse(
	    a, 400, "'%s' is a whole number from %" PRIu64 " to %" PRIu64, name, least, most);
	return false;
}

bool request_page(const struct request *r, struct page *ret, struct answer *a)
{
	*ret = (struct page){ .limit = PAGE_LIMIT };
	return request_number(r, "offset", 0, UINT64_MAX / 2, &ret->offset, a) &&
	       request_number(r, "limit", 1, PAGE_LIMIT_MAX, &ret->limit, a);
}

bool request_time(const struct request *r, const char *name, int64_t *ret_ns, struct answer *a)
{
	const char *text = argument(r, name);
	struct stamp s;

	if (text == NULL)
		return true;
	if (stamp_parse_epoch(text, strlen(text), &s)) {
		*ret_ns = s.ns;
		return true;
	}
	(void)answer_refuse(a, 400, "'%s' is a number of seconds since 1970", name);
	return false;
}

bool request_endpoint(
    const struct request *r, const char *name, struct endpoint *ret, struct answer *a)
{
	const char *text = argument(r, name);

	/* "-" stands for none where peers are not known */
	if (text != NULL && strcmp(text, "-") == 0) {
		*ret = (struct endpoint){ .form = ENDPOINT_NONE };
		return true;
	}
	if (text != NULL && endpoint_parse(ret, text, strlen(text)))
		return true;
	(void)answer_refuse(a, 400, "'%s' is a domain name or an address", name);
	return false;
}

bool request_word(const struct request *r, const char *name, const char *const *words,
    unsigned *ret, struct answer *a)
{
	const char *text = argument(r, name);

	if (text == NULL)
		return true;
	for (unsigned i = 0; words[i] != NULL; i++) {
		if (strcmp(words[i], text) != 0)
			continue;
		*ret = i;
		return true;
	}
	(void)answer_refuse(a, 400, "'%s' cannot be '%s'", name, text);
	return false;
}

void answer_begin_page(struct answer *a, const struct page *page, uint64_t total)
{
	struct printer *p = &a->printer;

	printer_begin_map(p);
	member_count(p, "total", total);
	member_count(p, "offset", page->offset);
	member_count(p, "limit", page->limit);
	printer_map_key(p, "items");
	printer_begin_list(p);
}
