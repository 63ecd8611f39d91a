// SPDX-License-Identifier: GPL-3.0-or-later
// The findings of the last hunt, filtered and sorted by the server.
import { get } from "./api.js";
import { h, link, option, pager, replace, table, targetLink } from "./dom.js";
import { chips } from "./marks.js";
import { count, day, number, p } from "./words.js";

const COLUMNS = [["rank", "Rank", "n"], ["target", "Target", "long"], ["", "Mark", ""], ["score", "Score", "n"], ["p", "p", "n"], ["q", "q", "n"],
	["peers_total", "Peers", "n"], ["contacts", "Contacts", "n"], ["active_days", "Days", "n"], ["first", "First", "date"], ["last", "Last", "date"], ["", "Verdict", ""]];

function summary(hunt) {
	if (hunt.none_eligible !== null) {
		return h("p", {}, `No name could be ranked: ${hunt.none_eligible}.`);
	}
	const needles = hunt.needles === 0 ? "No name stands out beyond what chance does."
		: `${count(hunt.needles)} ${hunt.needles === 1 ? "name is a needle" : "names are needles"}: a pattern that needs an explanation, and no verdict on anybody.`;
	return [h("p", {}, `${count(hunt.contacts)} contacts with ${count(hunt.names)} names, ${day(hunt.first)} to ${day(hunt.last)}; ${count(hunt.eligible)} names were tested. ${needles}`)];
}

function filters(parameters, change) {
	const select = (name, label, options) => h("label", {}, label,
		h("select", { name, onchange: (e) => change({ [name]: e.target.value, offset: "" }) },
			options.map(([value, text]) => option(value, text, parameters.get(name) ?? options[0][0]))));
	return h("div", { class: "bar", role: "group", "aria-label": "Filters" },
		h("label", {}, "Name holds", h("input", { name: "text", type: "search", value: parameters.get("text") ?? "",
			onchange: (e) => change({ text: e.target.value, offset: "" }) })),
		select("needles", "Which", [["all", "all"], ["needles", "needles"], ["others", "others"]]),
		select("verdict", "Verdict", [["", "any"], ["unusual", "unusual"], ["ordinary", "ordinary"], ["cannot tell", "cannot tell"]]),
		select("judged", "Analyst says", [["", "anything"], ["unusual", "unusual"], ["ordinary", "ordinary"], ["cannot tell", "cannot tell"]]),
		select("muted", "Muted", [["hide", "hidden"], ["show", "shown"], ["only", "alone"]]),
		h("label", {}, "Tag", h("input", { name: "tag", size: 10, value: parameters.get("tag") ?? "", onchange: (e) => change({ tag: e.target.value, offset: "" }) })));
}

function head(parameters, change) {
	const sort = parameters.get("sort") ?? "rank";
	const falling = parameters.get("order") === "falling";
	return COLUMNS.map(([key, text, c]) => h("th", { scope: "col", class: c, "aria-sort": key === sort ? (falling ? "descending" : "ascending") : null },
		key === "" ? text : h("button", { type: "button", class: "plain",
			onclick: () => change({ sort: key, order: key === sort && !falling ? "falling" : "rising", offset: "" }) },
		text, key === sort ? (falling ? " \u25be" : " \u25b4") : "")));
}

function row(f) {
	const cells = [count(f.rank), targetLink(f.target), [h("span", { class: f.needle ? "mark" : "quiet" }, f.needle ? "needle" : "effect only"), " ", chips(f)],
		number(f.score), p(f.p), p(f.q), count(f.peers_total), count(f.contacts), count(f.active_days), day(f.first), day(f.last), f.verdict];
	return h("tr", {}, cells.map((cell, i) => h(i === 1 ? "th" : "td", { class: COLUMNS[i][2], scope: i === 1 ? "row" : null }, cell)));
}

export async function ranking(parameters) {
	const about = await get("case");
	if (about.hunt === null) {
		return [h("h1", {}, "No hunt yet"), h("p", {}, "This case has no findings. Run ", h("code", {}, "lodestone hunt"), "; this page sees them when it ends."),
			h("p", {}, "What was read is under ", link("/health", {}, "Evidence"), ", and the search finds every name.")];
	}
	const body = h("div");
	const change = (wanted) => {
		for (const [name, value] of Object.entries(wanted)) {
			value === "" ? parameters.delete(name) : parameters.set(name, value);
		}
		history.replaceState(null, "", `#/ranking?${parameters}`);
		return fill();
	};
	const fill = async () => {
		const list = await get("findings", { muted: "hide", ...Object.fromEntries(parameters) });
		replace(body, list.items.length === 0 ? h("p", {}, "No finding is like that.")
			: h("div", { class: "wide", role: "region", "aria-label": "The ranking", tabindex: "0" },
				h("table", {}, h("caption", {}, `${count(list.total)} finding${list.total === 1 ? "" : "s"}`), h("thead", {}, h("tr", {}, head(parameters, change))),
					h("tbody", {}, list.items.map(row)))),
		pager(list, (offset) => change({ offset: String(offset) })));
	};
	await fill();
	return [h("h1", {}, "What stands out in these records"), summary(about.hunt), filters(parameters, change), body];
}
