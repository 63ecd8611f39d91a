/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One writer at a time, by flock(2) on CASE/lock; the file's text says who holds it. */
#ifndef CASEFILE_LOCK_H
#define CASEFILE_LOCK_H

#include "base/attr.h"
#include "base/err.h"

/*
 * Take the lock of the case in folder dir without waiting. *ret_fd holds it until lock_release()
 * or the end of the process, however that comes. Held by another: ERR_SYSTEM, which names it.
 */
bool lock_take(const char *dir, int *ret_fd, struct err *reterr) MUST_USE;

/* fd may be -1. */
void lock_release(int fd);

#endif
