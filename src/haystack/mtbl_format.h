/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers of the MTBL file format that mtbl.h does not give. */
#ifndef HAYSTACK_MTBL_FORMAT_H
#define HAYSTACK_MTBL_FORMAT_H

#define MTBL_TRAILER_BYTES 512
#define MTBL_MAGIC_V2      0x4d54424cu

#endif
