/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * libmicrohttpd, loaded when a page is served and not before: with what it needs (TLS, which is
 * not used here) it would double the time that every other command takes to start.
 */
#ifndef SERVE_MHD_H
#define SERVE_MHD_H

#include <stdbool.h>
#include <microhttpd.h>

#include "base/attr.h"
#include "base/err.h"

/* The functions in use, by their own names. */
struct mhd {
	void *handle;
	__typeof__(&MHD_start_daemon) start_daemon;
	__typeof__(&MHD_stop_daemon) stop_daemon;
	__typeof__(&MHD_get_daemon_info) get_daemon_info;
	__typeof__(&MHD_lookup_connection_value) lookup_connection_value;
	__typeof__(&MHD_create_response_from_buffer) create_response_from_buffer;
	__typeof__(&MHD_add_response_header) add_response_header;
	__typeof__(&MHD_queue_response) queue_response;
	__typeof__(&MHD_destroy_response) destroy_response;
};

/* mhd_close() may always follow. */
bool mhd_open(struct mhd *ret, struct err *reterr) MUST_USE;
void mhd_close(struct mhd *m);

#endif
