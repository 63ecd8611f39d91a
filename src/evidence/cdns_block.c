/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The keys are those of RFC 8618 7.3 and its appendix A. Of a table only the places of its items
 * are noted: an item is read where it is used, as most blocks use each a few times.
 *
 * An item's time is that of the query, or of the response where there is none. So the two halves
 * of an item have one time here, and the response meets its query however long it took:
 * the program that wrote the file had paired them by its own rules.
 */
#include "evidence/cdns_block.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/size.h"
#include "base/stamp.h"
#include "contact/vantage.h"
#include "wire/dns_msg.h"

#define TABLE_AT_FIRST 256

enum block_key {
	BLOCK_PREAMBLE,
	BLOCK_STATISTICS,
	BLOCK_TABLES,
	BLOCK_ITEMS,
	BLOCK_EVENTS,
	BLOCK_MALFORMED,
};

enum preamble_key {
	PREAMBLE_EARLIEST,
	PREAMBLE_PARAMETERS,
};

enum item_key {
	ITEM_TIME,
	ITEM_CLIENT,
	ITEM_CLIENT_PORT,
	ITEM_ID,
	ITEM_SIGNATURE,
	ITEM_NAME = 7,
	ITEM_QUERY_MORE = 11, /* sections of the query, of the response */
	ITEM_RESPONSE_MORE = 12,
};

enum more_key {
	MORE_QUESTIONS,
	MORE_ANSWERS,
	MORE_AUTHORITIES,
};

enum signature_key {
	SIGNATURE_SERVER,
	SIGNATURE_SERVER_PORT,
	SIGNATURE_TRANSPORT,
	SIGNATURE_ROLE,
	SIGNATURE_HALVES,
	SIGNATURE_OPCODE,
	SIGNATURE_DNS_FLAGS,
	SIGNATURE_CLASSTYPE = 8,
	SIGNATURE_RCODE = 16, /* of the response, with its EDNS bits */
};

enum signature_bits {
	TRANSPORT_IS_V6 = 1 << 0,
	TRANSPORT_PROTOCOL = 0xf, /* above that bit */
	HALVES_QUERY = 1 << 0,
	HALVES_RESPONSE = 1 << 1,
	DNS_QUERY_RD = 1 << 4,
	DNS_RESPONSE_RD = 1 << 12,
};

/* Of a question and of a record alike. */
enum record_key {
	RECORD_NAME,
	RECORD_CLASSTYPE,
	RECORD_TTL,
	RECORD_DATA,
};

const char cdns_starved[] = "out of memory";
static const char why_index[] = "C-DNS index without its entry";
static const char why_name[] = "bad name in C-DNS";

void cdns_map_read(struct cursor *c, struct cdns_map *ret)
{
	struct cbor_items pairs = cbor_map(c);

	ret->has_number = ret->has_item = 0;
	while (cbor_more(c, &pairs)) {
		const int64_t key = cbor_int(c);
		const enum cbor_major kind = cbor_peek(c);

		if (key < 0 || key >= CDNS_KEYS) {
			cbor_skip(c);
		} else if (kind == CBOR_UINT || kind == CBOR_NEGATIVE) {
			ret->has_number |= 1u << key;
			ret->value[key] = cbor_int(c);
		} else {
			ret->has_item |= 1u << key;
			ret->value[key] = (int64_t)c->pos;
			cbor_skip(c);
		}
	}
}

/* A cursor over the same bytes from that offset on. */
static struct cursor cursor_from(const struct cursor *c, size_t offset)
{
	struct cursor at = cursor_of(c->base, c->len);

	cursor_skip(&at, offset);
	return at;
}

/* The item of that key; its err is set where the map has none. */
static struct cursor item_of(const struct cursor *bytes, const struct cdns_map *m, unsigned key)
{
	struct cursor none = cursor_of(NULL, 0);

	if ((m->has_item >> key & 1) != 0)
		return cursor_from(bytes, (size_t)m->value[key]);
	cursor_fail(&none, why_index);
	return none;
}

/* ---- the block ---- */

void cdns_block_release(struct cdns_block *b)
{
	for (size_t i = 0; i < CDNS_TABLES; i++) {
		free(b->tables[i].at);
		b->tables[i] = (struct cdns_table){ .at = NULL };
	}
}

static bool table_add(struct cdns_table *t, size_t at)
{
	const size_t capacity = t->capacity == 0 ? TABLE_AT_FIRST : size_mul(t->capacity, 2);
	uint32_t *more;

	if (t->count == LIMIT_CDNS_TABLE)
		return true;
	if (t->count == t->capacity) {
		more = realloc(t->at, size_mul(capacity, sizeof(*more)));
		if (more == NULL)
			return false;
		t->at = more;
		t->capacity = capacity;
	}
	t->at[t->count++] = (uint32_t)at;
	return true;
}

/* False: out of memory. */
static bool read_tables(struct cdns_block *b, struct cursor c)
{
	struct cbor_items pairs = cbor_map(&c);

	while (cbor_more(&c, &pairs)) {
		const int64_t key = cbor_int(&c);
		struct cbor_items items;

		if (key < 0 || key >= CDNS_TABLES) {
			cbor_skip(&c);
			continue;
		}
		items = cbor_array(&c);
		b->tables[key].count = 0;
		while (cbor_more(&c, &items)) {
			if (!table_add(&b->tables[key], c.pos))
				return false;
			cbor_skip(&c);
		}
	}
	return true;
}

/* NULL, or what is wrong. */
static const char *read_preamble(
    struct cdns_block *b, struct cursor c, const struct cdns_parameters *parameters, size_t count)
{
	struct cdns_map preamble;
	struct cursor time;
	int64_t which;

	cdns_map_read(&c, &preamble);
	if (c.err != NULL)
		return "C-DNS block without its preamble";
	which = cdns_number(&preamble, PREAMBLE_PARAMETERS, 0);
	if (which < 0 || (uint64_t)which >= count)
		return "C-DNS block without its parameters";
	b->parameters = parameters[which];
	time = item_of(&c, &preamble, PREAMBLE_EARLIEST);
	(void)cbor_array(&time);
	b->earliest_s = cbor_int(&time);
	b->earliest_ticks = cbor_uint(&time);
	if (time.err != NULL || b->earliest_s < -STAMP_MAX_S || b->earliest_s > STAMP_MAX_S)
		return "C-DNS block without its time";
	return NULL;
}

/* Messages that the writer could not read are no contacts here either. */
static void count_malformed(struct cdns_block *b, struct cursor c)
{
	struct cbor_items items = cbor_array(&c);

	while (cbor_more(&c, &items)) {
		health_skip(b->health, "malformed message in C-DNS", b->offset + c.pos);
		cbor_skip(&c);
	}
}

const char *cdns_block_read(struct cdns_block *b, struct cursor bytes, const struct cdns_map *map,
    uint64_t offset, const struct cdns_parameters *parameters, size_t count, struct health *health,
    struct err *reterr)
{
	const char *why;

	b->offset = offset;
	b->health = health;
	b->left = (struct cbor_items){ .left = 0 };
	b->c = bytes;
	for (size_t i = 0; i < CDNS_TABLES; i++)
		b->tables[i].count = 0;
	if (map == NULL || (map->has_item & 1u << BLOCK_PREAMBLE) == 0)
		return "C-DNS block without its preamble";
	why = read_preamble(b, item_of(&bytes, map, BLOCK_PREAMBLE), parameters, count);
	if (why != NULL)
		return why;
	if ((map->has_item & 1u << BLOCK_TABLES) != 0 &&
	    !read_tables(b, item_of(&bytes, map, BLOCK_TABLES))) {
		err_set_memory(reterr);
		return cdns_starved;
	}
	if ((map->has_item & 1u << BLOCK_MALFORMED) != 0)
		count_malformed(b, item_of(&bytes, map, BLOCK_MALFORMED));
	if ((map->has_item & 1u << BLOCK_ITEMS) != 0) {
		b->c = item_of(&bytes, map, BLOCK_ITEMS);
		b->left = cbor_array(&b->c);
	}
	return NULL;
}

/* ---- entries of the tables ---- */

/* The entry; its err is set where there is none. */
static struct cursor entry_of(const struct cdns_block *b, enum cdns_table_key table, int64_t index)
{
	const struct cdns_table *t = &b->tables[table];
	struct cursor none = cursor_of(NULL, 0);

	if (index >= 0 && (uint64_t)index < t->count)
		return cursor_from(&b->c, t->at[index]);
	cursor_fail(&none, why_index);
	return none;
}

/* A string of a table as a window of its own. */
static struct cursor string_of(const struct cdns_block *b, enum cdns_table_key table, int64_t index)
{
	struct cursor entry = entry_of(b, table, index);
	struct cursor string;
	const uint8_t *bytes;
	size_t len;

	bytes = cbor_bytes(&entry, &len);
	string = cursor_of(bytes, len);
	string.err = entry.err;
	return string;
}

/* False, *ret_type and *ret_class as they were: not told. */
static bool read_classtype(
    const struct cdns_block *b, int64_t index, uint16_t *ret_type, uint16_t *ret_class)
{
	struct cursor entry = entry_of(b, CDNS_CLASSTYPES, index);
	struct cdns_map map;
	int64_t class;
	int64_t type;

	if (entry.err != NULL)
		return false;
	cdns_map_read(&entry, &map);
	type = cdns_number(&map, 0, -1);
	class = cdns_number(&map, 1, -1);
	if (entry.err != NULL || type < 0 || type > UINT16_MAX || class < 0 || class > UINT16_MAX)
		return false;
	*ret_type = (uint16_t)type;
	*ret_class = (uint16_t) class;
	return true;
}

static bool read_name(const struct cdns_block *b, int64_t index, struct dns_name *ret)
{
	struct cursor name = string_of(b, CDNS_NAMES, index);

	return name.err == NULL && dns_name_read(&name, ret) && cursor_left(&name) == 0;
}

/*
 * An address may be cut to the bytes of a prefix, whose rest is then zeros (RFC 8618 7.3.1.1.1).
 * Without the transport's flags the length tells the family, and a short one is of IPv4.
 */
static void read_addr(
    const struct cdns_block *b, int64_t index, int64_t transport, struct addr *ret)
{
	const struct cursor bytes = string_of(b, CDNS_ADDRESSES, index);
	size_t len = bytes.len > 4 ? 16 : 4;

	ret->len = 0;
	if (transport >= 0)
		len = (transport & TRANSPORT_IS_V6) != 0 ? 16 : 4;
	if (bytes.err != NULL || bytes.len == 0 || bytes.len > len)
		return;
	*ret = (struct addr){ .len = (uint8_t)len };
	memcpy(ret->bytes, bytes.base, bytes.len);
}

/* ---- items ---- */

static void read_halves(struct cdns_pair *p)
{
	const int64_t halves = cdns_number(&p->signature, SIGNATURE_HALVES, -1);

	/* a file that does not tell, and has no more of a response, has queries */
	p->has_query = halves < 0 || (halves & HALVES_QUERY) != 0;
	p->has_response = halves < 0 ? (p->signature.has_number >> SIGNATURE_RCODE & 1) != 0 ||
					   (p->map.has_item >> ITEM_RESPONSE_MORE & 1) != 0
				     : (halves & HALVES_RESPONSE) != 0;
	p->role = (int)cdns_number(&p->signature, SIGNATURE_ROLE, -1);
}

bool cdns_block_next(struct cdns_block *b, struct cdns_pair *ret)
{
	while (cbor_more(&b->c, &b->left)) {
		const uint64_t offset = b->offset + b->c.pos;
		struct cursor signature;
		int64_t which;

		ret->bytes = b->c;
		cdns_map_read(&b->c, &ret->map);
		which = cdns_number(&ret->map, ITEM_SIGNATURE, -1);
		ret->signature = (struct cdns_map){ .has_number = 0 };
		signature = entry_of(b, CDNS_SIGNATURES, which);
		if (b->c.err == NULL && which >= 0)
			cdns_map_read(&signature, &ret->signature);
		if (b->c.err == NULL && (which < 0 || signature.err == NULL)) {
			read_halves(ret);
			return true;
		}
		health_skip(b->health, b->c.err != NULL ? "bad item in C-DNS" : why_index, offset);
	}
	return false;
}

/* ---- messages ---- */

/* False: no such point in time. */
static bool read_time(
    const struct cdns_block *b, const struct cdns_pair *p, struct exchange_origin *o)
{
	const uint64_t per_s = b->parameters.ticks_per_s;
	const int64_t behind = cdns_number(&p->map, ITEM_TIME, -1);
	uint64_t ticks = b->earliest_ticks;
	int64_t seconds;

	if (behind < 0 || ticks > INT64_MAX)
		return false;
	ticks += (uint64_t)behind;
	if (ticks / per_s > (uint64_t)STAMP_MAX_S)
		return false;
	seconds = b->earliest_s + (int64_t)(ticks / per_s);
	if (seconds > STAMP_MAX_S)
		return false;
	o->time_ns = seconds * NS_PER_S + (int64_t)(ticks % per_s * (uint64_t)NS_PER_S / per_s);
	o->asked_ns = o->time_ns;
	o->digits = b->parameters.digits;
	return true;
}

static void fill_origin(const struct cdns_block *b, const struct cdns_pair *p, bool is_response,
    struct exchange_origin *o)
{
	const int64_t transport = cdns_number(&p->signature, SIGNATURE_TRANSPORT, -1);
	const unsigned protocol = transport < 0 ? 0 : (unsigned)transport >> 1 & TRANSPORT_PROTOCOL;
	const unsigned role = p->role < 0 ? 0xf : (unsigned)p->role & 0xf;
	struct addr client;
	struct addr server;
	uint16_t client_port;
	uint16_t server_port;

	read_addr(b, cdns_number(&p->map, ITEM_CLIENT, -1), transport, &client);
	read_addr(b, cdns_number(&p->signature, SIGNATURE_SERVER, -1), transport, &server);
	client_port = (uint16_t)cdns_number(&p->map, ITEM_CLIENT_PORT, 0);
	server_port = (uint16_t)cdns_number(&p->signature, SIGNATURE_SERVER_PORT, 0);
	o->source = is_response ? server : client;
	o->destination = is_response ? client : server;
	o->source_port = is_response ? server_port : client_port;
	o->destination_port = is_response ? client_port : server_port;
	o->kind = KIND_DNS;
	o->transport = (uint8_t)(role << 4 | protocol);
}

/* The next question. NULL, or what is wrong with it. */
static const char *add_question(
    const struct cdns_block *b, struct message *m, int64_t name, int64_t classtype)
{
	struct message_question *at = &m->questions[m->question_count];

	at->q.type = 0;
	at->q.class = DNS_CLASS_IN;
	at->ttl = TTL_NONE;
	if (!read_name(b, name, &at->q.name))
		return why_name;
	if (classtype >= 0 && !read_classtype(b, classtype, &at->q.type, &at->q.class))
		return why_index;
	m->question_count++;
	return NULL;
}

/* The entries of a list of questions, or of records, that the half of the item has. */
static struct cursor list_of(const struct cdns_block *b, const struct cdns_map *more, unsigned key,
    enum cdns_table_key table)
{
	return entry_of(b, table, cdns_number(more, key, -1));
}

static const char *read_questions(const struct cdns_block *b, const struct cdns_pair *p,
    const struct cdns_map *more, struct message *m)
{
	struct cursor list = list_of(b, more, MORE_QUESTIONS, CDNS_QUESTION_LISTS);
	const char *why = add_question(b, m, cdns_number(&p->map, ITEM_NAME, -1),
	    cdns_number(&p->signature, SIGNATURE_CLASSTYPE, -1));
	struct cbor_items items = { .left = 0 };

	if (list.err == NULL)
		items = cbor_array(&list);
	while (why == NULL && m->question_count < LIMIT_QUESTIONS && cbor_more(&list, &items)) {
		struct cursor entry = entry_of(b, CDNS_QUESTIONS, (int64_t)cbor_uint(&list));
		struct cdns_map map;

		cdns_map_read(&entry, &map);
		why = entry.err != NULL ? why_index
					: add_question(b, m, cdns_number(&map, RECORD_NAME, -1),
					      cdns_number(&map, RECORD_CLASSTYPE, -1));
	}
	return why;
}

/* One record, of which those that cannot be read are let go. False: out of memory. */
static bool take_record(const struct cdns_block *b, struct message *m,
    const struct message_context *context, int64_t index, enum dns_section section)
{
	struct cursor entry = entry_of(b, CDNS_RECORDS, index);
	struct dns_msg data = { .left = 0 };
	struct dns_rr rr = { .section = section };
	struct cdns_map map;
	int64_t ttl;

	cdns_map_read(&entry, &map);
	ttl = cdns_number(&map, RECORD_TTL, TTL_NONE);
	if (entry.err != NULL || !read_name(b, cdns_number(&map, RECORD_NAME, -1), &m->owner) ||
	    !read_classtype(b, cdns_number(&map, RECORD_CLASSTYPE, -1), &rr.type, &rr.class))
		return true;
	if (section == DNS_AUTHORITY && rr.type != DNS_TYPE_SOA)
		return true;
	data.c = string_of(b, CDNS_NAMES, cdns_number(&map, RECORD_DATA, -1));
	if (data.c.err != NULL || data.c.len > UINT16_MAX)
		return true;
	rr.rdata_len = (uint16_t)data.c.len;
	rr.ttl = ttl == TTL_NONE ? TTL_NONE : ttl < 0 || ttl > INT32_MAX ? 0 : (uint32_t)ttl;
	return message_add_record(m, context, &data, &rr);
}

/* False: out of memory. */
static bool take_records(const struct cdns_block *b, const struct cdns_map *more, unsigned key,
    struct message *m, const struct message_context *context)
{
	struct cursor list = list_of(b, more, key, CDNS_RECORD_LISTS);
	const enum dns_section section = key == MORE_ANSWERS ? DNS_ANSWER : DNS_AUTHORITY;
	struct cbor_items items = { .left = 0 };

	if (list.err == NULL)
		items = cbor_array(&list);
	for (size_t i = 0; i < LIMIT_LOG_ANSWERS && cbor_more(&list, &items); i++)
		if (!take_record(b, m, context, (int64_t)cbor_uint(&list), section))
			return false;
	return true;
}

static void fill_header(const struct cdns_pair *p, bool is_response, struct message *m)
{
	const int64_t flags = cdns_number(&p->signature, SIGNATURE_DNS_FLAGS, -1);

	m->id = (uint16_t)cdns_number(&p->map, ITEM_ID, 0);
	m->is_response = is_response;
	m->has_flags = flags >= 0;
	m->recursion_desired =
	    flags >= 0 && (flags & (is_response ? DNS_RESPONSE_RD : DNS_QUERY_RD)) != 0;
	m->outcome = is_response ? (uint16_t)cdns_number(&p->signature, SIGNATURE_RCODE, 0) & 0xfff
				 : OUTCOME_NONE;
}

const char *cdns_block_message(const struct cdns_block *b, const struct cdns_pair *p,
    bool is_response, struct exchange_origin *o, struct message *m)
{
	struct message_context context = { .is_mdns = false };
	struct cdns_map more = { .has_number = 0 };
	struct cursor sections =
	    item_of(&p->bytes, &p->map, is_response ? ITEM_RESPONSE_MORE : ITEM_QUERY_MORE);
	const char *why;

	if (!read_time(b, p, o))
		return "C-DNS item without its time";
	fill_origin(b, p, is_response, o);
	fill_header(p, is_response, m);
	if (sections.err == NULL)
		cdns_map_read(&sections, &more);
	why = read_questions(b, p, &more, m);
	if (why != NULL || !is_response ||
	    cdns_number(&p->signature, SIGNATURE_OPCODE, 0) != DNS_OPCODE_QUERY)
		return why;
	context.time_ns = o->time_ns;
	context.digits = o->digits;
	if (!take_records(b, &more, MORE_ANSWERS, m, &context) ||
	    ((m->outcome == DNS_RCODE_NOERROR || m->outcome == DNS_RCODE_NXDOMAIN) &&
		!take_records(b, &more, MORE_AUTHORITIES, m, &context)))
		return cdns_starved;
	/* a record that cannot be read is no fault of the questions */
	m->trouble = NULL;
	return NULL;
}
