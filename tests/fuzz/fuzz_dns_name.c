/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two octets say where in the message that follows a name begins. A name that is read must be
 * well formed, in lower case, the same when its own octets are read, and end where skipping it
 * ends.
 */
#include <stdlib.h>

#include "wire/dns_name.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void must(bool ok)
{
	if (!ok)
		abort();
}

static void check_form(const struct dns_name *name)
{
	struct cursor c = cursor_of(name->bytes, name->len);
	const uint8_t *label;
	uint8_t len;

	do {
		len = cursor_u8(&c);
		must(len <= LIMIT_LABEL_BYTES);
		label = cursor_take(&c, len);
		must(c.err == NULL);
		for (uint8_t i = 0; i < len; i++)
			must(label[i] < 'A' || label[i] > 'Z');
	} while (len != 0);
	must(cursor_left(&c) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct cursor input = cursor_of(bytes, len);
	size_t at = cursor_be16(&input);
	size_t left = cursor_left(&input);
	struct cursor c = cursor_of(cursor_take(&input, left), left);
	struct cursor skipped;
	struct dns_name name, again;

	cursor_skip(&c, at);
	skipped = c;
	if (!dns_name_read(&c, &name)) {
		must(c.err != NULL);
		return 0;
	}
	must(c.err == NULL && name.len >= 1 && name.len <= LIMIT_NAME_BYTES);
	check_form(&name);
	must(dns_name_skip(&skipped) && skipped.pos == c.pos);
	c = cursor_of(name.bytes, name.len);
	must(dns_name_read(&c, &again) && dns_name_equal(&name, &again));
	must(c.pos == name.len);
	return 0;
}
