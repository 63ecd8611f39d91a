/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the logs of mail servers have in common: a date, the server's own name, and lines of which
 * several tell of one session or message, and name it. A format is a function that finds what one
 * line says; all else is done here. Who wrote to whom is never looked at.
 */
#ifndef EVIDENCE_MTA_LOG_H
#define EVIDENCE_MTA_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/cursor.h"
#include "contact/vantage.h"
#include "evidence/delivery.h"
#include "evidence/log_time.h"
#include "evidence/mta_memory.h"
#include "evidence/query_log.h"
#include "evidence/reader.h"

enum mta_what {
	MTA_CONNECTED, /* a client is there: no contact yet */
	MTA_RECEIVED,  /* it handed over a message, or was refused */
	MTA_LEFT,      /* its session has ended: a contact if nothing else was one */
	MTA_HEADER,    /* a message that was received has this Message-ID */
	MTA_SENT,      /* a message was handed over to a server, or refused or put off by it */
};

/* What a line says; what it does not say has NULL bytes. */
struct mta_text {
	enum mta_what what;
	struct query_word here;    /* the name of the log's own server */
	struct query_word session; /* names the session, where lines refer to it */
	struct query_word message; /* names the message, the same */
	struct query_word address; /* of the other host, as delivery_host() reads it */
	struct query_word name;    /* of the other host, from the DNS */
	struct query_word helo;
	struct query_word reply; /* begins with the code */
	struct query_word message_id;
};

#define MTA_OTHER_LINE QUERY_LOG_OTHER_LINE

/*
 * Find what the line says behind its date; ret begins as zeros. NULL, or why the line is skipped,
 * a static text: MTA_OTHER_LINE where it is no row of the format.
 */
typedef const char *mta_find(struct cursor *line, struct mta_text *ret);

/*
 * "NAME[PID]:" of syslog, passing over few enough words: stands behind it, and *ret_here is the word
 * before it. The program's name, or NULL bytes: it is not among the next words.
 */
struct query_word mta_program(struct cursor *line, struct query_word *ret_here);

/* The text behind the first (or last) place of a mark in the word; NULL bytes: it has none. */
struct query_word mta_behind(struct query_word text, const char *mark);
struct query_word mta_behind_last(struct query_word text, const char *mark);

/* All that is left of the line. */
struct query_word mta_rest(struct cursor *line);

/* The word up to a mark, or as it is where there is none. */
struct query_word mta_before(struct query_word text, const char *mark);

/* The first "DDD " of a reply code that stands behind a space, '(' or the beginning. */
struct query_word mta_code(struct query_word text);

/* A log under way; begins as zeros. Big: part of a reader, not of a stack frame. */
struct mta_log {
	struct log_time time;
	struct delivery delivery;
	struct mta_memory memory;
	/* of the line that header() has seen, for row() */
	bool dated;
	struct log_date date;
	const char *why;
	struct mta_text text;
	struct endpoint other;
	bool is_repeat; /* one more recipient of a hand-over that was told of */
};

/* How surely do lines of the head read so? 85 if the first does, 60 if another one. */
int mta_log_probe(mta_find *find, const uint8_t *head, size_t len);

/* Members of struct log_kind, for a state that is a struct mta_log. */
void mta_log_begin(void *state);
void mta_log_attach(void *state, const struct hints *hints, struct health *health);
const char *mta_log_row(void *state, const uint8_t *line, size_t len, struct record *ret);

/* header() of struct log_kind, by the format's function. */
bool mta_log_header(struct mta_log *m, mta_find *find, const uint8_t *line, size_t len);

/* The member of struct reader_format. */
enum vantage mta_log_vantage(const struct reader *r);

#endif
