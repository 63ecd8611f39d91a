/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * "May" throughout: two names of one owner have an address and peers in common as well, and one of
 * them may begin when the other ends without having anything to do with it.
 */
#include "finding/succession_words.h"

#include "finding/words.h"

#define SHOWN_MAX 2 /* in the paragraph; the tables have all */

static void say_endpoint(struct buf *b, const struct endpoint *e)
{
	char text[ENDPOINT_TEXT_MAX];

	(void)endpoint_format(e, text);
	buf_text(b, text);
}

static void say_shared(struct buf *b, uint32_t shared)
{
	static const char *const words[SHARED_COUNT] = {
		[SHARED_ADDRESS] = "address",
		[SHARED_NETWORK] = "network",
		[SHARED_SERVERS] = "name servers",
		[SHARED_ZONE] = "zone",
		[SHARED_REVERSE] = "reverse record",
		[SHARED_TTL] = "TTL",
		[SHARED_PEERS] = "peers",
	};
	bool first = true;

	/* an address has one network and one reverse record */
	if (shared & 1u << SHARED_ADDRESS)
		shared &= ~(1u << SHARED_NETWORK | 1u << SHARED_REVERSE);
	for (unsigned i = 0; i < SHARED_COUNT; i++) {
		if (!(shared & 1u << i))
			continue;
		buf_text(b, first ? ", with the same " : shared >> (i + 1) ? ", " : " and ");
		buf_text(b, words[i]);
		first = false;
	}
}

void succession_words_entry(struct buf *b, const struct succession_entry *e)
{
	say_endpoint(b, &e->target);
	buf_text(b, e->successor ? ", first met " : ", last met ");
	words_seconds(b, e->lag_s);
	buf_text(b, e->successor ? " after its last contact" : " before its first contact");
	say_shared(b, e->shared);
}

static void say_asker(struct buf *b, const struct succession_entry *e)
{
	if (!e->asker_known)
		return;
	buf_text(b,
	    e->successor ? " The first to ask for it was " : " The first to ask for this one was ");
	say_endpoint(b, &e->first_asker);
	if (e->asker_shared) {
		buf_text(b, ", a peer of the old name too; of new names as popular, its peers ask"
			    " first for ");
		words_share(b, e->first_asker_p);
	}
	buf_u8(b, '.');
	for (size_t i = 0; i < e->downgrade_count; i++)
		buf_printf(b, "%s%s",
		    i == 0 ? " That is no evidence of notice from outside: " : "; ",
		    e->downgrades[i]);
	if (e->downgrade_count > 0)
		buf_u8(b, '.');
}

void succession_words_say(struct buf *b, const struct test_succession *t)
{
	if (t->status.why != NULL)
		return;
	for (size_t i = 0; i < t->count && i < SHOWN_MAX; i++) {
		const struct succession_entry *e = &t->entries[i];

		buf_text(b, e->successor ? " What may have taken its place is "
					 : " What it may have taken the place of is ");
		succession_words_entry(b, e);
		buf_text(b, ": more than unlike names have in common by chance (");
		words_p_of(b, "q", e->q);
		buf_text(b, ").");
		say_asker(b, e);
	}
}
