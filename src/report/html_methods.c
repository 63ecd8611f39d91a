/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How the numbers were made, for a reader who has only the page: each method by its name, the
 * question, the chance that it is held against, and where that is written down; then all settings
 * that can change a result. Folders, threads, memory, host and clock are none of them.
 */
#include <inttypes.h>
#include <math.h>

#include "finding/words.h"
#include "report/html_parts.h"

struct method {
	const char *name;
	const char *text;
};

static const struct method methods[] = {
	{ "Visits", "Contacts with pauses of at most 30 s, at most 60 s long in all, are one "
		    "visit: the unit of"
		    " all timing tests. Time in which the sensor was silent is in no rate; it is "
		    "found in the"
		    " contacts of all names together, whose numbers are taken to be negative "
		    "binomial about the"
		    " means of weekday or weekend and hour." },
	{ "Which names are tested", "Those with 10 visits or more, on 3 days (UTC) or more, and at "
				    "most 10 effective peers: 1 / sum"
				    " of squared shares (Hill 1973). The choice is made before any "
				    "timing is looked at; these names"
				    " are the M of the false-discovery procedure." },
	{ "Narrowness and persistence", "Rank among the 200 names nearest in popularity, and among "
					"names as popular and as narrow."
					" They choose and order, and are in no p." },
	{ "Even pauses and even days (p_gap, p_days)",
	    "Against Poisson clients at the rates of 48 cells (weekday or weekend, hour), behind a "
	    "cache that"
	    " keeps each answer for its TTL. Time is rescaled by these rates (Papangelou 1972; "
	    "Ogata 1988);"
	    " shortfalls of short steps are bounded as for mixtures of exponentials (Barlow and "
	    "Proschan"
	    " 1965). p by random copies, (b + 1) / (B + 1) (Phipson and Smyth 2010), stopped early "
	    "(Besag and"
	    " Clifford 1991)." },
	{ "A clock (p_clock)",
	    "Bets at fair odds that visits keep to a phase of the clock, against pauses in any "
	    "order and"
	    " against days moved as a whole; winnings W give p of at most 1 / W (Ville 1939; "
	    "Shafer 2021)."
	    " The period that is shown: H-test (de Jager, Raubenheimer and Swanepoel 1989)." },
	{ "One p a name, and q", "Cauchy combination over its busiest peers and their union (Liu "
				 "and Xie 2020). q by Benjamini and"
				 " Hochberg 1995 at 0.05 over the M names; the stricter rule of "
				 "Benjamini and Yekutieli 2001 is"
				 " counted beside it. Calibration is watched on these very records "
				 "by the inflation of p over a"
				 " seeded sample (lambda; Devlin and Roeder 1999): above 1.1, p is "
				 "made larger before q." },
	{ "Cache", "Rate behind it with the exact interval of Poisson counts (Garwood 1936), by "
		   "the time in which the"
		   " cache was empty; pauses shorter than one cache allows; number of caches by "
		   "likelihood." },
	{ "Working hours", "A working week fitted in all zones of the world, against visits that "
			   "prefer no hour (each day"
			   " turned by any number of its own hours) and no weekday. Zones that fit "
			   "nearly as well are all"
			   " named, as a confidence set by resampled days." },
	{ "Changes", "Levels by Bayesian Blocks (Scargle et al. 2013) over days in the name's own "
		     "hours, pruned as PELT"
		     " (Killick, Fearnhead and Eckley 2012); burst by the scan statistic "
		     "(Kulldorff 1997); silence and"
		     " stop by pauses of a Poisson process of unknown mean; counts are divided by "
		     "their own unevenness"
		     " from day to day." },
	{ "Outside events", "The list of dates laid over the record at any other day, the best "
			    "width and lag searched again"
			    " each time (Westfall and Young 1993). Tested only if the list tells "
			    "when it was made and from"
			    " what." },
	{ "Succession", "Weights of what two names have in common (Fellegi and Sunter 1969), "
			"ranked among random pairs of"
			" names as popular of which neither can have followed the other." },
	{ "Is the log what it says",
	    "The name's rows against what the same resolver and the same sensor leave on other "
	    "names, never"
	    " against an ideal; all checks together by Cauchy combination." },
	{ "Explanations", "Eight neural nets learnt from simulations of eleven mechanisms; their "
			  "mean, tempered, is the"
			  " probability. Beside it the set that holds the true mechanism in nine "
			  "of ten cases, whichever it"
			  " is (class-conditional conformal prediction: Vovk, Gammerman and Shafer "
			  "2005), less those for"
			  " which the pattern is odd (distance of Mahalanobis 1936). A trait "
			  "speaks for a mechanism by as"
			  " much as the log odds lose when the trait is taken as not known." },
	{ "Ranking", "What chance does not explain (rhythm of needles), less what a clock "
		     "explains, plus narrowness"
		     " times presence, times what ordinary mechanisms leave unexplained. The order "
		     "claims no error"
		     " rate; q does." },
};

static void put_list(struct markup *m)
{
	markup_begin(m, "dl");
	for (size_t i = 0; i < COUNT_OF(methods); i++) {
		markup_element(m, "dt", NULL, methods[i].name);
		markup_element(m, "dd", NULL, methods[i].text);
	}
	markup_end(m);
}

/* ---- settings ---- */

/* Begin a row; the words of its value go to what is returned. */
static struct buf *begin_setting(struct markup *m, const char *name)
{
	markup_begin(m, "tr");
	(void)html_begin_cell(m, "th", "word");
	markup_text(m, name);
	markup_end(m);
	return html_begin_cell(m, "td", "long");
}

static void end_setting(struct markup *m, const char *effect)
{
	markup_end(m);
	(void)html_begin_cell(m, "td", "long");
	markup_text(m, effect);
	markup_end(m);
	markup_end(m);
}

static void put_digest(struct markup *m, const struct digest *d)
{
	char text[DIGEST_TEXT_MAX];

	digest_format(d, text);
	markup_text(m, "SHA-256 ");
	markup_element(m, "code", NULL, text);
}

static void put_given(
    struct markup *m, const char *name, const struct report_list *list, const char *effect)
{
	(void)begin_setting(m, name);
	if (list->given)
		put_digest(m, &list->digest);
	else
		markup_element(m, "span", "quiet", "none given");
	end_setting(m, effect);
}

static void put_lists(struct markup *m, const struct report_basis *b)
{
	put_given(m, "--allow", &b->allow,
	    "marks the names that it lists; they stay in the ranking and in every number");
	put_given(m, "--holidays", &b->holidays, "days that are tested for being quieter");
	put_given(m, "--events", &b->events,
	    "outside dates that are tested; a narrow name that follows them ranks higher");
	put_given(m, "--prior", &b->prior,
	    "odds of the explanations beforehand; without it all eleven are equally likely");
	put_given(m, "--networks", &b->networks, "operators of addresses: shown, decides nothing");
	put_given(m, "--places", &b->places, "countries of addresses: shown, decides nothing");
	put_given(
	    m, "--popularity", &b->popularity, "places of popular domains: shown, decides nothing");
}

static void put_settings(struct markup *m, const struct report_input *in)
{
	static const struct html_head heads[] = { { "Setting", NULL }, { "Here", NULL },
		{ "What it changes", NULL } };
	const struct hunt_result *r = in->result;

	html_begin_table(m, "All that can change a result", heads, COUNT_OF(heads));
	(void)begin_setting(m, "Evidence");
	put_digest(m, &in->basis.evidence);
	end_setting(m, "over the digests of all sources that hold contacts, in order");
	(void)begin_setting(m, "Version");
	markup_text(m, "lodestone ");
	markup_text(m, r->version);
	end_setting(m, "the methods above, and the nets of the explanations");
	buf_printf(begin_setting(m, "--seed"), "%" PRIu64, r->seed);
	end_setting(m, "random copies and samples, and so, a little, each p that is had from them");
	buf_printf(begin_setting(m, "--top"), "%" PRIu64, in->basis.top);
	end_setting(m, "how many names are shown; which are needles does not depend on it");
	(void)begin_setting(m, "Vantage");
	markup_text(m, r->vantage);
	end_setting(m, "whether caches stand before the sensor; told by the sources, or at ingest");
	put_lists(m, &in->basis);
	html_end_table(m);
}

static void put_figures(struct markup *m, const struct hunt_result *r)
{
	struct buf *b;

	markup_begin(m, "p");
	b = markup_words(m);
	buf_text(b, "Names tested (M): ");
	words_count(b, r->eligible);
	buf_text(b, ", names listed: ");
	words_count(b, r->finding_count);
	buf_text(b, ", needles: ");
	words_count(b, r->needles);
	buf_text(b, ", by Benjamini and Yekutieli's stricter rule: ");
	words_count(b, r->needles_strict);
	buf_text(b, ", inflation of p: ");
	words_number(b, r->lambda_gc, 3);
	buf_text(b, r->lambda_gc > 1.1 ? " (miscalibrated here; q is corrected for it)." : ".");
	buf_text(b, " The same evidence, version and settings give the same page, byte for byte;"
		    " lodestone report --verify checks that.");
	markup_end(m);
}

void html_methods(struct markup *m, const struct report_input *in)
{
	markup_begin(m, "section");
	markup_element(m, "h2", NULL, "Methods");
	put_list(m);
	markup_element(m, "h2", NULL, "Settings");
	put_settings(m, in);
	put_figures(m, in->result);
	markup_end(m);
}
