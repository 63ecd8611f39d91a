/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options as data, and the reader of a command line. */
#ifndef CLI_OPT_H
#define CLI_OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "cli/settings.h"

enum opt_kind {
	OPT_FLAG,
	OPT_TEXT,
	OPT_NUMBER, /* a whole number */
	OPT_SIZE,   /* bytes, with k, M, G or T in powers of 1024 */
	OPT_TIME,   /* seconds, or with s, m, h or d */
};

struct opt {
	char letter;      /* 0: none */
	const char *name; /* NULL: a letter alone */
	enum opt_kind kind;
	size_t field;      /* offset in struct settings */
	const char *value; /* what the value is called; NULL for a flag */
	uint64_t least;    /* of a number, size or time */
	const char *about;
};

extern const struct opt opt_case, opt_json, opt_tsv, opt_top, opt_allow, opt_holidays, opt_events,
    opt_prior, opt_networks, opt_places, opt_popularity, opt_seed, opt_jobs, opt_memory, opt_ascii,
    opt_exit_code, opt_format, opt_year, opt_zone, opt_columns, opt_vantage, opt_target, opt_peer,
    opt_output, opt_listen, opt_for, opt_port, opt_edit, opt_form, opt_verify, opt_until,
    opt_verbose, opt_help;

/*
 * Read the words after the command's name. Options and operands may be mixed; "--" ends the
 * options and "-" is an operand. words is reordered so that ret->operands are its first part.
 * False: the message says which word is off, and what was perhaps meant.
 */
bool opt_read(const char *command, const struct opt *const *options, char **words, size_t count,
    struct settings *ret, struct err *reterr) MUST_USE;

/* "2G", "64M", "512k", "4096". */
bool opt_parse_size(const char *text, uint64_t *ret) MUST_USE;

/* "90", "90s", "10m", "8h", "7d" in seconds. */
bool opt_parse_time(const char *text, uint64_t *ret) MUST_USE;

/* A whole number in decimal digits. */
bool opt_parse_number(const char *text, uint64_t *ret) MUST_USE;

#endif
