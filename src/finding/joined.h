/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A host by all its names and addresses: what the look-ups for them and the mail of them say
 * together (METHODS has no test of it: these are counts, in no p and no score).
 */
#ifndef FINDING_JOINED_H
#define FINDING_JOINED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/stamp.h"
#include "contact/contact.h"

#define JOINED_KEYS_MAX   16 /* names and addresses of one host, its own among them */
#define JOINED_SHARED_MAX 4  /* a fact with more ends than that says nothing of one host */
#define JOINED_OTHERS_MAX 16 /* findings of one host that are named */

/* Contacts of a key, each told once: all others are no business of this join. */
struct joined_counts {
	uint64_t lookups;     /* DNS */
	uint64_t sessions;    /* SMTP, by logs and captures */
	uint64_t connections; /* to ports of mail */
	uint64_t hops;        /* in headers */
};

/* A name or an address of the host; the first is the target of the finding. */
struct joined_key {
	struct endpoint key;
	struct endpoint from; /* the key that led to it; of no form for the first */
	uint16_t fact;        /* by which; of an address and its reverse name PTR */
	uint8_t steps;        /* from the target */
	bool ambiguous;       /* a fact on the way has other ends as well */
	struct joined_counts counts;
};

/* A fact that was not followed, having too many ends. */
struct joined_shared {
	struct endpoint key;
	uint16_t fact;
};

/* Another finding about the same host. */
struct joined_other {
	uint32_t rank;
	uint8_t kind;
	struct endpoint target;
};

enum joined_verdict {
	JOINED_CANNOT_TELL, /* and why */
	JOINED_AGREE,
	JOINED_LOOKUPS_ALONE, /* look-ups without mail */
	JOINED_MAIL_ALONE,    /* mail without look-ups */
	JOINED_APART,         /* both */
};

struct finding_joined {
	const struct joined_key *keys; /* those with contacts, the target first */
	size_t key_count;
	bool cut; /* there would be more keys */
	const struct joined_shared *shared;
	size_t shared_count;
	const struct joined_other *others; /* in rank order */
	size_t other_count;
	enum joined_verdict verdict;
	const char *why; /* static; NULL: it can be told */

	/* In the time that both kinds of evidence cover; all 0 where no two were compared. */
	struct stamp first;
	struct stamp last;
	uint64_t lookups;
	uint64_t mails; /* sessions, connections and hops */
	/* Not in any of these counts: an outage could hide what goes with them. */
	uint64_t lookups_left_out;
	uint64_t mails_left_out;
	uint64_t days_lookups;
	uint64_t days_mail;
	uint64_t days_both;
	uint64_t led;             /* mails with a look-up whose answer could still be known */
	uint64_t led_near;        /* the same by an address of the peer's /24 or /48 */
	uint64_t answered;        /* look-ups with mail while their answer could be known */
	double chance;            /* share of the time in which a mail would have had a look-up */
	const char *const *plain; /* all that in sentences */
	size_t plain_count;
};

/* "agree", "look-ups without mail", ...; static. */
const char *joined_verdict_name(enum joined_verdict v);

#endif
