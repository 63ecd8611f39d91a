/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/mhd.h"

#include <dlfcn.h>
#include <string.h>

#define LIBRARY "libmicrohttpd.so.12" /* the ABI that the header describes */

static bool find(struct mhd *m, const char *name, void *ret, size_t size, struct err *reterr)
{
	void *at = dlsym(m->handle, name);

	if (at == NULL) {
		err_set(reterr, ERR_SYSTEM, "%s lacks %s", LIBRARY, name);
		return false;
	}
	/* POSIX lets a pointer to an object hold one to a function; C has no cast for it */
	memcpy(ret, &at, size);
	return true;
}

bool mhd_open(struct mhd *ret, struct err *reterr)
{
	*ret = (struct mhd){ .handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL) };
	if (ret->handle == NULL) {
		err_set(reterr, ERR_SYSTEM, "cannot load %s (%s); install libmicrohttpd12", LIBRARY,
		    dlerror());
		return false;
	}
	return find(ret, "MHD_start_daemon", &ret->start_daemon, sizeof(ret->start_daemon),
		   reterr) &&
	       find(ret, "MHD_stop_daemon", &ret->stop_daemon, sizeof(ret->stop_daemon), reterr) &&
	       find(ret, "MHD_get_daemon_info", &ret->get_daemon_info, sizeof(ret->get_daemon_info),
		   reterr) &&
	       find(ret, "MHD_lookup_connection_value", &ret->lookup_connection_value,
		   sizeof(ret->lookup_connection_value), reterr) &&
	       find(ret, "MHD_create_response_from_buffer", &ret->create_response_from_buffer,
		   sizeof(ret->create_response_from_buffer), reterr) &&
	       find(ret, "MHD_add_response_header", &ret->add_response_header,
		   sizeof(ret->add_response_header), reterr) &&
	       find(ret, "MHD_queue_response", &ret->queue_response, sizeof(ret->queue_response),
		   reterr) &&
	       find(ret, "MHD_destroy_response", &ret->destroy_response,
		   sizeof(ret->destroy_response), reterr);
}

void mhd_close(struct mhd *m)
{
	if (m->handle != NULL)
		(void)dlclose(m->handle);
	m->handle = NULL;
}
