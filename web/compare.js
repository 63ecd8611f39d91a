// SPDX-License-Identifier: GPL-3.0-or-later
// Two targets beside each other, their charts over the same time.
import { get } from "./api.js";
import { activityChart } from "./chart.js";
import { h, host, later, replace, targetLink } from "./dom.js";
import { examine } from "./target.js";
import { count, day, number, p } from "./words.js";

async function look(name) {
	const known = await get("target", { name });
	return { known, finding: known.findings[0] ?? null };
}

function ask(a, b) {
	return h("form", { class: "bar", onsubmit: (e) => {
		e.preventDefault();
		location.hash = `#/compare?${new URLSearchParams(new FormData(e.target))}`;
	} }, h("label", {}, "One name", h("input", { name: "a", value: a, required: true })),
	h("label", {}, "Another name", h("input", { name: "b", value: b, required: true })), h("button", { type: "submit" }, "Compare"));
}

function shared(a, b) {
	const others = new Set((b?.peers ?? []).map((x) => x.peer));
	return (a?.peers ?? []).map((x) => x.peer).filter((x) => others.has(x));
}

export async function compare(parameters) {
	const [a, b] = ["a", "b"].map((k) => parameters.get(k) ?? "");
	const title = h("h1", {}, "Two names beside each other");
	if (a === "" || b === "") {
		return [title, ask(a, b)];
	}
	const two = await Promise.all([look(a), look(b)]);
	const first = Math.min(...two.map((t) => Date.parse(t.known.first) / 1000));
	const last = Math.max(...two.map((t) => Date.parse(t.known.last) / 1000)) + 1;
	const charts = [];
	for (const t of two) {
		// where one chart goes, the other follows
		charts.push(await activityChart(t.known.target, { from: first, to: last }, (range) => {
			const other = charts.find((c) => c !== undefined && (Math.abs(c.shown.from - range.from) > 0.001 || Math.abs(c.shown.to - range.to) > 0.001));
			if (!range.list && other !== undefined) {
				other.move(range);
			}
		}));
	}
	const rows = [["Contacts", (t) => count(t.known.contacts)], ["First", (t) => day(t.known.first)], ["Last", (t) => day(t.known.last)],
		["Rank", (t) => count(t.finding?.rank)], ["p", (t) => p(t.finding?.p)], ["q", (t) => p(t.finding?.q)], ["Score", (t) => number(t.finding?.score)],
		["Visits", (t) => count(t.finding?.visits)], ["Days", (t) => count(t.finding?.active_days)], ["Peers", (t) => count(t.finding?.peers_total)],
		["Period", (t) => (t.finding?.tests.periodicity.period_s ? `${number(t.finding.tests.periodicity.period_s, 5)} s` : "-")],
		["Rhythm", (t) => t.finding?.tests.periodicity.verdict ?? "-"], ["Verdict", (t) => t.finding?.verdict ?? "-"]];
	const side = h("div");
	const fill = () => {
		const common = shared(two[0].finding, two[1].finding);
		replace(side, h("div", { class: "wide" }, h("table", {}, h("thead", {}, h("tr", {}, h("td"), two.map((t) => h("th", { scope: "col" }, targetLink(t.known.target))))),
			h("tbody", {}, rows.map(([label, f]) => h("tr", {}, h("th", { scope: "row" }, label), two.map((t) => h("td", {}, f(t)))))))),
		h("p", {}, common.length === 0 ? "Of the busiest peers, none asked for both." : ["Busy peers of both: ", common.map((x, i) => [i > 0 ? ", " : "", host(x)]), "."]));
	};
	fill();
	for (const t of two.filter((t) => t.finding === null)) {
		later(examine(t.known.target).then((finding) => {
			t.finding = finding;
			fill();
		}), side);
	}
	return [title, ask(a, b), side, two.map((t, i) => [h("h2", {}, host(t.known.target)), charts[i].element])];
}
