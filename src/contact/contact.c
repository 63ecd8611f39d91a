/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The words for the numbers in a contact: the mnemonics of IANA's registry "Domain Name System
 * (DNS) Parameters", as of 2026, and TYPEn (RFC 3597) or RCODEn where it has none.
 */
#include "contact/contact.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define WORD_BYTES 12 /* the longest, and at least one NUL */

struct word {
	uint16_t number;
	char text[WORD_BYTES];
};

/* clang-format off */

/* sorted by number */
static const struct word types[] = {
	{ 1, "A" }, { 2, "NS" }, { 3, "MD" }, { 4, "MF" }, { 5, "CNAME" }, { 6, "SOA" }, { 7, "MB" },
	{ 8, "MG" }, { 9, "MR" }, { 10, "NULL" }, { 11, "WKS" }, { 12, "PTR" }, { 13, "HINFO" },
	{ 14, "MINFO" }, { 15, "MX" }, { 16, "TXT" }, { 17, "RP" }, { 18, "AFSDB" }, { 19, "X25" },
	{ 20, "ISDN" }, { 21, "RT" }, { 22, "NSAP" }, { 23, "NSAP-PTR" }, { 24, "SIG" },
	{ 25, "KEY" }, { 26, "PX" }, { 27, "GPOS" }, { 28, "AAAA" }, { 29, "LOC" }, { 30, "NXT" },
	{ 31, "EID" }, { 32, "NIMLOC" }, { 33, "SRV" }, { 34, "ATMA" }, { 35, "NAPTR" },
	{ 36, "KX" }, { 37, "CERT" }, { 38, "A6" }, { 39, "DNAME" }, { 40, "SINK" }, { 41, "OPT" },
	{ 42, "APL" }, { 43, "DS" }, { 44, "SSHFP" }, { 45, "IPSECKEY" }, { 46, "RRSIG" },
	{ 47, "NSEC" }, { 48, "DNSKEY" }, { 49, "DHCID" }, { 50, "NSEC3" }, { 51, "NSEC3PARAM" },
	{ 52, "TLSA" }, { 53, "SMIMEA" }, { 55, "HIP" }, { 56, "NINFO" }, { 57, "RKEY" },
	{ 58, "TALINK" }, { 59, "CDS" }, { 60, "CDNSKEY" }, { 61, "OPENPGPKEY" }, { 62, "CSYNC" },
	{ 63, "ZONEMD" }, { 64, "SVCB" }, { 65, "HTTPS" }, { 66, "DSYNC" }, { 99, "SPF" },
	{ 100, "UINFO" }, { 101, "UID" }, { 102, "GID" }, { 103, "UNSPEC" }, { 104, "NID" },
	{ 105, "L32" }, { 106, "L64" }, { 107, "LP" }, { 108, "EUI48" }, { 109, "EUI64" },
	{ 128, "NXNAME" }, { 249, "TKEY" }, { 250, "TSIG" }, { 251, "IXFR" }, { 252, "AXFR" },
	{ 253, "MAILB" }, { 254, "MAILA" }, { 255, "ANY" }, { 256, "URI" }, { 257, "CAA" },
	{ 258, "AVC" }, { 259, "DOA" }, { 260, "AMTRELAY" }, { 261, "RESINFO" }, { 262, "WALLET" },
	{ 32768, "TA" }, { 32769, "DLV" },
};

/* sorted by number; 16 is also BADSIG, which no answer to a plain query carries */
static const struct word rcodes[] = {
	{ 0, "NOERROR" }, { 1, "FORMERR" }, { 2, "SERVFAIL" }, { 3, "NXDOMAIN" }, { 4, "NOTIMP" },
	{ 5, "REFUSED" }, { 6, "YXDOMAIN" }, { 7, "YXRRSET" }, { 8, "NXRRSET" }, { 9, "NOTAUTH" },
	{ 10, "NOTZONE" }, { 11, "DSOTYPENI" }, { 16, "BADVERS" }, { 17, "BADKEY" },
	{ 18, "BADTIME" }, { 19, "BADMODE" }, { 20, "BADNAME" }, { 21, "BADALG" },
	{ 22, "BADTRUNC" }, { 23, "BADCOOKIE" },
};

/* sorted by number; IANA's names of the ports */
static const struct word mail_ports[] = {
	{ 25, "SMTP" }, { 465, "SUBMISSIONS" }, { 587, "SUBMISSION" },
};

/* sorted by number; of facts alone */
static const struct word mail_facts[] = {
	{ FACT_HELO, "HELO" }, { FACT_MESSAGE_ID, "MESSAGE-ID" }, { FACT_DATE, "DATE" },
	{ FACT_GREETING, "GREETING" }, { FACT_RECIPIENT, "RECIPIENT" },
};

/* clang-format on */

static const char *find_word(const struct word *words, size_t count, uint16_t number)
{
	size_t low = 0;

	while (count > 0) {
		size_t half = count / 2;

		if (words[low + half].number == number)
			return words[low + half].text;
		if (words[low + half].number < number) {
			low += half + 1;
			count -= half + 1;
		} else {
			count = half;
		}
	}
	return NULL;
}

static bool is_dns(uint8_t kind)
{
	return kind == KIND_DNS || kind == KIND_MDNS || kind == KIND_LLMNR;
}

/* The word, or prefix and number where there is none. */
static size_t put(const char *word, const char *prefix, unsigned number, char *text)
{
	int len = word != NULL ? snprintf(text, CONTACT_WORD_MAX, "%s", word)
			       : snprintf(text, CONTACT_WORD_MAX, "%s%u", prefix, number);

	return len < 0 ? 0 : (size_t)len;
}

const char *contact_kind_name(uint8_t kind)
{
	static const char *const names[] = { "-", "dns", "mdns", "llmnr", "smtp", "mail", "conn" };

	return names[kind < COUNT_OF(names) ? kind : 0];
}

const char *contact_seen_name(uint8_t seen)
{
	static const char *const names[] = { "-", "q", "r", "qr" };

	return names[seen < COUNT_OF(names) ? seen : 0];
}

const char *contact_direction_name(uint8_t direction)
{
	static const char *const names[] = { "-", "out", "in" };

	return names[direction < COUNT_OF(names) ? direction : 0];
}

size_t contact_type_format(uint8_t kind, uint16_t type, char text[static CONTACT_WORD_MAX])
{
	if (kind == KIND_CONN && type != 0)
		return put(find_word(mail_ports, COUNT_OF(mail_ports), type), "PORT", type, text);
	if (!is_dns(kind))
		return put("-", "", 0, text);
	return put(find_word(types, COUNT_OF(types), type), "TYPE", type, text);
}

size_t contact_fact_format(uint16_t type, char text[static CONTACT_WORD_MAX])
{
	const char *word = find_word(mail_facts, COUNT_OF(mail_facts), type);

	return word != NULL ? put(word, "", 0, text) : contact_type_format(KIND_DNS, type, text);
}

bool contact_mirror(const struct contact *c, struct contact *ret)
{
	if ((c->kind != KIND_SMTP && c->kind != KIND_MAIL) || c->peer.form == ENDPOINT_NONE)
		return false;
	*ret = *c;
	ret->target = c->peer;
	ret->peer = c->target;
	ret->direction = c->direction == DIRECTION_OUT ? DIRECTION_IN : DIRECTION_OUT;
	ret->type = ret->direction;
	return true;
}

/* The number after TYPE. */
static bool parse_number(const char *text, size_t len, uint16_t *ret)
{
	unsigned value = 0;

	if (len == 0 || len > 5)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		value = value * 10 + (unsigned)(text[i] - '0');
	}
	if (value > UINT16_MAX)
		return false;
	*ret = (uint16_t)value;
	return true;
}

/* The text in capitals, filled up with NULs, as words stand in the tables. */
static void pad_word(const char *text, size_t len, char ret[static WORD_BYTES])
{
	memset(ret, 0, WORD_BYTES);
	for (size_t i = 0; i < len; i++)
		ret[i] = text[i] >= 'a' && text[i] <= 'z' ? (char)(text[i] & ~0x20) : text[i];
}

/* A word of the table, or prefix and number. */
static bool parse_word(const struct word *words, size_t count, const char *prefix, const char *text,
    size_t len, uint16_t *ret)
{
	const size_t prefix_len = strlen(prefix);
	char padded[WORD_BYTES];

	if (len > 0 && len < WORD_BYTES && text[len - 1] != '\0') {
		pad_word(text, len, padded);
		for (size_t i = 0; i < count; i++) {
			if (memcmp(words[i].text, padded, WORD_BYTES) == 0) {
				*ret = words[i].number;
				return true;
			}
		}
	}
	if (len <= prefix_len || strncasecmp(text, prefix, prefix_len) != 0)
		return false;
	return parse_number(text + prefix_len, len - prefix_len, ret);
}

bool contact_type_parse(const char *text, size_t len, uint16_t *ret)
{
	return parse_word(types, COUNT_OF(types), "TYPE", text, len, ret);
}

bool contact_rcode_parse(const char *text, size_t len, uint16_t *ret)
{
	/* 16 is BADVERS here, see above; the last number means that there was no response */
	return parse_word(rcodes, COUNT_OF(rcodes), "RCODE", text, len, ret) &&
	       *ret != OUTCOME_NONE;
}

size_t contact_outcome_format(uint8_t kind, uint16_t outcome, char text[static CONTACT_WORD_MAX])
{
	if (outcome == OUTCOME_NONE)
		return put("-", "", 0, text);
	if (!is_dns(kind))
		return put(NULL, "", outcome, text);
	return put(find_word(rcodes, COUNT_OF(rcodes), outcome), "RCODE", outcome, text);
}
