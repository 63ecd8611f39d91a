/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/philox.h"
#include "base/stamp.h"

#define SPAN_S (INT64_C(180) * S_PER_DAY)
#define T0_S   INT64_C(1735689600)
#define PEERS  200000u

static uint64_t mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15u;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

static double uniform(uint64_t x)
{
	return (double)(mix(x) >> 11) * 0x1p-53;
}

static size_t put_name(uint32_t id, uint32_t count, uint8_t *out)
{
	static const char *const tops[] = { "com", "com", "com", "net", "net", "org", "de", "io",
		"co.uk", "ru", "fr", "com.br", "info", "nl", "cloud" };
	static const char *const hosts[] = { "www", "api", "mail", "cdn", "img", "ns1", "login",
		"update", "metrics", "edge", "mx1", "smtp", "track", "time" };
	static const char *const words[] = { "cor", "flow", "inter", "mar", "net", "quan", "soft",
		"web", "zon", "cloud", "shop", "bank", "tech", "track", "play", "north", "smart",
		"live", "link" };
	uint64_t h = mix(id);
	uint32_t zone = (uint32_t)(mix(id / 4) % (count / 4 + 1));
	uint64_t z = mix(zone | UINT64_C(1) << 32);
	struct endpoint e;
	char text[128];
	int len;

	len = snprintf(text, sizeof(text), "%s%s%x.%s%s%u.%s", hosts[h % COUNT_OF(hosts)],
	    h >> 8 & 1 ? "-" : "", h >> 9 & 1 ? (unsigned)(h >> 40) : id,
	    words[z % COUNT_OF(words)], words[(z >> 8) % COUNT_OF(words)], zone % 10000,
	    tops[(z >> 16) % COUNT_OF(tops)]);
	if (!endpoint_from_name(&e, text, (size_t)len))
		abort();
	out[0] = e.len;
	memcpy(out + 1, e.bytes, e.len);
	return 1u + e.len;
}

/* All names in wire form, and where each is. */
static uint8_t *make_names(uint32_t count, uint32_t **ret_places)
{
	uint32_t *places = malloc(count * sizeof(*places));
	uint8_t *wires = malloc((size_t)count * 72);
	size_t at = 0;

	if (places == NULL || wires == NULL) {
		perror("bench-store");
		exit(2);
	}
	for (uint32_t i = 0; i < count; i++) {
		places[i] = (uint32_t)at;
		at += put_name(i, count, wires + at);
	}
	*ret_places = places;
	return wires;
}

void world_make(struct world *w, uint64_t events, uint32_t pairs, double skew, uint8_t digits)
{
	uint32_t name_count = pairs * 3 / 8 + 1;
	uint32_t *places;
	uint8_t *wires = make_names(name_count, &places);

	*w = (struct world){ .digits = digits, .event_count = events };
	buf_init(&w->stream, SIZE_MAX);
	for (uint64_t i = 0; i < events; i++) {
		uint64_t x = (uint64_t)(pow(uniform(3 * i), skew) * pairs);
		uint64_t h = mix((uint32_t)(x * 2654435761u % pairs) * UINT64_C(77) + 5);
		double s = ((double)i + uniform(3 * i + 1)) * (double)SPAN_S / (double)events;
		int64_t ns = (int64_t)(s * 1e6) * 1000 + T0_S * NS_PER_S;
		const uint8_t *wire = wires + places[(uint32_t)h % name_count];

		ns = digits == 0 ? ns / NS_PER_S * NS_PER_S : ns;
		buf_put(&w->stream, &ns, sizeof(ns));
		buf_put(&w->stream, &h, sizeof(h));
		buf_put(&w->stream, wire, 1u + wire[0]);
	}
	free(places);
	free(wires);
	if (!buf_ok(&w->stream)) {
		perror("bench-store");
		exit(2);
	}
	world_rewind(w);
}

void world_free(struct world *w)
{
	buf_release(&w->stream);
}

void world_rewind(struct world *w)
{
	w->next = cursor_of(w->stream.bytes, w->stream.len);
}

void world_next(struct world *w, struct contact *ret)
{
	static const uint16_t types[] = { 1, 1, 1, 1, 1, 28, 28, 65, 16, 15 };
	static const uint32_t ttls[] = { 60, 300, 300, 3600, 86400 };
	const uint8_t *head = cursor_take(&w->next, 17);
	const uint8_t *wire = head == NULL ? NULL : cursor_take(&w->next, head[16]);
	uint64_t h;
	uint32_t peer;

	if (wire == NULL)
		abort();
	memcpy(&ret->time_ns, head, sizeof(ret->time_ns));
	memcpy(&h, head + 8, sizeof(h));
	peer = (uint32_t)(h >> 32) % PEERS;
	ret->digits = w->digits;
	ret->kind = KIND_DNS;
	ret->seen = SEEN_BOTH;
	ret->direction = DIRECTION_OUT;
	ret->type = types[(h >> 20) % COUNT_OF(types)];
	ret->outcome = h >> 50 & 15 ? 0 : 3;
	ret->ttl = ttls[(h >> 44) % COUNT_OF(ttls)];
	ret->txid = -1;
	ret->target.form = ENDPOINT_NAME;
	ret->target.len = head[16];
	memcpy(ret->target.bytes, wire, head[16]);
	ret->peer.form = ENDPOINT_V4;
	ret->peer.len = 4;
	ret->peer.bytes[0] = 10;
	ret->peer.bytes[1] = (uint8_t)(peer >> 16);
	ret->peer.bytes[2] = (uint8_t)(peer >> 8);
	ret->peer.bytes[3] = (uint8_t)peer;
}
