/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The input is a message. What is read of a query agrees with the message's own reader. */
#include <stdlib.h>

#include "evidence/exchange.h"
#include "evidence/lookup.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void must(bool ok)
{
	if (!ok)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const struct exchange_origin origin = { .source_port = 4000, .hops = 57 };
	struct lookup l;
	struct dns_question q;
	struct dns_msg m;

	if (!lookup_read(&origin, cursor_of(bytes, len), &l))
		return 0;
	must(dns_msg_read(&m, bytes, len) && !dns_msg_is_response(&m));
	must(dns_msg_question(&m, &q) == DNS_ITEM && dns_name_equal(&q.name, &l.name));
	must(l.id == m.id && l.flags == m.flags && l.type == q.type);
	must(l.capitals <= l.letters && l.letters < LIMIT_NAME_BYTES);
	must(l.port == 4000 && l.hops == 57);
	return 0;
}
