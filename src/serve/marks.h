/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The marks in force, gathered for one request. */
#ifndef SERVE_MARKS_H
#define SERVE_MARKS_H

#include "base/arena.h"
#include "casefile/mark.h"
#include "report/printer.h"

struct marks {
	struct arena memory;
	struct mark *items; /* by target */
	size_t count;
	size_t capacity;
};

/* Of one target, or of all (NULL). Always give them back. */
bool marks_read(
    struct casefile *c, const char *target, struct marks *ret, struct err *reterr) MUST_USE;
void marks_release(struct marks *m);

/* Those of one target: *ret_count of them from the one returned, which is NULL if there is none. */
const struct mark *marks_of(const struct marks *m, const char *target, size_t *ret_count);

/* Does the mute still hold at that time? */
bool marks_mute_holds(const struct mark *m, int64_t now_s);

/* A whole object, as a value. */
void marks_print(struct printer *p, const struct mark *m);

/* A list, as a value. */
void marks_print_all(struct printer *p, const struct mark *items, size_t count);

#endif
