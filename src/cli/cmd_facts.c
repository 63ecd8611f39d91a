/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lodestone facts: what answers showed, as passive DNS in the Common Output Format
 * (draft-dulaunoy-dnsop-passive-dns-cof), one JSON object a line.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/listing.h"
#include "report/printer.h"

#define TYPE_SOA 6
#define TYPE_MX  15
#define TYPE_SRV 33

static const struct opt *const options[] = { &opt_case, &opt_memory, &opt_verbose, &opt_help,
	NULL };

/* "+0530 example.net": the clock of who wrote mail. */
static void print_zone(char *text, size_t max, int east_min, const char *data)
{
	const int minutes = east_min < 0 ? -east_min : east_min;

	(void)snprintf(
	    text, max, "%c%02d%02d %s", east_min < 0 ? '-' : '+', minutes / 60, minutes % 60, data);
}

/* The record's data as far as it is kept: of SOA the primary server and the minimum. */
static void print_rdata(struct printer *p, const struct fact *f)
{
	char data[ENDPOINT_TEXT_MAX];
	char text[ENDPOINT_TEXT_MAX + 32];

	(void)endpoint_format(&f->data, data);
	if (f->type == TYPE_MX)
		(void)snprintf(text, sizeof(text), "%" PRIu32 " %s", f->extra, data);
	else if (f->type == TYPE_SRV)
		(void)snprintf(text, sizeof(text), "%" PRIu32 " %" PRIu32 " %u %s", f->extra >> 16,
		    f->extra & 0xffff, f->port, data);
	else if (f->type == TYPE_SOA)
		(void)snprintf(text, sizeof(text), "%s %" PRIu32, data, f->extra);
	else if (f->type == FACT_DATE && f->extra != 0)
		print_zone(text, sizeof(text), (int)f->extra - FACT_EAST_0, data);
	else
		(void)snprintf(text, sizeof(text), "%s", data);
	printer_string(p, text);
}

/* COF counts in whole seconds. */
static int64_t whole_second(int64_t ns)
{
	return ns / NS_PER_S - (ns % NS_PER_S < 0);
}

static bool print_fact(void *context, const struct haystack *h, const struct haystack_entry *e,
    struct buf *out, struct err *reterr)
{
	char text[ENDPOINT_TEXT_MAX];
	char type[CONTACT_WORD_MAX];
	struct factset set;
	struct fact f;
	struct printer p;

	(void)context;
	(void)h;
	if (!key_read_fact(e->key, e->key_len, &f) ||
	    !factset_decode(e->value, e->value_len, &set)) {
		err_set(
		    reterr, ERR_DAMAGED, "a fact of the haystack cannot be read; verify the case");
		return false;
	}
	printer_init(&p, out);
	printer_begin_map(&p);
	printer_map_key(&p, "rrname");
	(void)endpoint_format(&f.owner, text);
	printer_string(&p, text);
	printer_map_key(&p, "rrtype");
	(void)contact_fact_format(f.type, type);
	printer_string(&p, type);
	printer_map_key(&p, "rdata");
	print_rdata(&p, &f);
	printer_map_key(&p, "time_first");
	printer_integer(&p, whole_second(set.first_ns));
	printer_map_key(&p, "time_last");
	printer_integer(&p, whole_second(set.last_ns));
	printer_map_key(&p, "count");
	printer_uinteger(&p, set.count);
	printer_end(&p);
	printer_line(&p);
	return true;
}

static int run(const struct settings *s)
{
	const struct listing l = { .tag = KEY_TAG_FACT, .print = print_fact };

	return listing_run(&l, s);
}

const struct command cmd_facts = {
	.name = "facts",
	.operands = "[EVIDENCE...]",
	.about = "print what answers showed, as passive-DNS facts (COF)",
	.options = options,
	.paths = true,
	.run = run,
};
