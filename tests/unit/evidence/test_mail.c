/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "reading.h"

static struct reading r;

/* Three hosts in a row, of which each vouches for the one before; and what one has within itself. */
#define CHAIN                                                                                      \
	"Return-Path: <someone@example.org>\n"                                                     \
	"Received: from localhost (localhost [127.0.0.1]) by mx.example.net (Postfix);\n"          \
	"\tTue, 2 Mar 2004 13:58:20 +0100\n"                                                       \
	"Received: from mail.example.org (mail.example.org [192.0.2.25])\n"                        \
	"\tby mx.example.net (Postfix) with ESMTP id 1 for <other@example.net>;\n"                 \
	"\tTue, 2 Mar 2004 13:58:10 +0100 (CET)\n"                                                 \
	"Received: from desk.example.org (unknown [192.0.2.7]) by mail.example.org with ESMTP;\n"  \
	"\tTue, 2 Mar 2004 14:58:00 +0200\n"                                                       \
	"Date: Tue, 2 Mar 2004 14:57:49 +0200\n"                                                   \
	"From: Some One <someone@example.org>\n"                                                   \
	"Subject: no one's business\n"                                                             \
	"Message-ID: <1.2@desk.example.org>\n"

static void check_chain(size_t at)
{
	assert_string_equal(reading_text(&r.contacts[at].target), "mx.example.net");
	assert_string_equal(reading_text(&r.contacts[at].peer), "192.0.2.25");
	assert_int_equal(r.contacts[at].time_ns, INT64_C(1078232290) * NS_PER_S);
	assert_int_equal(r.contacts[at].kind, KIND_MAIL);
	assert_int_equal(r.contacts[at].seen, SEEN_BOTH);
	/* the host that had it has the address that it delivered from */
	assert_string_equal(reading_text(&r.contacts[at + 1].target), "192.0.2.25");
	assert_string_equal(reading_text(&r.contacts[at + 1].peer), "192.0.2.7");
	assert_int_equal(r.contacts[at + 1].seen, SEEN_BOTH);
}

static void reads_the_hops_of_a_message(void **state)
{
	(void)state;
	reading_of(&r, &reader_mail,
	    CHAIN "\nFrom the body 12:34, nothing.\n\nReceived: from a.example "
		  "by b.example; Tue, 2 Mar 2004 13:58:20 +0100\n");
	assert_int_equal(r.contact_count, 2);
	check_chain(0);
	assert_int_equal(reading_skipped(&r, "hand-over within the host"), 1);
	for (size_t i = 0; i < r.fact_count; i++)
		assert_null(strstr(reading_text(&r.facts[i].owner), "someone"));
	/* what the message says of itself is of the first hop that it took */
	assert_int_equal(r.facts[r.fact_count - 2].type, FACT_MESSAGE_ID);
	assert_string_equal(reading_text(&r.facts[r.fact_count - 2].data), "192.0.2.7");
	assert_int_equal(r.facts[r.fact_count - 1].type, FACT_DATE);
	assert_int_equal(r.facts[r.fact_count - 1].extra, FACT_EAST_0 + 120);
}

static void tells_hops_that_nothing_vouches_for(void **state)
{
	(void)state;
	reading_of(&r, &reader_mail,
	    "Received: from a.example (a.example [192.0.2.1]) by b.example; 2 Mar 2004 12:00:00 Z\n"
	    /* a.example had it from here, but after it had handed it over */
	    "Received: from c.example (c.example [192.0.2.3]) by a.example; 2 Mar 2004 13:00:00 Z\n"
	    "Received: from d.example (d.example [192.0.2.4]) by c.example; 2 Mar 2004 11:00:00 Z\n"
	    "Message-ID: <x>\n\n");
	assert_int_equal(r.contact_count, 3);
	assert_int_equal(r.contacts[0].seen, SEEN_BOTH);
	assert_int_equal(r.contacts[1].seen, SEEN_RESPONSE);
	assert_int_equal(r.contacts[2].seen, SEEN_RESPONSE);
	/* made up below the one that is real: no host had it from z.example */
	reading_of(&r, &reader_mail,
	    "Received: from a.example (a.example [192.0.2.1]) by b.example; 2 Mar 2004 12:00:00 Z\n"
	    "Received: from d.example (d.example [192.0.2.4]) by z.example; 2 Mar 2004 11:00:00 Z\n"
	    "Received: by z.example with SMTP; 2 Mar 2004 11:00:00 Z\n"
	    "Received: from d.example (d.example [192.0.2.4]) by z.example\n"
	    "Received: nonsense; 2 Mar 2004 11:00:00 Z\n"
	    "Message-ID: <x>\n");
	assert_int_equal(r.contact_count, 2);
	assert_int_equal(r.contacts[1].seen, SEEN_RESPONSE);
	assert_string_equal(reading_text(&r.contacts[1].target), "z.example");
	for (size_t i = 0; i < r.fact_count; i++)
		assert_string_not_equal(reading_text(&r.facts[i].data), "192.0.2.4");
	assert_int_equal(reading_skipped(&r, "Received field without both hosts"), 1);
	assert_int_equal(reading_skipped(&r, "Received field without a date"), 1);
	assert_int_equal(reading_skipped(&r, "Received field that names no host"), 1);
}

static const char mbox[] = "From someone@example.org Tue Mar  2 13:58:10 2004\n" CHAIN
			   "\n>From here on 12:34 the body.\n\n"
			   "From someone@example.org Tue Mar  2 13:58:10 2004\n" CHAIN "\n";

static void reads_the_messages_of_a_mailbox(void **state)
{
	(void)state;
	reading_of(&r, &reader_mail, mbox);
	assert_int_equal(r.contact_count, 4);
	check_chain(0);
	check_chain(2);
	assert_int_equal(r.vantage, VANTAGE_MAIL_SERVER);
	assert_int_equal(r.consumed, strlen(mbox));
}

/* Growth keeps every hop; where a message is cut its fields cannot yet be told from a body. */
static void a_whole_date_begins_a_message_without_an_empty_line(void **state)
{
	(void)state;
	reading_of(&r, &reader_mail,
	    "From a@example.org Tue Mar  2 13:58:10 2004\n" CHAIN
	    "\nbody\nFrom b@example.org  Tue Mar  2 13:58:11 2004\n" CHAIN "\nbody\nFrom - \n" CHAIN
	    "\nbody\nFrom me at 12:34 on Tue Mar, nothing.\nFrom  Tue Mar  2 13:5\n");
	assert_int_equal(r.contact_count, 6);
	check_chain(0);
	check_chain(2);
	check_chain(4);
	assert_int_equal(reading_skipped(&r, "last message is cut"), 0);
}

static void every_truncation_and_growth_from_it(void **state)
{
	static struct reading whole, begun, rest;

	(void)state;
	reading_of(&whole, &reader_mail, mbox);
	for (size_t len = 0; len <= strlen(mbox); len++) {
		(void)reader_mail.probe((const uint8_t *)mbox, len);
		reading_from(&begun, &reader_mail, mbox, len, 0);
		assert_true(begun.consumed <= len);
		/* before its first word is whole it is not known to be a mailbox */
		if (len >= strlen("From ")) {
			reading_from(&rest, &reader_mail, mbox, strlen(mbox), begun.consumed);
			assert_int_equal(
			    begun.contact_count + rest.contact_count, whole.contact_count);
			assert_int_equal(begun.fact_count + rest.fact_count, whole.fact_count);
		}
	}
}

static void knows_mail_from_what_looks_like_it(void **state)
{
	static const char *const others[] = { "From here it is 12:34\nand so on\n",
		"GET / HTTP/1.1\nHost: a.example\nDate: x\n", "Subject: x\n\nMessage-ID: <a@b>\n",
		" From: x\nTo: y\nDate: z\nSubject: w\n", "", "\n" };

	(void)state;
	assert_ptr_equal(reader_detect((const uint8_t *)mbox, strlen(mbox)), &reader_mail);
	assert_ptr_equal(reader_detect((const uint8_t *)CHAIN, strlen(CHAIN)), &reader_mail);
	for (size_t i = 0; i < COUNT_OF(others); i++)
		assert_int_equal(
		    reader_mail.probe((const uint8_t *)others[i], strlen(others[i])), 0);
}

#define TAR_MAX 16384

/* One entry of an archive; returns where the next one goes. */
static size_t add_entry(uint8_t *tar, size_t at, char type, const char *content)
{
	uint8_t *block = tar + at;
	unsigned sum = 0;

	memset(block, 0, 512);
	memcpy(block, "name", 4);
	(void)snprintf((char *)block + 124, 12, "%011o", (unsigned)strlen(content) & 07777777);
	memset(block + 148, ' ', 8);
	block[156] = (uint8_t)type;
	memcpy(block + 257, "ustar", 5);
	for (size_t i = 0; i < 512; i++)
		sum += block[i];
	(void)snprintf((char *)block + 148, 8, "%06o", sum & 0777777);
	memset(block + 512, 0, 512 * ((strlen(content) + 511) / 512));
	memcpy(block + 512, content, strlen(content));
	return at + 512 + 512 * ((strlen(content) + 511) / 512);
}

static void reads_the_files_of_an_archive(void **state)
{
	static uint8_t tar[TAR_MAX];
	static char longest[6000];
	size_t len = add_entry(tar, 0, 'x', "pax header\n");

	(void)state;
	memset(longest, 'x', sizeof(longest) - 1); /* no line of mail */
	len = add_entry(tar, len, '0', CHAIN "\nReceived: of the body");
	len = add_entry(tar, len, '5', "");
	len = add_entry(tar, len, '0', longest);
	len = add_entry(tar, len, '\0', CHAIN); /* no body, no empty line */
	memset(tar + len, 0, 1024);
	assert_ptr_equal(reader_detect(tar, len), &reader_mail_tar);
	reading_from(&r, &reader_mail_tar, tar, len + 1024, 0);
	assert_int_equal(r.contact_count, 4);
	check_chain(0);
	check_chain(2);
	assert_int_equal(reading_skipped(&r, "header that ends without an empty line"), 1);
	assert_false(r.health.damaged);
	for (size_t cut = 0; cut < len; cut += 7)
		reading_from(&r, &reader_mail_tar, tar, cut, 0);
	tar[512 + 512 + 1] ^= 1; /* the name of the second entry, whose sum is then another */
	reading_from(&r, &reader_mail_tar, tar, len + 1024, 0);
	assert_int_equal(r.contact_count, 0);
	assert_int_equal(reading_skipped(&r, "damaged tar header"), 1);
	assert_true(r.health.damaged);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_hops_of_a_message),
		cmocka_unit_test(tells_hops_that_nothing_vouches_for),
		cmocka_unit_test(reads_the_messages_of_a_mailbox),
		cmocka_unit_test(a_whole_date_begins_a_message_without_an_empty_line),
		cmocka_unit_test(every_truncation_and_growth_from_it),
		cmocka_unit_test(reads_the_files_of_an_archive),
		cmocka_unit_test(knows_mail_from_what_looks_like_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
