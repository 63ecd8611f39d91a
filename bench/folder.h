/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A folder under $TMPDIR that lives as long as a measurement. */
#ifndef BENCH_FOLDER_H
#define BENCH_FOLDER_H

/* A new one; its path is static. Exits on failure. */
const char *folder_make(void);

/* Remove the files in it. */
void folder_empty(const char *path);

#endif
