/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "simulate/simulate.h"

#define FOUNDING LODESTONE_SOURCE_ROOT "/scenarios/founding.yaml"

static struct scenario *load(const char *path)
{
	struct scenario *s = NULL;
	struct err err;

	if (!scenario_load(path, &s, &err))
		fail_msg("%s", err.text);
	return s;
}

static struct simulation *run(const struct scenario *s, uint64_t seed)
{
	struct simulation *sim = NULL;
	struct err err;

	if (!simulate(s, seed, &sim, &err))
		fail_msg("%s", err.text);
	return sim;
}

static uint32_t name_index(const struct simulation *sim, const char *text)
{
	struct endpoint name;

	assert_true(endpoint_from_name(&name, text, strlen(text)));
	for (uint32_t i = 0; i < sim->name_count; i++) {
		if (endpoint_cmp(&sim->names[i].name, &name) == 0)
			return i;
	}
	fail_msg("no name '%s'", text);
	return 0;
}

/* Distinct look-ups of a name by one peer, without what a second server repeats. */
static unsigned rows_of(const struct simulation *sim, uint32_t name, const char *peer)
{
	struct addr a;
	unsigned count = 0;

	assert_true(addr_parse(peer, strlen(peer), &a));
	for (size_t i = 0; i < sim->row_count; i++) {
		const struct sim_row *row = &sim->rows[i];
		bool repeated = i > 0 && row->time_ns == row[-1].time_ns &&
				row->name == row[-1].name && row->peer == row[-1].peer &&
				row->type == row[-1].type;

		count +=
		    row->name == name && !repeated && addr_cmp(&sim->peers[row->peer], &a) == 0;
	}
	return count;
}

/*
 * The recipe's averages are A+B = 2,815 and H = 727. The standard deviations of one run, from 300
 * runs, are 101 and 130, so three standard errors of a mean of 20 runs are 68 and 87.
 */
static void founding_marginals_are_the_published_ones(void **state)
{
	struct scenario *s = load(FOUNDING);
	uint32_t targets = s->targets_count;
	uint32_t crowds = s->crowds_count;
	double pair = 0, other = 0;
	const int runs = 20;

	(void)state;
	s->crowds_count = 0;
	s->targets_count = 1; /* the founding target alone; put back before the scenario is freed */
	for (int i = 0; i < runs; i++) {
		struct simulation *sim = run(s, 1000 + (uint64_t)i);
		uint32_t name = name_index(sim, "mail1.example.net");

		pair += rows_of(sim, name, "203.0.113.10") + rows_of(sim, name, "203.0.113.11");
		other += rows_of(sim, name, "198.51.100.130");
		simulation_free(sim);
	}
	print_message("A+B %.0f, H %.0f\n", pair / runs, other / runs);
	assert_in_range((unsigned)(pair / runs), 2815 - 68, 2815 + 68);
	assert_in_range((unsigned)(other / runs), 727 - 87, 727 + 87);
	s->targets_count = targets;
	s->crowds_count = crowds;
	scenario_free(s);
}

static void one_cache_never_asks_twice_within_the_ttl(void **state)
{
	struct scenario *s = load(FOUNDING);
	struct simulation *sim = run(s, 7);
	uint32_t name = name_index(sim, "mail1.example.net");
	int64_t last[3] = { 0 };
	struct addr peers[2];

	(void)state;
	assert_true(addr_parse("203.0.113.10", 12, &peers[0]));
	assert_true(addr_parse("203.0.113.11", 12, &peers[1]));
	for (size_t i = 0; i < sim->row_count; i++) {
		for (int p = 0; p < 2; p++) {
			const struct sim_row *row = &sim->rows[i];

			if (row->name != name || addr_cmp(&sim->peers[row->peer], &peers[p]) != 0)
				continue;
			if (row->time_ns != last[p]) /* the same look-up at a second server */
				assert_true(last[p] == 0 ||
					    row->time_ns - last[p] >= INT64_C(3599) * 1000000000);
			last[p] = row->time_ns;
		}
	}
	simulation_free(sim);
	scenario_free(s);
}

/* The bytes that a writer makes of a simulation. */
static char *written(const struct simulation *sim,
    bool (*write)(const struct simulation *, FILE *, struct err *), size_t *ret_len)
{
	char *text = NULL;
	struct err err;
	FILE *f = open_memstream(&text, ret_len);

	assert_non_null(f);
	assert_true(write(sim, f, &err));
	assert_int_equal(fclose(f), 0);
	return text;
}

static void the_seed_alone_decides(void **state)
{
	struct scenario *s = load(FOUNDING);
	bool (*const writers[])(const struct simulation *, FILE *, struct err *) = {
		simulation_write_zeek, simulation_write_pcap, simulation_write_truth
	};

	(void)state;
	s->crowds[0].names = 20;
	s->crowds[0].requests = 2000;
	s->crowds[1].names = 200;
	s->crowds[1].requests = 4000;
	for (size_t w = 0; w < COUNT_OF(writers); w++) {
		struct simulation *sims[3] = { run(s, 5), run(s, 5), run(s, 6) };
		size_t len[3];
		char *text[3];

		for (int i = 0; i < 3; i++)
			text[i] = written(sims[i], writers[w], &len[i]);
		assert_int_equal(len[0], len[1]);
		assert_memory_equal(text[0], text[1], len[0]);
		assert_true(len[0] != len[2] || memcmp(text[0], text[2], len[0]) != 0);
		for (int i = 0; i < 3; i++) {
			free(text[i]);
			simulation_free(sims[i]);
		}
	}
	scenario_free(s);
}

static void refuses_what_it_cannot_use(void **state)
{
	static const struct {
		const char *yaml;
		const char *says;
	} bad[] = {
		{ "days: 3\nservers: [192.0.2.1]\n", "start" },
		{ "start: 2016-05-04\ndays: 3\nservers: [192.0.2.1]\nbogus: 1\n", "bogus" },
		{ "start: yesterday\ndays: 3\nservers: [192.0.2.1]\n", "no date" },
		{ "start: 2016-05-04\ndays: -3\nservers: [192.0.2.1]\n", "days" },
		{ "start: 2016-05-04\ndays: 3\nservers: [here]\n", "no address" },
		{ "start: 2016-05-04\ndays: 3\nservers: [192.0.2.1]\ntargets:\n  - {name: a..b, "
		  "class: x, "
		  "type: A, ttl: 1, clients: [{model: scattered, peers: [192.0.2.9], count: 1}]}\n",
		    "no domain name" },
		{ "start: 2016-05-04\ndays: 3\nservers: [192.0.2.1]\ntargets:\n  - {name: a.b, "
		  "class: x, "
		  "type: A, ttl: 1, clients: [{model: clock, peers: [192.0.2.9]}]}\n",
		    "gap_s" },
		{ "start: 2016-05-04\ndays: 3\nservers: [192.0.2.1]\ntargets:\n  - {name: a.b, "
		  "class: x, "
		  "type: A, ttl: 1, clients: [{model: scattered, count: 1}]}\n",
		    "no peers" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		char path[] = "/tmp/lodestone-scenario-XXXXXX";
		int fd = mkstemp(path);
		FILE *f = fdopen(fd, "w");
		struct scenario *s = NULL;
		struct simulation *sim = NULL;
		struct err err = { .code = ERR_NONE };

		assert_non_null(f);
		(void)fputs(bad[i].yaml, f);
		(void)fclose(f);
		assert_false(scenario_load(path, &s, &err) && simulate(s, 1, &sim, &err));
		assert_int_equal(err.code, ERR_INPUT);
		assert_non_null(strstr(err.text, bad[i].says));
		if (s != NULL)
			scenario_free(s);
		(void)remove(path);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(founding_marginals_are_the_published_ones),
		cmocka_unit_test(one_cache_never_asks_twice_within_the_ttl),
		cmocka_unit_test(the_seed_alone_decides),
		cmocka_unit_test(refuses_what_it_cannot_use),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
