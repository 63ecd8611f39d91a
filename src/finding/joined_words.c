/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "finding/joined_words.h"

#include "base/size.h"
#include "finding/words.h"

#define SENTENCE_BYTES_MAX 4096

/* Beside those of keys, shared facts and others: cut, days, left out, mail, look-ups, verdict. */
#define SENTENCES 6

struct telling {
	struct arena *memory;
	const char **plain;
	size_t count;
	struct buf words; /* of the sentence under way */
};

static bool keep(struct telling *t)
{
	const char *text =
	    buf_ok(&t->words) ? arena_copy(t->memory, t->words.bytes, t->words.len) : NULL;

	buf_clear(&t->words);
	if (text != NULL)
		t->plain[t->count++] = text;
	return text != NULL;
}

static void put_endpoint(struct telling *t, const struct endpoint *e)
{
	char text[ENDPOINT_TEXT_MAX];

	(void)endpoint_format(e, text);
	buf_text(&t->words, text);
}

static void put_fact(struct telling *t, uint16_t type)
{
	char text[CONTACT_WORD_MAX];

	(void)contact_fact_format(type, text);
	buf_text(&t->words, text);
}

static void put_counts(struct telling *t, const struct joined_counts *c)
{
	const struct {
		uint64_t count;
		const char *one, *many;
	} parts[] = {
		{ c->lookups, "look-up", "look-ups" },
		{ c->sessions, "SMTP session", "SMTP sessions" },
		{ c->connections, "connection to a port of mail", "connections to ports of mail" },
		{ c->hops, "hop in headers", "hops in headers" },
	};
	const char *between = "";

	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		if (parts[i].count == 0)
			continue;
		buf_text(&t->words, between);
		words_things(&t->words, parts[i].count, parts[i].one, parts[i].many);
		between = ", ";
	}
	if (between[0] == '\0')
		buf_text(&t->words, "neither look-ups nor mail");
}

static bool say_key(struct telling *t, const struct joined_key *k)
{
	put_endpoint(t, &k->key);
	if (k->from.form != ENDPOINT_NONE) {
		buf_text(&t->words, ", by ");
		put_fact(t, k->fact);
		buf_text(&t->words, " and ");
		put_endpoint(t, &k->from);
	}
	buf_text(&t->words, ": ");
	put_counts(t, &k->counts);
	buf_text(&t->words, k->ambiguous ? "; a record on the way there has several ends, so that "
					   "it may be another host's."
					 : ".");
	return keep(t);
}

static bool say_shared(struct telling *t, const struct joined_shared *s)
{
	put_endpoint(t, &s->key);
	buf_text(&t->words, " has more than ");
	words_count(&t->words, JOINED_SHARED_MAX);
	buf_text(&t->words, " others by ");
	put_fact(t, s->fact);
	buf_text(&t->words, ": shared by many, so these were not followed.");
	return keep(t);
}

static bool say_other(struct telling *t, const struct joined_other *o)
{
	buf_printf(&t->words, "Number %u of the ranking is of this host, too: ", o->rank);
	put_endpoint(t, &o->target);
	buf_printf(&t->words, " (%s).", contact_kind_name(o->kind));
	return keep(t);
}

static void put_of(struct telling *t, uint64_t n, uint64_t of)
{
	words_count(&t->words, n);
	buf_text(&t->words, " of ");
	words_count(&t->words, of);
	buf_text(&t->words, " (");
	words_share(&t->words, (double)n / (double)of);
	buf_u8(&t->words, ')');
}

static bool say_days(struct telling *t, const struct finding_joined *j)
{
	buf_text(&t->words, "In the time that look-ups and mail have in common,");
	words_span(&t->words, j->first, j->last);
	buf_text(&t->words, ": ");
	words_things(&t->words, j->lookups, "look-up on ", "look-ups on ");
	words_things(&t->words, j->days_lookups, "day, ", "days, ");
	words_things(&t->words, j->mails, "hand-over of mail on ", "hand-overs of mail on ");
	words_things(&t->words, j->days_mail, "day, ", "days, ");
	words_things(&t->words, j->days_both, "day with both.", "days with both.");
	return keep(t);
}

static bool say_left_out(struct telling *t, const struct finding_joined *j)
{
	if (j->lookups_left_out + j->mails_left_out == 0)
		return true;
	buf_text(&t->words, "Left out, as the sensor was down when the other could have come: ");
	words_things(&t->words, j->lookups_left_out, "look-up, ", "look-ups, ");
	words_things(&t->words, j->mails_left_out, "hand-over of mail.", "hand-overs of mail.");
	return keep(t);
}

static uint64_t rows_of(const struct finding_joined *j)
{
	return j->lookups + j->mails + j->lookups_left_out + j->mails_left_out;
}

static bool say_mail(struct telling *t, const struct finding_joined *j)
{
	if (j->mails == 0 || j->lookups == 0)
		return true;
	buf_text(&t->words, "Of the mail, ");
	put_of(t, j->led, j->mails);
	buf_text(&t->words, " came while the answer to a look-up could still be known, ");
	words_count(&t->words, j->led_near);
	buf_text(&t->words, " to one from the same network as the partner; so would ");
	words_share(&t->words, j->chance);
	buf_text(&t->words, " of all moments.");
	return keep(t);
}

static bool say_lookups(struct telling *t, const struct finding_joined *j)
{
	if (j->mails == 0 || j->lookups == 0)
		return true;
	buf_text(&t->words, "Of the look-ups, ");
	put_of(t, j->lookups - j->answered, j->lookups);
	buf_text(&t->words, " led to no mail while their answers could be known.");
	return keep(t);
}

static bool say_verdict(struct telling *t, const struct finding_joined *j)
{
	switch (j->verdict) {
	case JOINED_CANNOT_TELL:
		buf_text(&t->words, "Whether look-ups and mail agree cannot be told: ");
		buf_text(&t->words, j->why == NULL ? "they were not compared" : j->why);
		buf_u8(&t->words, '.');
		break;
	case JOINED_AGREE:
		buf_text(&t->words, "Look-ups and mail agree: most of either come with the other.");
		break;
	case JOINED_LOOKUPS_ALONE:
		buf_text(&t->words, "Look-ups without mail: most of them led to no mail that the "
				    "case holds. Mail by "
				    "other ways, checks of old mail, or somebody who asks without "
				    "writing would look so.");
		break;
	case JOINED_MAIL_ALONE:
		buf_text(&t->words,
		    "Mail without look-ups: most of it came without one that the case holds. "
		    "Answers "
		    "known from elsewhere, addresses written down, or look-ups that no sensor here "
		    "sees would look so.");
		break;
	case JOINED_APART:
		buf_text(&t->words,
		    "Look-ups without mail and mail without look-ups: most of either come without "
		    "the "
		    "other. They may be seen at places that have nothing in common.");
		break;
	}
	return keep(t);
}

static bool say_all(struct telling *t, const struct finding_joined *j)
{
	bool ok = true;

	for (size_t i = 0; i < j->key_count && ok; i++)
		ok = say_key(t, &j->keys[i]);
	for (size_t i = 0; i < j->shared_count && ok; i++)
		ok = say_shared(t, &j->shared[i]);
	if (ok && j->cut) {
		buf_text(
		    &t->words, "There are more of its names and addresses than are followed, ");
		words_count(&t->words, JOINED_KEYS_MAX);
		buf_u8(&t->words, '.');
		ok = keep(t);
	}
	for (size_t i = 0; i < j->other_count && ok; i++)
		ok = say_other(t, &j->others[i]);
	if (ok && rows_of(j) > 0)
		ok = say_days(t, j) && say_left_out(t, j) && say_mail(t, j) && say_lookups(t, j);
	return ok && say_verdict(t, j);
}

/* Is there anything that the finding does not say by itself? */
static bool is_told(const struct finding_joined *j)
{
	const struct joined_counts *c;

	if (j->key_count == 0)
		return false;
	c = &j->keys[0].counts;
	return j->key_count > 1 || j->other_count > 0 || rows_of(j) > 0 ||
	       (c->lookups > 0) + (c->sessions > 0) + (c->connections > 0) + (c->hops > 0) > 1;
}

bool joined_words_fill(struct finding_joined *j, struct arena *memory)
{
	size_t room = size_add(j->key_count + j->shared_count, j->other_count + SENTENCES);
	struct telling t = { .memory = memory };
	bool ok;

	if (!is_told(j))
		return true;
	t.plain = arena_alloc(memory, size_mul(room, sizeof(*t.plain)));
	if (t.plain == NULL)
		return false;
	buf_init(&t.words, SENTENCE_BYTES_MAX);
	ok = say_all(&t, j);
	buf_release(&t.words);
	j->plain = t.plain;
	j->plain_count = t.count;
	return ok;
}

const char *joined_verdict_name(enum joined_verdict v)
{
	static const char *const names[] = { "cannot tell", "agree", "look-ups without mail",
		"mail without look-ups", "neither with the other" };

	return names[v];
}
