/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Probabilities are given in words and as shares, never alone: they hold for mechanisms that were
 * modeled, and the set is what has an error rate.
 */
#include "finding/explanation_words.h"

#include "finding/words.h"

const char explanation_words_limit[] =
    "explanations are weighed by models of eleven mechanisms, and hold as far as the models do;"
    " behind a cache nothing faster than its TTL can be seen, so that receivers' checks, scans of"
    " old mail and people's letters in the same hours look nearly alike: questions for PTR, MX and"
    " TXT records, and what happens after a removal, tell them apart, timing alone does not";

static size_t set_size(const struct finding_weighing *w)
{
	size_t size = 0;

	for (size_t i = 0; i < EXPLANATION_COUNT; i++)
		size += w->in_set[i];
	return size;
}

static void say_set(struct buf *b, const struct finding_weighing *w)
{
	size_t left = set_size(w);

	buf_text(b, left == 1 ? " The one explanation that is not ruled out: "
			      : " What is not ruled out: ");
	for (size_t i = 0; i < EXPLANATION_COUNT; i++) {
		if (!w->in_set[i])
			continue;
		buf_text(b, explanation_words((enum explanation)i));
		left--;
		buf_text(b, left == 0 ? "." : left == 1 ? "; or " : "; ");
	}
}

void explanation_words_say(struct buf *b, const struct finding_weighing *w)
{
	if (!w->weighed)
		return;
	buf_text(b, " Weighed against ten others, the likeliest explanation is ");
	buf_text(b, explanation_words(w->first));
	buf_text(b, " (");
	words_share(b, w->probability[w->first]);
	buf_text(b, w->prior_given ? ", with the odds that were given beforehand)."
				   : ", if all were equally likely beforehand).");
	say_set(b, w);
	if (set_size(w) > 0 && !w->in_set[EXPLAINED_OTHER])
		buf_text(b, " In nine of ten cases the true one is among these.");
	if (w->undecided != NULL) {
		buf_text(b, " That decides nothing here: ");
		buf_text(b, w->undecided);
		buf_u8(b, '.');
	}
}

size_t explanation_words_decide(
    const struct finding_weighing *w, const char *ret[static EXPLANATION_DECIDES_MAX])
{
	static const struct {
		enum explanation of[3];
		const char *line;
	} all[EXPLANATION_DECIDES_MAX] = {
		{ { EXPLAINED_SENDER_CHECKS, EXPLAINED_REPUTATION_LOOKUPS, EXPLAINED_BULK_MAIL },
		    "the receiving mail servers' logs of these minutes: a check has a message"
		    " beside it, a scan of old mail has none" },
		{ { EXPLAINED_SCHEDULED_MACHINE, EXPLAINED_BEACON, EXPLAINED_RETRY_LOOP },
		    "which program on the asking machine is due at these times, from its job tables"
		    " and process records" },
		{ { EXPLAINED_CACHE_ARTEFACT, EXPLAINED_CRAWLER, EXPLAINED_RETRY_LOOP },
		    "the resolver's own query log, which shows what its cache answered itself" },
		{ { EXPLAINED_INCONSISTENT_LOG, EXPLAINED_SPOOFED_SOURCE, EXPLAINED_OTHER },
		    "a capture of the packets, or another server's log of the same days: ports,"
		    " identifiers and hop counts that are unlike the peers' other queries" },
	};
	size_t count = 0;

	for (size_t i = 0; w->weighed && i < EXPLANATION_DECIDES_MAX; i++) {
		bool wanted = false;

		for (size_t j = 0; j < 3; j++)
			wanted = wanted || w->in_set[all[i].of[j]];
		if (wanted)
			ret[count++] = all[i].line;
	}
	return count;
}
