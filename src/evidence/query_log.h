/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the query logs of name servers have in common: a date, then somewhere on the line who
 * asked for what. A format is a function that finds these words; all else is done here.
 */
#ifndef EVIDENCE_QUERY_LOG_H
#define EVIDENCE_QUERY_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/addr_memo.h"
#include "base/attr.h"
#include "base/cursor.h"
#include "contact/contact.h"
#include "contact/vantage.h"
#include "evidence/log_time.h"
#include "evidence/reader.h"

/* A piece of the line; bytes is NULL where there is none. */
struct query_word {
	const uint8_t *bytes;
	size_t len;
};

/* What a line says. A query has a peer; a line about an answer alone has data in its place. */
struct query_text {
	struct query_word peer;
	struct query_word name;
	bool doubled; /* each backslash of the name is written twice */
	struct query_word type;
	struct query_word rcode; /* none: the line is of the query alone */
	struct query_word took;  /* seconds from the query to the line; none: no time */
	struct query_word data;  /* an address that the name has */
	/* seconds since 1970 UTC, where the line says it better than its date */
	struct query_word when;
	enum vantage vantage; /* where it was taken, as far as the line or the server tells */
};

#define QUERY_LOG_OTHER_LINE "line of another kind"

/*
 * Find the words behind the date; ret begins as zeros. NULL, or why the line is skipped, a static
 * text: QUERY_LOG_OTHER_LINE where it is no row of the format.
 */
typedef const char *query_find(struct cursor *line, struct query_text *ret);

/* The next word, with NULL bytes at the end of the line. */
static inline struct query_word query_word_next(struct cursor *line)
{
	struct query_word word = { .bytes = NULL };

	word.bytes = log_word(line, &word.len);
	return word;
}

static inline bool query_word_is(struct query_word word, const char *text)
{
	return word.bytes != NULL && word.len == strlen(text) &&
	       memcmp(word.bytes, text, word.len) == 0;
}

/* Pass over words, few enough for the head of a syslog line, up to that one. False: it is not there. */
bool query_word_seek(struct cursor *line, const char *text);

/* The word up to a byte that it holds; false, *word untouched, if it does not. */
bool query_word_cut(struct query_word *word, uint8_t stop);

/*
 * From here on, names may hold spaces: the words up to the last one of that text that has a word
 * behind it, and that word. False: there is none.
 */
bool query_word_span(struct cursor *line, const char *text, struct query_word *ret_before,
    struct query_word *ret_behind);

/* A record's type: a mnemonic, or a number with or without "TYPE" in front of it. */
bool query_word_type(struct query_word word, uint16_t *ret) MUST_USE;

/* Of "192.0.2.1:53", "[2001:db8::1]:53" or an address alone: the address. */
struct query_word query_word_host(struct query_word word);

/* A log under way; begins as zeros. Big: part of a reader, not of a stack frame. */
struct query_log {
	struct log_time time;
	struct addr_memo memo;
	struct vantage_votes votes;
	struct contact contact;
	struct fact fact;
	/* of the line that header() has seen, for row() */
	bool dated;
	struct log_date date;
	size_t date_len; /* up to the words behind it */
};

/* How surely do lines of the head read so? 85 if the first does, 60 if another one. */
int query_log_probe(query_find *find, const uint8_t *head, size_t len);

/* Members of struct log_kind, for a state that begins with a struct query_log. */
void query_log_attach(void *state, const struct hints *hints, struct health *health);
bool query_log_header(void *state, const uint8_t *line, size_t len);

/* The member of struct reader_format. */
enum vantage query_log_vantage(const struct reader *r);

/* row() of struct log_kind, by the format's function; the line is the one of header(). */
const char *query_log_row(struct query_log *q, query_find *find, const uint8_t *line, size_t len,
    struct record *ret) MUST_USE;

/* The same, from the point where the words are found. */
const char *query_log_take(struct query_log *q, const struct query_text *text,
    const struct log_date *date, struct record *ret) MUST_USE;

#endif
