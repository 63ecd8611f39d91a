/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The result of a hunt for people and programs. Everything that comes from evidence is escaped
 * here for the medium it goes to; nothing else in the project prints it. Output is bytes in a
 * buffer: the same result gives the same bytes.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/buf.h"
#include "finding/finding.h"

/* A list that was given by a file. */
struct report_list {
	bool given;
	struct digest digest; /* of the file */
};

/* What a result follows from, beside version and seed: neither paths nor the number of threads. */
struct report_basis {
	struct digest evidence; /* over the digests of all sources that hold contacts, sorted */
	uint64_t top;
	struct report_list allow;
	struct report_list holidays;
	struct report_list events;
	struct report_list prior;
	struct report_list networks;
	struct report_list places;
	struct report_list popularity;
};

struct report_input {
	const struct hunt_result *result;
	struct report_basis basis;
	const struct health_line *health;
	size_t health_count;
};

struct report_style {
	bool unicode; /* the terminal can show block characters */
	bool color;
	bool terminal;    /* and not a pipe or file */
	unsigned columns; /* width of the terminal */
};

/* One JSON object a line, in rank order: lodestone.finding/1. */
void report_jsonl(struct buf *out, const struct report_input *in);

/* One JSON object on a line of its own, lodestone.hunt/1: what was hunted, with which settings. */
void report_hunt_line(struct buf *out, const struct report_input *in);

/* The settings of that line in words: "version=0.1.0 evidence=sha256:... seed=1 top=50 allow=- ...". */
void report_basis_words(struct buf *out, const struct report_input *in);

/* CASE/findings.jsonl: that line, then those of report_jsonl(). */
void report_findings(struct buf *out, const struct report_input *in);

/* The ranking for a terminal, a sparkline per needle. */
void report_text(struct buf *out, const struct report_input *in, const struct report_style *style);

/* What an answer showed about the target: its record, or one of another name that points to it. */
struct dossier_fact {
	bool points_here; /* other is the owner of the record, the target its data */
	uint16_t type;
	struct endpoint other;
	uint64_t count; /* sightings */
	struct stamp first;
	struct stamp last;
};

#define DOSSIER_FACTS_MAX 20 /* of either direction */

struct dossier_input {
	const struct hunt_result *result;
	const struct finding *finding;
	const struct health_line *health;
	size_t health_count;
	const struct report_basis *basis; /* for the digests of the lists, or NULL */
	const struct dossier_fact *facts; /* records of the target first */
	size_t fact_count;
	bool facts_cut;       /* there are more of them */
	const char *case_dir; /* for the commands that are named, or NULL: the default */
};

/* All about one target: plain words first, then the numbers and the pictures behind them. */
void report_dossier(
    struct buf *out, const struct dossier_input *in, const struct report_style *style);

/* One self-contained page. */
void report_html(struct buf *out, const struct report_input *in);

/* The evidence health table for a terminal. */
void report_health(
    struct buf *out, const struct report_input *in, const struct report_style *style);

#endif
