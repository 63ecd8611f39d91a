/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lodestone serve: a page over the case, on this machine alone, until it is stopped. */
#include <signal.h>

#include "cli/command.h"
#include "cli/diag.h"
#include "cli/hunting.h"
#include "cli/output.h"
#include "serve/serve.h"

static const struct opt *const options[] = { &opt_case, &opt_port, &opt_edit, &opt_allow,
	&opt_holidays, &opt_events, &opt_prior, &opt_networks, &opt_places, &opt_popularity,
	&opt_seed, &opt_memory, &opt_verbose, &opt_help, NULL };

/* One target alone, as `show` does it; the case is opened anew, as it may have changed. */
static bool examine(
    void *context, const struct endpoint *target, struct buf *out, struct err *reterr)
{
	const struct hunting_of of = { .only = target, .beside = true };
	struct settings s = *(const struct settings *)context;
	struct report_input found = { .result = NULL };
	struct workspace w;
	struct arena memory;
	bool ok;

	arena_init(&memory, HUNTING_BYTES_MAX);
	s.jobs = 1; /* the page answers in the meantime */
	ok = workspace_open(&w, &s, WORKSPACE_LOOK, reterr) &&
	     hunting_run(&w, &s, &of, &memory, &found, reterr);
	if (ok)
		report_jsonl(out, &found);
	workspace_close(&w, false);
	arena_release(&memory);
	return ok;
}

/* Until the first of the signals that end a program, all of which are blocked. */
static void wait_for_signal(void)
{
	sigset_t ends;
	int got;

	(void)sigemptyset(&ends);
	(void)sigaddset(&ends, SIGINT);
	(void)sigaddset(&ends, SIGTERM);
	(void)sigaddset(&ends, SIGHUP);
	(void)sigwait(&ends, &got);
}

static bool say_address(const struct serve *serve, struct err *reterr)
{
	struct output out;
	bool ok;

	output_init(&out);
	buf_printf(
	    &out.buf, "http://127.0.0.1:%u/#token=%s\n", serve_port(serve), serve_token(serve));
	ok = output_flush(&out, reterr);
	output_release(&out);
	if (ok)
		diag_say("the page is at the address above until you stop this with Ctrl-C");
	return ok;
}

static int run(const struct settings *s)
{
	struct settings copy = *s;
	const struct serve_settings settings = { .case_dir = s->case_dir == NULL ? DEFAULT_CASE
										 : s->case_dir,
		.port = (uint16_t)s->port,
		.edit = s->edit,
		.version = LODESTONE_VERSION,
		.examine = examine,
		.context = &copy };
	struct serve *serve = NULL;
	struct err err = { .code = ERR_NONE };
	struct stop stop;
	bool ok;

	if (s->operand_count > 0) {
		diag_say("serve takes no arguments; name the case with -C");
		return 2;
	}
	if (s->port > UINT16_MAX) {
		diag_say("a port is a number up to %u", UINT16_MAX);
		return 2;
	}
	stop_init(&stop);
	ok = serve_open(&settings, &serve, &err) && say_address(serve, &err);
	if (ok)
		wait_for_signal();
	else
		diag_err(&err);
	serve_close(serve);
	/* to be stopped is how this ends */
	return ok ? 0 : 2;
}

const struct command cmd_serve = {
	.name = "serve",
	.operands = "",
	.about = "show the case as a page in the browser, on this machine alone",
	.options = options,
	.run = run,
};
