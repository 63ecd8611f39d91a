/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first line is a map, the rest the table; what is no map is read as a table with names. */
#include "base/cursor.h"
#include "evidence/table_map.h"
#include "reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const char names[] =
	    "time=ts,peer=client,target=query,type=qtype,outcome=rcode,ttl=ttl";
	struct cursor c = cursor_of(bytes, len);
	struct table_map map;
	const uint8_t *first;
	size_t first_len;
	struct err err;

	first = cursor_until(&c, '\n', &first_len);
	if (first == NULL || !table_map_read(&map, (const char *)first, first_len, &err))
		must(table_map_read(&map, names, sizeof(names) - 1, &err));
	fuzz_hints.map = &map;
	len = cursor_left(&c);
	fuzz_reader(&reader_table, cursor_take(&c, len), len);
	return 0;
}
