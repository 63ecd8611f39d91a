/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The first paragraph is all that most people read: who and how often, when, how often chance does
 * as much, and what is left open. The others say what the tests of time saw, a paragraph for each
 * kind; their p stand with the tests. A sentence appears only when its test ran; "more even than
 * chance" needs its p at .05 or less, and the first paragraph takes it back unless the finding
 * survived the false-discovery control.
 */
#include "finding/why.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "finding/cache_words.h"
#include "finding/change_words.h"
#include "finding/explanation_words.h"
#include "finding/succession_words.h"
#include "finding/words.h"

#define PLAIN_BYTES_MAX 8192
#define SMALL_P         0.05
#define LINES_MAX       20

struct lines {
	const char *text[LINES_MAX];
	size_t count;
};

static void add_line(struct lines *l, const char *text)
{
	assert(l->count < LINES_MAX);
	l->text[l->count++] = text;
}

void why_tests(const struct finding_tests *t, struct why_test ret[static WHY_TESTS])
{
	const struct why_test all[WHY_TESTS] = {
		{ "narrowness", &t->narrowness.status },
		{ "persistence", &t->persistence.status },
		{ "periodicity", &t->periodicity.status },
		{ "cache", &t->cache.status },
		{ "hours", &t->hours.status },
		{ "changes", &t->changes.status },
		{ "events", &t->events.status },
		{ "reciprocity", &t->reciprocity.status },
		{ "succession", &t->succession.status },
		{ "authenticity", &t->authenticity.status },
	};

	memcpy(ret, all, sizeof(all));
}

static bool is_dns(const struct finding *f)
{
	return f->kind == KIND_DNS || f->kind == KIND_MDNS || f->kind == KIND_LLMNR;
}

static void put_p(struct buf *b, const char *letter, double p)
{
	buf_text(b, " (");
	words_p_of(b, letter, p);
	buf_u8(b, ')');
}

/* How many of the busiest peers make nine tenths of the contacts? 0: more than are listed. */
static size_t leading_peers(const struct finding *f, double *ret_share)
{
	*ret_share = 0;
	for (size_t i = 0; i < f->peer_count; i++) {
		*ret_share += f->peers[i].share;
		if (*ret_share >= 0.9)
			return i + 1;
	}
	return 0;
}

static void say_who(struct buf *b, const struct finding *f)
{
	const struct test_narrowness *t = &f->tests.narrowness;
	double share;
	size_t leading = leading_peers(f, &share);

	buf_u8(b, ' ');
	words_things(b, f->peers_total, "peer", "peers");
	buf_text(b, is_dns(f) ? " asked for this " : " met this ");
	buf_text(b, f->target.form == ENDPOINT_NAME ? "name, " : "address, ");
	words_things(b, f->contacts, "time", "times");
	buf_text(b, " in all");
	if (leading > 0 && leading < f->peers_total) {
		buf_text(b, "; the busiest ");
		if (leading > 1) {
			words_count(b, leading);
			buf_u8(b, ' ');
		}
		buf_text(b, "made ");
		words_share(b, share);
		buf_text(b, " of these contacts");
	}
	buf_u8(b, '.');
	if (t->status.why != NULL || !isfinite(t->peers) || !isfinite(t->expected))
		return;
	if (f->peers_total > 1) {
		buf_text(b, " Counted by their shares that is as many as ");
		words_amount(b, t->peers, 2, "equal peer", "equal peers");
		buf_text(b, "; names of like popularity have ");
	} else {
		buf_text(b, " Names of like popularity have as many as ");
	}
	words_number(b, t->expected, 2);
	buf_text(b, f->peers_total > 1 ? "." : " equal peers.");
}

static void say_when(struct buf *b, const struct finding *f)
{
	const struct test_persistence *t = &f->tests.persistence;
	int64_t days = stamp_day(f->last.ns) - stamp_day(f->first.ns) + 1;

	buf_text(b, " It was met in ");
	words_things(b, f->visits, "visit", "visits");
	buf_text(b, " on ");
	words_count(b, f->active_days);
	buf_text(b, " of ");
	words_things(b, (uint64_t)days, "day", "days");
	words_span(b, f->first, f->last);
	if (t->status.why == NULL && t->p <= SMALL_P)
		buf_text(b, ": more days than names have that are as popular and as narrow");
	buf_u8(b, '.');
}

/* How well a schedule is kept. */
static void say_clock(struct buf *b, const struct test_periodicity *t)
{
	buf_text(b, ", kept to a clock");
	if (isfinite(t->jitter_s)) {
		buf_text(b, ", give or take ");
		words_seconds(b, t->jitter_s);
	}
	if (isfinite(t->missing) && t->missing >= .005) {
		buf_text(b, ", with ");
		words_share(b, t->missing);
		buf_text(b, " of the beats missing");
	}
	buf_u8(b, '.');
}

static void say_rhythm(struct buf *b, const struct finding *f)
{
	const struct test_periodicity *t = &f->tests.periodicity;
	bool gap = t->p_gap <= SMALL_P;
	bool days = t->p_days <= SMALL_P;

	if (t->status.why != NULL) {
		buf_printf(b, " Its rhythm could not be tested: %s.", t->status.why);
		return;
	}
	if (gap || days) {
		buf_text(b, gap ? " The pauses between its visits" : " Its visits a day");
		buf_text(b, gap && days ? ", and their number from day to day," : "");
		buf_text(b,
		    " are more even than people who ask by chance in the same hours, through a"
		    " cache, would make them");
	}
	if (!gap && !days && (isfinite(t->p_gap) || isfinite(t->p_days)))
		buf_text(b, " Its visits are no more even than people who ask by chance in the same"
			    " hours, through a cache, would make them");
	if (gap || days || isfinite(t->p_gap) || isfinite(t->p_days))
		buf_u8(b, '.');
	if (isfinite(t->period_s) &&
	    (t->verdict == RHYTHM_CACHE || t->verdict == RHYTHM_SCHEDULE)) {
		buf_text(b, " It beats about once every ");
		words_seconds(b, t->period_s);
		if (t->verdict == RHYTHM_CACHE)
			buf_text(b, ", as a cache alone would make it.");
		else
			say_clock(b, t);
	} else if (isfinite(t->period_s) && f->needle && (gap || days)) {
		buf_text(b, " In the visits of its busiest peer the strongest period is ");
		words_seconds(b, t->period_s);
		buf_text(b, ", a description and no test: caches and office hours make periods"
			    " too.");
	}
}

static void say_zone(struct buf *b, const struct test_hours *t)
{
	size_t last = t->set.count - 1;

	buf_text(b, " Its visits keep the working hours of ");
	words_zone(b, t->utc_offset_min);
	buf_text(b, ": ");
	words_share(b, t->office_share);
	buf_text(b, " of them come between 9 and 18 there, and weekends are quieter");
	if (last > 0) {
		buf_text(b, "; ");
		words_zone(b, t->set.minutes[0]);
		buf_text(b, " to ");
		words_zone(b, t->set.minutes[last]);
		buf_text(b, " fit as well");
	}
	if (t->ends == HOURS_ENDS_PEER)
		buf_text(b, ". Its busiest peer asks for other names in the same hours: they are"
			    " the peer's own.");
	else if (t->ends == HOURS_ENDS_OWNER)
		buf_text(b, ". Its busiest peer asks for other names in other hours: these are"
			    " more likely the owner's.");
	else
		buf_text(b, ". Whether these are the hours of its peers or of its owner cannot be"
			    " told.");
}

static void say_two_zones(struct buf *b, const struct test_hours *t)
{
	if (t->ends == HOURS_ENDS_PEER)
		buf_text(b, " Its two busiest peers each keep the working hours of a zone of their"
			    " own, ");
	else
		buf_text(b, " The visits of its busiest peer fit the working hours of two zones"
			    " better than those of one, ");
	words_zone(b, t->ends_found[0].utc_offset_min);
	buf_text(b, " and ");
	words_zone(b, t->ends_found[1].utc_offset_min);
	if (t->ends == HOURS_ENDS_PEER)
		buf_text(b, ": the hours are the peers'.");
	else if (t->ends == HOURS_ENDS_BOTH)
		buf_text(b, ": one is that in which this peer asks for other names, so that the"
			    " other may be the owner's.");
	else
		buf_text(b, ": those of both ends, of two offices behind that peer, or the short"
			    " day of one.");
}

static void say_hours(struct buf *b, const struct finding *f)
{
	const struct test_hours *t = &f->tests.hours;

	if (t->status.why != NULL)
		return;
	if (t->ends_count == 2) {
		say_two_zones(b, t);
	} else if (t->offset_found && t->set.count > 0) {
		say_zone(b, t);
	} else if (t->p <= SMALL_P) {
		buf_text(b, " Its visits prefer some hours of the day");
		buf_text(b, ", but not as a working week does, with weekends off: no zone is read"
			    " from them.");
	} else {
		buf_text(b, " No hours of the day stand out in its visits.");
	}
	if (t->p_holidays <= SMALL_P) {
		buf_text(b, " It is quieter on the holidays that were listed");
		buf_u8(b, '.');
	}
}

static void say_error(struct buf *b, const struct finding *f)
{
	if (isnan(f->q)) {
		buf_text(b,
		    " It was looked at alone: how often chance does as much among all names is"
		    " for a hunt to say.");
	} else if (f->needle) {
		buf_text(b, " With all the names that were tested taken into account its timing"
			    " still stands out: it is a needle");
		put_p(b, "q", f->q);
		buf_text(
		    b, ": of all names marked so, on average at most one in twenty is chance.");
	} else {
		buf_text(b, " Among so many names chance alone can do as much");
		put_p(b, "q", f->q);
		buf_text(b, ": it is listed for how narrow and steady it is, and no error rate is"
			    " claimed.");
	}
	if (f->limited_by_b)
		buf_text(b, isnan(f->q)
				? " Its p is as small as the number of random copies allows."
				: " Its q is as small as the number of random copies allows.");
}

static void say_verdict(struct buf *b, const struct finding *f)
{
	switch (f->verdict) {
	case VERDICT_ORDINARY:
		buf_text(b, " Ordinary mechanisms explain the pattern.");
		return;
	case VERDICT_UNUSUAL:
		buf_text(b, " No ordinary mechanism that was tried explains the pattern.");
		return;
	case VERDICT_CANNOT_TELL:
		buf_text(b,
		    " What makes the pattern cannot be told from these records alone; it may be"
		    " something ordinary.");
		return;
	}
}

/* All of b as text in the arena; NULL when it is empty or memory is full. */
static const char *keep_text(const struct buf *b, struct arena *memory)
{
	return b->len == 0 || !buf_ok(b) ? NULL : arena_copy(memory, b->bytes, b->len);
}

static void say_gist(struct buf *b, const struct finding *f)
{
	say_who(b, f);
	say_when(b, f);
	say_error(b, f);
	say_verdict(b, f);
}

static void say_timing(struct buf *b, const struct finding *f)
{
	say_rhythm(b, f);
	cache_words_say(b, &f->tests.cache);
}

static void say_course(struct buf *b, const struct finding *f)
{
	change_words_say(b, f);
	succession_words_say(b, &f->tests.succession);
}

static void say_explanations(struct buf *b, const struct finding *f)
{
	explanation_words_say(b, &f->weighing);
}

/*
 * Its sentences have a space before them: the first loses it. A line break in a label from outside
 * must not look like the end of a paragraph.
 */
static void add_paragraph(struct buf *b, const struct buf *said)
{
	if (said->len > 0 && b->len > 0)
		buf_text(b, "\n\n");
	for (size_t i = 1; i < said->len; i++)
		buf_u8(b, said->bytes[i] == '\n' ? ' ' : said->bytes[i]);
	b->failed = b->failed || !buf_ok(said);
}

static const char *write_plain(const struct finding *f, struct arena *memory)
{
	static void (*const paragraphs[])(struct buf *, const struct finding *) = { say_gist,
		say_explanations, say_timing, say_hours, say_course };
	const char *text;
	struct buf b;

	buf_init(&b, PLAIN_BYTES_MAX);
	for (size_t i = 0; i < COUNT_OF(paragraphs); i++) {
		struct buf said;

		buf_init(&said, PLAIN_BYTES_MAX);
		paragraphs[i](&said, f);
		add_paragraph(&b, &said);
		buf_release(&said);
	}
	text = keep_text(&b, memory);
	buf_release(&b);
	return text;
}

struct vantage_words {
	const char *vantage;
	const char *decides;
	const char *limit;
};

/* The last one stands for every other word. */
static const struct vantage_words vantages[] = {
	{ "authoritative",
	    "the query logs of its busiest peers, which show the machines behind these resolvers",
	    "only resolvers are seen here, not the machines behind them, and their caches hide "
	    "every look-up that they could answer themselves" },
	{ "resolver-side",
	    "the client side of the same resolvers, which shows the machines that asked",
	    "these are look-ups that a cache could not answer; the others are hidden" },
	{ "recursive",
	    "which programs on the busiest clients asked, and what they did with the answer",
	    "answers from a cache carry what is left of a TTL, so that rhythm from the cache and "
	    "rhythm of the client cannot always be told apart" },
	{ "stub", "which program on this machine asked, and what it did with the answer",
	    "one machine's look-ups say nothing about who else asks for the name" },
	{ "passive", "the query log of the name's own servers, which sees every resolver that asks",
	    "passive DNS sees a part of the look-ups, and which part depends on where its sensors "
	    "are" },
	{ "mail server", "the mail log of the other side for the same days",
	    "one server's log shows its own half of each exchange" },
	{ "mixed", "the same hunt over each place's records alone",
	    "these records were taken in several places, of which each hides something else: one "
	    "look-up can be here twice, by its client and by the resolver that passed it on" },
	{ "unknown",
	    "where these records were taken: at the clients, at a resolver or at the name servers",
	    "where these records were taken is not known, so that what a cache hides is not "
	    "known" },
};

static const struct vantage_words *vantage_find(const char *vantage)
{
	size_t i = 0;

	while (i < COUNT_OF(vantages) - 1 && strcmp(vantages[i].vantage, vantage) != 0)
		i++;
	return &vantages[i];
}

static void list_deciding(struct lines *l, const struct finding *f, const char *vantage)
{
	const char *decide[EXPLANATION_DECIDES_MAX];
	size_t count = explanation_words_decide(&f->weighing, decide);

	add_line(l, vantage_find(vantage)->decides);
	if (is_dns(f)) {
		add_line(l,
		    "the mail and connection logs of the target or its peers: whether anything"
		    " but the look-up was exchanged, and in which direction");
		add_line(l,
		    "whether the same peers ask for its PTR, MX and TXT records: automatic mail"
		    " checks do");
	} else {
		add_line(l, "the other side's log of the same days");
	}
	for (size_t i = 0; i < count; i++)
		add_line(l, decide[i]);
	if (isnan(f->q))
		add_line(
		    l, "a hunt over the whole case: only beside all other names is a name rare");
	else if (f->tests.narrowness.status.why != NULL)
		add_line(l,
		    "records of more names from the same place, to compare it with names of like"
		    " popularity");
	if (f->tests.periodicity.status.why != NULL || f->limited_by_b)
		add_line(l, "a longer record of the same place");
	else
		add_line(
		    l, "what its peers do when it is moved or removed: a machine goes on asking");
}

/* "not tested: cache, hours, ..."; empty when all were. */
static void list_untested(struct buf *b, const struct finding *f)
{
	struct why_test tests[WHY_TESTS];

	why_tests(&f->tests, tests);
	for (size_t i = 0; i < WHY_TESTS; i++)
		if (tests[i].status->why != NULL)
			buf_printf(b, "%s%s", b->len == 0 ? "not tested: " : ", ", tests[i].name);
}

/* What this kind of rhythm cannot be told from, seen from here (docs/methods.md). NULL: nothing. */
static const char *rhythm_limit(const struct test_periodicity *t)
{
	bool even = t->p_gap <= SMALL_P || t->p_days <= SMALL_P;

	if (t->status.why != NULL)
		return NULL;
	switch (t->verdict) {
	case RHYTHM_CACHE:
		return "a schedule no slower than the TTL looks, behind a busy cache, like the "
		       "cache";
	case RHYTHM_NONE:
		return "a program that draws its times at random in people's hours looks like "
		       "people";
	case RHYTHM_CANNOT_TELL:
		return even ? "even visits that keep to no clock may be a program that sleeps "
			      "between"
			      " them, or a person's habit"
			    : NULL;
	case RHYTHM_SCHEDULE:
		break;
	}
	return NULL;
}

static bool list_limits(
    struct lines *l, const struct finding *f, const char *vantage, struct arena *memory)
{
	const char *text;
	struct buf b;
	bool ok = true;

	buf_init(&b, PLAIN_BYTES_MAX);
	add_line(l, vantage_find(vantage)->limit);
	if (is_dns(f))
		add_line(l,
		    "a look-up shows that a name was asked for, not that anything was sent to it");
	if (is_dns(f) && f->tests.cache.status.why == NULL && strcmp(vantage, "unknown") == 0)
		add_line(l,
		    "what is said of caches holds if these records were taken where caches ask: at"
		    " a resolver's far side or at the name servers");
	add_line(l, "even visits show a machine or a habit at work; they do not show a purpose");
	add_line(l, "records can be chosen before they are handed over, and these cannot show it: "
		    "narrowness is relative to the names that are here");
	if (f->weighing.weighed)
		add_line(l, explanation_words_limit);
	if (f->tests.hours.status.why == NULL && f->tests.hours.p <= SMALL_P)
		add_line(l,
		    "automation that is driven by mail keeps its users' hours, so that working "
		    "hours do not show that a person acted on the looking-up end; who begins "
		    "an hour early looks like a zone further east");
	if (rhythm_limit(&f->tests.periodicity) != NULL)
		add_line(l, rhythm_limit(&f->tests.periodicity));
	if (f->allowed != NULL) {
		buf_printf(&b, "on the allow list, by the line: %s", f->allowed);
		text = keep_text(&b, memory);
		ok = text != NULL;
		if (ok)
			add_line(l, text);
		buf_clear(&b);
	}
	list_untested(&b, f);
	text = keep_text(&b, memory);
	ok = ok && (b.len == 0 || text != NULL);
	if (text != NULL)
		add_line(l, text);
	buf_release(&b);
	return ok;
}

/* The lines as an array in the arena. */
static const char *const *keep_lines(const struct lines *l, struct arena *memory)
{
	return arena_copy(memory, l->text, l->count * sizeof(l->text[0]));
}

bool why_fill(struct finding *f, const char *vantage, struct arena *memory, struct err *reterr)
{
	struct lines deciding = { .count = 0 };
	struct lines limits = { .count = 0 };
	const char *plain = write_plain(f, memory);
	bool ok = list_limits(&limits, f, vantage, memory);
	const char *const *kept_deciding;
	const char *const *kept_limits;

	list_deciding(&deciding, f, vantage);
	kept_deciding = keep_lines(&deciding, memory);
	kept_limits = keep_lines(&limits, memory);
	if (plain == NULL || !ok || kept_deciding == NULL || kept_limits == NULL) {
		err_set_memory(reterr);
		return false;
	}
	f->plain = plain;
	f->would_decide = kept_deciding;
	f->would_decide_count = deciding.count;
	f->limits = kept_limits;
	f->limit_count = limits.count;
	return true;
}
