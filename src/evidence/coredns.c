/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The log plugin of CoreDNS in its common or combined format. CoreDNS writes no date itself since
 * 1.6.2: it comes from what kept its output, such as a container's log, syslog or the journal.
 *
 *	DATE ... [INFO] 192.0.2.1:41324 - 29008 "TYPE CLASS NAME. udp 41 false 4096" RCODE qr,rd,ra
 *	    68 0.037990251s
 */
#include "evidence/log.h"
#include "evidence/query_log.h"

/* CoreDNS writes a space in a name as "\ ", so that the name goes on in the next word. */
static struct query_word next_name(struct cursor *line)
{
	struct query_word name = query_word_next(line);

	while (name.bytes != NULL && name.bytes[name.len - 1] == '\\') {
		struct query_word more = query_word_next(line);

		if (more.bytes == NULL)
			break;
		name.len = (size_t)(more.bytes - name.bytes) + more.len;
	}
	return name;
}

static const char *coredns_find(struct cursor *line, struct query_text *ret)
{
	if (!query_word_seek(line, "[INFO]"))
		return QUERY_LOG_OTHER_LINE;
	ret->peer = query_word_host(query_word_next(line));
	if (!query_word_is(query_word_next(line), "-"))
		return QUERY_LOG_OTHER_LINE;
	(void)query_word_next(line); /* the transaction ID */
	ret->type = query_word_next(line);
	if (ret->type.bytes == NULL || ret->type.bytes[0] != '"')
		return QUERY_LOG_OTHER_LINE;
	ret->type = (struct query_word){ &ret->type.bytes[1], ret->type.len - 1 };
	(void)query_word_next(line); /* the class */
	ret->name = next_name(line);
	for (int i = 0; i < 4; i++) /* protocol, size, DNSSEC OK, size of UDP */
		(void)query_word_next(line);
	ret->rcode = query_word_next(line);
	(void)query_word_next(line); /* flags */
	(void)query_word_next(line); /* size */
	ret->took = query_word_next(line);
	/* a duration is in seconds, and ends the line but for the opcode */
	return query_word_cut(&ret->took, 's') ? NULL : "line is cut";
}

static int coredns_probe(const uint8_t *head, size_t len)
{
	return query_log_probe(coredns_find, head, len);
}

static const char *coredns_row(void *state, const uint8_t *line, size_t len, struct record *ret)
{
	return query_log_row(state, coredns_find, line, len, ret);
}

static const struct log_kind coredns_kind = {
	.state_bytes = sizeof(struct query_log),
	.open_ended = true,
	.attach = query_log_attach,
	.header = query_log_header,
	.row = coredns_row,
};

static bool coredns_open(
    struct stream *s, struct health *h, struct reader **ret, struct err *reterr)
{
	return log_open(&coredns_kind, s, h, ret, reterr);
}

const struct reader_format reader_coredns = {
	.name = "coredns",
	.about = "CoreDNS log plugin, where lines have a date",
	.probe = coredns_probe,
	.open = coredns_open,
	.next = log_next,
	.close = log_close,
	.consumed = log_consumed,
	.resume = log_resume,
};
