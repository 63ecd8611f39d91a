/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The receiver asks before every turn whether it is to end. There the senders of these tests do what
 * they do: all in one thread, in an order that is known.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "receive/receiver.h"
#include "wire/frame_stream.h"

#define CLIENTS_MAX (LIMIT_SENDERS + 2)
#define IDLE_TURNS  4 /* after all has been sent: to admit, to read, and to see that one is gone */

struct fixture {
	char dir[32];
	struct listener listener;
	int file;
	int clients[CLIENTS_MAX];
	/* One piece a turn: of whom, what; NULL: that one goes. */
	struct piece {
		unsigned client;
		const uint8_t *bytes;
		size_t len;
	} * pieces;
	size_t piece_count;
	size_t next;
	unsigned patience; /* turns that are waited for after the last piece */
	unsigned idle;
	struct receiver_result result;
};

static int set_up(void **state)
{
	struct fixture *x = calloc(1, sizeof(*x));
	char where[80];
	struct err err;

	(void)snprintf(x->dir, sizeof(x->dir), "/tmp/lodestone-receive-XXXXXX");
	assert_non_null(mkdtemp(x->dir));
	(void)snprintf(where, sizeof(where), "unix:%s/tap.sock", x->dir);
	assert_true(listener_open(&x->listener, where, &err));
	for (unsigned i = 0; i < CLIENTS_MAX; i++)
		x->clients[i] = -1;
	x->file = -1;
	x->patience = IDLE_TURNS;
	*state = x;
	return 0;
}

static void restart(struct fixture *x)
{
	for (unsigned i = 0; i < CLIENTS_MAX; i++) {
		if (x->clients[i] >= 0)
			(void)close(x->clients[i]);
		x->clients[i] = -1;
	}
	if (x->file >= 0)
		(void)close(x->file);
	x->file = -1;
	x->piece_count = x->next = x->idle = 0;
	x->patience = IDLE_TURNS;
}

static int tear_down(void **state)
{
	struct fixture *x = *state;

	restart(x);
	listener_close(&x->listener);
	assert_int_equal(rmdir(x->dir), 0);
	free(x->pieces);
	free(x);
	return 0;
}

static void add_piece(struct fixture *x, unsigned client, const uint8_t *bytes, size_t len)
{
	x->pieces = reallocarray(x->pieces, x->piece_count + 1, sizeof(*x->pieces));
	assert_non_null(x->pieces);
	x->pieces[x->piece_count++] = (struct piece){ client, bytes, len };
}

static void go(struct fixture *x, unsigned client)
{
	add_piece(x, client, NULL, 0);
}

static void come(struct fixture *x, unsigned client)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };

	memcpy(a.sun_path, x->listener.path, sizeof(a.sun_path));
	x->clients[client] = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(x->clients[client] >= 0);
	assert_int_equal(connect(x->clients[client], (const struct sockaddr *)&a, sizeof(a)), 0);
}

static bool do_next(void *context)
{
	struct fixture *x = context;
	const struct piece *p;

	if (x->next == x->piece_count)
		return ++x->idle > x->patience;
	p = &x->pieces[x->next++];
	if (x->clients[p->client] < 0)
		come(x, p->client);
	if (p->bytes != NULL) {
		/* one who was refused has nobody to send to */
		(void)send(x->clients[p->client], p->bytes, p->len, MSG_NOSIGNAL);
	} else {
		(void)close(x->clients[p->client]);
		x->clients[p->client] = -1;
	}
	return false;
}

static void receive(struct fixture *x)
{
	struct receiver_settings s = {
		.listener = &x->listener, .stop = do_next, .context = x, .for_s = 60
	};
	struct err err = { .code = ERR_NONE };

	x->file = memfd_create("received", MFD_CLOEXEC);
	assert_true(x->file >= 0);
	s.file = x->file;
	if (!receiver_run(&s, &x->result, &err))
		fail_msg("%s", err.text);
}

/* ---- what is sent and kept ---- */

static void put_data(struct buf *b, const char *text)
{
	buf_be32(b, (uint32_t)strlen(text));
	buf_text(b, text);
}

/* One way, without questions: START, data, STOP. The ends of all frames but STOP go to ends. */
static void put_stream(struct buf *b, const char *const *texts, size_t count, size_t *ends)
{
	buf_init(b, SIZE_MAX);
	frame_stream_write(b, FRAME_STREAM_START, true);
	for (size_t i = 0; i < count; i++) {
		ends[i] = b->len;
		put_data(b, texts[i]);
	}
	ends[count] = b->len;
	frame_stream_write(b, FRAME_STREAM_STOP, false);
}

/* The file holds these data in this order, and is whole. */
static void assert_kept(const struct fixture *x, const char *const *texts, size_t count)
{
	uint8_t got[8192];
	struct buf b;

	buf_init(&b, SIZE_MAX);
	frame_stream_write(&b, FRAME_STREAM_START, true);
	for (size_t i = 0; i < count; i++)
		put_data(&b, texts[i]);
	frame_stream_write(&b, FRAME_STREAM_STOP, false);
	assert_int_equal(pread(x->file, got, sizeof(got), 0), b.len);
	assert_memory_equal(got, b.bytes, b.len);
	assert_int_equal(x->result.frames, count);
	buf_release(&b);
}

static void assert_counts(
    const struct fixture *x, uint64_t senders, uint64_t ended, uint64_t cut, uint64_t refused)
{
	assert_int_equal(x->result.senders, senders);
	assert_int_equal(x->result.ended, ended);
	assert_int_equal(x->result.cut, cut);
	assert_int_equal(x->result.refused, refused);
}

static const char *const texts[] = { "a", "of the second frame", "third" };
#define TEXTS 3

/* ---- tests ---- */

static void every_cut_gives_the_same_file(void **state)
{
	struct fixture *x = *state;
	size_t ends[TEXTS + 1];
	struct buf b;

	put_stream(&b, texts, TEXTS, ends);
	for (size_t cut = 1; cut < b.len; cut++) {
		restart(x);
		add_piece(x, 0, b.bytes, cut);
		add_piece(x, 0, b.bytes + cut, b.len - cut);
		receive(x);
		assert_kept(x, texts, TEXTS);
		assert_counts(x, 1, 1, 0, 0);
	}
	restart(x);
	for (size_t i = 0; i < b.len; i++)
		add_piece(x, 0, b.bytes + i, 1);
	receive(x);
	assert_kept(x, texts, TEXTS);
	buf_release(&b);
}

static void who_vanishes_leaves_whole_frames(void **state)
{
	struct fixture *x = *state;
	size_t ends[TEXTS + 1];
	struct buf b;

	put_stream(&b, texts, TEXTS, ends);
	for (size_t cut = 1; cut < b.len; cut++) {
		size_t whole = 0;

		while (whole < TEXTS && ends[whole + 1] <= cut)
			whole++;
		restart(x);
		add_piece(x, 0, b.bytes, cut);
		go(x, 0);
		x->patience = 1; /* the turn in which its end is read */
		receive(x);
		assert_kept(x, texts, whole);
		assert_counts(x, 1, 0, 1, 0);
	}
	buf_release(&b);
}

static void who_asks_is_answered(void **state)
{
	struct fixture *x = *state;
	struct buf sent, expected;
	uint8_t got[512];

	buf_init(&sent, SIZE_MAX);
	buf_init(&expected, SIZE_MAX);
	frame_stream_write(&sent, FRAME_STREAM_READY, true);
	frame_stream_write(&sent, FRAME_STREAM_START, true);
	put_data(&sent, texts[0]);
	frame_stream_write(&sent, FRAME_STREAM_STOP, false);
	frame_stream_write(&expected, FRAME_STREAM_ACCEPT, true);
	frame_stream_write(&expected, FRAME_STREAM_FINISH, false);
	add_piece(x, 0, sent.bytes, sent.len);
	receive(x);
	assert_kept(x, texts, 1);
	assert_counts(x, 1, 1, 0, 0);
	assert_int_equal(recv(x->clients[0], got, sizeof(got), 0), expected.len);
	assert_memory_equal(got, expected.bytes, expected.len);
	buf_release(&sent);
	buf_release(&expected);
}

/* Bytes of two senders come in turns; the frames of neither get into those of the other. */
static void senders_do_not_mix(void **state)
{
	static const char *const first[] = { "first of one", "second of one" };
	static const char *const second[] = { "first of the other", "second of the other" };
	static const char *const kept[] = { "first of one", "first of the other", "second of one",
		"second of the other" };
	struct fixture *x = *state;
	size_t ends[3];
	struct buf a, b;

	put_stream(&a, first, 2, ends);
	put_stream(&b, second, 2, ends);
	for (size_t i = 0; i < b.len; i++) {
		if (i < a.len)
			add_piece(x, 0, a.bytes + i, 1);
		add_piece(x, 1, b.bytes + i, 1);
	}
	receive(x);
	assert_kept(x, kept, 4);
	assert_counts(x, 2, 2, 0, 0);
	buf_release(&a);
	buf_release(&b);
}

static void a_frame_that_is_too_long_is_refused_and_others_are_heard(void **state)
{
	struct fixture *x = *state;
	size_t ends[TEXTS + 1];
	struct buf good, bad, control;

	put_stream(&good, texts, TEXTS, ends);
	buf_init(&bad, SIZE_MAX);
	frame_stream_write(&bad, FRAME_STREAM_START, true);
	put_data(&bad, texts[0]);
	buf_be32(&bad, LIMIT_FRAME_BYTES + 1);
	buf_init(&control, SIZE_MAX);
	buf_be32(&control, 0);
	buf_be32(&control, FRAME_STREAM_CONTROL_MAX + 1);
	add_piece(x, 0, bad.bytes, bad.len);
	add_piece(x, 1, control.bytes, control.len);
	add_piece(x, 2, good.bytes, ends[2]);
	add_piece(x, 2, good.bytes + ends[2], good.len - ends[2]);
	receive(x);
	assert_kept(x, (const char *const[]){ texts[0], texts[0], texts[1], texts[2] }, 4);
	assert_counts(x, 3, 1, 0, 2);
	buf_release(&good);
	buf_release(&bad);
	buf_release(&control);
}

static void the_longest_frame_fits(void **state)
{
	static uint8_t bytes[LIMIT_FRAME_BYTES];
	struct fixture *x = *state;
	struct buf b;

	buf_init(&b, SIZE_MAX);
	frame_stream_write(&b, FRAME_STREAM_START, true);
	buf_be32(&b, LIMIT_FRAME_BYTES);
	buf_put(&b, bytes, sizeof(bytes));
	frame_stream_write(&b, FRAME_STREAM_STOP, false);
	for (size_t at = 0; at < b.len; at += 50000)
		add_piece(x, 0, b.bytes + at, b.len - at < 50000 ? b.len - at : 50000);
	receive(x);
	assert_int_equal(x->result.frames, 1);
	assert_counts(x, 1, 1, 0, 0);
	assert_int_equal(lseek(x->file, 0, SEEK_END), b.len);
	buf_release(&b);
}

static void what_is_no_dnstap_is_refused(void **state)
{
	static const uint8_t noise[] = "GET / HTTP/1.1\r\n\r\n";
	struct fixture *x = *state;
	struct buf other;

	buf_init(&other, SIZE_MAX);
	frame_stream_write(&other, FRAME_STREAM_START, true);
	other.bytes[other.len - 1] ^= 1; /* another content type */
	add_piece(x, 0, noise, sizeof(noise) - 1);
	add_piece(x, 1, other.bytes, other.len);
	receive(x);
	assert_kept(x, texts, 0);
	assert_counts(x, 2, 0, 0, 2);
	buf_release(&other);
}

/* Whoever has not come to START makes room; those who have keep their places. */
static void of_too_many_the_silent_one_goes(void **state)
{
	struct fixture *x = *state;
	struct buf start;

	buf_init(&start, SIZE_MAX);
	frame_stream_write(&start, FRAME_STREAM_START, true);
	add_piece(x, 0, start.bytes, 1);
	for (unsigned i = 1; i <= LIMIT_SENDERS; i++)
		add_piece(x, i, start.bytes, start.len);
	for (unsigned i = 1; i <= LIMIT_SENDERS; i++) /* turns to hear them all */
		add_piece(x, i, start.bytes, 0);
	receive(x);
	assert_counts(x, LIMIT_SENDERS + 1, 0, 0, 1);
	restart(x);
	for (unsigned i = 0; i <= LIMIT_SENDERS; i++)
		add_piece(x, i, start.bytes, start.len);
	receive(x);
	assert_counts(x, LIMIT_SENDERS + 1, 0, 0, 1);
	buf_release(&start);
}

static void a_file_that_cannot_be_written_is_an_error(void **state)
{
	struct fixture *x = *state;
	struct receiver_settings s = {
		.listener = &x->listener, .stop = do_next, .context = x, .for_s = 60
	};
	struct err err = { .code = ERR_NONE };

	x->file = s.file = open("/dev/full", O_WRONLY | O_CLOEXEC);
	assert_true(s.file >= 0);
	x->patience = 0;
	assert_false(receiver_run(&s, &x->result, &err));
	assert_int_equal(err.code, ERR_SYSTEM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_cut_gives_the_same_file, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    who_vanishes_leaves_whole_frames, set_up, tear_down),
		cmocka_unit_test_setup_teardown(who_asks_is_answered, set_up, tear_down),
		cmocka_unit_test_setup_teardown(senders_do_not_mix, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    a_frame_that_is_too_long_is_refused_and_others_are_heard, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_longest_frame_fits, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_no_dnstap_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(of_too_many_the_silent_one_goes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    a_file_that_cannot_be_written_is_an_error, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
