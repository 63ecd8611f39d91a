/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/opt.h"

#include <inttypes.h>
#include <string.h>

#include "cli/typo.h"
#include "evidence/hints.h"

#define FIELD(name) offsetof(struct settings, name)

const struct opt opt_case = { 'C', NULL, OPT_TEXT, FIELD(case_dir), "CASE", 0,
	"the case directory (default " DEFAULT_CASE ")" };
const struct opt opt_json = { 0, "json", OPT_FLAG, FIELD(json), NULL, 0,
	"print JSON, one object a line" };
const struct opt opt_tsv = { 0, "tsv", OPT_FLAG, FIELD(tsv), NULL, 0,
	"print tab-separated columns (the default)" };
const struct opt opt_top = { 0, "top", OPT_NUMBER, FIELD(top), "N", 1,
	"show the first N targets of the ranking (default 50)" };
const struct opt opt_allow = { 0, "allow", OPT_TEXT, FIELD(allow), "FILE", 0,
	"mark the targets that FILE lists; nothing is left out" };
const struct opt opt_holidays = { 0, "holidays", OPT_TEXT, FIELD(holidays), "FILE", 0,
	"test whether the dates that FILE lists are quieter" };
const struct opt opt_events = { 0, "events", OPT_TEXT, FIELD(events), "FILE", 0,
	"test whether contacts come near the dates that FILE lists" };
const struct opt opt_prior = { 0, "prior", OPT_TEXT, FIELD(prior), "FILE", 0,
	"weigh explanations by what FILE holds likely beforehand" };
const struct opt opt_networks = { 0, "networks", OPT_TEXT, FIELD(networks), "FILE", 0,
	"name the autonomous systems of peers by FILE, in MaxMind's format" };
const struct opt opt_places = { 0, "places", OPT_TEXT, FIELD(places), "FILE", 0,
	"name the countries of peers by FILE, in MaxMind's format" };
const struct opt opt_popularity = { 0, "popularity", OPT_TEXT, FIELD(popularity), "FILE", 0,
	"look targets up in FILE, a list of popular domains" };
const struct opt opt_seed = { 0, "seed", OPT_NUMBER, FIELD(seed), "N", 0,
	"start the random streams from N (default 1)" };
const struct opt opt_jobs = { 0, "jobs", OPT_NUMBER, FIELD(jobs), "N", 1,
	"work on N threads (default: one for each processor)" };
const struct opt opt_memory = { 0, "memory", OPT_SIZE, FIELD(memory), "SIZE", 16u << 20,
	"keep the tables of the work below SIZE, such as 512M or 2G (default 1G)" };
const struct opt opt_ascii = { 0, "ascii", OPT_FLAG, FIELD(ascii), NULL, 0,
	"draw with plain ASCII, also where the terminal shows more" };
const struct opt opt_exit_code = { 0, "exit-code", OPT_FLAG, FIELD(exit_code), NULL, 0,
	"exit with 1 when there are needles" };
const struct opt opt_format = { 0, "format", OPT_TEXT, FIELD(format), "NAME", 0,
	"read the evidence as NAME instead of by its content" };
const struct opt opt_year = { 0, "year", OPT_NUMBER, FIELD(year), "YYYY", HINTS_YEAR_MIN,
	"the year in which logs that write none begin" };
const struct opt opt_zone = { 0, "zone", OPT_TEXT, FIELD(zone), "ZONE", 0,
	"the zone of times that name none: UTC, +02:00, Europe/Berlin (default UTC)" };
const struct opt opt_columns = { 0, "columns", OPT_TEXT, FIELD(columns), "MAP", 0,
	"read tables whose columns MAP, or the file MAP, names" };
const struct opt opt_vantage = { 0, "vantage", OPT_TEXT, FIELD(vantage), "NAME", 0,
	"where the evidence was recorded, instead of what it tells itself" };
const struct opt opt_target = { 0, "target", OPT_TEXT, FIELD(target), "NAME", 0,
	"only contacts with this target" };
const struct opt opt_peer = { 0, "peer", OPT_TEXT, FIELD(peer), "ADDR", 0,
	"only contacts of this peer" };
const struct opt opt_output = { 'o', NULL, OPT_TEXT, FIELD(output), "FILE", 0,
	"write to FILE; - is standard output" };
const struct opt opt_listen = { 0, "listen", OPT_TEXT, FIELD(listen), "WHERE", 0,
	"receive dnstap on WHERE: unix:PATH, tcp:PORT of 127.0.0.1, tcp:ADDRESS:PORT" };
const struct opt opt_for = { 0, "for", OPT_TIME, FIELD(lasting), "DURATION", 1,
	"listen no longer than DURATION, such as 90s, 10m, 8h or 7d" };
const struct opt opt_port = { 0, "port", OPT_NUMBER, FIELD(port), "N", 1,
	"listen on port N of 127.0.0.1 (default: one that is free)" };
const struct opt opt_form = { 0, "format", OPT_TEXT, FIELD(format), "NAME", 0,
	"html (the default), jsonl, csv, stix, ocsf, ecs, timesketch or markdown" };
const struct opt opt_verify = { 0, "verify", OPT_TEXT, FIELD(verify), "FILE", 0,
	"make the report FILE anew from the case, and exit with 1 where they differ" };
const struct opt opt_until = { 0, "until", OPT_TEXT, FIELD(until), "DAY", 0,
	"mute up to and with this day, such as 2026-01-31" };
const struct opt opt_edit = { 0, "edit", OPT_FLAG, FIELD(edit), NULL, 0,
	"let the page change notes, tags, mutes and verdicts" };
const struct opt opt_verbose = { 'v', "verbose", OPT_FLAG, FIELD(verbose), NULL, 0,
	"say what is done, also when standard error is no terminal" };
const struct opt opt_help = { 'h', "help", OPT_FLAG, FIELD(help), NULL, 0, "print this help" };

bool opt_parse_number(const char *text, uint64_t *ret)
{
	uint64_t n = 0;

	if (*text == '\0')
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9' || __builtin_mul_overflow(n, (uint64_t)10, &n) ||
		    __builtin_add_overflow(n, (uint64_t)(*text - '0'), &n))
			return false;
	}
	*ret = n;
	return true;
}

bool opt_parse_size(const char *text, uint64_t *ret)
{
	static const char units[] = "kMGT";
	size_t len = strlen(text);
	char digits[24];
	uint64_t n = 0, unit = 1;
	const char *at;

	if (len == 0 || len >= sizeof(digits))
		return false;
	at = strchr(units, text[len - 1]);
	if (at != NULL) {
		unit = UINT64_C(1) << (10 * (at - units + 1));
		len--;
	}
	memcpy(digits, text, len);
	digits[len] = '\0';
	if (!opt_parse_number(digits, &n) || __builtin_mul_overflow(n, unit, &n))
		return false;
	*ret = n;
	return true;
}

bool opt_parse_time(const char *text, uint64_t *ret)
{
	static const char units[] = "smhd";
	static const uint64_t seconds[] = { 1, 60, 3600, 86400 };
	const size_t len = strlen(text);
	char digits[24];
	const char *at;
	uint64_t n = 0;

	if (len == 0 || len >= sizeof(digits))
		return false;
	memcpy(digits, text, len + 1);
	at = strchr(units, text[len - 1]);
	if (at != NULL)
		digits[len - 1] = '\0';
	if (!opt_parse_number(digits, &n) ||
	    __builtin_mul_overflow(n, at == NULL ? 1 : seconds[at - units], &n))
		return false;
	*ret = n;
	return true;
}

static bool same_name(const struct opt *o, const char *name, size_t len)
{
	return o->name != NULL && strlen(o->name) == len && memcmp(o->name, name, len) == 0;
}

static bool unknown(const char *command, const struct opt *const *options, const char *word,
    size_t len, struct err *reterr)
{
	struct typo t;

	typo_init(&t, word + 2, len - 2);
	for (size_t i = 0; word[1] == '-' && options[i] != NULL; i++)
		typo_try(&t, options[i]->name);
	if (t.best != NULL)
		err_set(reterr, ERR_USAGE, "unknown option '%.*s' of '%s', did you mean '--%s'?",
		    (int)len, word, command, t.best);
	else
		err_set(reterr, ERR_USAGE,
		    "unknown option '%.*s' of '%s', try 'lodestone %s --help'", (int)len, word,
		    command, command);
	return false;
}

static bool parse_number(const struct opt *o, const char *value, uint64_t *ret)
{
	return o->kind == OPT_SIZE   ? opt_parse_size(value, ret)
	       : o->kind == OPT_TIME ? opt_parse_time(value, ret)
				     : opt_parse_number(value, ret);
}

/* Put the value, NULL for a flag, where the option says. */
static bool take(const struct opt *o, const char *value, struct settings *s, struct err *reterr)
{
	const char letter[2] = { o->letter, '\0' };
	const char *dashes = o->name == NULL ? "-" : "--";
	const char *name = o->name == NULL ? letter : o->name;
	char *field = (char *)s + o->field;
	uint64_t n = 0;
	const bool yes = true;

	switch (o->kind) {
	case OPT_FLAG:
		memcpy(field, &yes, sizeof(yes));
		return true;
	case OPT_TEXT:
		memcpy(field, &value, sizeof(value));
		return true;
	case OPT_NUMBER:
	case OPT_SIZE:
	case OPT_TIME:
		break;
	}
	if (!parse_number(o, value, &n)) {
		err_set(reterr, ERR_USAGE, "'%s' of option '%s%s' is no %s", value, dashes, name,
		    o->kind == OPT_SIZE   ? "size, which looks like 512M or 2G"
		    : o->kind == OPT_TIME ? "duration, which looks like 90s, 10m, 8h or 7d"
					  : "whole number");
		return false;
	}
	if (n < o->least) {
		err_set(reterr, ERR_USAGE,
		    "'%s' of option '%s%s' is too small, the least is %" PRIu64, value, dashes,
		    name, o->least);
		return false;
	}
	memcpy(field, &n, sizeof(n));
	return true;
}

/* "--name", "--name=value", "--name value". *at is the index of the word, moved if it took two. */
static bool read_long(const char *command, const struct opt *const *options, char **words,
    size_t count, size_t *at, struct settings *s, struct err *reterr)
{
	const char *word = words[*at];
	const char *equals = strchr(word, '=');
	size_t len = equals == NULL ? strlen(word) : (size_t)(equals - word);
	const struct opt *o = NULL;

	for (size_t i = 0; o == NULL && options[i] != NULL; i++) {
		if (same_name(options[i], word + 2, len - 2))
			o = options[i];
	}
	if (o == NULL)
		return unknown(command, options, word, len, reterr);
	if (o->kind == OPT_FLAG && equals != NULL) {
		err_set(reterr, ERR_USAGE, "option '--%s' takes no value", o->name);
		return false;
	}
	if (o->kind != OPT_FLAG && equals == NULL && *at + 1 == count) {
		err_set(reterr, ERR_USAGE, "option '--%s' needs a value: --%s %s", o->name, o->name,
		    o->value);
		return false;
	}
	if (equals != NULL)
		return take(o, equals + 1, s, reterr);
	return take(o, o->kind == OPT_FLAG ? NULL : words[++*at], s, reterr);
}

/* "-C value", "-Cvalue", and flags in one word as in "-vh". */
static bool read_letters(const char *command, const struct opt *const *options, char **words,
    size_t count, size_t *at, struct settings *s, struct err *reterr)
{
	char one[3] = "-";

	for (const char *letter = words[*at] + 1; *letter != '\0'; letter++) {
		const struct opt *o = NULL;

		one[1] = *letter;
		for (size_t i = 0; o == NULL && options[i] != NULL; i++) {
			if (options[i]->letter == *letter)
				o = options[i];
		}
		if (o == NULL)
			return unknown(command, options, one, 2, reterr);
		if (o->kind == OPT_FLAG) {
			if (!take(o, NULL, s, reterr))
				return false;
			continue;
		}
		if (letter[1] != '\0')
			return take(o, letter + 1, s, reterr);
		if (*at + 1 == count) {
			err_set(reterr, ERR_USAGE, "option '%s' needs a value: %s %s", one, one,
			    o->value);
			return false;
		}
		return take(o, words[++*at], s, reterr);
	}
	return true;
}

bool opt_read(const char *command, const struct opt *const *options, char **words, size_t count,
    struct settings *ret, struct err *reterr)
{
	bool ended = false;
	size_t operands = 0;

	*ret =
	    (struct settings){ .top = DEFAULT_TOP, .seed = DEFAULT_SEED, .memory = DEFAULT_MEMORY };
	for (size_t i = 0; i < count; i++) {
		char *word = words[i];

		if (ended || word[0] != '-' || word[1] == '\0')
			words[operands++] = word;
		else if (strcmp(word, "--") == 0)
			ended = true;
		else if (!(word[1] == '-'
				 ? read_long(command, options, words, count, &i, ret, reterr)
				 : read_letters(command, options, words, count, &i, ret, reterr)))
			return false;
	}
	ret->operands = words;
	ret->operand_count = operands;
	return true;
}
