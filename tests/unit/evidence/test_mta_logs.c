/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Logs of mail servers, line by line; tests/golden/mta-logs has whole ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "evidence/mta_memory.h"
#include "reading.h"

static struct reading r;

static const char postfix[] =
    "Mar  1 08:00:00 mail postfix/smtpd[100]: connect from mx.example.net[198.51.100.25]\n"
    "Mar  1 08:00:01 mail postfix/smtpd[100]: 4RkB2c1Zz: client=mx.example.net[198.51.100.25]\n"
    "Mar  1 08:00:01 mail postfix/cleanup[101]: 4RkB2c1Zz: message-id=<1.2@mx.example.net>\n"
    "Mar  1 08:00:02 mail postfix/smtpd[100]: disconnect from mx.example.net[198.51.100.25]\n"
    "Mar  1 09:00:00 mail postfix/smtp[103]: A1: to=<a@example.net>, "
    "relay=mx.example.net[198.51.100.25]:25, delay=2, dsn=2.0.0, status=sent (250 2.0.0 Ok)\n"
    "Mar  1 09:00:00 mail postfix/smtp[103]: A1: to=<b@example.net>, "
    "relay=mx.example.net[198.51.100.25]:25, delay=2, dsn=2.0.0, status=sent (250 2.0.0 Ok)\n"
    "Mar  1 10:00:00 mail postfix/smtp[103]: A1: to=<b@example.net>, "
    "relay=mx.example.net[198.51.100.25]:25, delay=2, dsn=4.7.1, status=deferred (host "
    "mx.example.net[198.51.100.25] said: 450 4.7.1 later (in reply to RCPT TO command))\n"
    "Mar  1 11:00:00 mail postfix/smtpd[100]: connect from unknown[192.0.2.66]\n"
    "Mar  1 11:00:02 mail postfix/smtpd[100]: disconnect from unknown[192.0.2.66]\n";

static const char exim[] =
    "2024-03-01 08:00:00 +0100 1jmFYj-00039V-QX <= \"a H=x [192.0.2.99]\"@example.net "
    "H=mx.example.net (mx) [198.51.100.25]:4000 P=esmtps S=500 id=1.2@mx.example.net\n"
    "2024-03-01 09:00:00 +0100 1jmFYj-00039V-QY => a@example.org R=r T=t H=mx.example.net "
    "[198.51.100.25] C=\"250 ok\"\n"
    "2024-03-01 09:00:00 +0100 1jmFYj-00039V-QY -> b@example.org R=r T=t H=mx.example.net "
    "[198.51.100.25] C=\"250 ok\"\n"
    "2024-03-01 09:06:00 +0100 1jmFYj-00039V-QZ ** a@example.org R=r T=t H=mx.example.net "
    "[198.51.100.25]: SMTP error from remote mail server after RCPT TO:<a@example.org>: 550 no\n";

static const char sendmail[] =
    "Mar  1 08:00:00 mail sm-mta[5133]: 4218xHYB005133: from=<a@example.net>, size=5, "
    "msgid=<1.2@mx.example.net>, relay=mx.example.net [198.51.100.25]\n"
    "Mar  1 09:00:02 mail sm-mta[5136]: 42190abc005136: to=<a@example.net>, mailer=esmtp, "
    "relay=mx.example.net. [198.51.100.25], dsn=2.0.0, stat=Sent (250 2.0.0 Ok)\n"
    "Mar  1 10:00:00 mail sm-mta[5137]: 42190abc005139: ruleset=check_rcpt, arg1=<a@example.org>, "
    "relay=host.example.com [192.0.2.66] (may be forged), reject=550 5.7.1 no\n";

static const char opensmtpd[] =
    "2024-03-01T08:00:00Z mail smtpd[900]: 0123456789abcdef smtp connected "
    "address=198.51.100.25 host=mx.example.net\n"
    "2024-03-01T08:00:01Z mail smtpd[900]: 0123456789abcdef smtp message msgid=aabbccdd\n"
    "2024-03-01T08:00:02Z mail smtpd[900]: 0123456789abcdef smtp disconnected reason=quit\n"
    "2024-03-01T09:00:02Z mail smtpd[900]: 1123456789abcdef mta delivery evpid=1 "
    "relay=\"198.51.100.25 (mx.example.net)\" result=\"Ok\" stat=\"250 2.0.0 Ok\"\n"
    "2024-03-01T11:00:00Z mail smtpd[900]: 3123456789abcdef smtp connected "
    "address=2001:db8::66 host=<unknown>\n"
    "2024-03-01T11:00:02Z mail smtpd[900]: 3123456789abcdef smtp disconnected reason=x\n";

#define MSGTRK_FIELDS                                                                              \
	"#Fields: date-time,client-ip,client-hostname,server-ip,server-hostname,source,event-id,"  \
	"message-id,recipient-status\r\n"

static const char msgtrk[] = MSGTRK_FIELDS
    "2024-03-01T08:00:00.100Z,198.51.100.25,mx.example.net,192.0.2.25,MAIL,SMTP,RECEIVE,"
    "<1.2@mx.example.net>,\r\n"
    "2024-03-01T09:00:00.300Z,192.0.2.25,\"A, \"\"B\"\"\",198.51.100.25,mx.example.net,SMTP,SEND,"
    "<2.3@mail.example.org>,250 2.1.5 Recipient OK\r\n";

static const char *peer(size_t i)
{
	return reading_text(&r.contacts[i].peer);
}

static const char *target(size_t i)
{
	return reading_text(&r.contacts[i].target);
}

/* The first contact comes in from the other host, the second goes out to it. */
static void check_in_and_out(const char *here)
{
	assert_int_equal(r.vantage, VANTAGE_MAIL_SERVER);
	assert_string_equal(peer(0), "198.51.100.25");
	assert_string_equal(target(0), here);
	assert_int_equal(r.contacts[0].outcome, 250);
	assert_string_equal(peer(1), here);
	assert_string_equal(target(1), "198.51.100.25");
	assert_int_equal(r.contacts[1].outcome, 250);
	assert_int_equal(r.contacts[1].kind, KIND_SMTP);
}

static void joins_the_lines_of_postfix(void **state)
{
	(void)state;
	reading_of(&r, &reader_postfix, postfix);
	assert_int_equal(r.contact_count, 4);
	check_in_and_out("mail");
	/* the same message an hour later is a new try */
	assert_int_equal(r.contacts[2].outcome, 450);
	/* a client that said nothing; the session of its process before was another */
	assert_string_equal(peer(3), "192.0.2.66");
	assert_int_equal(r.contacts[3].seen, SEEN_QUERY);
	assert_int_equal(reading_skipped(&r, "further recipient of a hand-over"), 1);
	/* the name of the relay twice, of the client, and the domain of the Message-ID */
	assert_int_equal(r.fact_count, 4);
	assert_int_equal(r.facts[1].type, FACT_MESSAGE_ID);
	assert_string_equal(reading_text(&r.facts[1].owner), "mx.example.net");
	assert_string_equal(reading_text(&r.facts[1].data), "198.51.100.25");
}

static void what_exim_quotes_is_no_host(void **state)
{
	(void)state;
	reading_of(&r, &reader_exim, exim);
	assert_int_equal(r.contact_count, 3);
	assert_string_equal(target(0), "198.51.100.25");
	assert_int_equal(r.contacts[0].direction, DIRECTION_IN);
	assert_int_equal(r.contacts[0].peer.form, ENDPOINT_NONE);
	assert_int_equal(r.contacts[0].time_ns, INT64_C(1709276400) * NS_PER_S);
	assert_int_equal(r.contacts[1].direction, DIRECTION_OUT);
	assert_int_equal(r.contacts[1].outcome, 250);
	assert_int_equal(r.contacts[2].outcome, 550);
}

static void reads_sendmail_and_its_refusals(void **state)
{
	(void)state;
	reading_of(&r, &reader_sendmail, sendmail);
	assert_int_equal(r.contact_count, 3);
	check_in_and_out("mail");
	assert_int_equal(r.contacts[2].outcome, 550);
	/* a name that may be forged is no fact */
	assert_int_equal(r.fact_count, 3);
}

static void joins_the_lines_of_opensmtpd(void **state)
{
	(void)state;
	reading_of(&r, &reader_opensmtpd, opensmtpd);
	assert_int_equal(r.contact_count, 3);
	check_in_and_out("mail");
	assert_string_equal(peer(2), "2001:db8::66");
	assert_int_equal(r.contacts[2].outcome, OUTCOME_NONE);
}

static void reads_message_tracking(void **state)
{
	(void)state;
	reading_of(&r, &reader_msgtrk, msgtrk);
	assert_int_equal(r.contact_count, 2);
	check_in_and_out("192.0.2.25");
	reading_of(
	    &r, &reader_msgtrk, "2024-03-01T08:00:00.100Z,198.51.100.25\r\n" MSGTRK_FIELDS "\"\n");
	assert_int_equal(reading_skipped(&r, "row before any #Fields line"), 1);
	assert_int_equal(reading_skipped(&r, "row of another event"), 1);
}

static const struct {
	const struct reader_format *format;
	const char *log;
	size_t contacts;
} samples[] = {
	{ &reader_postfix, postfix, 4 },
	{ &reader_exim, exim, 3 },
	{ &reader_sendmail, sendmail, 3 },
	{ &reader_opensmtpd, opensmtpd, 3 },
	{ &reader_msgtrk, msgtrk, 2 },
};

static void each_knows_its_own(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(samples); i++)
		assert_ptr_equal(
		    reader_detect((const uint8_t *)samples[i].log, strlen(samples[i].log)),
		    samples[i].format);
}

static void every_truncation_and_growth_from_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(samples); i++)
		reading_truncations(samples[i].format, samples[i].log, samples[i].contacts);
}

static void the_oldest_is_forgotten_first(void **state)
{
	static struct mta_memory m;
	const struct addr a = { 4, { 192, 0, 2, 1 } };
	uint8_t key[4] = { 0 };

	(void)state;
	mta_memory_init(&m);
	for (uint32_t i = 0; i < LIMIT_MTA_MEMORY + 10; i++) {
		memcpy(key, &i, sizeof(i));
		mta_memory_put(&m, MTA_KEY_SENT, key, sizeof(key), &a, i);
	}
	for (uint32_t i = 0; i < LIMIT_MTA_MEMORY + 10; i++) {
		const struct mta_memo *memo;

		memcpy(key, &i, sizeof(i));
		memo = mta_memory_find(&m, MTA_KEY_SENT, key, sizeof(key));
		assert_int_equal(memo == NULL, i < 10);
		assert_true(memo == NULL || memo->time_ns == i);
		assert_null(mta_memory_find(&m, MTA_KEY_SESSION, key, sizeof(key)));
	}
	assert_null(mta_memory_find(&m, MTA_KEY_SENT, key, 0));
	assert_null(mta_memory_find(&m, MTA_KEY_SENT, (const uint8_t *)postfix, sizeof(postfix)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(joins_the_lines_of_postfix),
		cmocka_unit_test(what_exim_quotes_is_no_host),
		cmocka_unit_test(reads_sendmail_and_its_refusals),
		cmocka_unit_test(joins_the_lines_of_opensmtpd),
		cmocka_unit_test(reads_message_tracking),
		cmocka_unit_test(each_knows_its_own),
		cmocka_unit_test(every_truncation_and_growth_from_it),
		cmocka_unit_test(the_oldest_is_forgotten_first),
	};

	reading_hints.year = 2024;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
