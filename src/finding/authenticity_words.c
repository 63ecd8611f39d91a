/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "finding/authenticity_words.h"

#include <assert.h>
#include <math.h>

#include "finding/words.h"

struct part_words {
	const char *seen; /* after "12 of 300" */
	const char *concern;
};

static const struct {
	const char *name;
	const char *null;
	struct part_words parts[AUTHENTICITY_PARTS];
} checks[AUTHENTICITY_CHECKS] = {
	[CHECK_TTL] = { "ttl",
	    "one more name in the same resolver's cache, as often emptied or passed by",
	    { { "pauses are shorter than one cache allows",
		  "pauses shorter than the TTL, unlike the resolver's other names" },
		{ "pauses about the TTL end before it",
		    "pauses that end just before the TTL, unlike the resolver's other names" } } },
	[CHECK_DIGITS] = { "digits", "one more name on the same sensor's clock",
	    { { "visits would have to begin at another second of the minute",
		  "seconds of the minute unlike the sensor's other rows" },
		{ "visits would have to have another last digit",
		    "last digits of the time unlike the sensor's other rows" } } },
	[CHECK_COPIES] = { "copies",
	    "a series whose pauses of a day could come in any order, rows as often double as "
	    "others",
	    { { "pauses are a run that stands there once more",
		  "a stretch of pauses that stands there twice" },
		{ "rows say what the row before them says",
		    "rows that stand twice, unlike the sensor's other names" } } },
	[CHECK_ORDER] = { "order",
	    "one more name in the same file, its rows as often late as others",
	    { { "rows stand behind later ones in their file",
		"rows out of order in their file, unlike the others" } } },
	[CHECK_COVERAGE] = { "coverage", "one more name on the same sensor, seen when it sees",
	    { { "visits fall into outages of the sensor",
		"rows from times at which the sensor saw hardly anything else" } } },
	[CHECK_PORTS] = { "ports", "one more name of the same resolver, with its ports and numbers",
	    { { "queries would have to come from another part of the ports",
		  "source ports unlike the resolver's other queries" },
		{ "pairs of queries have the same ID",
		    "transaction IDs that repeat, unlike the resolver's other queries" },
		{ "IDs follow the one before within 16",
		    "transaction IDs in sequence, unlike the resolver's other queries" },
		{ "queries come from ports that the peer hardly uses otherwise",
		    "source ports that the resolver hardly uses otherwise" } } },
	[CHECK_COMPANIONS] = { "companions",
	    "one more name of the same resolver, its types asked for together",
	    { { "visits ask for more than one type",
		"no companion look-ups of other types, unlike the resolver's other names" } } },
	[CHECK_TRAITS] = { "traits",
	    "one more name of the same resolver, whose queries look like those before and after",
	    { { "queries have other header bits or EDNS than those before and after them",
		  "header bits or EDNS unlike the resolver's queries around them" },
		{ "queries spell the name in another way than those before and after them",
		    "case of letters unlike the resolver's queries around them" },
		{ "queries came over another number of hops than those before and after them",
		    "hops unlike the resolver's queries around them" } } },
	[CHECK_SERVERS] = { "servers",
	    "one more name on the same servers, asked of them in the same shares",
	    { { "queries would have to go to another server",
		"a split over the servers unlike the resolver's other names" } } },
	[CHECK_SELECTION] = { "selection", "nothing: what was left out of a log leaves no mark",
	    { { "", "" } } },
};

const char authenticity_words_limit[] =
    "rows that were left out cannot be told: neither a log without some of its rows nor a choice"
    " of names leaves a mark that these checks see";

const char *authenticity_words_name(enum authenticity_check check)
{
	return checks[check].name;
}

const char *authenticity_words_null(enum authenticity_check check)
{
	return checks[check].null;
}

const char *authenticity_words_concern(enum authenticity_check check, unsigned part)
{
	assert(part < AUTHENTICITY_PARTS);
	return checks[check].parts[part].concern;
}

void authenticity_words_say(
    struct buf *b, enum authenticity_check check, const struct authenticity_result *r)
{
	assert(r->part < AUTHENTICITY_PARTS);
	words_number(b, r->seen, 3);
	buf_text(b, " of ");
	words_number(b, r->of, 3);
	buf_u8(b, ' ');
	buf_text(b, checks[check].parts[r->part].seen);
	if (!isfinite(r->expected))
		return;
	buf_text(b, ", where ");
	words_number(b, r->expected, 3);
	buf_text(b, " would be usual");
}
