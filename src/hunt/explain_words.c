/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A trait's value as a person would have counted it: logarithms and screens are undone. */
#include <math.h>

#include "base/buf.h"
#include "finding/words.h"
#include "hunt/explain.h"

enum measure {
	AS_SHARE, /* 0 to 1 */
	AS_LOG,   /* a number's logarithm */
	AS_LOG_SHARE,
	AS_LOG_TIME, /* seconds */
	AS_LOG_DAYS,
	AS_P, /* traits_surprise() */
	AS_NUMBER,
};

static const struct {
	const char *words;
	enum measure as;
} all[TRAIT_COUNT] = {
	[TRAIT_CONTACTS] = { "contacts", AS_LOG },
	[TRAIT_PEERS] = { "peers", AS_LOG },
	[TRAIT_EFFECTIVE] = { "equal peers that would make as much of a crowd", AS_LOG },
	[TRAIT_TOP_SHARE] = { "share of its busiest peer", AS_SHARE },
	[TRAIT_SINGLE] = { "share of contacts by peers that came once", AS_SHARE },
	[TRAIT_SECOND] = { "contacts of the second peer to the first's", AS_LOG },
	[TRAIT_TOGETHER] = { "visits within the same ten minutes", AS_LOG },
	[TRAIT_CROWDED] = { "share of visits where five peers or more came in ten minutes",
	    AS_SHARE },
	[TRAIT_JOINT] = { "visits of its two busiest peers together, to what chance makes",
	    AS_LOG },
	[TRAIT_NEWCOMERS] = { "share of peers that first came in the later half", AS_SHARE },
	[TRAIT_AAAA] = { "share of questions for an IPv6 address", AS_LOG_SHARE },
	[TRAIT_TXT] = { "share of questions for TXT records", AS_LOG_SHARE },
	[TRAIT_MX] = { "share of questions for MX records", AS_LOG_SHARE },
	[TRAIT_OTHER_TYPES] = { "share of questions for other records", AS_LOG_SHARE },
	[TRAIT_REVERSE] = { "questions for the name of its address, to all", AS_LOG_SHARE },
	[TRAIT_REFUSED] = { "share of answers that there is no such name", AS_LOG_SHARE },
	[TRAIT_VISITS] = { "visits of its busiest peer", AS_LOG },
	[TRAIT_BURST] = { "contacts in a visit", AS_LOG },
	[TRAIT_BURST_SPAN] = { "length of a visit", AS_LOG_TIME },
	[TRAIT_GAP] = { "usual pause of its busiest peer", AS_LOG_TIME },
	[TRAIT_GAP_SPREAD] = { "its pauses' upper to their lower quartile", AS_LOG },
	[TRAIT_GAP_TAIL] = { "its longest tenth of pauses to the usual one", AS_LOG },
	[TRAIT_GAP_MODE] = { "share of its pauses that are alike to a tenth", AS_SHARE },
	[TRAIT_GAP_MEMORY] = { "correlation of its pauses with the next", AS_NUMBER },
	[TRAIT_GAP_COPIES] = { "share of its runs of six pauses that come again to the second",
	    AS_SHARE },
	[TRAIT_MINUTE] = { "agreement of its minutes of the hour, 0 to 1", AS_NUMBER },
	[TRAIT_QUARTER] = { "agreement of its minutes of the quarter, 0 to 1", AS_NUMBER },
	[TRAIT_TTL] = { "TTL", AS_LOG_TIME },
	[TRAIT_SATURATION] = { "share of the time in which its cache held the answer", AS_SHARE },
	[TRAIT_DEMAND] = { "questions per TTL behind its cache, at least", AS_LOG },
	[TRAIT_FORBIDDEN] = { "share of its pauses that one cache would not allow", AS_SHARE },
	[TRAIT_BEFORE] = { "share of its pauses just below the TTL", AS_SHARE },
	[TRAIT_AFTER] = { "share of its pauses just above the TTL", AS_SHARE },
	[TRAIT_MULTIPLE] = { "agreement of its pauses with whole TTLs, 0 to 1", AS_NUMBER },
	[TRAIT_P_GAP] = { "p of pauses so even by chance", AS_P },
	[TRAIT_P_DAYS] = { "p of days so equal by chance", AS_P },
	[TRAIT_P_CLOCK] = { "p of such a lock to the clock by chance", AS_P },
	[TRAIT_GAP_EXCESS] = { "shortfall of short pauses", AS_SHARE },
	[TRAIT_GAP_CV] = { "variation of its pauses, 1 by chance, 0 of a clock", AS_LOG },
	[TRAIT_DAYS_RATIO] = { "variation of its days, 1 by chance, 0 when all are equal", AS_LOG },
	[TRAIT_BEST_HOUR] = { "share of visits in the busiest hour of the day", AS_SHARE },
	[TRAIT_BEST_SHIFT] = { "share of visits in the busiest nine hours", AS_SHARE },
	[TRAIT_QUIET_SHIFT] = { "share of visits in the quietest six hours", AS_SHARE },
	[TRAIT_WEEKEND] = { "visits of a weekend day to a weekday's", AS_LOG },
	[TRAIT_SPAN] = { "days from first to last", AS_LOG_DAYS },
	[TRAIT_ACTIVE] = { "share of days with a visit", AS_SHARE },
	[TRAIT_DISPERSION] = { "unevenness of days, 1 by chance", AS_LOG },
	[TRAIT_BLOCKS] = { "levels one after another", AS_LOG },
	[TRAIT_STEP] = { "its highest level to its lowest", AS_LOG },
	[TRAIT_P_SILENCE] = { "p of so long a silence by chance", AS_P },
	[TRAIT_P_STOP] = { "p of its end by chance", AS_P },
	[TRAIT_LATE] = { "days of the record before it came, and one", AS_LOG_DAYS },
};

void explain_words(struct buf *b, enum trait f, double value)
{
	buf_printf(b, "%s: ", all[f].words);
	switch (all[f].as) {
	case AS_SHARE:
		words_share(b, value);
		break;
	case AS_LOG_SHARE:
		words_share(b, exp(value));
		break;
	case AS_LOG:
		words_number(b, exp(value), 3);
		break;
	case AS_LOG_TIME:
		words_seconds(b, exp(value));
		break;
	case AS_LOG_DAYS:
		buf_printf(b, "%.0f", exp(value));
		break;
	case AS_P:
		buf_printf(b, "%.2g", exp(1 - exp(value)));
		break;
	case AS_NUMBER:
		buf_printf(b, "%.2f", value);
		break;
	}
}
