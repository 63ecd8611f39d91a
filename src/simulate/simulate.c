/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulate/simulate.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/size.h"
#include "base/stamp.h"

void simulation_free(struct simulation *sim)
{
	if (sim == NULL)
		return;
	free(sim->servers);
	free(sim->names);
	free(sim->peers);
	free(sim->rows);
	free(sim);
}

/* Room for one more item of an array. */
static bool grow(void **items, size_t item_bytes, size_t count, size_t *capacity)
{
	size_t wanted = *capacity == 0 ? 64 : size_mul(*capacity, 2);
	void *grown;

	if (count < *capacity)
		return true;
	grown = realloc(*items, size_mul(wanted, item_bytes));
	if (grown == NULL)
		return false;
	*items = grown;
	*capacity = wanted;
	return true;
}

bool sim_add_name(struct simulation *sim, const struct sim_name *name, uint32_t *ret)
{
	void *items = sim->names;

	if (!grow(&items, sizeof(*sim->names), sim->name_count, &sim->name_capacity))
		return false;
	sim->names = items;
	*ret = (uint32_t)sim->name_count;
	sim->names[sim->name_count++] = *name;
	return true;
}

bool sim_add_peer(struct simulation *sim, const struct addr *peer, uint32_t *ret)
{
	void *items = sim->peers;

	if (!grow(&items, sizeof(*sim->peers), sim->peer_count, &sim->peer_capacity))
		return false;
	sim->peers = items;
	*ret = (uint32_t)sim->peer_count;
	sim->peers[sim->peer_count++] = *peer;
	return true;
}

static bool add_row(struct simulation *sim, const struct sim_row *row)
{
	void *items = sim->rows;

	if (sim->row_count >= LIMIT_SCENARIO_EVENTS ||
	    !grow(&items, sizeof(*sim->rows), sim->row_count, &sim->row_capacity))
		return false;
	sim->rows = items;
	sim->rows[sim->row_count++] = *row;
	return true;
}

bool sim_add_row(const struct sim_context *ctx, struct philox *draws, double s, uint32_t name,
    uint32_t peer, uint16_t type)
{
	static const int64_t unit_ns[] = { 1000000000, 100000000, 10000000, 1000000, 100000, 10000,
		1000, 100, 10, 1 };
	int64_t unit = unit_ns[ctx->sim->digits];
	int64_t ns = (int64_t)(s * 1e9);
	struct sim_row row = {
		.time_ns = ctx->start_ns + ns / unit * unit,
		.name = name,
		.peer = peer,
		.type = type,
		.port = (uint16_t)(1024 + philox_below(draws, 64512)),
		.txid = (uint16_t)philox_u32(draws),
		.server = (uint8_t)philox_below(draws, (uint32_t)ctx->sim->server_count),
	};

	if (!add_row(ctx->sim, &row))
		return false;
	if (ctx->sim->server_count < 2 || philox_uniform(draws) >= ctx->scenario->repeated)
		return true;
	row.server = (uint8_t)((row.server + 1) % ctx->sim->server_count);
	return add_row(ctx->sim, &row);
}

struct addr sim_addr_above(const struct addr *base, uint32_t n)
{
	struct addr a = *base;

	for (size_t i = a.len; i > (size_t)a.len - 4 && n > 0; i--) {
		n += a.bytes[i - 1];
		a.bytes[i - 1] = (uint8_t)n;
		n >>= 8;
	}
	return a;
}

struct addr sim_server(const struct simulation *sim, const struct sim_row *row)
{
	struct addr net = { .len = 16, .bytes = { 0x20, 0x01, 0x0d, 0xb8, 0, 0x53 } };

	if (sim->servers[row->server].len == sim->peers[row->peer].len)
		return sim->servers[row->server];
	/* a server listed by IPv4 has an IPv6 address too, and the other way round */
	if (sim->peers[row->peer].len == 16)
		return sim_addr_above(&net, row->server + 1u);
	net = (struct addr){ .len = 4, .bytes = { 192, 0, 2, 0 } };
	return sim_addr_above(&net, row->server + 1u);
}

static int row_cmp(const void *a, const void *b)
{
	const struct sim_row *x = a;
	const struct sim_row *y = b;

	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	if (x->name != y->name)
		return x->name < y->name ? -1 : 1;
	if (x->peer != y->peer)
		return x->peer < y->peer ? -1 : 1;
	if (x->type != y->type)
		return x->type < y->type ? -1 : 1;
	if (x->server != y->server)
		return x->server < y->server ? -1 : 1;
	if (x->port != y->port)
		return x->port < y->port ? -1 : 1;
	return (x->txid > y->txid) - (x->txid < y->txid);
}

static int pair_cmp(const void *a, const void *b)
{
	const uint64_t *x = a;
	const uint64_t *y = b;

	return (*x > *y) - (*x < *y);
}

/* Rows, peers and span of every name, for the truth file. */
static bool count_names(struct simulation *sim, struct err *reterr)
{
	uint64_t *pairs = malloc(size_mul(sim->row_count + 1, sizeof(*pairs)));

	if (pairs == NULL) {
		err_set_memory(reterr);
		return false;
	}
	for (size_t i = 0; i < sim->row_count; i++) {
		const struct sim_row *row = &sim->rows[i];
		struct sim_name *name = &sim->names[row->name];
		bool repeated = i > 0 && row->time_ns == row[-1].time_ns &&
				row->name == row[-1].name && row->peer == row[-1].peer &&
				row->type == row[-1].type;

		if (name->rows == 0)
			name->first_ns = row->time_ns;
		name->last_ns = row->time_ns;
		name->rows += !repeated;
		pairs[i] = (uint64_t)row->name << 32 | row->peer;
	}
	qsort(pairs, sim->row_count, sizeof(*pairs), pair_cmp);
	for (size_t i = 0; i < sim->row_count; i++)
		sim->names[pairs[i] >> 32].peers += i == 0 || pairs[i] != pairs[i - 1];
	free(pairs);
	return true;
}

static bool read_servers(struct simulation *sim, const struct scenario *s, struct err *reterr)
{
	sim->servers = calloc(s->servers_count, sizeof(*sim->servers));
	if (sim->servers == NULL) {
		err_set_memory(reterr);
		return false;
	}
	for (uint32_t i = 0; i < s->servers_count && i < UINT8_MAX; i++) {
		if (!addr_parse(s->servers[i], strlen(s->servers[i]), &sim->servers[i])) {
			err_set(reterr, ERR_INPUT, "server '%s' is no address", s->servers[i]);
			return false;
		}
		sim->server_count++;
	}
	return true;
}

static bool check(const struct scenario *s, int64_t *ret_start_ns, struct err *reterr)
{
	char midnight[32];
	struct stamp start;
	int len = snprintf(midnight, sizeof(midnight), "%sT00:00:00Z", s->start);

	if (len < 0 || !stamp_parse_iso(midnight, (size_t)len, &start, NULL)) {
		err_set(
		    reterr, ERR_INPUT, "start '%s' is no date: write it as 2016-05-04", s->start);
		return false;
	}
	if (!(s->days > 0 && s->days <= 36525) || s->digits > 9) {
		err_set(
		    reterr, ERR_INPUT, "days must be above 0 and at most 36525, digits at most 9");
		return false;
	}
	*ret_start_ns = start.ns;
	return true;
}

bool simulate(const struct scenario *s, uint64_t seed, struct simulation **ret, struct err *reterr)
{
	bool ok = false;
	struct simulation *sim = calloc(1, sizeof(*sim));
	struct sim_context ctx = { .sim = sim, .scenario = s, .seed = seed };

	if (sim == NULL) {
		err_set_memory(reterr);
		goto out;
	}
	if (!check(s, &ctx.start_ns, reterr))
		goto out;
	sim->digits = s->digits;
	if (!read_servers(sim, s, reterr))
		goto out;
	for (size_t i = 0; i < s->crowds_count; i++) {
		if (!sim_crowd(&ctx, i, reterr))
			goto out;
	}
	for (size_t i = 0; i < s->targets_count; i++) {
		if (!sim_target(&ctx, i, reterr))
			goto out;
	}
	qsort(sim->rows, sim->row_count, sizeof(*sim->rows), row_cmp);
	if (!count_names(sim, reterr))
		goto out;
	*ret = sim;
	sim = NULL;
	ok = true;
out:
	simulation_free(sim);
	return ok;
}

bool simulation_write_truth(const struct simulation *sim, FILE *out, struct err *reterr)
{
	char name[ENDPOINT_TEXT_MAX];
	char first[STAMP_TEXT_MAX];
	char last[STAMP_TEXT_MAX];

	(void)fputs("target\tclass\tneedle\trows\tpeers\tfirst\tlast\n", out);
	for (size_t i = 0; i < sim->name_count; i++) {
		const struct sim_name *n = &sim->names[i];

		if (n->rows == 0)
			continue;
		(void)endpoint_format(&n->name, name);
		(void)stamp_format_iso((struct stamp){ n->first_ns, sim->digits }, first);
		(void)stamp_format_iso((struct stamp){ n->last_ns, sim->digits }, last);
		(void)fprintf(out, "%s\t%s\t%s\t%" PRIu32 "\t%" PRIu32 "\t%s\t%s\n", name, n->class,
		    n->needle ? "yes" : "no", n->rows, n->peers, first, last);
	}
	if (fflush(out) != 0 || ferror(out)) {
		err_set(reterr, ERR_SYSTEM, "cannot write the truth file: %s", strerror(errno));
		return false;
	}
	return true;
}
