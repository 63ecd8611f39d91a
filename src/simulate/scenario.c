/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The schema of a scenario file, as libcyaml tables. */
#include "simulate/scenario.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cyaml/cyaml.h>

#include "base/limits.h"

#define OPTIONAL CYAML_FLAG_OPTIONAL

static const cyaml_strval_t models[] = {
	{ "people", CLIENT_PEOPLE },
	{ "monitor", CLIENT_MONITOR },
	{ "clock", CLIENT_CLOCK },
	{ "scattered", CLIENT_SCATTERED },
};

static const cyaml_schema_field_t burst_fields[] = {
	CYAML_FIELD_FLOAT("more", OPTIONAL, struct burst_shape, more),
	CYAML_FIELD_UINT("most", OPTIONAL, struct burst_shape, most),
	CYAML_FIELD_FLOAT("spacing_s", OPTIONAL, struct burst_shape, spacing_s),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t office_fields[] = {
	CYAML_FIELD_FLOAT("from_h", 0, struct office_hours, from_h),
	CYAML_FIELD_FLOAT("to_h", 0, struct office_hours, to_h),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t phase_fields[] = {
	CYAML_FIELD_FLOAT("from_day", 0, struct rate_phase, from_day),
	CYAML_FIELD_FLOAT("to_day", 0, struct rate_phase, to_day),
	CYAML_FIELD_FLOAT("base", OPTIONAL, struct rate_phase, base),
	CYAML_FIELD_FLOAT("office", OPTIONAL, struct rate_phase, office),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t poller_fields[] = {
	CYAML_FIELD_FLOAT("from_day", OPTIONAL, struct on_off_poller, from_day),
	CYAML_FIELD_FLOAT("to_day", 0, struct on_off_poller, to_day),
	CYAML_FIELD_FLOAT("rate", 0, struct on_off_poller, rate),
	CYAML_FIELD_FLOAT("run_h", 0, struct on_off_poller, run_h),
	CYAML_FIELD_FLOAT("on", 0, struct on_off_poller, on),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t span_fields[] = {
	CYAML_FIELD_FLOAT("from_day", 0, struct span_days, from_day),
	CYAML_FIELD_FLOAT("to_day", 0, struct span_days, to_day),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t companion_fields[] = {
	CYAML_FIELD_FLOAT("ptr", OPTIONAL, struct companion_chances, ptr),
	CYAML_FIELD_FLOAT("txt", OPTIONAL, struct companion_chances, txt),
	CYAML_FIELD_FLOAT("mx", OPTIONAL, struct companion_chances, mx),
	CYAML_FIELD_FLOAT("aaaa", OPTIONAL, struct companion_chances, aaaa),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t text = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, CYAML_UNLIMITED),
};

static const cyaml_schema_value_t phase = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct rate_phase, phase_fields),
};

static const cyaml_schema_field_t client_fields[] = {
	CYAML_FIELD_ENUM(
	    "model", CYAML_FLAG_STRICT, struct client, model, models, COUNT_OF(models)),
	CYAML_FIELD_SEQUENCE("peers", CYAML_FLAG_POINTER | OPTIONAL, struct client, peers, &text, 0,
	    LIMIT_SCENARIO_ITEMS),
	CYAML_FIELD_UINT("peer_count", OPTIONAL, struct client, peer_count),
	CYAML_FIELD_STRING_PTR(
	    "peer_net", CYAML_FLAG_POINTER | OPTIONAL, struct client, peer_net, 1, CYAML_UNLIMITED),
	CYAML_FIELD_BOOL("cached", OPTIONAL, struct client, cached),
	CYAML_FIELD_MAPPING("burst", OPTIONAL, struct client, burst, burst_fields),
	CYAML_FIELD_MAPPING("office", OPTIONAL, struct client, office, office_fields),
	CYAML_FIELD_SEQUENCE("phases", CYAML_FLAG_POINTER | OPTIONAL, struct client, phases, &phase,
	    0, LIMIT_SCENARIO_ITEMS),
	CYAML_FIELD_MAPPING("poller", OPTIONAL, struct client, poller, poller_fields),
	CYAML_FIELD_MAPPING("silent", OPTIONAL, struct client, silent, span_fields),
	CYAML_FIELD_MAPPING("companions", OPTIONAL, struct client, companions, companion_fields),
	CYAML_FIELD_FLOAT("gap_s", OPTIONAL, struct client, gap_s),
	CYAML_FIELD_FLOAT("slack_s", OPTIONAL, struct client, slack_s),
	CYAML_FIELD_FLOAT("run_days", OPTIONAL, struct client, run_days),
	CYAML_FIELD_FLOAT("on", OPTIONAL, struct client, on),
	CYAML_FIELD_FLOAT("jitter_s", OPTIONAL, struct client, jitter_s),
	CYAML_FIELD_FLOAT("missing", OPTIONAL, struct client, missing),
	CYAML_FIELD_UINT("count", OPTIONAL, struct client, count),
	CYAML_FIELD_FLOAT("from_day", OPTIONAL, struct client, from_day),
	CYAML_FIELD_FLOAT("to_day", OPTIONAL, struct client, to_day),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t client = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct client, client_fields),
};

static const cyaml_schema_field_t target_fields[] = {
	CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct target, name, 1, CYAML_UNLIMITED),
	CYAML_FIELD_STRING_PTR(
	    "class", CYAML_FLAG_POINTER, struct target, class, 1, CYAML_UNLIMITED),
	CYAML_FIELD_BOOL("needle", OPTIONAL, struct target, needle),
	CYAML_FIELD_STRING_PTR("type", CYAML_FLAG_POINTER, struct target, type, 1, CYAML_UNLIMITED),
	CYAML_FIELD_UINT("ttl", 0, struct target, ttl),
	CYAML_FIELD_STRING_PTR(
	    "address", CYAML_FLAG_POINTER | OPTIONAL, struct target, address, 1, CYAML_UNLIMITED),
	CYAML_FIELD_FLOAT("from_day", OPTIONAL, struct target, from_day),
	CYAML_FIELD_FLOAT("to_day", OPTIONAL, struct target, to_day),
	CYAML_FIELD_SEQUENCE("clients", CYAML_FLAG_POINTER, struct target, clients, &client, 1,
	    LIMIT_SCENARIO_ITEMS),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t target = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct target, target_fields),
};

static const cyaml_schema_field_t crowd_fields[] = {
	CYAML_FIELD_UINT("names", 0, struct crowd, names),
	CYAML_FIELD_UINT("requests", 0, struct crowd, requests),
	CYAML_FIELD_UINT("resolvers", 0, struct crowd, resolvers),
	CYAML_FIELD_FLOAT("exponent", 0, struct crowd, exponent),
	CYAML_FIELD_STRING_PTR(
	    "suffix", CYAML_FLAG_POINTER, struct crowd, suffix, 1, CYAML_UNLIMITED),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t crowd = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct crowd, crowd_fields),
};

static const cyaml_schema_field_t scenario_fields[] = {
	CYAML_FIELD_STRING_PTR(
	    "start", CYAML_FLAG_POINTER, struct scenario, start, 1, CYAML_UNLIMITED),
	CYAML_FIELD_FLOAT("days", 0, struct scenario, days),
	CYAML_FIELD_UINT("digits", OPTIONAL, struct scenario, digits),
	CYAML_FIELD_SEQUENCE("servers", CYAML_FLAG_POINTER, struct scenario, servers, &text, 1,
	    LIMIT_SCENARIO_ITEMS),
	CYAML_FIELD_FLOAT("repeated", OPTIONAL, struct scenario, repeated),
	CYAML_FIELD_SEQUENCE("crowds", CYAML_FLAG_POINTER | OPTIONAL, struct scenario, crowds,
	    &crowd, 0, LIMIT_SCENARIO_ITEMS),
	CYAML_FIELD_SEQUENCE("targets", CYAML_FLAG_POINTER | OPTIONAL, struct scenario, targets,
	    &target, 0, LIMIT_SCENARIO_ITEMS),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t scenario_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct scenario, scenario_fields),
};

/* libcyaml says what is wrong, and where, through its logger: the first line is the reason. */
static void keep_first(cyaml_log_t level, void *context, const char *fmt, va_list args)
    PRINTF_LIKE(3, 0);

static void keep_first(cyaml_log_t level, void *context, const char *fmt, va_list args)
{
	char(*first)[256] = context;

	(void)level;
	if ((*first)[0] == '\0' && vsnprintf(*first, sizeof(*first), fmt, args) > 0)
		(*first)[strcspn(*first, "\n")] = '\0';
}

static cyaml_config_t config_of(char (*first)[256])
{
	return (cyaml_config_t){ .log_fn = keep_first,
		.log_ctx = first,
		.log_level = CYAML_LOG_ERROR,
		.mem_fn = cyaml_mem };
}

void scenario_free(struct scenario *s)
{
	char first[256] = "";
	cyaml_config_t config = config_of(&first);

	(void)cyaml_free(&config, &scenario_schema, s, 0);
}

bool scenario_load(const char *path, struct scenario **ret, struct err *reterr)
{
	char first[256] = "";
	cyaml_config_t config = config_of(&first);
	cyaml_err_t status = cyaml_load_file(path, &config, &scenario_schema, (void **)ret, NULL);

	if (status == CYAML_OK)
		return true;
	/* libyaml has no words for a want of memory */
	if (status == CYAML_ERR_OOM || strstr(first, "(null)") != NULL) {
		err_set(reterr, ERR_MEMORY, "cannot use scenario '%s': out of memory", path);
		return false;
	}
	err_set(reterr, ERR_INPUT, "cannot use scenario '%s': %s%s%s", path, cyaml_strerror(status),
	    first[0] != '\0' ? ": " : "", first);
	return false;
}
