/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a finding's look-ups are compared with: imprints of the same peer's other names, and of any
 * series of the sensor. One walk over the haystack, which decodes a sample of these alone.
 */
#ifndef HUNT_COMPANY_H
#define HUNT_COMPANY_H

#include "base/intern.h"
#include "hunt/cache.h"
#include "hunt/funnel.h"
#include "stats/imprint.h"

struct company_name {
	uint64_t target; /* company_target() of its group's key */
	struct imprint imprint;
	struct cache_gaps gaps; /* of the sensor's series alone, by their own TTL; else zeros */
};

struct company {
	struct company_name *names; /* in key order */
	size_t count;
	size_t capacity;
};

struct companies {
	struct intern peers;
	struct company *of; /* by number in peers, and one more: of the sensor */
	size_t count;
};

/*
 * So many names of a company are looked at, about; those of fewer rows than COMPANY_ROWS_MIN have
 * no imprint to speak of.
 */
#define COMPANY_NAMES    2000
#define COMPANY_ROWS_MIN 10

/*
 * For the busiest peers of these subjects. The result depends on neither jobs nor the order of the
 * list. Zeroed is empty.
 */
bool companies_read(struct companies *c, struct haystack *h, const struct funnel *f,
    const struct exposure *exposure, const struct cache_subject *subjects, size_t count,
    unsigned jobs, const struct hunt_progress *progress, struct err *reterr) MUST_USE;
void companies_release(struct companies *c);

/* The peer's; one without names for a peer that is none of theirs. Borrowed. */
const struct company *companies_of_peer(
    const struct companies *c, const uint8_t *peer, size_t peer_len);
const struct company *companies_of_sensor(const struct companies *c);

/* A number by which a name is left out of its own company. */
uint64_t company_target(const uint8_t *group, size_t group_len);

/* All look-ups that the peer made of the name with this group key, sorted; *ret is the caller's. */
bool company_read_rows(struct haystack *h, const uint8_t *group, size_t group_len,
    const uint8_t *peer, size_t peer_len, struct imprint_row **ret, size_t *ret_count,
    struct err *reterr) MUST_USE;

#endif
