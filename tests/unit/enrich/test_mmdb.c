/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of the MaxMind DB format, made here: a tree of one bit a level, then data, then metadata. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "enrich/mmdb.h"

#define TYPE_TEXT (2u << 5)
#define TYPE_U16  (5u << 5)
#define TYPE_U32  (6u << 5)
#define TYPE_MAP  (7u << 5)
#define NODES     8 /* for 192.0.0.0/8: one for each bit */

static void put_text(struct buf *b, const char *text)
{
	size_t len = strlen(text);

	/* from 29 bytes on the length has a byte of its own */
	buf_u8(b, (uint8_t)(TYPE_TEXT | (len < 29 ? len : 29)));
	if (len >= 29)
		buf_u8(b, (uint8_t)(len - 29));
	buf_put(b, text, len);
}

static void put_u32(struct buf *b, uint32_t n)
{
	buf_u8(b, TYPE_U32 | 4);
	for (int shift = 24; shift >= 0; shift -= 8)
		buf_u8(b, (uint8_t)(n >> shift));
}

static void put_record(struct buf *b, uint32_t n)
{
	for (int shift = 16; shift >= 0; shift -= 8)
		buf_u8(b, (uint8_t)(n >> shift));
}

/* 192.0.0.0/8 leads to the data at `offset`, all else to nothing. */
static void put_tree(struct buf *b, uint32_t offset)
{
	for (uint32_t i = 0; i < NODES; i++) {
		uint32_t next = i + 1 < NODES ? i + 1 : NODES + 16 + offset;
		bool one = (192u >> (7 - i) & 1) != 0;

		put_record(b, one ? NODES : next);
		put_record(b, one ? next : NODES);
	}
	for (int i = 0; i < 16; i++)
		buf_u8(b, 0);
}

static void put_u16(struct buf *b, const char *key, uint8_t n)
{
	put_text(b, key);
	buf_u8(b, TYPE_U16 | 1);
	buf_u8(b, n);
}

static void put_metadata(struct buf *b)
{
	buf_put(b, "\xab\xcd\xefMaxMind.com", 14);
	buf_u8(b, TYPE_MAP | 9);
	put_text(b, "node_count");
	put_u32(b, NODES);
	put_u16(b, "record_size", 24);
	put_u16(b, "ip_version", 4);
	put_text(b, "database_type");
	put_text(b, "Test");
	put_text(b, "languages");
	buf_u8(b, 0);
	buf_u8(b, 4); /* an array of none */
	put_u16(b, "binary_format_major_version", 2);
	put_u16(b, "binary_format_minor_version", 0);
	put_text(b, "build_epoch");
	buf_u8(b, 1); /* a number of 64 bits: type 9, in one byte */
	buf_u8(b, 2);
	buf_u8(b, 1);
	put_text(b, "description");
	buf_u8(b, TYPE_MAP);
}

static void write_file(const struct buf *b, size_t len, char *path)
{
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, b->bytes, len), (ssize_t)len);
	(void)close(fd);
}

static struct addr address(const char *text)
{
	struct addr a;

	assert_true(addr_parse(text, strlen(text), &a));
	return a;
}

static void make_networks(struct buf *b, const char *name)
{
	buf_init(b, 1 << 16);
	put_tree(b, 0);
	buf_u8(b, TYPE_MAP | 2);
	put_text(b, "autonomous_system_number");
	put_u32(b, 64500);
	put_text(b, "autonomous_system_organization");
	put_text(b, name);
	put_metadata(b);
	assert_true(buf_ok(b));
}

static void find(const struct mmdb *m, const char *text, struct mmdb_entry *ret)
{
	const struct addr a = address(text);
	struct err err;

	assert_true(mmdb_find(m, &a, ret, &err));
}

static void an_address_has_its_network(void **state)
{
	char path[] = "/tmp/lodestone-mmdb-XXXXXX";
	struct mmdb_entry got;
	struct mmdb *m = NULL;
	struct err err;
	struct buf b;

	(void)state;
	make_networks(&b, "Example Networks");
	write_file(&b, b.len, path);
	assert_true(mmdb_open(path, &m, &err));
	find(m, "192.0.2.1", &got);
	assert_int_equal(got.as_number, 64500);
	assert_string_equal(got.as_name, "Example Networks");
	assert_string_equal(got.country, "");
	find(m, "198.51.100.1", &got);
	assert_int_equal(got.as_number, 0);
	assert_string_equal(got.as_name, "");
	/* the file is of IPv4 alone */
	find(m, "2001:db8::1", &got);
	assert_int_equal(got.as_number, 0);
	mmdb_free(m);
	(void)unlink(path);
	buf_release(&b);
}

static void a_long_name_is_cut(void **state)
{
	char path[] = "/tmp/lodestone-mmdb-XXXXXX";
	char name[200];
	struct mmdb_entry got;
	struct mmdb *m = NULL;
	struct err err;
	struct buf b;

	(void)state;
	memset(name, 'x', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	make_networks(&b, name);
	write_file(&b, b.len, path);
	assert_true(mmdb_open(path, &m, &err));
	find(m, "192.0.2.1", &got);
	assert_int_equal(strlen(got.as_name), MMDB_NAME_MAX - 1);
	mmdb_free(m);
	(void)unlink(path);
	buf_release(&b);
}

static bool read_country(const char *code, bool as_text, struct mmdb_entry *ret)
{
	char path[] = "/tmp/lodestone-mmdb-XXXXXX";
	const struct addr a = address("192.0.2.1");
	struct mmdb *m = NULL;
	struct err err;
	struct buf b;
	bool ok;

	buf_init(&b, 1 << 16);
	put_tree(&b, 0);
	buf_u8(&b, TYPE_MAP | 1);
	put_text(&b, "country");
	if (as_text) {
		put_text(&b, code);
	} else {
		buf_u8(&b, TYPE_MAP | 1);
		put_text(&b, "iso_code");
		put_text(&b, code);
	}
	put_metadata(&b);
	write_file(&b, b.len, path);
	assert_true(mmdb_open(path, &m, &err));
	ok = mmdb_find(m, &a, ret, &err);
	mmdb_free(m);
	(void)unlink(path);
	buf_release(&b);
	return ok;
}

static void a_country_is_two_letters(void **state)
{
	struct mmdb_entry got;

	(void)state;
	assert_true(read_country("DE", false, &got));
	assert_string_equal(got.country, "DE");
	assert_true(read_country("<b", false, &got));
	assert_string_equal(got.country, "");
	assert_true(read_country("Germany", false, &got));
	assert_string_equal(got.country, "");
	/* a text where an object is meant */
	assert_true(read_country("DE", true, &got));
	assert_string_equal(got.country, "");
}

/* Cut anywhere, or with any byte wrong, it is read or refused, and never more. */
static void damage_is_told(void **state)
{
	const struct addr a = address("192.0.2.1");
	size_t refused = 0;
	struct buf b;

	(void)state;
	make_networks(&b, "Example Networks");
	for (size_t i = 0; i < 2 * b.len; i++) {
		char path[] = "/tmp/lodestone-mmdb-XXXXXX";
		size_t at = i % b.len;
		uint8_t was = b.bytes[at];
		struct mmdb *m = NULL;
		struct mmdb_entry got;
		struct err err;

		if (i >= b.len)
			b.bytes[at] = (uint8_t)~was;
		write_file(&b, i < b.len ? at : b.len, path);
		b.bytes[at] = was;
		if (mmdb_open(path, &m, &err) && mmdb_find(m, &a, &got, &err)) {
			assert_true(strlen(got.as_name) < MMDB_NAME_MAX);
		} else {
			assert_int_equal(err.code, ERR_DAMAGED);
			assert_non_null(strstr(err.text, path));
			refused++;
		}
		mmdb_free(m);
		(void)unlink(path);
	}
	assert_true(refused > b.len / 2);
	buf_release(&b);
}

static void what_is_no_file_is_told(void **state)
{
	struct mmdb *m = NULL;
	struct err err;

	(void)state;
	assert_false(mmdb_open("/nowhere/file", &m, &err));
	assert_int_equal(err.code, ERR_SYSTEM);
	assert_false(mmdb_open("/", &m, &err));
	assert_int_equal(err.code, ERR_SYSTEM);
	assert_false(mmdb_open("/dev/null", &m, &err));
	assert_null(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_has_its_network),
		cmocka_unit_test(a_long_name_is_cut),
		cmocka_unit_test(a_country_is_two_letters),
		cmocka_unit_test(damage_is_told),
		cmocka_unit_test(what_is_no_file_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
