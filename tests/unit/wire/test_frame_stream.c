/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "wire/frame_stream.h"

#define ROOM 4096

static struct buf sent;
static struct buf answered;

static int begin(void **state)
{
	(void)state;
	buf_init(&sent, ROOM);
	buf_init(&answered, ROOM);
	return 0;
}

static int end(void **state)
{
	(void)state;
	buf_release(&sent);
	buf_release(&answered);
	return 0;
}

static void send_data(const char *text)
{
	buf_be32(&sent, (uint32_t)strlen(text));
	buf_text(&sent, text);
}

/* Take what was sent until it wants more, or ends; "C" and "D" for each frame, then how it ended. */
static const char *take(struct frame_session *s, size_t len)
{
	static char log[64];
	size_t at = 0, count = 0;

	memset(log, 0, sizeof(log));
	for (;;) {
		/* its own block, so that ASan sees one byte too far */
		uint8_t *copy = malloc(len - at + 1);
		struct frame_step step;

		memcpy(copy, sent.bytes + at, len - at);
		step = frame_session_take(s, copy, len - at, &answered);
		free(copy);
		assert_true(step.used <= len - at);
		at += step.used;
		log[count++] = "-CD!X"[step.event];
		if (step.event == FRAME_FAULT)
			assert_non_null(step.fault);
		if (step.event != FRAME_CONTROL && step.event != FRAME_DATA)
			return log;
		assert_true(count < sizeof(log) - 1);
	}
}

/* The control frames that were answered. */
static void assert_answers(const char *want)
{
	struct cursor c = cursor_of(answered.bytes, answered.len);
	struct frame_stream_frame f;

	for (; *want != '\0'; want++) {
		assert_true(frame_stream_read(&c, &f));
		assert_int_equal(
		    f.control, *want == 'A' ? FRAME_STREAM_ACCEPT : FRAME_STREAM_FINISH);
		assert_true(*want != 'A' || frame_stream_is_dnstap(f.bytes));
	}
	assert_int_equal(cursor_left(&c), 0);
}

static void a_sender_who_asks_is_answered(void **state)
{
	struct frame_session s = { 0 };

	(void)state;
	frame_stream_write(&sent, FRAME_STREAM_READY, true);
	assert_string_equal(take(&s, sent.len), "C-");
	assert_answers("A");
	buf_clear(&sent);
	frame_stream_write(&sent, FRAME_STREAM_START, true);
	send_data("one");
	send_data("another");
	frame_stream_write(&sent, FRAME_STREAM_STOP, false);
	assert_string_equal(take(&s, sent.len), "CDD!");
	assert_answers("AF");
}

static void a_sender_who_does_not_ask_is_not(void **state)
{
	struct frame_session s = { 0 };

	(void)state;
	frame_stream_write(&sent, FRAME_STREAM_START, false);
	send_data("data of some kind");
	frame_stream_write(&sent, FRAME_STREAM_STOP, false);
	assert_string_equal(take(&s, sent.len), "CD!");
	assert_answers("");
}

static void every_cut_waits_for_the_rest(void **state)
{
	(void)state;
	frame_stream_write(&sent, FRAME_STREAM_READY, true);
	frame_stream_write(&sent, FRAME_STREAM_START, true);
	send_data("data of some kind");
	frame_stream_write(&sent, FRAME_STREAM_STOP, false);
	for (size_t len = 0; len < sent.len; len++) {
		struct frame_session s = { 0 };
		const char *log = take(&s, len);

		assert_int_equal(log[strlen(log) - 1], '-');
		assert_memory_equal("CCD", log, strlen(log) - 1);
	}
}

/* A control frame whose one field of that type holds that text. */
static void send_control(uint32_t control, uint32_t type, const char *text)
{
	buf_be32(&sent, 0);
	buf_be32(&sent, (uint32_t)(12 + strlen(text)));
	buf_be32(&sent, control);
	buf_be32(&sent, type);
	buf_be32(&sent, (uint32_t)strlen(text));
	buf_text(&sent, text);
}

static void another_content_type_is_a_fault(void **state)
{
	struct frame_session s = { 0 };

	(void)state;
	send_control(FRAME_STREAM_READY, 1, "protobuf:dnstap.Other");
	assert_string_equal(take(&s, sent.len), "X");
	assert_answers("");
	buf_clear(&sent);
	s = (struct frame_session){ 0 };
	send_control(FRAME_STREAM_START, 1, "text");
	assert_string_equal(take(&s, sent.len), "X");
	/* a field that is no content type says nothing */
	buf_clear(&sent);
	s = (struct frame_session){ 0 };
	send_control(FRAME_STREAM_START, 7, "text");
	assert_string_equal(take(&s, sent.len), "C-");
}

static void what_is_out_of_turn_is_a_fault(void **state)
{
	static const enum frame_stream_control second[] = { FRAME_STREAM_READY, FRAME_STREAM_START,
		FRAME_STREAM_ACCEPT, FRAME_STREAM_FINISH };
	struct frame_session s = { 0 };

	(void)state;
	send_data("data before it has begun");
	assert_string_equal(take(&s, sent.len), "X");
	buf_clear(&sent);
	frame_stream_write(&sent, FRAME_STREAM_STOP, false);
	assert_string_equal(take(&s, sent.len), "X");
	for (size_t i = 0; i < COUNT_OF(second); i++) {
		s = (struct frame_session){ 0 };
		buf_clear(&sent);
		frame_stream_write(&sent, FRAME_STREAM_START, true);
		frame_stream_write(&sent, second[i], false);
		assert_string_equal(take(&s, sent.len), "CX");
	}
}

static void frames_beyond_the_limits_are_faults(void **state)
{
	struct frame_session s = { .state = FRAME_SESSION_DATA };

	(void)state;
	buf_be32(&sent, LIMIT_FRAME_BYTES + 1);
	buf_be32(&sent, 0);
	assert_string_equal(take(&s, sent.len), "X");
	buf_clear(&sent);
	buf_be32(&sent, UINT32_MAX);
	buf_be32(&sent, UINT32_MAX);
	assert_string_equal(take(&s, sent.len), "X");
	buf_clear(&sent);
	buf_be32(&sent, 0);
	buf_be32(&sent, FRAME_STREAM_CONTROL_MAX + 1);
	assert_string_equal(take(&s, sent.len), "X");
	/* the largest one that is allowed is waited for */
	buf_clear(&sent);
	buf_be32(&sent, LIMIT_FRAME_BYTES);
	buf_be32(&sent, 0);
	assert_string_equal(take(&s, sent.len), "-");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_sender_who_asks_is_answered),
		TEST(a_sender_who_does_not_ask_is_not),
		TEST(every_cut_waits_for_the_rest),
		TEST(another_content_type_is_a_fault),
		TEST(what_is_out_of_turn_is_a_fault),
		TEST(frames_beyond_the_limits_are_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
