/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * p_cache: is there rhythm beyond what Poisson clients, their hours and one cache make? By
 * surrogates of the H-test at the canonical periods without the week (and at the TTL and twice
 * it). Not valid for several caches behind one address, nor where the dead time is not known:
 * it describes a finding and enters no false-discovery control.
 */
#ifndef STATS_CACHE_BOOTSTRAP_H
#define STATS_CACHE_BOOTSTRAP_H

#include "base/philox.h"
#include "stats/monte_carlo.h"
#include "stats/profile.h"

/*
 * events_s: sorted, at least dead_s apart, count >= HTEST_EVENTS_MIN; hours: fitted to them,
 * PROFILE_TO_DRAW; ttl_s 0: not known. False: out of memory.
 */
bool cache_bootstrap(const double *events_s, size_t count, double dead_s, double ttl_s,
    const struct profile *hours, const struct monte_carlo_plan *plan, struct philox *random,
    struct monte_carlo_result *ret, struct err *reterr) MUST_USE;

#endif
