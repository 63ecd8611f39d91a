/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a client sends is commands, or content of a message:
 *
 *	COMMANDS   lines; each waits in a queue for its reply, which may come much later (RFC 2920)
 *	DATA       up to CRLF "." CRLF (RFC 5321 4.1.1.4)
 *	CHUNK      so many octets as BDAT said (RFC 3030)
 *	SHUT       passed over: it cannot be told any more which of the three it is
 *
 * The danger is to take a body for commands: a message could then make up sessions. So content
 * begins with the command, and not with its reply; it ends early only where DATA was refused
 * before any content came; and behind octets that are missing nothing is a command any more,
 * unless the hole lies within a chunk, whose length is known. A server that ends a message where
 * RFC 5321 sees no end (a lone "\n.\n") shows that by a reply while the client rests just there.
 *
 * Replies are matched with commands by their order. One may be captured a moment before its
 * command, and waits for it; a second one means that commands were missed.
 */
#include "evidence/smtp_dialog.h"

#include <string.h>

#include "contact/contact.h"
#include "evidence/delivery.h"
#include "wire/tcp_stream.h"

#define CODE_MIN_REFUSAL 400
#define CODE_CHALLENGE   334 /* RFC 4954 */
#define CODE_GREETING    220
#define TLS_HANDSHAKE    0x16 /* the first octet of TLS (RFC 8446 5.1), and of no command */

enum sending {
	SENDING_COMMANDS,
	SENDING_DATA,
	SENDING_CHUNK,
	SENDING_SHUT,
};

enum verb {
	VERB_OTHER, /* not known, or of no use */
	VERB_NOTED, /* known, and of no use */
	VERB_HELO,
	VERB_MAIL,
	VERB_RCPT,
	VERB_DATA,
	VERB_BDAT,
	VERB_STARTTLS,
	VERB_RSET,
	/* no commands, but what is answered as well */
	VERB_GREETING,
	VERB_MESSAGE, /* the end of a message */
};

static const struct {
	const char *text;
	enum verb verb;
} verbs[] = {
	{ "EHLO", VERB_HELO },
	{ "HELO", VERB_HELO },
	{ "LHLO", VERB_HELO },
	{ "MAIL", VERB_MAIL },
	{ "RCPT", VERB_RCPT },
	{ "DATA", VERB_DATA },
	{ "BDAT", VERB_BDAT },
	{ "RSET", VERB_RSET },
	{ "STARTTLS", VERB_STARTTLS },
	{ "QUIT", VERB_NOTED },
	{ "NOOP", VERB_NOTED },
	{ "AUTH", VERB_NOTED },
	{ "VRFY", VERB_NOTED },
	{ "EXPN", VERB_NOTED },
	{ "HELP", VERB_NOTED },
	{ "XCLIENT", VERB_NOTED },
	{ "XFORWARD", VERB_NOTED },
};

static const char why_missing[] = "mail session with a missing segment";
static const char why_no_beginning[] = "mail session without its beginning";
static const char why_out_of_step[] = "mail session out of step";
static const char why_one_sided[] = "mail session seen from one side";
static const char why_tls[] = "mail session in TLS";
static const char why_foreign[] = "no SMTP at a mail port";

static void wait_add(struct smtp_dialog *d, enum verb verb, uint32_t number, uint32_t domain)
{
	struct smtp_wait *w;

	if (d->wait_count == LIMIT_SMTP_PIPELINE)
		d->is_blind = true;
	if (d->is_blind)
		return;
	w = &d->waits[(d->wait_first + d->wait_count++) % LIMIT_SMTP_PIPELINE];
	w->number = number;
	w->verb = (uint8_t)verb;
	w->domain = (uint8_t)domain;
}

void smtp_dialog_begin(struct smtp_dialog *d, int64_t now_ns)
{
	memset(d, 0, sizeof(*d));
	d->begin_ns = d->now_ns = now_ns;
	d->outcome = OUTCOME_NONE;
	wait_add(d, VERB_GREETING, 0, LIMIT_SMTP_DOMAINS);
}

/* The one that MAIL began and that is still being sent. */
static struct smtp_transaction *current(struct smtp_dialog *d)
{
	struct smtp_transaction *t = &d->open[d->number % SMTP_OPEN];

	return t->number != 0 && t->number == d->number && !t->is_handed && !t->is_over ? t : NULL;
}

static struct smtp_transaction *find(struct smtp_dialog *d, uint32_t number)
{
	struct smtp_transaction *t = &d->open[number % SMTP_OPEN];

	return number != 0 && t->number == number && !t->is_over ? t : NULL;
}

/* All older ones, too, which will not be told of any more. */
static void end_before(struct smtp_dialog *d, uint32_t number)
{
	for (int i = 0; i < SMTP_OPEN; i++)
		if (d->open[i].number != 0 && d->open[i].number < number)
			d->open[i].is_over = true;
}

bool smtp_dialog_is_busy(const struct smtp_dialog *d)
{
	for (int i = 0; i < SMTP_OPEN; i++)
		if (d->open[i].number != 0)
			return !d->is_opaque;
	return !d->is_opaque && d->is_known && d->wait_count > 0;
}

void smtp_dialog_end(struct smtp_dialog *d)
{
	struct smtp_transaction *t = find(d, d->number);

	smtp_content_close(&d->content);
	if (current(d) != NULL)
		t->header = d->content.header;
	/* a message whose end was missed, or that the server would not wait for */
	if (t != NULL && d->early != 0 && t->outcome == OUTCOME_NONE &&
	    (d->sending == SENDING_DATA || d->early >= CODE_MIN_REFUSAL))
		t->outcome = d->early;
	if (d->early >= CODE_MIN_REFUSAL) /* 421 comes unasked (RFC 5321 3.8) */
		d->outcome = d->early;
	d->early = 0;
	if (!d->is_known && !d->is_opaque) {
		d->trouble = why_foreign;
		d->is_foreign = true;
	}
	d->is_opaque = true;
	end_before(d, UINT32_MAX);
	smtp_line_wipe(&d->lines[SMTP_CLIENT]);
	smtp_line_wipe(&d->lines[SMTP_SERVER]);
}

/* Nothing more of it is read. */
static void lose(struct smtp_dialog *d, const char *why)
{
	d->trouble = why;
	d->is_opaque = true;
	d->is_foreign = why == why_foreign;
	smtp_dialog_end(d);
}

/* Nothing more of the client is read; what waits for replies gets them. */
static void shut(struct smtp_dialog *d)
{
	d->sending = SENDING_SHUT;
	if (d->wait_count == 0 || d->is_blind)
		lose(d, d->content.has_hole ? why_missing : why_out_of_step);
}

static void wait_add_of(struct smtp_dialog *d, enum verb verb)
{
	const struct smtp_transaction *t = current(d);

	wait_add(d, verb, t != NULL ? t->number : 0, LIMIT_SMTP_DOMAINS);
}

/* What the client was sending has come to its end: a message, or a chunk of one. */
static void end_content(struct smtp_dialog *d)
{
	const bool is_chunk = d->sending == SENDING_CHUNK;
	struct smtp_transaction *t = current(d);

	d->sending = SENDING_COMMANDS;
	if (is_chunk && !d->is_last_chunk)
		return;
	if (!is_chunk)
		wait_add_of(d, VERB_MESSAGE);
	smtp_content_close(&d->content);
	if (t != NULL) {
		t->header = d->content.header;
		t->is_handed = true;
	}
	if (d->is_blind)
		end_before(d, UINT32_MAX);
	if (d->content.has_hole)
		shut(d);
}

static void take_helo(struct smtp_dialog *d, const struct smtp_line *l, size_t at)
{
	size_t len;
	const uint8_t *word = smtp_line_word(l, &at, &len);

	d->offered.form = ENDPOINT_NONE;
	if (!l->is_long && delivery_host(&d->offered, word, len) &&
	    d->offered.form != ENDPOINT_NAME)
		d->offered.form = ENDPOINT_NONE; /* an address in place of a name binds nothing */
	if (d->helo.form == ENDPOINT_NONE)
		d->helo = d->offered;
}

static void take_mail(struct smtp_dialog *d)
{
	struct smtp_transaction *t;

	/* the place of the next one must be free when it comes */
	if (d->is_blind)
		end_before(d, UINT32_MAX);
	else if (d->number + 3 > SMTP_OPEN)
		end_before(d, d->number + 3 - SMTP_OPEN);
	t = &d->open[++d->number % SMTP_OPEN];
	memset(t, 0, sizeof(*t));
	t->number = d->number;
	t->outcome = OUTCOME_NONE;
	t->time_ns = d->now_ns;
	smtp_content_begin(&d->content);
}

/* The place of the recipient's domain among those of the message. */
static uint32_t take_recipient(struct smtp_dialog *d, const struct smtp_line *l, size_t at)
{
	struct smtp_transaction *t = current(d);
	const uint8_t *open = memchr(l->bytes + at, '<', l->len - at);
	const uint8_t *path = open != NULL ? open : memchr(l->bytes + at, ':', l->len - at);
	const uint8_t *close;
	struct endpoint name;
	size_t len;

	if (t == NULL || path == NULL)
		return LIMIT_SMTP_DOMAINS;
	at = (size_t)(path - l->bytes) + 1;
	path = smtp_line_word(l, &at, &len); /* what is not in brackets ends at a space */
	close = open != NULL ? memchr(path, '>', len) : NULL;
	if ((close == NULL && l->is_long) ||
	    !delivery_domain(&name, path, close == NULL ? len : (size_t)(close - path)) ||
	    name.form != ENDPOINT_NAME)
		return LIMIT_SMTP_DOMAINS;
	for (uint32_t i = 0; i < t->domain_count; i++)
		if (endpoint_cmp(&t->domains[i].name, &name) == 0)
			return i;
	if (t->domain_count == LIMIT_SMTP_DOMAINS)
		return LIMIT_SMTP_DOMAINS;
	t->domains[t->domain_count] = (struct smtp_domain){ .name = name };
	return t->domain_count++;
}

static void take_bdat(struct smtp_dialog *d, const struct smtp_line *l, size_t at)
{
	size_t len;
	const uint8_t *word = smtp_line_word(l, &at, &len);
	uint64_t count = 0;
	bool is_number = len > 0 && len <= 18;

	for (size_t i = 0; i < len && is_number; i++) {
		is_number = word[i] >= '0' && word[i] <= '9';
		count = count * 10 + (uint64_t)(word[i] - '0');
	}
	d->content.has_hole = false;
	if (!is_number) { /* what follows could be anything */
		wait_add_of(d, VERB_BDAT);
		shut(d);
		return;
	}
	word = smtp_line_word(l, &at, &len);
	d->is_last_chunk = smtp_line_is(word, len, "LAST");
	wait_add_of(d, d->is_last_chunk ? VERB_MESSAGE : VERB_BDAT);
	d->sending = SENDING_CHUNK;
	smtp_content_chunk(&d->content, count);
	if (count == 0)
		end_content(d);
}

static enum verb verb_of(const uint8_t *word, size_t len)
{
	for (size_t i = 0; i < COUNT_OF(verbs); i++)
		if (smtp_line_is(word, len, verbs[i].text))
			return verbs[i].verb;
	return VERB_OTHER;
}

static void take_command(struct smtp_dialog *d)
{
	const struct smtp_line *l = &d->lines[SMTP_CLIENT];
	size_t at = 0, len;
	const uint8_t *word = smtp_line_word(l, &at, &len);
	const enum verb verb = d->is_challenged ? VERB_OTHER : verb_of(word, len);
	uint32_t domain = LIMIT_SMTP_DOMAINS;

	d->is_challenged = false;
	if (verb == VERB_OTHER && !d->is_known) {
		lose(d, why_foreign);
		return;
	}
	d->is_known = true;
	if (verb == VERB_BDAT) {
		take_bdat(d, l, at);
		return;
	}
	if (verb == VERB_HELO)
		take_helo(d, l, at);
	if (verb == VERB_MAIL)
		take_mail(d);
	if (verb == VERB_RCPT)
		domain = take_recipient(d, l, at);
	wait_add(d, verb, current(d) != NULL ? d->number : 0, domain);
	if (verb == VERB_DATA) {
		d->sending = SENDING_DATA;
		smtp_content_data(&d->content);
		d->awaits_go = true;
	}
	if (verb == VERB_STARTTLS && d->is_blind)
		lose(d, why_tls);
}

static void answer_data(struct smtp_dialog *d, uint16_t code)
{
	if (code < CODE_MIN_REFUSAL || d->sending != SENDING_DATA || !d->awaits_go) {
		d->awaits_go = false;
		return;
	}
	d->awaits_go = false;
	if (d->content.has_any)
		lose(d, why_out_of_step);
	else
		d->sending = SENDING_COMMANDS;
}

static void answer_recipient(struct smtp_transaction *t, uint32_t domain, bool is_refused)
{
	if (domain >= t->domain_count)
		return;
	if (is_refused)
		t->domains[domain].is_refused = true;
	else
		t->domains[domain].is_accepted = true;
}

static void answer(struct smtp_dialog *d, const struct smtp_wait *w, uint16_t code)
{
	const bool is_refused = code >= CODE_MIN_REFUSAL;
	const bool is_done = code < 300;
	struct smtp_transaction *t = find(d, w->number);

	end_before(d, w->number);
	if (is_refused || w->verb == VERB_GREETING || w->verb == VERB_STARTTLS)
		d->outcome = code;
	if (t != NULL && w->verb == VERB_RCPT)
		answer_recipient(t, w->domain, is_refused);
	if (t != NULL && is_refused && w->verb != VERB_OTHER && w->verb != VERB_NOTED)
		t->outcome = code;
	if (t != NULL && w->verb == VERB_MESSAGE) {
		t->outcome = code;
		t->is_over = true;
	}
	if (is_done && w->verb == VERB_HELO)
		d->helo = d->offered;
	if (t != NULL && is_done && (w->verb == VERB_HELO || w->verb == VERB_RSET))
		t->is_over = true;
	if (w->verb == VERB_DATA)
		answer_data(d, code);
	if (w->verb == VERB_STARTTLS && is_done)
		lose(d, why_tls);
}

static void take_reply(struct smtp_dialog *d, uint16_t code)
{
	struct smtp_wait w;

	if (d->is_blind)
		return;
	if (d->wait_count == 0 && d->sending == SENDING_DATA && d->content.is_loose_end)
		end_content(d);
	if (d->wait_count == 0 && d->early != 0) {
		lose(d, d->has_begun[SMTP_CLIENT] ? why_out_of_step : why_one_sided);
		return;
	}
	if (d->wait_count == 0) {
		d->early = code;
		return;
	}
	w = d->waits[d->wait_first];
	d->wait_first = (d->wait_first + 1) % LIMIT_SMTP_PIPELINE;
	d->wait_count--;
	d->is_challenged = code == CODE_CHALLENGE;
	answer(d, &w, code);
	if (d->sending == SENDING_SHUT && !d->is_opaque)
		shut(d);
}

/* "220-text" goes on in the next line, "220 text" and "220" do not (RFC 5321 4.2.1). */
static void take_reply_line(struct smtp_dialog *d)
{
	const struct smtp_line *l = &d->lines[SMTP_SERVER];
	const uint8_t *b = l->bytes;
	size_t at = 4, len;
	const uint8_t *word;
	uint16_t code;

	if (l->len < 3 || b[0] < '2' || b[0] > '5' || b[1] < '0' || b[1] > '9' || b[2] < '0' ||
	    b[2] > '9' || (l->len > 3 && b[3] != ' ' && b[3] != '-')) {
		if (!d->is_known)
			lose(d, why_foreign);
		return;
	}
	code = (uint16_t)((b[0] - '0') * 100 + (b[1] - '0') * 10 + b[2] - '0');
	if (d->replies++ == 0 && code == CODE_GREETING && l->len > at) {
		word = smtp_line_word(l, &at, &len);
		if (delivery_host(&d->greeting, word, len) && d->greeting.form != ENDPOINT_NAME)
			d->greeting.form = ENDPOINT_NONE;
	}
	d->is_known = true;
	if (l->len == 3 || b[3] == ' ')
		take_reply(d, code);
}

static void step(struct smtp_dialog *d, enum smtp_side side, struct cursor *bytes)
{
	struct smtp_line *l = &d->lines[side];
	const uint8_t *piece;
	size_t len;

	if (side == SMTP_CLIENT && d->sending == SENDING_SHUT) {
		cursor_skip(bytes, cursor_left(bytes));
	} else if (side == SMTP_CLIENT && d->sending != SENDING_COMMANDS) {
		if (smtp_content_read(&d->content, bytes))
			end_content(d);
	} else {
		piece = smtp_line_piece(bytes, UINT64_MAX, &len);
		if (!smtp_line_collect(l, piece, len))
			return;
		if (side == SMTP_CLIENT)
			take_command(d);
		else
			take_reply_line(d);
		smtp_line_wipe(l);
	}
	if (d->early != 0 && d->wait_count > 0 && !d->is_opaque) {
		const uint16_t code = d->early;

		d->early = 0;
		take_reply(d, code);
	}
}

static bool is_any_over(const struct smtp_dialog *d)
{
	for (int i = 0; i < SMTP_OPEN; i++)
		if (d->open[i].number != 0 && d->open[i].is_over)
			return true;
	return false;
}

void smtp_dialog_read(
    struct smtp_dialog *d, enum smtp_side side, int64_t now_ns, struct cursor *bytes)
{
	const uint8_t *first = cursor_peek(bytes, 1);

	d->now_ns = now_ns;
	if (first != NULL && !d->has_begun[side]) {
		d->has_begun[side] = true;
		if (*first == TLS_HANDSHAKE && !d->is_opaque)
			lose(d, why_tls);
	}
	while (cursor_left(bytes) > 0 && !d->is_opaque && !is_any_over(d))
		step(d, side, bytes);
	if (d->is_opaque)
		cursor_skip(bytes, cursor_left(bytes));
}

void smtp_dialog_join(struct smtp_dialog *d, enum smtp_side side, struct cursor bytes)
{
	const uint8_t *first = cursor_peek(&bytes, 4);
	bool is_harmless;

	/* a server that greets begins here; then so does a client of which nothing was seen */
	if (side == SMTP_SERVER)
		is_harmless = !d->has_begun[SMTP_CLIENT] && first != NULL &&
			      memcmp(first, "220", 3) == 0 && (first[3] == ' ' || first[3] == '-');
	else
		is_harmless = d->has_begun[SMTP_SERVER] && d->replies <= 1 && d->early == 0;
	if ((!is_harmless || d->has_begun[side]) && !d->is_opaque)
		lose(d, d->has_begun[side] ? why_missing : why_no_beginning);
}

void smtp_dialog_miss(struct smtp_dialog *d, enum smtp_side side, uint32_t count)
{
	bool has_ended = false;

	if (d->is_opaque || (side == SMTP_CLIENT && d->sending == SENDING_SHUT))
		return;
	if (side == SMTP_SERVER || d->sending == SENDING_COMMANDS ||
	    !smtp_content_miss(&d->content, count, &has_ended))
		lose(d, why_missing);
	else if (has_ended)
		end_content(d);
}

const struct smtp_transaction *smtp_dialog_over(struct smtp_dialog *d)
{
	struct smtp_transaction *oldest = NULL;

	for (int i = 0; i < SMTP_OPEN; i++) {
		struct smtp_transaction *t = &d->open[i];

		if (t->number != 0 && t->is_over && (oldest == NULL || t->number < oldest->number))
			oldest = t;
	}
	if (oldest == NULL)
		return NULL;
	oldest->number = 0;
	d->given++;
	return oldest;
}
