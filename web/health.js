// SPDX-License-Identifier: GPL-3.0-or-later
// What was read, what could not be, and when the sensors were alive.
import { get } from "./api.js";
import { h, pager, replace, s, table } from "./dom.js";
import { count, day, number } from "./words.js";

function skipped(source) {
	const parts = Object.entries(source.skipped).map(([reason, n]) => `${count(n)} ${reason}`)
		.concat(Object.entries(source.assumed ?? {}).map(([what, n]) => `assumed ${what} (${count(n)} records)`));
	return parts.length === 0 ? "nothing" : parts.join(", ");
}

// What the sensors say of themselves.
function losses(said) {
	if (said === undefined)
		return "";
	const out = said.denied ? "; the contacts deny it" : said.out_s > 0 ? `; ${number(said.out_s / 3600)} h of it are taken as outages` : "";
	return ` By their own word they lost ${number(100 * said.lost_share)} % of their packets${out}.`;
}

function coverage(days) {
	const most = Math.max(1, ...days.map((d) => d.contacts));
	const width = 960 / days.length;
	return h("figure", {}, s("svg", { viewBox: "0 0 960 120", role: "img", "aria-label": `Contacts of ${days.length} days; ${days.filter((d) => d.live < 0.9).length} of them with the sensors silent for more than a tenth of the day` },
		days.map((d, i) => [d.live < 0.9 ? s("rect", { class: "life needle", x: i * width, width, y: 112, height: 8 }, s("title", {}, `${d.day}: alive ${number(100 * d.live)} % of the day`)) : null,
			s("rect", { class: "life", x: i * width, width: Math.max(0.5, width * 0.9), y: 108 - 104 * d.contacts / most, height: 104 * d.contacts / most }, s("title", {}, `${d.day}: ${count(d.contacts)} contacts`))])),
	h("figcaption", { class: "quiet" }, "Contacts of each day; a mark below where the sensors were silent for more than a tenth of it."));
}

export async function health() {
	const about = await get("case");
	const body = h("div");
	const fill = async (offset) => {
		const list = await get("sources", { offset });
		replace(body, table(`${count(list.total)} source${list.total === 1 ? "" : "s"}`, [["Source", "long"], ["State", ""], ["Format", ""], ["Records", "n"], ["Contacts", "n"], ["First", "date"], ["Last", "date"], ["Skipped", "long"], ["SHA-256 of the content", "long"]],
			list.items.map((x) => [h("bdi", {}, x.name), h("span", { class: x.state === "complete" ? "" : "mark" }, x.state), x.format, count(x.records), count(x.contacts), day(x.first), day(x.last), skipped(x),
				h("code", {}, x.source.replace("sha256:", ""))])), pager(list, fill));
	};
	await fill(0);
	const hunt = about.hunt;
	return [h("h1", {}, "The evidence and its health"),
		hunt === null ? null : [h("p", {}, `Recorded at: ${hunt.vantage}. The sensors were alive ${hunt.live_share === null ? "for a share that cannot be told" : `${number(100 * hunt.live_share, 4)} % of the time`}.${losses(hunt.losses)}`),
			hunt.coverage.length > 0 ? coverage(hunt.coverage) : null],
		body,
		hunt === null ? null : [h("h2", {}, "What the findings follow from"),
			table("The last hunt", [["Setting", ""], ["Value", "long"]], [["version", hunt.version], ["seed", count(hunt.seed)], ["evidence", h("code", {}, hunt.evidence)],
				["findings kept", count(hunt.settings.top)], ["allow list", h("code", {}, hunt.settings.allow ?? "none")], ["holidays", h("code", {}, hunt.settings.holidays ?? "none")],
				["events", h("code", {}, hunt.settings.events ?? "none")], ["prior of explanations", h("code", {}, hunt.settings.prior ?? "the default")], ["inflation of p", number(hunt.lambda_gc)]])]];
}
