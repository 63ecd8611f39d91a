/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Mail by its headers: one message a file (.eml, a file of a Maildir, also in a tar archive), or many
 * one behind the other in an mbox (RFC 4155), each with a line "From SENDER DATE" before it. Of a header three fields are
 * looked at: Received, Message-ID and Date. Of a body no more than the beginning of each line, for
 * the place where the next message of an mbox starts; nothing of it is ever copied.
 *
 * This is done here, and not by a mail library: those, as GMime, build the whole message as objects in
 * memory, header and parts of any length and depth, where three fields within a bound are wanted
 * and a body may not be kept. tests/e2e/mail_peers.py compares with what GMime and Python's parser read.
 *
 *	START      nothing yet, or an empty line before the first field
 *	HEADER     fields; ends with an empty line, or one that is no field
 *	BODY       until, in an mbox, a line "From ... HH:MM..." behind an empty one, or any with a whole date
 */
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "base/limits.h"
#include "evidence/mail_path.h"
#include "evidence/reader.h"
#include "evidence/tar.h"

enum place {
	PLACE_START,
	PLACE_HEADER,
	PLACE_BODY,
};

enum field {
	FIELD_OTHER,
	FIELD_RECEIVED,
	FIELD_MESSAGE_ID,
	FIELD_DATE,
};

struct reader {
	struct stream *stream;
	struct health *health;
	enum place place;
	bool is_mbox;
	bool behind_empty; /* the line before was empty */
	bool is_ready;     /* the header is complete: its records can be given out */
	bool has_ended;
	bool is_tar;
	struct tar tar;
	uint64_t message; /* offset of the message under way */
	uint64_t consumed;
	struct mail_path path;
	enum field field; /* under way */
	size_t value_len;
	uint8_t value[LIMIT_MAIL_FIELD_BYTES];
};

static const char from_line[] = "From ";

static bool begins(const uint8_t *line, size_t len, const char *with)
{
	return len >= strlen(with) && memcmp(line, with, strlen(with)) == 0;
}

static bool is_digit(uint8_t byte)
{
	return byte >= '0' && byte <= '9';
}

/* "HH:MM" at that place, which as many bytes follow. */
static bool is_clock(const uint8_t *line, size_t at)
{
	return is_digit(line[at]) && is_digit(line[at + 1]) && line[at + 2] == ':' &&
	       is_digit(line[at + 3]) && is_digit(line[at + 4]);
}

/* Netscape wrote no more than this. */
static bool is_bare_from_line(const uint8_t *line, size_t len)
{
	return len == strlen("From - ") && begins(line, len, "From - ");
}

/* "From SENDER Thu Jan  1 00:00:00 1970": it has a time of day. */
static bool is_from_line(const uint8_t *line, size_t len)
{
	if (is_bare_from_line(line, len))
		return true;
	if (!begins(line, len, from_line))
		return false;
	for (size_t i = sizeof(from_line) - 1; i + 5 <= len; i++)
		if (is_clock(line, i))
			return true;
	return false;
}

/* Is one of the table's words, of three letters each, at that place, and a space behind it? */
static bool is_word_of(const char *table, const uint8_t *line, size_t at)
{
	for (const char *word = table; *word != '\0'; word += 3)
		if (memcmp(&line[at], word, 3) == 0)
			return line[at + 3] == ' ';
	return false;
}

/* One with "Thu Jan  1 00:00" behind the sender, or a dash: nobody writes that by chance. */
static bool is_sure_from_line(const uint8_t *line, size_t len)
{
	const size_t date_len = strlen("Thu Jan  1 00:00");

	if (is_bare_from_line(line, len))
		return true;
	if (!begins(line, len, from_line))
		return false;
	for (size_t i = sizeof(from_line) - 1; i + date_len <= len; i++)
		if (is_word_of("SunMonTueWedThuFriSat", line, i) &&
		    is_word_of("JanFebMarAprMayJunJulAugSepOctNovDec", line, i + 4) &&
		    is_digit(line[i + 9]) && is_clock(line, i + 11))
			return true;
	return false;
}

/* The length of a field's name, which a colon follows; 0: the line is no field. */
static size_t field_name(const uint8_t *line, size_t len)
{
	size_t i = 0;

	/* RFC 5322 3.6.8: any printable character; old mail has white space before the colon */
	while (i < len && line[i] > ' ' && line[i] < 0x7f && line[i] != ':')
		i++;
	for (size_t end = i; end < len && end < i + 2; end++) {
		if (line[end] == ':')
			return i;
		if (line[end] != ' ' && line[end] != '\t')
			break;
	}
	return 0;
}

static enum field field_of(const uint8_t *name, size_t len)
{
	static const struct {
		const char *name;
		enum field field;
	} wanted[] = {
		{ "Received", FIELD_RECEIVED },
		{ "Message-ID", FIELD_MESSAGE_ID },
		{ "Date", FIELD_DATE },
	};

	for (size_t i = 0; i < COUNT_OF(wanted); i++)
		if (strlen(wanted[i].name) == len &&
		    strncasecmp((const char *)name, wanted[i].name, len) == 0)
			return wanted[i].field;
	return FIELD_OTHER;
}

/* ---- one header ---- */

static void end_field(struct reader *r)
{
	if (r->field == FIELD_RECEIVED)
		mail_path_received(&r->path, r->value, r->value_len);
	else if (r->field == FIELD_MESSAGE_ID)
		mail_path_message_id(&r->path, r->value, r->value_len);
	else if (r->field == FIELD_DATE)
		mail_path_date(&r->path, r->value, r->value_len);
	/* a Received field can say for whom the message was */
	explicit_bzero(r->value, r->value_len);
	r->value_len = 0;
	r->field = FIELD_OTHER;
}

static void add_value(struct reader *r, const uint8_t *bytes, size_t len)
{
	const size_t room = sizeof(r->value) - r->value_len;

	if (r->field == FIELD_OTHER)
		return;
	if (len > room)
		len = room;
	if (len > 0)
		memcpy(&r->value[r->value_len], bytes, len);
	r->value_len += len;
}

static void begin_message(struct reader *r, uint64_t offset)
{
	mail_path_clear(&r->path);
	r->field = FIELD_OTHER;
	r->place = PLACE_START;
	r->message = offset;
}

/* What is known is known: its records can be given out. */
static void end_header(struct reader *r)
{
	end_field(r);
	mail_path_settle(&r->path);
	r->place = PLACE_BODY;
	r->is_ready = true;
}

static void take_header_line(struct reader *r, const struct stream_line *line)
{
	size_t name_len;

	if (line->len == 0) {
		if (r->place == PLACE_HEADER)
			end_header(r);
		return;
	}
	if (r->place == PLACE_HEADER && (line->bytes[0] == ' ' || line->bytes[0] == '\t')) {
		add_value(r, line->bytes, line->len);
		return;
	}
	/* what a mailbox was quoted with */
	if (begins(line->bytes, line->len, ">From "))
		return;
	name_len = field_name(line->bytes, line->len);
	if (name_len == 0) {
		health_skip(r->health, "header that ends without an empty line", line->offset);
		end_header(r);
		return;
	}
	end_field(r);
	r->place = PLACE_HEADER;
	r->field = field_of(line->bytes, name_len);
	add_value(r, &line->bytes[name_len], line->len - name_len);
	/* the colon, and white space before it, is no part of the value */
	for (size_t i = 0; i < r->value_len; i++) {
		const uint8_t byte = r->value[i];

		r->value[i] = ' ';
		if (byte == ':')
			break;
	}
}

static void take_line(struct reader *r, const struct stream_line *line)
{
	/* not every program that puts a mailbox together ends each message with an empty line */
	const bool is_border =
	    r->is_mbox &&
	    (r->behind_empty || r->place == PLACE_START
		    ? is_from_line(line->bytes, line->len)
		    : r->place == PLACE_BODY && is_sure_from_line(line->bytes, line->len));

	if (is_border)
		begin_message(r, line->offset);
	else if (r->place != PLACE_BODY)
		take_header_line(r, line);
	/* behind a header, whatever ended it, a message may be without a body */
	r->behind_empty = line->len == 0 || r->is_ready;
	if (r->place == PLACE_BODY && line->ended)
		r->consumed = stream_offset(r->stream);
}

/* ---- the reader ---- */

/* The end of the input: a header that was not at its end is one all the same, but not in an mbox. */
static void end_input(struct reader *r)
{
	r->has_ended = true;
	if (stream_damage(r->stream) != NULL)
		r->health->damaged = true;
	if (r->place == PLACE_HEADER && !r->is_mbox) {
		end_header(r);
	} else if (r->place != PLACE_BODY && r->is_mbox) {
		/* its writer may not have finished it: it is read again when the mailbox has grown */
		health_skip(r->health, "last message is cut", r->message);
		r->consumed = r->message;
		return;
	}
	if (!r->is_mbox)
		r->consumed = stream_offset(r->stream);
}

/* False: nothing of the message is left. */
static bool give(struct reader *r, struct record *ret, enum next *ret_status)
{
	const char *why = NULL;

	if (!r->is_ready)
		return false;
	*ret_status = mail_path_next(&r->path, ret, &why);
	if (*ret_status == NEXT_SKIPPED)
		health_skip(r->health, why, r->message);
	r->is_ready = *ret_status != NEXT_END;
	return r->is_ready;
}

/* Of an archive. NEXT_END: that was the last one. */
static enum next next_file(struct reader *r, struct err *reterr)
{
	const uint8_t *head;
	enum next status;
	size_t len;

	status = tar_entry(&r->tar, reterr);
	if (status == NEXT_SKIPPED)
		health_skip(r->health, "damaged tar header", stream_offset(r->stream));
	if (status == NEXT_FAILED)
		return status;
	if (status != NEXT_ITEM) {
		r->health->damaged = r->health->damaged || status == NEXT_SKIPPED ||
				     stream_damage(r->stream) != NULL;
		r->has_ended = true;
		return NEXT_END;
	}
	if (!stream_peek(r->stream, sizeof(from_line) - 1, &head, &len, reterr))
		return NEXT_FAILED;
	r->is_mbox = begins(head, len, from_line);
	begin_message(r, stream_offset(r->stream));
	return NEXT_ITEM;
}

/* There is no further line. NEXT_FAILED is all that is looked at. */
static enum next take_end(struct reader *r, struct err *reterr)
{
	if (r->is_tar && r->place == PLACE_HEADER)
		end_header(r); /* its records first, and then the next file */
	else if (r->is_tar)
		return next_file(r, reterr);
	else
		end_input(r);
	return NEXT_ITEM;
}

static bool read_line(struct reader *r, struct stream_line *ret, struct err *reterr)
{
	return r->is_tar ? tar_line(&r->tar, LIMIT_MAIL_LINE_BYTES, ret, reterr)
			 : stream_line(r->stream, LIMIT_MAIL_LINE_BYTES, ret, reterr);
}

static enum next mail_next(struct reader *r, struct record *ret, struct err *reterr)
{
	struct stream_line line;
	enum next status;

	for (;;) {
		if (give(r, ret, &status))
			return status;
		if (r->has_ended)
			return NEXT_END;
		if (!read_line(r, &line, reterr))
			return NEXT_FAILED;
		/* a field of which not all is there could be taken for the end of the header */
		if (line.bytes == NULL ||
		    (!line.ended && r->is_mbox && r->place == PLACE_HEADER && !r->is_tar)) {
			if (take_end(r, reterr) == NEXT_FAILED)
				return NEXT_FAILED;
		} else {
			take_line(r, &line);
		}
	}
}

static void mail_close(struct reader *r)
{
	if (r == NULL)
		return;
	explicit_bzero(r, sizeof(*r));
	free(r);
}

static bool open_at(
    struct stream *s, struct health *h, bool is_tar, struct reader **ret, struct err *reterr)
{
	struct reader *r = NULL;
	const uint8_t *head;
	size_t len;

	if (!stream_peek(s, sizeof(from_line) - 1, &head, &len, reterr))
		return false;
	r = calloc(1, sizeof(*r));
	if (r == NULL) {
		err_set_memory(reterr);
		return false;
	}
	r->stream = s;
	r->health = h;
	r->is_tar = is_tar;
	r->tar.stream = s;
	r->is_mbox = !is_tar && begins(head, len, from_line);
	r->consumed = stream_offset(s);
	begin_message(r, r->consumed);
	*ret = r;
	return true;
}

static bool mail_open(struct stream *s, struct health *h, struct reader **ret, struct err *reterr)
{
	return open_at(s, h, false, ret, reterr);
}

static bool mail_tar_open(
    struct stream *s, struct health *h, struct reader **ret, struct err *reterr)
{
	return open_at(s, h, true, ret, reterr);
}

static uint64_t mail_consumed(const struct reader *r)
{
	return r->consumed;
}

/* An archive that has changed is another one. */
static uint64_t mail_tar_consumed(const struct reader *r)
{
	(void)r;
	return 0;
}

/* What was consumed ends before a message of an mbox, or within the body of one. */
static bool mail_resume(struct reader *r, uint64_t offset, struct err *reterr)
{
	bool there;

	if (!stream_seek(r->stream, offset, &there, reterr))
		return false;
	if (!there) {
		err_set_at(reterr, ERR_INPUT, stream_offset(r->stream),
		    "the mail is shorter than what was read of it before");
		return false;
	}
	r->consumed = offset;
	r->place = offset == 0 ? PLACE_START : PLACE_BODY;
	r->behind_empty = true;
	return true;
}

static enum vantage mail_vantage(const struct reader *r)
{
	(void)r;
	return VANTAGE_MAIL_SERVER;
}

/* How much a field's name says that the text is a mail header. */
static int worth_of(const uint8_t *name, size_t len)
{
	static const struct {
		const char *name;
		int worth;
	} names[] = {
		{ "Received", 2 },
		{ "Message-ID", 2 },
		{ "Return-Path", 2 },
		{ "Delivered-To", 2 },
		{ "MIME-Version", 1 },
		{ "Subject", 1 },
		{ "From", 1 },
		{ "To", 1 },
		{ "Date", 1 },
	};

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strlen(names[i].name) == len &&
		    strncasecmp((const char *)name, names[i].name, len) == 0)
			return names[i].worth;
	return 0;
}

/* 80 for an mbox, 70 for a message: it begins with fields, some of them those of mail. */
static int mail_probe(const uint8_t *head, size_t len)
{
	struct cursor c = cursor_of(head, len);
	const bool is_mbox = begins(head, len, from_line);
	bool first = true;
	int worth = 0;
	const uint8_t *line;
	size_t line_len;

	while ((line = cursor_until(&c, '\n', &line_len)) != NULL && worth < 4) {
		const size_t name_len = field_name(line, line_len);

		if (first && is_mbox) {
			first = false;
			if (!is_from_line(line, line_len))
				return 0;
			continue;
		}
		if (line_len > 0 && (line[0] == ' ' || line[0] == '\t') && !first)
			continue;
		if (name_len == 0 && !begins(line, line_len, ">From "))
			break;
		worth += worth_of(line, name_len);
		first = false;
	}
	return worth < 3 ? 0 : is_mbox ? 80 : 70;
}

/* 85: the first regular file is mail. */
static int mail_tar_probe(const uint8_t *head, size_t len)
{
	struct cursor c = cursor_of(head, len);
	const uint8_t *block;

	while ((block = cursor_take(&c, TAR_BLOCK_BYTES)) != NULL) {
		if (!tar_is_header(block))
			continue;
		len = cursor_left(&c);
		return mail_probe(cursor_take(&c, len), len) > 0 ? 85 : 0;
	}
	return 0;
}

const struct reader_format reader_mail = {
	.name = "mail",
	.about = "headers of mail: mbox, Maildir, .eml",
	.probe = mail_probe,
	.open = mail_open,
	.next = mail_next,
	.close = mail_close,
	.consumed = mail_consumed,
	.resume = mail_resume,
	.vantage = mail_vantage,
};

const struct reader_format reader_mail_tar = {
	.name = "mail-tar",
	.about = "headers of mail in a tar archive",
	.probe = mail_tar_probe,
	.open = mail_tar_open,
	.next = mail_next,
	.close = mail_close,
	.consumed = mail_tar_consumed,
	.vantage = mail_vantage,
};
