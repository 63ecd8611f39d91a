/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a command line said, once opt.c has read it. Strings are those of argv. */
#ifndef CLI_SETTINGS_H
#define CLI_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DEFAULT_CASE   "./lodestone.case"
#define DEFAULT_TOP    50
#define DEFAULT_SEED   1
#define DEFAULT_MEMORY (UINT64_C(1) << 30)

struct settings {
	const char *case_dir; /* NULL: not given */
	const char *allow;
	const char *holidays;
	const char *events;
	const char *prior;
	const char *networks;
	const char *places;
	const char *popularity;
	const char *format;
	const char *zone;
	const char *columns;
	const char *vantage;
	const char *listen; /* NULL: nowhere */
	const char *output;
	const char *verify;
	const char *until;
	const char *target;
	const char *peer;
	uint64_t top;
	uint64_t seed;
	uint64_t year;    /* 0: not given */
	uint64_t lasting; /* seconds; 0: not given */
	uint64_t jobs;    /* 0: as many as there are processors */
	uint64_t memory;
	bool json;
	bool tsv;
	bool ascii;
	bool exit_code;
	uint64_t port; /* 0: the system chooses */
	bool edit;
	bool verbose;
	bool help;
	char **operands; /* what is no option, in order */
	size_t operand_count;
};

#endif
