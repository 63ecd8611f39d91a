/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/philox.h"
#include "base/stamp.h"
#include "evidence/smtp_session.h"

/* What the two say in turn: lines without their ends. */
struct turn {
	char side; /* 'C' or 'S'; '\0': the end */
	const char *text;
};

#define GREETED                                                                                    \
	{ 'S', "220 mx.example.net ESMTP\r\n" }, { 'C', "EHLO out.example.com\r\n" },              \
	{                                                                                          \
		'S', "250-mx.example.net\r\n250-PIPELINING\r\n250 CHUNKING\r\n"                    \
	}
#define ENVELOPE                                                                                   \
	{ 'C', "MAIL FROM:<a@example.com>\r\n" }, { 'S', "250 ok\r\n" },                           \
	    { 'C', "RCPT TO:<b@example.net> NOTIFY=NEVER\r\n" },                                   \
	{                                                                                          \
		'S', "250 ok\r\n"                                                                  \
	}
#define PARTED                                                                                     \
	{ 'C', "QUIT\r\n" },                                                                       \
	{                                                                                          \
		'S', "221 bye\r\n"                                                                 \
	}

static const struct turn one_message[] = { GREETED, ENVELOPE, { 'C', "DATA\r\n" },
	{ 'S', "354 go\r\n" },
	{ 'C', "Subject: s\r\nMessage-ID:\r\n <1.2@id.example.org>\r\n"
	       "Date: Thu, 26 Nov 2026 10:00:00 +0200\r\n\r\nhello\r\n.\r\n" },
	{ 'S', "250 2.0.0 queued\r\n" }, PARTED, { '\0', NULL } };

struct fixture {
	struct smtp_sessions *s;
	struct health health;
	struct addr client;
	struct addr server;
	uint16_t client_port;
	bool began[2];
	int64_t now_ns;
	size_t contact_count;
	struct contact contacts[16];
	size_t fact_count;
	struct fact facts[64];
};

static void begin(struct fixture *x)
{
	struct err err;

	smtp_sessions_free(x->s);
	x->s = NULL;
	assert_true(smtp_sessions_new(&x->health, &x->s, &err));
	x->health.count = 0;
	x->client_port = 4000;
	x->began[0] = x->began[1] = false;
	x->now_ns = 0;
	x->contact_count = x->fact_count = 0;
}

static int set_up(void **state)
{
	struct fixture *x = calloc(1, sizeof(*x));

	begin(x);
	*state = x;
	return !addr_parse("192.0.2.10", 10, &x->client) ||
	       !addr_parse("192.0.2.25", 10, &x->server);
}

static int tear_down(void **state)
{
	struct fixture *x = *state;

	smtp_sessions_free(x->s);
	free(x);
	return 0;
}

static void drain(struct fixture *x)
{
	struct record r;

	while (smtp_sessions_next(x->s, &r)) {
		assert_non_null(r.contact);
		assert_int_equal(r.contact->outcome == OUTCOME_NONE, r.contact->seen == SEEN_QUERY);
		if (x->contact_count < COUNT_OF(x->contacts))
			x->contacts[x->contact_count] = *r.contact;
		x->contact_count++;
		for (size_t i = 0; i < r.fact_count; i++)
			x->facts[x->fact_count++ % COUNT_OF(x->facts)] = r.facts[i];
	}
}

/* How the next octets are marked. */
struct marks {
	bool is_joined;
	bool is_last;
	bool is_reset;
	uint32_t missing;
};

static void send_marked(
    struct fixture *x, char side, const uint8_t *bytes, size_t len, struct marks marks)
{
	const bool of_server = side == 'S';
	uint8_t *copy = malloc(len + 1); /* a block of its own */
	struct tcp_message m = { .source = of_server ? x->server : x->client,
		.destination = of_server ? x->client : x->server,
		.source_port = of_server ? 25 : x->client_port,
		.destination_port = of_server ? x->client_port : 25,
		.time_ns = x->now_ns++,
		.is_first = !x->began[of_server],
		.has_start = !marks.is_joined,
		.is_last = marks.is_last || marks.is_reset,
		.is_reset = marks.is_reset,
		.missing = marks.missing };

	memcpy(copy + 1, bytes, len);
	m.bytes = cursor_of(copy + 1, len);
	x->began[of_server] = true;
	smtp_sessions_take(x->s, &m, 9);
	drain(x);
	memset(copy, 0, len + 1);
	free(copy);
}

static void send(struct fixture *x, char side, const char *text)
{
	send_marked(x, side, (const uint8_t *)text, strlen(text), (struct marks){ false });
}

static void play(struct fixture *x, const struct turn *turns)
{
	for (; turns->side != '\0'; turns++)
		send(x, turns->side, turns->text);
}

static void finish(struct fixture *x)
{
	smtp_sessions_finish(x->s);
	drain(x);
}

static bool has_fact(const struct fixture *x, uint16_t type, const char *owner)
{
	char text[ENDPOINT_TEXT_MAX];

	for (size_t i = 0; i < x->fact_count; i++) {
		(void)endpoint_format(&x->facts[i].owner, text);
		if (x->facts[i].type == type && strcmp(text, owner) == 0)
			return true;
	}
	return false;
}

static bool names(const struct fixture *x, const char *owner)
{
	char text[ENDPOINT_TEXT_MAX];

	for (size_t i = 0; i < x->fact_count; i++) {
		(void)endpoint_format(&x->facts[i].owner, text);
		if (strcmp(text, owner) == 0)
			return true;
	}
	return false;
}

static void assert_why(const struct fixture *x, const char *why)
{
	assert_int_equal(x->health.count, 1);
	assert_string_equal(x->health.reasons[0].reason, why);
}

static void assert_one_message(struct fixture *x)
{
	assert_int_equal(x->contact_count, 1);
	assert_int_equal(x->contacts[0].kind, KIND_SMTP);
	assert_int_equal(x->contacts[0].outcome, 250);
	assert_int_equal(x->contacts[0].direction, DIRECTION_OUT);
	assert_int_equal(x->contacts[0].target.bytes[3], 25);
	assert_int_equal(x->contacts[0].peer.bytes[3], 10);
	assert_int_equal(x->fact_count, 5);
	assert_true(has_fact(x, FACT_HELO, "out.example.com"));
	assert_true(has_fact(x, FACT_GREETING, "mx.example.net"));
	assert_true(has_fact(x, FACT_MESSAGE_ID, "id.example.org"));
	assert_true(has_fact(x, FACT_DATE, "192.0.2.10"));
	assert_true(has_fact(x, FACT_RECIPIENT, "example.net"));
	assert_int_equal(x->health.count, 0);
}

static void a_message_is_one_delivery(void **state)
{
	struct fixture *x = *state;

	play(x, one_message);
	assert_int_equal(x->contacts[0].time_ns, 3); /* of MAIL */
	finish(x);
	assert_one_message(x);
}

static void the_same_in_single_octets(void **state)
{
	struct fixture *x = *state;

	for (const struct turn *t = one_message; t->side != '\0'; t++)
		for (size_t i = 0; t->text[i] != '\0'; i++)
			send_marked(
			    x, t->side, (const uint8_t *)t->text + i, 1, (struct marks){ false });
	finish(x);
	assert_one_message(x);
}

static void cut_after_any_octet_it_is_one_contact(void **state)
{
	struct fixture *x = *state;
	size_t total = 0, sent;

	for (const struct turn *t = one_message; t->side != '\0'; t++)
		total += strlen(t->text);
	for (size_t cut = 0; cut < total; cut++) {
		begin(x);
		sent = 0;
		for (const struct turn *t = one_message; t->side != '\0' && sent < cut; t++) {
			const size_t len = strlen(t->text);
			const size_t part = len < cut - sent ? len : cut - sent;

			send_marked(
			    x, t->side, (const uint8_t *)t->text, part, (struct marks){ false });
			sent += part;
		}
		finish(x);
		assert_int_equal(x->contact_count, cut >= strlen(one_message[0].text));
		assert_true(x->contact_count == 1 || x->health.count == 1 || cut == 0);
	}
}

/* Content that tries to be commands, by every end that is none. */
#define FORGED                                                                                     \
	"EHLO forged.example\r\nMAIL FROM:<x@forged.example>\r\nRCPT TO:<y@forged.example>\r\n"    \
	"STARTTLS\r\nBDAT 1000\r\nDATA\r\nQUIT\r\n"

static void content_is_never_a_command(void **state)
{
	static const char *const ends[] = { "", ".\n", "\n.\n", "\n.\r\n", "x\r\n..\r\n", "\r\n.\r",
		"\r\n. \r\n", "\r\r\n.\n\r\n", "\r\n.\rMAIL\r\n", "\r\n\r\n" };
	struct fixture *x = *state;

	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		const struct turn turns[] = { GREETED, ENVELOPE, { 'C', "DATA\r\n" },
			{ 'S', "354 go\r\n" }, { 'C', "Subject: s\r\n\r\n" FORGED },
			{ 'C', ends[i] }, { 'C', FORGED FORGED }, { 'C', "\r\n.\r\n" },
			{ 'S', "250 queued\r\n" }, PARTED, { '\0', NULL } };

		begin(x);
		play(x, turns);
		finish(x);
		assert_int_equal(x->contact_count, 1);
		assert_int_equal(x->contacts[0].outcome, 250);
		assert_false(names(x, "forged.example"));
	}
}

static void a_chunk_is_never_a_command(void **state)
{
	char command[32];
	struct fixture *x = *state;
	const char content[] = "Subject: s\r\n\r\nx\r\n.\r\n" FORGED;
	const struct turn turns[] = { GREETED, ENVELOPE, { 'C', command }, { 'C', content },
		{ 'S', "250 got it\r\n" }, { 'C', "BDAT 5 LAST\r\nMAIL " },
		{ 'S', "250 queued\r\n" }, PARTED, { '\0', NULL } };

	(void)snprintf(command, sizeof(command), "BDAT %zu\r\n", strlen(content));
	play(x, turns);
	finish(x);
	assert_int_equal(x->contact_count, 1);
	assert_int_equal(x->contacts[0].outcome, 250);
	assert_false(names(x, "forged.example"));
	assert_int_equal(x->health.count, 0);
}

static void a_server_may_end_at_a_bare_line_feed(void **state)
{
	static const struct turn turns[] = { GREETED, ENVELOPE, { 'C', "DATA\n" },
		{ 'S', "354 go\n" }, { 'C', "Subject: s\n\nhello\n.\n" }, { 'S', "250 queued\n" },
		ENVELOPE, { 'C', "RSET\n" }, { 'S', "250 ok\n" }, PARTED, { '\0', NULL } };
	struct fixture *x = *state;

	play(x, turns);
	finish(x);
	assert_int_equal(x->contact_count, 2);
	assert_int_equal(x->contacts[0].outcome, 250);
	assert_int_equal(x->contacts[1].outcome, OUTCOME_NONE);
	assert_int_equal(x->health.count, 0);
}

static void pipelined_replies_find_their_commands(void **state)
{
	static const struct turn turns[] = { GREETED,
		{ 'C', "MAIL FROM:<a@example.com>\r\nRCPT TO:<b@no.example.net>\r\n"
		       "RCPT TO:<c@yes.example.net>\r\nDATA\r\n" },
		{ 'S', "250 ok\r\n550 no\r\n250 ok\r\n354 go\r\n" },
		{ 'C',
		    "Subject: s\r\n\r\nhello\r\n.\r\nMAIL FROM:<>\r\nRCPT TO:<d@2.example.net>\r\n"
		    "BDAT 3 LAST\r\nabcMAIL FROM:<e@example.com>\r\nQUIT\r\n" },
		{ 'S', "250 queued\r\n250 ok\r\n250 ok\r\n452 full\r\n451 later\r\n221 bye\r\n" },
		{ '\0', NULL } };
	struct fixture *x = *state;

	play(x, turns);
	finish(x);
	assert_int_equal(x->contact_count, 3);
	assert_int_equal(x->contacts[0].outcome, 250);
	assert_int_equal(x->contacts[1].outcome, 452);
	assert_int_equal(x->contacts[2].outcome, 451);
	assert_false(names(x, "no.example.net"));
	assert_true(has_fact(x, FACT_RECIPIENT, "yes.example.net"));
	assert_true(has_fact(x, FACT_RECIPIENT, "2.example.net"));
}

static void a_reply_may_come_a_moment_early(void **state)
{
	static const struct turn turns[] = { GREETED, ENVELOPE, { 'S', "354 go\r\n" },
		{ 'C', "DATA\r\n" }, { 'C', "Subject: s\r\n\r\nhello\r\n" },
		{ 'S', "554 spam\r\n" }, { 'C', ".\r\n" }, PARTED, { '\0', NULL } };
	struct fixture *x = *state;

	play(x, turns);
	finish(x);
	assert_int_equal(x->contact_count, 1);
	assert_int_equal(x->contacts[0].outcome, 554);
	assert_int_equal(x->health.count, 0);
}

static void commands_go_on_where_data_was_refused(void **state)
{
	static const struct turn turns[] = { GREETED, { 'C', "MAIL FROM:<a@example.com>\r\n" },
		{ 'S', "250 ok\r\n" }, { 'C', "DATA\r\n" }, { 'S', "503 no recipient\r\n" },
		{ 'C', "RSET\r\n" }, { 'S', "250 ok\r\n" }, ENVELOPE, { 'C', "DATA\r\n" },
		{ 'S', "354 go\r\n" }, { 'C', ".\r\n" }, { 'S', "250 queued\r\n" }, PARTED,
		{ '\0', NULL } };
	struct fixture *x = *state;

	play(x, turns);
	finish(x);
	assert_int_equal(x->contact_count, 2);
	assert_int_equal(x->contacts[0].outcome, 503);
	assert_int_equal(x->contacts[1].outcome, 250);
}

static void behind_starttls_nothing_is_read(void **state)
{
	static const struct turn turns[] = { GREETED, { 'C', "STARTTLS\r\n" },
		{ 'S', "220 go\r\n" }, { 'C', "\x16\x03\x01" FORGED }, { 'S', "250 ok\r\n" },
		{ '\0', NULL } };
	struct fixture *x = *state;

	play(x, turns);
	assert_why(x, "mail session in TLS");
	finish(x);
	assert_int_equal(x->contact_count, 1);
	assert_int_equal(x->contacts[0].outcome, 220);
	assert_false(names(x, "forged.example"));
	assert_true(has_fact(x, FACT_HELO, "out.example.com"));
}

static void what_answers_a_challenge_is_no_command(void **state)
{
	static const struct turn turns[] = { GREETED, { 'C', "AUTH LOGIN\r\n" },
		{ 'S', "334 VXNlcm5hbWU6\r\n" }, { 'C', "DATA\r\n" },
		{ 'S', "334 UGFzc3dvcmQ6\r\n" }, { 'C', "RSET\r\n" }, { 'S', "535 no\r\n" }, PARTED,
		{ '\0', NULL } };
	struct fixture *x = *state;

	play(x, turns);
	finish(x);
	assert_int_equal(x->contact_count, 1);
	assert_int_equal(x->contacts[0].outcome, 535);
	assert_int_equal(x->health.count, 0);
}

static void both_ends_close_a_session(void **state)
{
	struct fixture *x = *state;

	send(x, 'S', "220 mx.example.net\r\n");
	send_marked(x, 'C', (const uint8_t *)"QUIT\r\n", 6, (struct marks){ .is_last = true });
	assert_int_equal(x->contact_count, 0);
	send_marked(x, 'S', (const uint8_t *)"221 \r\n", 6, (struct marks){ .is_last = true });
	assert_int_equal(x->contact_count, 1);
	assert_int_equal(x->contacts[0].outcome, 220);
	finish(x);
	assert_int_equal(x->contact_count, 1);
}

/* Octets are missing in what that side sends next. */
static void play_with_hole(
    struct fixture *x, const struct turn *turns, char side, const char *text, uint32_t missing)
{
	play(x, turns);
	send_marked(
	    x, side, (const uint8_t *)text, strlen(text), (struct marks){ .missing = missing });
}

static void behind_a_hole_nothing_is_a_command(void **state)
{
	static const struct turn to_data[] = { GREETED, ENVELOPE, { 'C', "DATA\r\n" },
		{ 'S', "354 go\r\n" }, { 'C', "Subject: s\r\n\r\nhel" }, { '\0', NULL } };
	static const struct turn to_envelope[] = { GREETED, ENVELOPE, { '\0', NULL } };
	struct fixture *x = *state;

	/* in a message: its end is seen, and its reply; no more */
	play_with_hole(x, to_data, 'C', FORGED "\r\n.\r\n" FORGED, 3);
	send(x, 'S', "250 queued\r\n");
	assert_int_equal(x->contact_count, 1);
	assert_int_equal(x->contacts[0].outcome, 250);
	assert_why(x, "mail session with a missing segment");
	finish(x);
	assert_int_equal(x->contact_count, 1);
	assert_false(names(x, "forged.example"));
	/* the end itself is missing */
	begin(x);
	play_with_hole(x, to_data, 'C', FORGED, TCP_MANY);
	send(x, 'S', "250 queued\r\n");
	finish(x);
	assert_int_equal(x->contact_count, 1);
	assert_int_equal(x->contacts[0].outcome, 250);
	assert_false(names(x, "forged.example"));
	/* between commands, and between replies */
	begin(x);
	play_with_hole(x, to_envelope, 'C', FORGED, 1);
	finish(x);
	assert_int_equal(x->contact_count, 1);
	assert_int_equal(x->contacts[0].outcome, OUTCOME_NONE);
	assert_false(names(x, "forged.example"));
	begin(x);
	play_with_hole(x, to_envelope, 'S', "250 ok\r\n", 1);
	finish(x);
	assert_int_equal(x->contact_count, 1);
	assert_why(x, "mail session with a missing segment");
}

static void a_hole_within_a_chunk_is_stepped_over(void **state)
{
	static const struct turn to_chunk[] = { GREETED, ENVELOPE, { 'C', "BDAT 20 LAST\r\n12345" },
		{ '\0', NULL } };
	static const struct turn rest[] = { { 'S', "250 queued\r\n" }, ENVELOPE,
		{ 'C', "DATA\r\n" }, { 'S', "354 go\r\n" }, { 'C', "a\r\n.\r\n" },
		{ 'S', "250 queued\r\n" }, { '\0', NULL } };
	struct fixture *x = *state;

	play_with_hole(x, to_chunk, 'C', "12345", 10);
	play(x, rest);
	assert_int_equal(x->contact_count, 2);
	assert_int_equal(x->health.count, 0);
	begin(x);
	play_with_hole(x, to_chunk, 'C', FORGED, 16);
	finish(x);
	assert_int_equal(x->contact_count, 1);
	assert_false(names(x, "forged.example"));
}

static void joined_midway_it_is_a_contact_alone(void **state)
{
	struct fixture *x = *state;

	send_marked(
	    x, 'C', (const uint8_t *)FORGED, strlen(FORGED), (struct marks){ .is_joined = true });
	send_marked(x, 'S', (const uint8_t *)"250 ok\r\n", 8, (struct marks){ .is_joined = true });
	finish(x);
	assert_int_equal(x->contact_count, 1);
	assert_int_equal(x->contacts[0].outcome, OUTCOME_NONE);
	assert_int_equal(x->fact_count, 0);
	assert_why(x, "mail session without its beginning");
	/* but where the server greets, nothing was missed */
	begin(x);
	send_marked(x, 'S', (const uint8_t *)"220 mx.example.net\r\n", 20,
	    (struct marks){ .is_joined = true });
	send_marked(x, 'C', (const uint8_t *)"HELO out.example.com\r\n", 22,
	    (struct marks){ .is_joined = true });
	finish(x);
	assert_int_equal(x->contacts[0].outcome, 220);
	assert_true(has_fact(x, FACT_HELO, "out.example.com"));
}

static void one_side_is_enough_for_a_contact(void **state)
{
	struct fixture *x = *state;

	for (const struct turn *t = one_message; t->side != '\0'; t++)
		if (t->side == 'C')
			send(x, 'C', t->text);
	finish(x);
	assert_int_equal(x->contact_count, 1);
	assert_int_equal(x->contacts[0].seen, SEEN_QUERY);
	assert_true(has_fact(x, FACT_MESSAGE_ID, "id.example.org"));
	begin(x);
	for (const struct turn *t = one_message; t->side != '\0'; t++)
		if (t->side == 'S')
			send(x, 'S', t->text);
	finish(x);
	assert_int_equal(x->contact_count, 1);
	assert_int_equal(x->contacts[0].seen, SEEN_RESPONSE);
	assert_int_equal(x->contacts[0].outcome, 220);
	assert_why(x, "mail session seen from one side");
}

static void what_is_no_mail_is_no_contact(void **state)
{
	struct fixture *x = *state;

	send(x, 'C', "GET / HTTP/1.1\r\nHost: www.example.com\r\n\r\n");
	send(x, 'S', "HTTP/1.1 400 Bad Request\r\n\r\n");
	finish(x);
	assert_int_equal(x->contact_count, 0);
	assert_why(x, "no SMTP at a mail port");
}

/* More commands than are remembered: what they came to is not told, what they are still is. */
static void too_many_commands_wait(void **state)
{
	struct fixture *x = *state;

	send(x, 'S', "220 mx.example.net\r\n");
	for (int k = 0; k < 3; k++) {
		send(x, 'C', "MAIL FROM:<a@example.com>\r\n");
		for (int i = 0; i < LIMIT_SMTP_PIPELINE; i++)
			send(x, 'C', "RCPT TO:<b@example.net>\r\n");
		send(x, 'C', "DATA\r\n\r\n" FORGED ".\r\n");
	}
	finish(x);
	assert_int_equal(x->contact_count, 3);
	assert_int_equal(x->contacts[2].outcome, OUTCOME_NONE);
	assert_false(names(x, "forged.example"));
}

static void lines_may_be_of_any_length(void **state)
{
	static const struct turn turns[] = { GREETED, ENVELOPE, { 'C', "DATA\r\n" },
		{ 'S', "354 go\r\n" }, { '\0', NULL } };
	enum { BYTES = 10 << 20 };
	char *line = malloc(BYTES + 1);
	struct fixture *x = *state;

	memset(line, 'x', BYTES);
	line[BYTES] = '\0';
	play(x, turns);
	send(x, 'C', line);
	send(x, 'C', "\r\n.\r\n");
	send(x, 'S', "250-");
	send(x, 'S', line);
	send(x, 'S', "\r\n250 queued\r\n");
	send(x, 'C', line); /* as a command */
	send(x, 'C', "\r\n");
	send(x, 'S', "500 too long\r\n");
	send(x, 'C', "RCPT TO:<");
	send(x, 'C', line);
	send(x, 'C', "@forged.example>\r\n");
	send(x, 'S', "250 ok\r\n");
	finish(x);
	assert_int_equal(x->contact_count, 1);
	assert_false(names(x, "forged.example"));
	assert_int_equal(x->health.count, 0);
	free(line);
}

static void junk_does_no_harm(void **state)
{
	struct fixture *x = *state;
	struct philox random;

	philox_init(&random, 7, 0, 0);
	for (int round = 0; round < 300; round++) {
		begin(x);
		send(x, 'S', "220 mx.example.net\r\n");
		for (int i = 0; i < 60; i++) {
			uint8_t bytes[40];
			const uint64_t draw = philox_u64(&random);

			for (size_t k = 0; k < sizeof(bytes); k++)
				bytes[k] =
				    (uint8_t)(philox_u64(&random) % 9 == 0 ? '\n'
									   : (draw & 1) * 128 + k);
			send_marked(x, draw & 2 ? 'S' : 'C', bytes, draw % sizeof(bytes) + 1,
			    (struct marks){ .missing = (draw >> 8) % 50 == 0 });
		}
		finish(x);
		assert_int_equal(x->contact_count, 1);
	}
}

static void the_most_silent_session_makes_room(void **state)
{
	struct fixture *x = *state;

	for (unsigned i = 0; i <= LIMIT_SMTP_SESSIONS; i++) {
		x->client_port = (uint16_t)(1024 + i);
		x->began[0] = x->began[1] = false;
		send(x, 'S', "220 mx.example.net\r\n");
		assert_int_equal(x->contact_count, i == LIMIT_SMTP_SESSIONS);
	}
	assert_why(x, "too many mail sessions at a time");
	assert_int_equal(x->contacts[0].time_ns, 0);
}

/* Is it anywhere in what the sessions keep? */
static bool keeps(const struct fixture *x, const char *secret)
{
	return memmem(x->s, smtp_sessions_bytes, secret, strlen(secret)) != NULL;
}

static void nothing_of_a_body_is_kept(void **state)
{
	static const struct turn before[] = { GREETED, { 'C', "AUTH PLAIN c2VjcmV0b25l\r\n" },
		{ 'S', "235 ok\r\n" }, ENVELOPE, { 'C', "DATA\r\n" }, { 'S', "354 go\r\n" },
		{ 'C', "Subject: secretone\r\nMessage-ID: <secretone@id.example.org>\r\n\r\n" },
		{ '\0', NULL } };
	static const struct turn after[] = { { 'C', "\r\n.\r\n" }, { 'S', "250 queued\r\n" },
		ENVELOPE, { 'C', "BDAT 40\r\n\r\nsecrettwo\r\nsecrettwosecrettwo" },
		{ '\0', NULL } };
	struct fixture *x = *state;

	play(x, before);
	assert_false(keeps(x, "secretone"));
	assert_false(keeps(x, "c2VjcmV0b25l"));
	for (int i = 0; i < 50; i++) {
		send(x, 'C',
		    i % 3 == 0   ? "secrettwo"
		    : i % 3 == 1 ? "secrettwo\r\n"
				 : ".secrettwo");
		assert_false(keeps(x, "secret"));
	}
	play(x, after);
	assert_false(keeps(x, "secret"));
	assert_false(keeps(x, "a@example.com")); /* nor who wrote to whom */
	assert_false(keeps(x, "b@"));
	finish(x);
	assert_false(keeps(x, "secret"));
	for (size_t i = 0; i < x->fact_count; i++)
		assert_null(
		    memmem(x->facts[i].owner.bytes, sizeof(x->facts[i].owner.bytes), "secret", 6));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_message_is_one_delivery),
		TEST(the_same_in_single_octets),
		TEST(cut_after_any_octet_it_is_one_contact),
		TEST(content_is_never_a_command),
		TEST(a_chunk_is_never_a_command),
		TEST(a_server_may_end_at_a_bare_line_feed),
		TEST(pipelined_replies_find_their_commands),
		TEST(a_reply_may_come_a_moment_early),
		TEST(commands_go_on_where_data_was_refused),
		TEST(behind_starttls_nothing_is_read),
		TEST(what_answers_a_challenge_is_no_command),
		TEST(both_ends_close_a_session),
		TEST(behind_a_hole_nothing_is_a_command),
		TEST(a_hole_within_a_chunk_is_stepped_over),
		TEST(joined_midway_it_is_a_contact_alone),
		TEST(one_side_is_enough_for_a_contact),
		TEST(what_is_no_mail_is_no_contact),
		TEST(too_many_commands_wait),
		TEST(lines_may_be_of_any_length),
		TEST(junk_does_no_harm),
		TEST(the_most_silent_session_makes_room),
		TEST(nothing_of_a_body_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
