/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../support/haystack_of.h"
#include "hunt/join.h"
#include "hunt/join_keys.h"
#include "hunt/join_times.h"

static struct endpoint endpoint_of(const char *text)
{
	struct endpoint e;

	assert_true(endpoint_parse(&e, text, strlen(text)));
	return e;
}

/* ---- reverse names ---- */

static void assert_reverse(const char *name, const char *address)
{
	struct endpoint e = endpoint_of(name), got;
	char text[ENDPOINT_TEXT_MAX];

	if (address == NULL) {
		assert_false(join_keys_of_reverse(&e, &got));
		return;
	}
	assert_true(join_keys_of_reverse(&e, &got));
	(void)endpoint_format(&got, text);
	assert_string_equal(text, address);
}

static void a_reverse_name_is_read_back(void **state)
{
	(void)state;
	assert_reverse("25.100.51.198.in-addr.arpa", "198.51.100.25");
	assert_reverse("1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.7.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
	    "2001:db8:7::1");
	assert_reverse("100.51.198.in-addr.arpa", NULL);
	assert_reverse("1.25.100.51.198.in-addr.arpa", NULL);
	assert_reverse("256.100.51.198.in-addr.arpa", NULL);
	assert_reverse("025.100.51.198.in-addr.arpa", NULL);
	assert_reverse("a.100.51.198.in-addr.arpa", NULL);
	assert_reverse("7.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa", NULL);
	assert_reverse("in-addr.arpa", NULL);
	assert_reverse("ip6.arpa", NULL);
	assert_reverse("25.100.51.198.in-addr.arpa.example", NULL);
	assert_reverse("198.51.100.25", NULL);
}

/* ---- facts ---- */

struct binding {
	const char *owner;
	uint16_t type;
	const char *data;
	uint32_t extra;
};

static void keys_of(
    const struct binding *list, size_t count, const char *target, struct join_keys *ret)
{
	const struct digest digest = { { 1 } };
	struct endpoint e = endpoint_of(target);
	struct haystack_writer *w = NULL;
	struct events none = { 0 };
	struct err err;
	struct dig d;

	dig_open(&d, &none, 0, false);
	assert_true(haystack_writer_new(d.dir, 1 << 20, &w, &err));
	assert_true(haystack_writer_begin(w, &err));
	for (size_t i = 0; i < count; i++) {
		const struct fact f = { .owner = endpoint_of(list[i].owner),
			.type = list[i].type,
			.data = endpoint_of(list[i].data),
			.extra = list[i].extra,
			.ttl = 300,
			.count = 1 };

		assert_true(haystack_writer_fact(w, &f, &err));
	}
	haystack_writer_end(w, &digest);
	assert_true(haystack_commit(d.haystack, w, &err));
	haystack_writer_free(w);
	assert_true(join_keys_find(d.haystack, &e, ret, &err));
	dig_close(&d);
}

static bool has_key(const struct join_keys *k, const char *text)
{
	struct endpoint e = endpoint_of(text);

	for (size_t i = 0; i < k->count; i++)
		if (endpoint_cmp(&k->keys[i].key, &e) == 0)
			return true;
	return false;
}

/* The key of this text, which must be there. */
static const struct joined_key *key_at(const struct join_keys *k, const char *text)
{
	struct endpoint e = endpoint_of(text);
	size_t i = 0;

	assert_true(has_key(k, text));
	while (endpoint_cmp(&k->keys[i].key, &e) != 0)
		i++;
	return &k->keys[i];
}

static void every_kind_of_fact_is_followed_from_either_end(void **state)
{
	static const struct binding facts[] = {
		{ "example.net", 15, "mail1.example.net", 10 },
		{ "www.example.net", 5, "mail1.example.net", 0 },
		{ "mail1.example.net", 1, "198.51.100.25", 0 },
		{ "mail1.example.net", 28, "2001:db8:7::1", 0 },
		{ "25.100.51.198.in-addr.arpa", 12, "out.example.org", 0 },
		{ "helo.example.org", FACT_HELO, "198.51.100.25", 0 },
		{ "list.example.org", FACT_MESSAGE_ID, "198.51.100.25", 0 },
		{ "198.51.100.25", FACT_DATE, "list.example.org", 0 },
	};
	static const char *const near[] = { "example.net", "www.example.net", "198.51.100.25",
		"2001:db8:7::1" };
	static const char *const far[] = { "25.100.51.198.in-addr.arpa", "helo.example.org",
		"list.example.org" };
	struct join_keys k;

	(void)state;
	keys_of(facts, COUNT_OF(facts), "mail1.example.net", &k);
	for (size_t i = 0; i < COUNT_OF(near); i++)
		assert_int_equal(key_at(&k, near[i])->steps, 1);
	for (size_t i = 0; i < COUNT_OF(far); i++)
		assert_int_equal(key_at(&k, far[i])->steps, 2);
	assert_int_equal(key_at(&k, "out.example.org")->steps, 3);
	assert_false(key_at(&k, "out.example.org")->ambiguous);
	assert_int_equal(k.shared_count, 0);
	/* from the far end the same host is seen, but for what is four facts away */
	keys_of(facts, COUNT_OF(facts), "out.example.org", &k);
	assert_int_equal(key_at(&k, "198.51.100.25")->steps, 2);
	assert_int_equal(key_at(&k, "helo.example.org")->steps, 3);
	assert_false(has_key(&k, "example.net"));
}

static void what_many_share_is_not_followed(void **state)
{
	static const struct binding facts[] = {
		{ "a.example.net", 1, "198.51.100.25", 0 },
		{ "b.example.net", 1, "198.51.100.25", 0 },
		{ "c.example.net", 1, "198.51.100.25", 0 },
		{ "d.example.net", 1, "198.51.100.25", 0 },
		{ "e.example.net", 1, "198.51.100.25", 0 },
		{ "helo.example.org", FACT_HELO, "198.51.100.25", 0 },
		{ "helo.example.org", FACT_HELO, "198.51.100.26", 0 },
	};
	struct join_keys k;

	(void)state;
	keys_of(facts, COUNT_OF(facts), "198.51.100.25", &k);
	assert_false(has_key(&k, "a.example.net"));
	assert_int_equal(k.shared_count, 1);
	assert_int_equal(k.shared[0].fact, 1);
	/* the client of one name, and behind it perhaps another host */
	assert_false(key_at(&k, "helo.example.org")->ambiguous);
	assert_true(key_at(&k, "198.51.100.26")->ambiguous);
	/* with one name less they are few enough, and each may be another host */
	keys_of(facts + 1, COUNT_OF(facts) - 1, "198.51.100.25", &k);
	assert_true(key_at(&k, "b.example.net")->ambiguous);
	assert_int_equal(k.shared_count, 0);
}

static void one_end_with_several_preferences_is_one(void **state)
{
	static const struct binding facts[] = {
		{ "example.net", 15, "mail1.example.net", 10 },
		{ "example.net", 15, "mail1.example.net", 20 },
	};
	struct join_keys k;

	(void)state;
	keys_of(facts, COUNT_OF(facts), "example.net", &k);
	assert_int_equal(k.count, 2);
	assert_false(k.keys[1].ambiguous);
}

/* ---- times ---- */

static void add(struct join_rows *r, int64_t at_s, uint64_t network, uint32_t ttl)
{
	const struct join_row row = { at_s * NS_PER_S, network, ttl, false };

	assert_true(join_rows_add(r, &row));
}

static const struct join_outages no_outages = { .mail = { .count = 0 } };

static void mail_is_led_while_the_answer_can_be_known(void **state)
{
	struct finding_joined j = { .last.ns = 4 * NS_PER_DAY };
	struct join_rows lookups = { 0 }, mails = { 0 };
	struct err err;

	(void)state;
	/* out of order, and one before all that is compared */
	add(&lookups, 200000, 2, TTL_NONE);
	add(&lookups, 100000, 1, 600);
	add(&lookups, -100, 1, 300);
	add(&lookups, 300000, 1, UINT32_MAX - 1);
	add(&mails, 100, 1, TTL_NONE);                  /* led from before */
	add(&mails, 100000 - 300, 1, TTL_NONE);         /* the first moment */
	add(&mails, 100000 - 301, 1, TTL_NONE);         /* too early */
	add(&mails, 100000 + 900, 2, TTL_NONE);         /* the last moment, another network */
	add(&mails, 100000 + 901, 1, TTL_NONE);         /* too late */
	add(&mails, 200000 + 3900, 0, TTL_NONE);        /* a peer by its name */
	add(&mails, 300000 + 86400 + 301, 1, TTL_NONE); /* behind all that is compared */
	assert_true(join_times_compare(&lookups, &mails, &no_outages, &j, &err));
	assert_int_equal(j.lookups, 3);
	assert_int_equal(j.mails, 6);
	assert_int_equal(j.led, 4);
	assert_int_equal(j.led_near, 2);
	assert_int_equal(j.answered, 2);
	assert_int_equal(j.days_lookups, 3);
	assert_int_equal(j.days_mail, 3);
	assert_int_equal(j.days_both, 2);
	/* to 500 s; 1,200 s; 4,200 s; from 299,700 s to the end */
	assert_true(fabs(j.chance - (500 + 1200 + 4200 + 345600 - 299700) / 345600.) < 1e-9);
	join_rows_release(&lookups);
	join_rows_release(&mails);
}

static void the_verdict_is_what_more_than_half_do(void **state)
{
	struct finding_joined j = { .lookups = 100, .mails = 50, .led = 25, .answered = 50 };

	(void)state;
	join_times_judge(&j);
	assert_int_equal(j.verdict, JOINED_AGREE);
	j.led = 24;
	join_times_judge(&j);
	assert_int_equal(j.verdict, JOINED_MAIL_ALONE);
	j.answered = 49;
	join_times_judge(&j);
	assert_int_equal(j.verdict, JOINED_APART);
	j.led = 50;
	join_times_judge(&j);
	assert_int_equal(j.verdict, JOINED_LOOKUPS_ALONE);
	assert_null(j.why);
	j.answered = 100;
	j.chance = .95;
	join_times_judge(&j);
	assert_int_equal(j.verdict, JOINED_CANNOT_TELL);
	assert_non_null(j.why);
	j = (struct finding_joined){ .lookups = 9, .mails = 9 };
	join_times_judge(&j);
	assert_int_equal(j.verdict, JOINED_CANNOT_TELL);
}

/* Spans are in seconds here. */
static void add_span(struct join_blind *b, int64_t first_s, int64_t last_s)
{
	b->spans = reallocarray(b->spans, b->count + 1, sizeof(*b->spans));
	assert_non_null(b->spans);
	b->spans[b->count++] = (struct join_span){ first_s * NS_PER_S, last_s * NS_PER_S };
}

static void outages_become_one_where_they_touch(void **state)
{
	struct join_outages o = { .mail = { .count = 0 } };

	(void)state;
	add_span(&o.mail, 500, 600);
	add_span(&o.mail, 100, 300);
	add_span(&o.mail, 200, 250);
	add_span(&o.mail, 300, 400);
	join_blind_settle(&o.mail);
	assert_int_equal(o.mail.count, 2);
	assert_true(o.mail.spans[0].first_ns == 100 * NS_PER_S);
	assert_true(o.mail.spans[0].last_ns == 400 * NS_PER_S);
	assert_true(o.mail.spans[1].first_ns == 500 * NS_PER_S);
	join_outages_release(&o);
	join_blind_settle(&o.mail);
	assert_int_equal(o.mail.count, 0);
}

/* Every hour a look-up with mail; from the tenth to the thirtieth hour the sensor of mail is down. */
static void look_ups_in_an_outage_of_mail_contradict_nothing(void **state)
{
	struct finding_joined j = { .last.ns = 2 * NS_PER_DAY };
	struct join_outages outages = { .mail = { .count = 0 } };
	struct join_rows lookups = { 0 }, mails = { 0 };
	struct err err;

	(void)state;
	for (int64_t hour = 1; hour < 36; hour++) {
		add(&lookups, hour * 3600, 1, 60);
		if (hour < 10 || hour > 30)
			add(&mails, hour * 3600 + 20, 1, TTL_NONE);
	}
	assert_true(join_times_compare(&lookups, &mails, &outages, &j, &err));
	join_times_judge(&j);
	assert_int_equal(j.verdict, JOINED_LOOKUPS_ALONE);
	/* it begins within the wait for the ninth hour's mail, and ends before the thirtieth's wait */
	add_span(&outages.mail, 9 * 3600 + 300, 30 * 3600 - 301);
	assert_true(join_times_compare(&lookups, &mails, &outages, &j, &err));
	join_times_judge(&j);
	assert_int_equal(
	    j.lookups_left_out, 21); /* the ninth though it has mail, not the thirtieth */
	assert_int_equal(j.mails_left_out, 0);
	assert_int_equal(j.lookups, 35 - 21);
	assert_int_equal(j.answered, 8 + 5);
	assert_int_equal(j.led, j.mails);
	assert_int_equal(j.verdict, JOINED_AGREE);
	join_outages_release(&outages);
	join_rows_release(&lookups);
	join_rows_release(&mails);
}

static void mail_in_an_outage_of_look_ups_contradicts_nothing(void **state)
{
	struct finding_joined j = { .last.ns = 2 * NS_PER_DAY };
	struct join_outages outages = { .mail = { .count = 0 } };
	struct join_rows lookups = { 0 }, mails = { 0 };
	struct err err;

	(void)state;
	for (int64_t hour = 1; hour < 36; hour++) {
		if (hour < 10 || hour > 30)
			add(&lookups, hour * 3600, 1, 900);
		add(&mails, hour * 3600 + 20, 1, TTL_NONE);
	}
	add_span(&outages.lookups, 10 * 3600 - 400, 30 * 3600 + 400);
	assert_true(join_times_compare(&lookups, &mails, &outages, &j, &err));
	join_times_judge(&j);
	assert_int_equal(j.mails_left_out, 21);
	assert_int_equal(j.led, 35 - 21);
	assert_int_equal(j.days_lookups, 2);
	assert_int_equal(j.days_mail, 2);
	assert_int_equal(j.verdict, JOINED_AGREE);
	/* 1,500 s a look-up, over the moments at which a mail counts */
	assert_true(fabs(j.chance - 14 * 1500 / (172800. - (20 * 3600 + 800 + 300 + 1200))) < 1e-9);
	join_outages_release(&outages);
	join_rows_release(&lookups);
	join_rows_release(&mails);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reverse_name_is_read_back),
		cmocka_unit_test(every_kind_of_fact_is_followed_from_either_end),
		cmocka_unit_test(what_many_share_is_not_followed),
		cmocka_unit_test(one_end_with_several_preferences_is_one),
		cmocka_unit_test(outages_become_one_where_they_touch),
		cmocka_unit_test(look_ups_in_an_outage_of_mail_contradict_nothing),
		cmocka_unit_test(mail_in_an_outage_of_look_ups_contradicts_nothing),
		cmocka_unit_test(mail_is_led_while_the_answer_can_be_known),
		cmocka_unit_test(the_verdict_is_what_more_than_half_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
