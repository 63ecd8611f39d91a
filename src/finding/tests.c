/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "finding/tests.h"

const char *tests_rhythm_name(enum rhythm_verdict v)
{
	static const char *const names[] = {
		[RHYTHM_CANNOT_TELL] = "cannot tell",
		[RHYTHM_NONE] = "none",
		[RHYTHM_CACHE] = "cache",
		[RHYTHM_SCHEDULE] = "schedule",
	};

	return names[v];
}

const char *tests_ends_name(enum hours_ends e)
{
	static const char *const names[] = {
		[HOURS_ENDS_CANNOT_TELL] = "cannot tell",
		[HOURS_ENDS_PEER] = "peer",
		[HOURS_ENDS_OWNER] = "owner",
		[HOURS_ENDS_BOTH] = "both",
	};

	return names[e];
}

const char *tests_share_name(enum succession_share s)
{
	static const char *const names[SHARED_COUNT] = {
		[SHARED_ADDRESS] = "address",
		[SHARED_NETWORK] = "network",
		[SHARED_SERVERS] = "servers",
		[SHARED_ZONE] = "zone",
		[SHARED_REVERSE] = "reverse",
		[SHARED_TTL] = "ttl",
		[SHARED_PEERS] = "peers",
	};

	return names[s];
}

const char *tests_authenticity_name(enum authenticity_verdict v)
{
	static const char *const names[] = {
		[AUTHENTICITY_NOT_TESTABLE] = "not testable",
		[AUTHENTICITY_NO_CONCERN] = "no concern",
		[AUTHENTICITY_CONCERN] = "concern",
	};

	return names[v];
}
