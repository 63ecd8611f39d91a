/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/rdata_text.h"

#include "base/cursor.h"
#include "evidence/query_log.h"
#include "wire/dns_msg.h"

#define WORDS_MAX   8
#define SOA_WORDS   7 /* server, mailbox, serial, refresh, retry, expire, minimum */
#define SOA_MINIMUM 6

struct words {
	struct query_word at[WORDS_MAX];
	size_t count;
};

static struct words words_of(const char *text, size_t len)
{
	struct cursor c = cursor_of(text, len);
	struct words w = { .count = 0 };

	while (w.count < WORDS_MAX) {
		w.at[w.count] = query_word_next(&c);
		if (w.at[w.count].bytes == NULL)
			break;
		w.count++;
	}
	return w;
}

static bool read_number(struct query_word word, uint32_t max, uint32_t *ret)
{
	uint64_t value = 0;

	for (size_t i = 0; i < word.len; i++) {
		if (word.bytes[i] < '0' || word.bytes[i] > '9')
			return false;
		value = value * 10 + (uint64_t)(word.bytes[i] - '0');
		if (value > max)
			return false;
	}
	*ret = (uint32_t)value;
	return word.len > 0;
}

static bool read_name(struct fact *f, struct query_word word)
{
	return endpoint_from_name(&f->data, (const char *)word.bytes, word.len);
}

static bool read_address(struct fact *f, struct query_word word)
{
	struct addr a;

	if (!addr_parse((const char *)word.bytes, word.len, &a) ||
	    (a.len == 4) != (f->type == DNS_TYPE_A))
		return false;
	endpoint_from_addr(&f->data, &a);
	return true;
}

static bool read_soa(struct fact *f, const struct words *w)
{
	/* lodestone's own facts have the server and the minimum alone */
	const size_t minimum = w->count == 2 ? 1 : SOA_MINIMUM;

	if (w->count > minimum && !read_number(w->at[minimum], UINT32_MAX, &f->extra))
		return false;
	return (w->count <= 2 || w->count == SOA_WORDS) && read_name(f, w->at[0]);
}

static bool read_srv(struct fact *f, const struct words *w)
{
	uint32_t priority = 0;
	uint32_t weight = 0;
	uint32_t port = 0;

	if (w->count == 4 && !(read_number(w->at[0], UINT16_MAX, &priority) &&
				 read_number(w->at[1], UINT16_MAX, &weight) &&
				 read_number(w->at[2], UINT16_MAX, &port)))
		return false;
	f->extra = priority << 16 | weight;
	f->port = (uint16_t)port;
	return (w->count == 1 || w->count == 4) && read_name(f, w->at[w->count - 1]);
}

bool rdata_text_read(struct fact *f, const char *text, size_t len)
{
	const struct words w = words_of(text, len);

	f->extra = 0;
	f->port = 0;
	if (w.count == 0)
		return false;
	switch (f->type) {
	case DNS_TYPE_A:
	case DNS_TYPE_AAAA:
		return w.count == 1 && read_address(f, w.at[0]);
	case DNS_TYPE_NS:
	case DNS_TYPE_CNAME:
	case DNS_TYPE_DNAME:
	case DNS_TYPE_PTR:
		return w.count == 1 && read_name(f, w.at[0]);
	case DNS_TYPE_MX:
		if (w.count == 2 && !read_number(w.at[0], UINT16_MAX, &f->extra))
			return false;
		return w.count <= 2 && read_name(f, w.at[w.count - 1]);
	case DNS_TYPE_SOA:
		return read_soa(f, &w);
	case DNS_TYPE_SRV:
		return read_srv(f, &w);
	default:
		return false;
	}
}
