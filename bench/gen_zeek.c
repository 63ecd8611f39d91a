/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * gen_zeek tsv|json ROWS [SEED]: a dns.log on standard output, in Zeek's own columns, for
 * measuring. Names fall off as Zipf's law has it (rank^-1, over 100,000 names), as names do at
 * resolvers; 500 clients; 30 days; one row in eight is NXDOMAIN, one in sixteen unanswered; an
 * answer is one to four addresses, half of them behind an alias. The same seed gives the same
 * bytes.
 */
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/philox.h"

#define NAMES   100000
#define CLIENTS 500
#define SPAN_S  (30.0 * 86400.0)
#define START_S 1700000000.0

struct row {
	double time;
	unsigned client;
	unsigned port;
	unsigned id;
	unsigned name;
	bool v6;
	bool answered;
	bool missing; /* NXDOMAIN */
	bool alias;
	unsigned addresses;
	unsigned ttl;
};

static void draw_row(struct philox *p, uint64_t i, uint64_t rows, struct row *row)
{
	row->time = START_S + SPAN_S * (double)i / (double)rows;
	row->client = philox_below(p, CLIENTS);
	row->port = 1024 + philox_below(p, 64000);
	row->id = philox_below(p, 65536);
	/* the inverse of the continuous law with density 1/x on 1 .. NAMES */
	row->name = (unsigned)pow(NAMES, philox_uniform(p));
	row->v6 = philox_below(p, 4) == 0;
	row->answered = philox_below(p, 16) != 0;
	row->missing = philox_below(p, 8) == 0;
	row->alias = philox_below(p, 2) == 0;
	row->addresses = 1 + philox_below(p, 4);
	row->ttl = 1 + philox_below(p, 3600);
}

/* Long and short ones, with the labels that they have in the wild. */
static void put_name(char *text, size_t max, unsigned name)
{
	static const char *const hosts[] = { "www", "api", "cdn-3.static", "mail", "a1967.dscg",
		"login.accounts", "img", "telemetry.eu-west-1" };
	static const char *const ends[] = { "com", "net", "org", "co.uk", "example" };

	(void)snprintf(
	    text, max, "%s.site-%x.%s", hosts[name % 8], name * 2654435761u >> 8, ends[name % 5]);
}

/* The answers or TTLs, each between quotes (or none) and commas. */
static void print_answers(const struct row *r, const char *name, const char *quote)
{
	if (r->alias)
		(void)printf("%s%s.edge.example.net%s,", quote, name, quote);
	for (unsigned i = 0; i < r->addresses; i++)
		(void)printf(r->v6 ? "%s%s2001:db8:%x::%x%s" : "%s%s198.51.%u.%u%s",
		    i > 0 ? "," : "", quote, r->name % 256, i + 1, quote);
}

static void print_ttls(const struct row *r, const char *digits)
{
	for (unsigned i = 0; i < r->addresses + r->alias; i++)
		(void)printf("%s%u%s", i > 0 ? "," : "", r->ttl, digits);
}

static void print_tsv(const struct row *r, const char *name)
{
	(void)printf("%.6f\tC%08xAbCdEf%x\t10.1.%u.%u\t%u\t192.0.2.53\t53\tudp\t%u\t", r->time,
	    r->name, r->port, r->client / 250, r->client % 250, r->port, r->id);
	(void)printf(r->answered && !r->missing ? "0.0%05u\t" : "-\t", r->id);
	(void)printf("%s\t1\tC_INTERNET\t%s\t", name, r->v6 ? "28\tAAAA" : "1\tA");
	if (!r->answered) {
		(void)printf("-\t-\tF\tF\tT\tF\t0\t-\t-\tF\n");
	} else if (r->missing) {
		(void)printf("3\tNXDOMAIN\tF\tF\tT\tT\t0\t-\t-\tF\n");
	} else {
		(void)printf("0\tNOERROR\tF\tF\tT\tT\t0\t");
		print_answers(r, name, "");
		(void)putchar('\t');
		print_ttls(r, ".000000");
		(void)printf("\tF\n");
	}
}

static void print_json(const struct row *r, const char *name)
{
	bool data = r->answered && !r->missing;

	(void)printf(
	    "{\"ts\":%.6f,\"uid\":\"C%08xAbCdEf%x\",\"id.orig_h\":\"10.1.%u.%u\",\"id.orig_p\":%u,"
	    "\"id.resp_h\":\"192.0.2.53\",\"id.resp_p\":53,\"proto\":\"udp\",\"trans_id\":%u,",
	    r->time, r->name, r->port, r->client / 250, r->client % 250, r->port, r->id);
	if (data)
		(void)printf("\"rtt\":0.0%05u,", r->id);
	(void)printf("\"query\":\"%s\",\"qclass\":1,\"qclass_name\":\"C_INTERNET\",%s,", name,
	    r->v6 ? "\"qtype\":28,\"qtype_name\":\"AAAA\"" : "\"qtype\":1,\"qtype_name\":\"A\"");
	if (r->answered)
		(void)printf(r->missing ? "\"rcode\":3,\"rcode_name\":\"NXDOMAIN\","
					: "\"rcode\":0,\"rcode_name\":\"NOERROR\",");
	(void)printf("\"AA\":false,\"TC\":false,\"RD\":true,\"RA\":%s,\"Z\":0,",
	    r->answered ? "true" : "false");
	if (data) {
		(void)printf("\"answers\":[");
		print_answers(r, name, "\"");
		(void)printf("],\"TTLs\":[");
		print_ttls(r, ".0");
		(void)printf("],");
	}
	(void)printf("\"rejected\":false}\n");
}

int main(int argc, char **argv)
{
	bool json = argc > 1 && strcmp(argv[1], "json") == 0;
	struct philox p;
	struct row row;
	char name[128];
	uint64_t rows;

	if (argc < 3 || (!json && strcmp(argv[1], "tsv") != 0)) {
		(void)fprintf(stderr, "usage: gen_zeek tsv|json ROWS [SEED]\n");
		return 2;
	}
	rows = strtoull(argv[2], NULL, 10);
	philox_init(&p, argc > 3 ? strtoull(argv[3], NULL, 10) : 1, 0, 0);
	if (!json)
		(void)printf(
		    "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n"
		    "#path\tdns\n#open\t2023-11-14-22-13-20\n#fields\tts\tuid\tid.orig_h\tid.orig_p"
		    "\tid.resp_h\tid.resp_p\tproto\ttrans_id\trtt\tquery\tqclass\tqclass_"
		    "name\tqtype"
		    "\tqtype_name\trcode\trcode_"
		    "name\tAA\tTC\tRD\tRA\tZ\tanswers\tTTLs\trejected\n");
	for (uint64_t i = 0; i < rows; i++) {
		draw_row(&p, i, rows, &row);
		put_name(name, sizeof(name), row.name);
		if (json)
			print_json(&row, name);
		else
			print_tsv(&row, name);
	}
	return fflush(stdout) == 0 ? 0 : 1;
}
