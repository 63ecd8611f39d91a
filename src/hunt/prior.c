/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hunt/prior.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char blanks[] = " \t\r\n";

static void scale(struct prior *p)
{
	double sum = 0;

	for (size_t i = 0; i < EXPLAINED_OTHER; i++)
		sum += p->of[i];
	for (size_t i = 0; i < EXPLAINED_OTHER; i++)
		p->of[i] /= sum;
}

void prior_init(struct prior *p)
{
	p->given = false;
	for (size_t i = 0; i < EXPLAINED_OTHER; i++)
		p->of[i] = 1;
	scale(p);
}

/* "NAME WEIGHT", with a NUL; the weight in the C locale's digits. */
static bool read_line(char *line, struct prior *ret)
{
	char *rest = NULL, *end = NULL;
	const char *name = strtok_r(line, blanks, &rest);
	const char *weight = strtok_r(NULL, blanks, &rest);
	double value;
	size_t i = 0;

	if (weight == NULL || strtok_r(NULL, blanks, &rest) != NULL)
		return false;
	value = strtod(weight, &end);
	if (*end != '\0' || !(value >= 0 && value <= PRIOR_WEIGHT_MAX))
		return false;
	while (i < EXPLAINED_OTHER && strcmp(name, explanation_name((enum explanation)i)) != 0)
		i++;
	if (i == EXPLAINED_OTHER)
		return false;
	ret->of[i] = value;
	return true;
}

static bool read_lines(FILE *f, const char *path, struct prior *ret, struct err *reterr)
{
	char *line = NULL;
	size_t capacity = 0;
	bool ok = true;

	for (unsigned long at = 1; ok && getline(&line, &capacity, f) >= 0; at++) {
		const char *text = line + strspn(line, blanks);

		if (*text == '#' || *text == '\0')
			continue;
		ok = read_line(line, ret);
		if (!ok)
			err_set(reterr, ERR_USAGE,
			    "'%s' line %lu: write the name of an explanation and its weight, from 0"
			    " to 1000000: sender-checks 4",
			    path, at);
	}
	if (ok && ferror(f)) {
		err_set(reterr, ERR_SYSTEM, "cannot read '%s': %s", path, strerror(errno));
		ok = false;
	}
	free(line);
	return ok;
}

bool prior_read(const char *path, struct prior *ret, struct err *reterr)
{
	FILE *f = fopen(path, "re");
	double sum = 0;
	bool ok;

	if (f == NULL) {
		err_set(reterr, ERR_SYSTEM, "cannot open '%s': %s", path, strerror(errno));
		return false;
	}
	prior_init(ret);
	for (size_t i = 0; i < EXPLAINED_OTHER; i++)
		ret->of[i] = 1;
	ok = read_lines(f, path, ret, reterr);
	fclose(f);
	if (!ok)
		return false;
	for (size_t i = 0; i < EXPLAINED_OTHER; i++)
		sum += ret->of[i];
	if (sum <= 0) {
		err_set(reterr, ERR_USAGE, "'%s' leaves no explanation possible", path);
		return false;
	}
	ret->given = true;
	scale(ret);
	return true;
}
