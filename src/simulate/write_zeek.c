/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows as Zeek's dns.log: https://docs.zeek.org, base/protocols/dns/main.zeek. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/stamp.h"
#include "simulate/simulate.h"

#define HEADER                                                                                     \
	"#separator "                                                                              \
	"\\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tdns\n"           \
	"#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\ttrans_"              \
	"id\trtt\tquery"                                                                           \
	"\tqclass\tqclass_name\tqtype\tqtype_name\trcode\trcode_name\tAA\tTC\tRD\tRA\tZ\tanswers"  \
	"\tTTLs\trejected\n"                                                                       \
	"#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tcount\tinterval\tstring\tcount\tstri" \
	"ng"                                                                                       \
	"\tcount\tstring\tcount\tstring\tbool\tbool\tbool\tbool\tcount\tvector[string]"            \
	"\tvector[interval]\tbool\n"

#define TYPE_A   1
#define TYPE_PTR 12

/* What the row's answer was, as Zeek writes it; "-" for an answer without records. */
static void answer_text(
    const struct sim_name *n, uint16_t type, char text[static ENDPOINT_TEXT_MAX])
{
	if (type == TYPE_A && n->address.len == 4)
		(void)addr_format(&n->address, text);
	else if (type == TYPE_PTR)
		(void)snprintf(text, ENDPOINT_TEXT_MAX, "host.example");
	else
		(void)snprintf(text, ENDPOINT_TEXT_MAX, "-");
}

static void write_row(const struct simulation *sim, size_t i, FILE *out)
{
	const struct sim_row *row = &sim->rows[i];
	const struct sim_name *n = &sim->names[row->name];
	struct addr server = sim_server(sim, row);
	char time[STAMP_TEXT_MAX];
	char peer[ADDR_TEXT_MAX];
	char to[ADDR_TEXT_MAX];
	char name[ENDPOINT_TEXT_MAX];
	char type[CONTACT_WORD_MAX];
	char answer[ENDPOINT_TEXT_MAX];
	char ttl[16] = "-";

	(void)stamp_format_epoch((struct stamp){ row->time_ns, sim->digits }, time);
	(void)addr_format(&sim->peers[row->peer], peer);
	(void)addr_format(&server, to);
	(void)endpoint_format(&n->name, name);
	(void)contact_type_format(KIND_DNS, row->type, type);
	answer_text(n, row->type, answer);
	if (strcmp(answer, "-") != 0)
		(void)snprintf(ttl, sizeof(ttl), "%" PRIu32 ".000000", n->ttl);
	(void)fprintf(out,
	    "%s\tC%016zx\t%s\t%u\t%s\t53\tudp\t%u\t0.000100\t%s\t1\tC_INTERNET\t%u\t%s\t0\tNOERROR"
	    "\tT\tF\tF\tF\t0\t%s\t%s\tF\n",
	    time, i, peer, row->port, to, row->txid, name, row->type, type, answer, ttl);
}

bool simulation_write_zeek(const struct simulation *sim, FILE *out, struct err *reterr)
{
	(void)fputs(HEADER, out);
	for (size_t i = 0; i < sim->row_count; i++)
		write_row(sim, i, out);
	if (fflush(out) != 0 || ferror(out)) {
		err_set(reterr, ERR_SYSTEM, "cannot write the log: %s", strerror(errno));
		return false;
	}
	return true;
}
