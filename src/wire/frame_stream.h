/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Frame Streams (fstrm, "Control frame" in its documentation), big-endian:
 *
 *	length (32)   data: as many bytes
 *	0 (32)        length (32), type (32) [, fields: type (32), length (32), bytes]
 *	              a control frame
 *
 * In a file START begins the data and STOP ends it. Over a socket the sender may ask first:
 *
 *	sender    READY              START, data ...  STOP
 *	receiver         ACCEPT                             FINISH
 */
#ifndef WIRE_FRAME_STREAM_H
#define WIRE_FRAME_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/cursor.h"

#define FRAME_STREAM_LENGTH_BYTES  4
#define FRAME_STREAM_CONTROL_BYTES 8   /* escape and length */
#define FRAME_STREAM_CONTROL_MAX   512 /* as fstrm has it */

/* What is read here, and nothing else. */
#define FRAME_STREAM_DNSTAP "protobuf:dnstap.Dnstap"

enum frame_stream_control {
	FRAME_STREAM_DATA, /* no control frame */
	FRAME_STREAM_ACCEPT,
	FRAME_STREAM_START,
	FRAME_STREAM_STOP,
	FRAME_STREAM_READY,
	FRAME_STREAM_FINISH,
	FRAME_STREAM_CONTROLS,
};

struct frame_stream_frame {
	uint32_t control;    /* one of the above */
	struct cursor bytes; /* of data; of a control frame its fields */
};

/* The frame at the cursor, stepped over; it borrows its bytes. False: c->err says what is wrong. */
bool frame_stream_read(struct cursor *c, struct frame_stream_frame *ret) MUST_USE;

/*
 * How many bytes the frame has by its own lengths, as far as these are there; a length beyond the
 * limits counts as nothing.
 */
size_t frame_stream_bytes(struct cursor c);

/* Do the fields of a control frame allow dnstap? They do if they name no content type at all. */
bool frame_stream_is_dnstap(struct cursor fields);

/* A control frame, which names dnstap if `named`. */
void frame_stream_write(struct buf *out, enum frame_stream_control control, bool named);

/* The receiver's side of one connection; zeros are its beginning. */
struct frame_session {
	enum {
		FRAME_SESSION_NEW,
		FRAME_SESSION_ASKED, /* READY was answered */
		FRAME_SESSION_DATA,
		FRAME_SESSION_OVER,
	} state;
	bool answers; /* the sender waits for FINISH */
};

enum frame_event {
	FRAME_WANTS_MORE, /* there is no whole frame yet */
	FRAME_CONTROL,    /* of use to the session alone */
	FRAME_DATA,
	FRAME_OVER,  /* the sender has ended in order */
	FRAME_FAULT, /* nothing more can be had of this sender */
};

struct frame_step {
	enum frame_event event;
	size_t used;        /* bytes to be stepped over */
	struct cursor data; /* of FRAME_DATA, borrowed */
	const char *fault;  /* of FRAME_FAULT, static */
};

/* Take the frame at the beginning of what has come. What is to be answered is put to reply. */
struct frame_step frame_session_take(
    struct frame_session *s, const uint8_t *bytes, size_t len, struct buf *reply);

#endif
