/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One loop over poll(). A sender has a buffer of its own, which grows up to the largest frame; a
 * frame goes to the file when its last byte is there, and never before, so that a sender who is cut
 * leaves no part of one. Idle senders are fine, since a quiet server is one; a sender who does not
 * come to START, or who leaves a frame unfinished, is given up after LIMIT_SENDER_STALL_S.
 */
#include "receive/receiver.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/size.h"
#include "wire/frame_stream.h"

#define TURN_MS     200
#define READ_BYTES  65536
#define WRITE_BYTES (1u << 18) /* gathered before they are written */
#define FRAME_MAX   (FRAME_STREAM_LENGTH_BYTES + LIMIT_FRAME_BYTES)

struct sender {
	int fd; /* -1: free */
	struct frame_session session;
	uint8_t *bytes; /* of the frame under way, and what came behind it */
	size_t len;
	size_t capacity;
	double since_s; /* when it last ended a frame, or came */
};

struct receiver {
	const struct receiver_settings *settings;
	struct receiver_result *result;
	struct sender senders[LIMIT_SENDERS];
	struct buf out;
	double now_s;
	bool failed; /* the file cannot be written */
	struct err *reterr;
};

static double clock_s(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- the file ---- */

static void flush(struct receiver *r)
{
	const uint8_t *bytes = r->out.bytes;
	size_t left = r->out.len;

	if (!buf_ok(&r->out)) {
		err_set_memory(r->reterr);
		r->failed = true;
	}
	while (!r->failed && left > 0) {
		const ssize_t done = write(r->settings->file, bytes, left);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0) {
			err_set(r->reterr, ERR_SYSTEM, "cannot keep what was received: %s",
			    strerror(errno));
			r->failed = true;
			break;
		}
		bytes = &bytes[done];
		left -= (size_t)done;
	}
	buf_clear(&r->out);
}

static void keep(struct receiver *r, const struct cursor *data)
{
	buf_be32(&r->out, (uint32_t)data->len);
	buf_put(&r->out, data->base, data->len);
	r->result->frames++;
	if (r->out.len >= WRITE_BYTES || !buf_ok(&r->out))
		flush(r);
}

/* ---- one sender ---- */

static void drop(struct sender *s)
{
	(void)close(s->fd);
	free(s->bytes);
	*s = (struct sender){ .fd = -1 };
}

static void refuse(struct receiver *r, struct sender *s)
{
	r->result->refused++;
	drop(s);
}

/*
 * The answers are short. To one who has gone already none is needed: what came from him is still to
 * be taken.
 */
static void answer(const struct sender *s, struct buf *reply)
{
	if (reply->len > 0 && buf_ok(reply))
		(void)send(s->fd, reply->bytes, reply->len, MSG_NOSIGNAL | MSG_DONTWAIT);
	buf_release(reply);
}

/* Take the frames that are whole. */
static void take_frames(struct receiver *r, struct sender *s)
{
	size_t at = 0;

	while (s->fd >= 0) {
		struct frame_step step;
		struct buf reply;

		buf_init(&reply, FRAME_STREAM_CONTROL_MAX);
		step = frame_session_take(&s->session, &s->bytes[at], s->len - at, &reply);
		at += step.used;
		if (step.used > 0)
			s->since_s = r->now_s;
		if (step.event == FRAME_DATA)
			keep(r, &step.data);
		answer(s, &reply);
		if (step.event == FRAME_FAULT) {
			refuse(r, s);
			return;
		}
		if (step.event == FRAME_OVER) {
			r->result->ended++;
			drop(s);
			return;
		}
		if (step.event == FRAME_WANTS_MORE)
			break;
	}
	memmove(s->bytes, &s->bytes[at], s->len - at);
	s->len -= at;
}

static bool make_room(struct sender *s)
{
	size_t capacity = s->capacity == 0 ? READ_BYTES : s->capacity * 2;
	uint8_t *grown;

	if (s->len < s->capacity)
		return true;
	if (capacity > FRAME_MAX)
		capacity = FRAME_MAX;
	grown = capacity > s->capacity ? realloc(s->bytes, capacity) : NULL;
	if (grown == NULL)
		return false;
	s->bytes = grown;
	s->capacity = capacity;
	return true;
}

static void read_sender(struct receiver *r, struct sender *s)
{
	ssize_t got;

	/* a frame that fills the largest buffer is taken, so that there is room, or none is coming */
	if (!make_room(s)) {
		refuse(r, s);
		return;
	}
	got = recv(s->fd, &s->bytes[s->len], s->capacity - s->len, MSG_DONTWAIT);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		r->result->cut++;
		drop(s);
		return;
	}
	s->len += (size_t)got;
	take_frames(r, s);
}

/* Nothing is wrong with a sender who is silent between two frames. */
static bool has_stalled(const struct receiver *r, const struct sender *s)
{
	return (s->session.state != FRAME_SESSION_DATA || s->len > 0) &&
	       r->now_s - s->since_s > LIMIT_SENDER_STALL_S;
}

/* ---- all of them ---- */

/*
 * A place for one more: a free one, or that of whoever has been longest on the way to START. NULL: all
 * have come to it.
 */
static struct sender *place_for(struct receiver *r)
{
	struct sender *oldest = NULL;

	for (size_t i = 0; i < LIMIT_SENDERS; i++) {
		struct sender *s = &r->senders[i];

		if (s->fd < 0)
			return s;
		if (s->session.state != FRAME_SESSION_DATA &&
		    (oldest == NULL || s->since_s < oldest->since_s))
			oldest = s;
	}
	if (oldest != NULL)
		refuse(r, oldest);
	return oldest;
}

static void admit(struct receiver *r)
{
	const int fd = accept4(r->settings->listener->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct sender *s;

	if (fd < 0)
		return;
	r->result->senders++;
	s = place_for(r);
	if (s != NULL) {
		*s = (struct sender){ .fd = fd, .since_s = r->now_s };
		return;
	}
	r->result->refused++;
	(void)close(fd);
}

/* One turn. Returns how many senders are there. */
static size_t turn(struct receiver *r)
{
	struct pollfd polled[LIMIT_SENDERS + 1];
	size_t there = 0;

	for (size_t i = 0; i < LIMIT_SENDERS; i++)
		polled[i] = (struct pollfd){ .fd = r->senders[i].fd, .events = POLLIN };
	polled[LIMIT_SENDERS] =
	    (struct pollfd){ .fd = r->settings->listener->fd, .events = POLLIN };
	if (poll(polled, LIMIT_SENDERS + 1, TURN_MS) < 0)
		memset(polled, 0, sizeof(polled)); /* interrupted: nothing is said of any */
	r->now_s = clock_s();
	for (size_t i = 0; i < LIMIT_SENDERS; i++) {
		struct sender *s = &r->senders[i];

		if (s->fd >= 0 && polled[i].revents != 0)
			read_sender(r, s);
		if (s->fd >= 0 && has_stalled(r, s))
			refuse(r, s);
		there += s->fd >= 0;
	}
	if (polled[LIMIT_SENDERS].revents != 0) {
		admit(r);
		there++;
	}
	return there;
}

bool receiver_run(
    const struct receiver_settings *settings, struct receiver_result *ret, struct err *reterr)
{
	struct receiver *r = calloc(1, sizeof(*r));
	double end_s;
	bool ok = false;

	*ret = (struct receiver_result){ .frames = 0 };
	if (r == NULL) {
		err_set_memory(reterr);
		return false;
	}
	r->settings = settings;
	r->result = ret;
	r->reterr = reterr;
	r->now_s = clock_s();
	end_s = r->now_s + settings->for_s;
	for (size_t i = 0; i < LIMIT_SENDERS; i++)
		r->senders[i].fd = -1;
	buf_init(&r->out, WRITE_BYTES + 2 * FRAME_MAX);
	frame_stream_write(&r->out, FRAME_STREAM_START, true);
	while (!r->failed && !settings->stop(settings->context) &&
	       (settings->for_s <= 0 || r->now_s < end_s)) {
		if (turn(r) == 0 && ret->ended > 0)
			break;
	}
	for (size_t i = 0; i < LIMIT_SENDERS; i++) {
		if (r->senders[i].fd >= 0)
			drop(&r->senders[i]);
	}
	frame_stream_write(&r->out, FRAME_STREAM_STOP, false);
	flush(r);
	ok = !r->failed;
	buf_release(&r->out);
	free(r);
	return ok;
}
