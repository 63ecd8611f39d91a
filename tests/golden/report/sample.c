/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sample.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/philox.h"
#include "finding/joined_words.h"
#include "finding/usual_words.h"
#include "finding/why.h"

#define FIRST_S   INT64_C(1462320000) /* 2016-05-04, a Wednesday */
#define NOT_BUILT "not built yet"

struct maker {
	struct arena *memory;
	struct hunt_result *result;
	struct finding *findings;
	size_t count;
	bool ok;
};

static void set_target(struct maker *m, struct finding *f, const char *name)
{
	m->ok = endpoint_parse(&f->target, name, strlen(name)) && m->ok;
}

static struct stamp at(int64_t seconds)
{
	return (struct stamp){ (FIRST_S + seconds) * NS_PER_S, 0 };
}

static void add_peer(struct maker *m, struct finding *f, const char *peer, uint64_t contacts)
{
	struct finding_peer *p = &f->peers[f->peer_count++];

	m->ok = endpoint_parse(&p->peer, peer, strlen(peer)) && m->ok;
	p->contacts = contacts;
	p->share = (double)contacts / (double)f->contacts;
	p->first = f->first;
	p->last = f->last;
	/* one peer fades out while the next fades in */
	for (size_t i = 0; i < FINDING_PARTS; i++)
		p->parts[i] = (f->peer_count & 1) == 1 ? contacts * (FINDING_PARTS - i) / 300
						       : contacts * (i + 1) / 300;
}

static void set_unbuilt(struct finding_tests *t)
{
	t->cache.status.why = NOT_BUILT;
	t->hours.status.why = NOT_BUILT;
	t->changes.status.why = NOT_BUILT;
	t->events.status.why = NOT_BUILT;
	t->reciprocity.status.why = NOT_BUILT;
	t->succession.status.why = NOT_BUILT;
	t->authenticity.status.why = NOT_BUILT;
}

/* How many contacts in this hour of this day, on average? */
typedef double rate_fn(size_t day, unsigned hour);

static double scenario_rate(size_t day, unsigned hour)
{
	bool office = day % 7 != 3 && day % 7 != 4 && hour >= 6 && hour < 15; /* day 0: Wednesday */

	if (day == 80 || day == 81)
		return 0;
	if ((day >= 97 && day <= 105) || (day >= 132 && day <= 139))
		return 0.25;
	return day < 51 ? 0.1 + office * 0.4 : day < 80 ? 0.6 + office * 2.2 : 0.5 + office * 1.2;
}

static double monitor_rate(size_t day, unsigned hour)
{
	(void)hour;
	return day % 17 == 5 ? 0 : 1;
}

static double rare_rate(size_t day, unsigned hour)
{
	return day % 3 == 0 && hour == 9 ? 2 : 0;
}

/* Poisson, by Knuth's product of uniforms. */
static uint32_t draw(struct philox *random, double mean)
{
	double left = exp(-mean);
	double product = philox_uniform(random);
	uint32_t n = 0;

	while (product > left) {
		product *= philox_uniform(random);
		n++;
	}
	return n;
}

static void set_raster(struct maker *m, struct finding *f, size_t days, rate_fn *rate, bool regular)
{
	uint32_t(*hours)[24] = arena_alloc(m->memory, days * sizeof(*hours));
	struct philox random;

	if (hours == NULL) {
		m->ok = false;
		return;
	}
	philox_init(&random, 1, f->rank, 1);
	for (size_t day = 0; day < days; day++)
		for (unsigned hour = 0; hour < 24; hour++)
			hours[day][hour] =
			    regular ? (uint32_t)rate(day, hour) : draw(&random, rate(day, hour));
	f->raster =
	    (struct finding_raster){ stamp_day(f->first.ns), days, (const uint32_t(*)[24])hours };
}

static const struct finding_evidence one_source[] = {
	{ { { 0x5e, 0x1f, 0xaa, [31] = 0x01 } }, 3000 },
	{ { { 0x7b, 0x00, 0xc3, [31] = 0x02 } }, 570 },
};

static void set_life(struct maker *m, struct finding *f)
{
	struct finding_life *own = arena_alloc(m->memory, sizeof(*own));

	if (own == NULL) {
		m->ok = false;
		return;
	}
	*own = (struct finding_life){ f->target, LIFE_TARGET, 0, f->contacts, f->first, f->last };
	f->lives = own;
	f->life_count = 1;
}

/* The next finding, in rank order, with what all have. */
static struct finding *add_finding(
    struct maker *m, const char *target, uint64_t contacts, uint64_t days)
{
	struct finding *f = &m->findings[m->count++];

	f->rank = (uint32_t)m->count;
	f->kind = KIND_DNS;
	f->contacts = contacts;
	f->visits = contacts - contacts / 14;
	f->first = at(3600 * 7);
	f->last = at(86400 * ((int64_t)days - 1) + 3600 * 14);
	f->evidence = one_source;
	f->evidence_count = COUNT_OF(one_source);
	f->gaps = (struct finding_gaps){ .quartiles_s = { 3480, 3600, 5400 }, .ttl = 3600 };
	f->gaps.counts[finding_gap_bin(3600)] = 2900;
	f->gaps.counts[finding_gap_bin(14400)] = 410;
	f->gaps.counts[finding_gap_bin(1e7)] = 1;
	f->gaps.total = 3311;
	set_target(m, f, target);
	set_life(m, f);
	set_unbuilt(&f->tests);
	f->tests.periodicity = (struct test_periodicity){ .p_gap = NAN,
		.p_days = NAN,
		.p_any = NAN,
		.p_cache = NAN,
		.p_clock = NAN,
		.period_s = NAN,
		.jitter_s = NAN,
		.missing = NAN,
		.verdict = RHYTHM_CANNOT_TELL };
	return f;
}

static void set_numbers(struct finding *f, double score, double p, double q)
{
	f->score = score;
	f->p = p;
	f->q = q;
	f->needle = q <= 0.05;
	f->tests.periodicity.p_gap = p * 2;
	f->tests.periodicity.p_days = p < 0.001 ? p * 3 : 0.4;
}

static void set_crowd(struct finding *f, double p, double peers, double expected, uint64_t days)
{
	f->active_days = days;
	f->tests.narrowness = (struct test_narrowness){ { NULL }, p, peers, expected, 2316, p * 4,
		1 + (peers - 1) / 4, expected / 3 };
	f->tests.persistence = (struct test_persistence){ { NULL }, p * 2, days, 143 };
}

/* Every test ran. */
static void set_all_tests(struct maker *m, struct finding *f)
{
	static const int16_t peer_set[] = { 165, 180, 195 }, owner_set[] = { -255, -240 };
	static const char *const labels[] = { "press inquiry", "<b>\x1b[0m" };
	static const char *const downgrades[] = { "the reverse record already named it" };
	static const char *const concerns[] = { "looks up within its own TTL" };
	static const struct explanation_move moves[] = {
		{ "share of visits in the busiest nine hours: 93%", 1.2 },
		{ "questions for the name of its address, to all: under 1%", -.7 },
	};
	static const struct event_mark marks[] = { { FIRST_S / S_PER_DAY + 50, true,
						       "press inquiry" },
		{ FIRST_S / S_PER_DAY + 70, false, "]]></text><script>" },
		{ FIRST_S / S_PER_DAY + 80, false, "holiday" },
		{ FIRST_S / S_PER_DAY + 81, false, "holiday" },
		{ FIRST_S / S_PER_DAY + 141, true, "<b>\x1b[0m" } };
	static struct change_block blocks[2];
	static struct succession_entry next;
	static struct finding_life lives[5];
	const struct hours_offsets peer = { peer_set, 3 }, owner = { owner_set, 2 };

	blocks[0] = (struct change_block){ at(0), at(86400 * 51), 0.21 };
	blocks[1] = (struct change_block){ at(86400 * 51), at(86400 * 143), 1.37 };
	next = (struct succession_entry){ .successor = true,
		.p = 1e-5,
		.q = 0.02,
		.lag_s = 345600,
		.shared = 1u << SHARED_ADDRESS | 1u << SHARED_PEERS,
		.asker_known = true,
		.first_asker = f->peers[0].peer,
		.asker_shared = true,
		.first_asker_p = .02,
		.downgrades = downgrades,
		.downgrade_count = 1 };
	m->ok = endpoint_parse(&next.target, "mail2.example.net", 17) && m->ok;
	f->tests.cache = (struct test_cache){ .ttl_s = 3600,
		.saturation = 0.41,
		.rate_per_h = 0.71,
		.rate_lo = 0.67,
		.rate_hi = 0.74,
		.violations_p = 0.62,
		.caches = 1,
		.joint_p = 0.001,
		.pauses = 1408,
		.forbidden = 2,
		.after = 131,
		.joint_window_s = 10,
		.joint_share = 0.21,
		.joint_expected = 0.004,
		.p_shape = 0.003,
		.early_share = 0.31,
		.early_expected = 0.11 };
	f->tests.hours =
	    (struct test_hours){ { NULL }, 0.001, 0.002, true, 180, peer, 0.81, HOURS_ENDS_BOTH,
		    { { HOURS_ENDS_PEER, 180, peer }, { HOURS_ENDS_OWNER, -240, owner } }, 2, NAN,
		    NAN };
	f->tests.changes = (struct test_changes){ .blocks = blocks,
		.block_count = 2,
		.p_burst = 0.001,
		.burst = { at(86400 * 65), at(86400 * 67) },
		.p_silence = 0.001,
		.silence = { at(86400 * 80), at(86400 * 82) },
		.p_stop = 1e-9,
		.has_stopped = true,
		.stopped = at(86400 * 142) };
	f->tests.reciprocity =
	    (struct test_reciprocity){ .p = 0.003, .both = 9, .either = 12, .in = 14, .out = 11 };
	f->tests.events = (struct test_events){ .p = 0.014,
		.declared = true,
		.window_days = 2,
		.matched = labels,
		.matched_count = 2,
		.date_count = COUNT_OF(marks),
		.marks = marks,
		.stop_label = labels[1],
		.stop_days = 1,
		.p_stop_near = 0.07 };
	f->tests.succession = (struct test_succession){ { NULL }, &next, 1 };
	lives[0] = f->lives[0];
	lives[1] = (struct finding_life){
		.type = 1, .count = 900, .first = at(0), .last = at(86400 * 40)
	};
	lives[2] = (struct finding_life){
		.type = 1, .count = 2100, .first = at(86400 * 41), .last = f->last
	};
	lives[3] = (struct finding_life){ next.target, LIFE_SUCCESSOR, 0, 7, at(86400 * 146),
		at(86400 * 150) };
	lives[4] = (struct finding_life){ .of = LIFE_SUCCESSOR,
		.type = 1,
		.count = 3,
		.first = at(86400 * 146),
		.last = at(86400 * 150) };
	m->ok = endpoint_parse(&lives[1].thing, "192.0.2.25", 10) &&
		endpoint_parse(&lives[2].thing, "192.0.2.26", 10) && m->ok;
	lives[4].thing = lives[2].thing;
	f->lives = lives;
	f->life_count = COUNT_OF(lives);
	f->lives_left_out = 3;
	f->tests.authenticity =
	    (struct test_authenticity){ { NULL }, AUTHENTICITY_CONCERN, concerns, 1, .p = 0.0006 };
	for (size_t i = 0; i < AUTHENTICITY_CHECKS; i++)
		f->tests.authenticity.checks[i].why = NOT_BUILT;
	f->tests.authenticity.checks[CHECK_TTL] =
	    (struct authenticity_result){ .p = 0.0001, .seen = 12, .of = 300, .expected = 0.4 };
	f->tests.authenticity.checks[CHECK_COPIES] =
	    (struct authenticity_result){ .p = 0.3, .seen = 8, .of = 300, .expected = (double)NAN };
	f->weighing.weighed = true;
	for (size_t i = 0; i < EXPLANATION_COUNT; i++) {
		f->weighing.probability[i] = f->weighing.prior[i] = 1.0 / 11;
		f->weighing.factor[i] = 1;
	}
	f->weighing.probability[EXPLAINED_OTHER] = f->weighing.prior[EXPLAINED_OTHER] =
	    f->weighing.factor[EXPLAINED_OTHER] = (double)NAN;
	f->weighing.first = EXPLAINED_SENDER_CHECKS;
	f->weighing.moves[EXPLAINED_SENDER_CHECKS] =
	    (struct explanation_moves){ moves, COUNT_OF(moves) };
	f->weighing.moves[EXPLAINED_HUMAN_CORRESPONDENCE] = (struct explanation_moves){ moves, 1 };
	f->weighing.in_set[EXPLAINED_SENDER_CHECKS] = true;
	f->weighing.in_set[EXPLAINED_HUMAN_CORRESPONDENCE] = true;
}

/* As if a file of networks and a list of popular domains had been given. */
static void set_enrichment(struct maker *m, struct finding *f)
{
	static const char *const plain[] = { "Its registered domain is example.net.",
		"The list of popular domains has example.net at place 123,456.",
		"Peers of one network taken as one, 22 peers are of 3 operators; weighed by their"
		" contacts, as few as 1.47 with equal shares.",
		"198.51.100.15: AS64500 Example Networks, DE." };
	struct finding_network *n = arena_alloc(m->memory, sizeof(*n));

	if (n == NULL) {
		m->ok = false;
		return;
	}
	*n = (struct finding_network){ .address = f->peers[0].peer,
		.as_number = 64500,
		.as_name = "Example Networks",
		.country = "DE" };
	f->enrichment = (struct finding_enrichment){ .registered_domain = "example.net",
		.listed = "example.net",
		.place = 123456,
		.operators = 3,
		.operators_effective = 1.47,
		.networks = n,
		.network_count = 1,
		.plain = plain,
		.plain_count = COUNT_OF(plain) };
}

/* As if the case held mail of the host's address, too. */
static void set_joined(struct maker *m, struct finding *f)
{
	static const struct joined_other other = { .rank = 7,
		.kind = KIND_SMTP,
		.target = { .form = ENDPOINT_V4, .len = 4, .bytes = { 198, 51, 100, 25 } } };
	static const struct joined_shared shared = { .fact = FACT_HELO,
		.key = { .form = ENDPOINT_V4, .len = 4, .bytes = { 198, 51, 100, 25 } } };
	struct joined_key *keys = arena_alloc(m->memory, 2 * sizeof(*keys));

	if (keys == NULL) {
		m->ok = false;
		return;
	}
	keys[0] = (struct joined_key){ .key = f->target, .counts = { .lookups = 3570 } };
	keys[1] = (struct joined_key){ .key = other.target,
		.from = f->target,
		.fact = 1,
		.steps = 1,
		.ambiguous = true,
		.counts = { .sessions = 412, .hops = 60 } };
	f->joined = (struct finding_joined){ .keys = keys,
		.key_count = 2,
		.shared = &shared,
		.shared_count = 1,
		.others = &other,
		.other_count = 1,
		.verdict = JOINED_LOOKUPS_ALONE,
		.first = f->first,
		.last = f->last,
		.lookups = 3570,
		.mails = 472,
		.lookups_left_out = 28,
		.mails_left_out = 3,
		.days_lookups = 131,
		.days_mail = 90,
		.days_both = 88,
		.led = 451,
		.led_near = 300,
		.answered = 1510,
		.chance = .31 };
	m->ok = joined_words_fill(&f->joined, m->memory) && m->ok;
}

static void set_usual(struct maker *m, struct finding *f)
{
	f->usual = (struct finding_usual){ .row_count = 3,
		.rows = { { USUAL_LOOKUPS, 0, 22, 25.1, 5 }, { USUAL_RECEIVED, 17, 41.5, 120, 7 },
		    { USUAL_SENT, 12, 30, 88.5, (double)NAN } } };
	m->ok = usual_words_fill(&f->usual, false, m->memory) && m->ok;
}

static void add_scenario(struct maker *m)
{
	struct finding *f = add_finding(m, "mail1.example.net", 3570, 143);

	set_numbers(f, 15.91, 1.2e-13, 9.8e-11);
	set_crowd(f, 0.000431, 2.84, 412.5, 131);
	f->tests.periodicity.period_s = 3600;
	f->tests.periodicity.p_any = 1e-9;
	f->peers_total = 22;
	add_peer(m, f, "198.51.100.15", 1409);
	add_peer(m, f, "198.51.100.16", 1411);
	add_peer(m, f, "203.0.113.7", 714);
	add_peer(m, f, "2001:db8:7::35", 4);
	set_raster(m, f, 143, scenario_rate, false);
	set_all_tests(m, f);
	set_enrichment(m, f);
	set_joined(m, f);
	set_usual(m, f);

	f = add_finding(m, "status.example.org", 3240, 143);
	set_numbers(f, 8.02, 4.4e-7, 1.8e-4);
	set_crowd(f, 0.012, 1, 380, 135);
	f->peers_total = 1;
	f->limited_by_b = true;
	f->allowed = "*.example.org";
	f->tests.periodicity.period_s = 3600;
	f->tests.periodicity.jitter_s = 42.5;
	f->tests.periodicity.missing = 0.057;
	f->tests.periodicity.p_clock = 0.0001;
	f->tests.periodicity.verdict = RHYTHM_SCHEDULE;
	f->tests.periodicity.beats = 3239;
	f->tests.periodicity.strays = 1;
	f->tests.periodicity.stray[0].at = (struct stamp){ INT64_C(1463000000000000000), 0 };
	add_peer(m, f, "203.0.113.7", 3240);
	set_raster(m, f, 143, monitor_rate, true);

	f = add_finding(m, "192.0.2.80", 96, 142);
	f->kind = KIND_SMTP;
	set_numbers(f, 2.7, 0.019, 0.41);
	f->active_days = 48;
	f->peers_total = 2;
	f->tests.narrowness.status.why = "only 17 names of like popularity, 20 needed";
	f->tests.persistence.status.why = "only 17 names of like popularity, 20 needed";
	add_peer(m, f, "198.51.100.25", 95);
	add_peer(m, f, "198.51.100.26", 1);
	set_raster(m, f, 142, rare_rate, false);
	m->result->needles = 2;
	m->result->needles_strict = 1;
}

static void add_hostile(struct maker *m)
{
	static const char *const network[] = { "192.0.2.1: AS64500 \x1b[2J<b>\xe2\x80\xae\xff." };
	static const char label[] =
	    "a-name-that-goes-on-and-on-for-as-long-as-a-label-can-be-012345";
	char longest[4 * sizeof(label)];
	struct finding *f = add_finding(m, "<script>alert(1)</script>&\"'`$(id).example", 50, 40);

	set_numbers(f, 3, 0.001, 0.04);
	set_crowd(f, 0.2, 3, 30, 20); /* a needle that is not narrow */
	f->enrichment.plain = network;
	f->enrichment.plain_count = COUNT_OF(network);
	f->allowed = "\x1b[2J<b>\xe2\x80\xae"
		     "line";
	add_peer(m, f, "198.51.100.1", 50);
	set_raster(m, f, 40, scenario_rate, false);

	f = add_finding(m, "\\027[31m\\226\\128\\174.\\000\\255.]]>.example", 50, 40);
	set_numbers(f, 2, 0.01, 0.5);
	set_crowd(f, 0.02, 3, 30, 20);
	set_raster(m, f, 40, scenario_rate, false);

	(void)snprintf(longest, sizeof(longest), "%s.%s.%s.%.61s", label, label, label, label);
	f = add_finding(m, longest, UINT64_MAX, 40);
	set_numbers(f, NAN, NAN, NAN);
	f->tests.narrowness.status.why = "</td><b>\x07";
	f->tests.persistence.status.why = "a \xff b";
	f->peers_total = UINT64_MAX;
	m->result->needles = 1;
}

static void add_quiet(struct maker *m)
{
	struct finding *f = add_finding(m, "www.example.com", 120, 60);

	set_numbers(f, 1.2, 0.3, 0.97);
	set_crowd(f, 0.2, 6.5, 9, 33);
	f->peers_total = 9;
	add_peer(m, f, "198.51.100.9", 40);
	set_raster(m, f, 60, rare_rate, false);
	m->result->lambda_gc = 1.31;
	m->result->live_share = 1;
}

static void add_long(struct maker *m)
{
	struct finding *f = add_finding(m, "old.example.net", 40000, 15000);

	set_numbers(f, 9, 1e-9, 1e-6);
	set_crowd(f, 0.001, 2, 100, 14000);
	f->peers_total = 2;
	add_peer(m, f, "198.51.100.9", 40000);
	set_raster(m, f, 15000, scenario_rate, false);
	m->result->needles = 1;
}

static const struct unranked unranked[] = {
	{ { ENDPOINT_NAME, 13, "\3www\7example" }, KIND_DNS, 25, 9, 1, 3 },
	{ { ENDPOINT_NAME, 15, "\5clock\7example" }, KIND_MDNS, 21, 21, 1, 1 },
};

static void set_short(struct maker *m)
{
	struct hunt_result *r = m->result;

	r->live_share = 1;
	r->outages_judged = false;
	r->none_eligible = "the evidence spans 21 minutes, 3 days needed";
	r->unranked = unranked;
	r->unranked_count = COUNT_OF(unranked);
	r->names = 2;
	r->contacts = 46;
	r->eligible = 0;
	r->last = at(21 * 60);
	r->lambda_gc = NAN;
	r->coverage_count = 1;
	r->vantage = "recursive";
}

static const struct health_line health[] = {
	{ "auth-1.log.gz", "zeek-tsv", "complete", { { 0x5e, 0x1f, 0xaa, [31] = 0x01 } }, 81234567,
	    8123456, 8123400, { FIRST_S * NS_PER_S, 0 }, { (FIRST_S + 12268800) * NS_PER_S, 0 }, "",
	    "" },
	{ "auth-2.pcap", "pcap", "damaged", { { 0x7b, 0x00, 0xc3, [31] = 0x02 } }, 81920, 640, 611,
	    { FIRST_S * NS_PER_S, 0 }, { (FIRST_S + 7200) * NS_PER_S, 0 },
	    "3 truncated record (first at byte 81,920)", "" },
	{ "notes.docx", "", "unknown", { { 0x01 } }, 12000, 0, 0, { 0, 0 }, { 0, 0 }, "", "" },
};

static const struct health_line hostile_health[] = {
	{ "\x1b]0;x\x07<img src=x>\xe2\x80\xaegpj.\xff"
	  "caf\xc3\xa9\n.log",
	    "zeek-json", "complete", { { 0x5e } }, 1, 1, 1, { FIRST_S * NS_PER_S, 0 },
	    { FIRST_S * NS_PER_S, 0 }, "1 bad <b>value</b>\x1b[0m (first at byte 0)", "" },
};

static void set_coverage(struct maker *m, size_t days)
{
	struct coverage_day *all = arena_alloc(m->memory, days * sizeof(*all));

	if (all == NULL) {
		m->ok = false;
		return;
	}
	for (size_t i = 0; i < days; i++) {
		bool dead = i == 44 || i == 45;
		double weekend = i % 7 == 3 || i % 7 == 4 ? 0.4 : 1;

		all[i].day = FIRST_S / S_PER_DAY + (int64_t)i;
		all[i].live = dead ? 0 : i == 46 ? 0.5 : 1;
		all[i].contacts = (uint64_t)(60000 * weekend * all[i].live);
	}
	m->result->coverage = all;
	m->result->coverage_count = days;
}

bool sample_make(const char *name, struct arena *memory, struct report_input *ret)
{
	static const struct {
		const char *name;
		void (*fill)(struct maker *m);
		size_t days;
	} samples[] = { { "scenario", add_scenario, 143 }, { "hostile", add_hostile, 40 },
		{ "quiet", add_quiet, 60 }, { "long", add_long, 15000 },
		{ "short", set_short, 1 } };
	struct maker m = { .memory = memory, .ok = true };

	m.result = arena_alloc(memory, sizeof(*m.result));
	m.findings = arena_alloc(memory, 8 * sizeof(*m.findings));
	if (m.result == NULL || m.findings == NULL)
		return false;
	*m.result = (struct hunt_result){ .version = "0.1.0",
		.seed = 1,
		.vantage = "authoritative",
		.first = at(0),
		.contacts = 8124011,
		.names = 12345,
		.eligible = 816,
		.lambda_gc = 1.02,
		.live_share = 0.9825,
		.outages_judged = true,
		.findings = m.findings };
	*ret = (struct report_input){
		.result = m.result, .health = health, .health_count = COUNT_OF(health)
	};
	for (size_t i = 0; i < COUNT_OF(samples); i++) {
		if (strcmp(samples[i].name, name) != 0)
			continue;
		m.result->last = at(86400 * (int64_t)samples[i].days - 1);
		set_coverage(&m, samples[i].days);
		samples[i].fill(&m);
		m.result->finding_count = m.count;
		for (size_t j = 0; j < m.count && m.ok; j++)
			m.ok = why_fill(&m.findings[j], m.result->vantage, memory, NULL);
		if (samples[i].fill == add_hostile)
			*ret = (struct report_input){ .result = m.result,
				.health = hostile_health,
				.health_count = COUNT_OF(hostile_health) };
		return m.ok;
	}
	return false;
}
