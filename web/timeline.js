// SPDX-License-Identifier: GPL-3.0-or-later
// From when to when each name was met, what took whose place, and the dates of outside events.
import { get } from "./api.js";
import { h, link, s, targetLink } from "./dom.js";
import { count, day } from "./words.js";

const WIDTH = 960;
const LEFT = 280;
const ROW = 20;
const CUT = 42;
const KIN_MAX = 20;

const seconds = (iso) => Date.parse(iso.replace(/\.\d+Z$/, "Z")) / 1000;

const short = (text) => (text.length > CUT ? `${text.slice(0, CUT - 1)}\u2026` : text);

function months(from, to) {
	const marks = [];
	const at = new Date(from * 1000);
	const step = Math.max(1, Math.round((to - from) / 86400 / 30 / 8));
	for (let t = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1)); t.getTime() / 1000 < to; t.setUTCMonth(t.getUTCMonth() + step)) {
		marks.push([t.getTime() / 1000, t.toISOString().slice(0, 7)]);
	}
	return marks;
}

// lines: { name, label, first, last, kind }; ties: pairs of indexes of lines; events: { day, label }.
export function lifeLines(lines, ties = [], events = []) {
	const from = Math.min(...lines.map((l) => seconds(l.first)));
	const to = Math.max(from + 1, ...lines.map((l) => seconds(l.last)));
	const x = (t) => LEFT + (WIDTH - LEFT - 8) * (t - from) / (to - from);
	const y = (i) => 24 + i * ROW;
	const height = y(lines.length) + 8;
	return h("div", { class: "wide lines", role: "region", "aria-label": "Time line", tabindex: "0" },
		s("svg", { viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": `${lines.length} life lines from ${day(new Date(from * 1000).toISOString())} to ${day(new Date(to * 1000).toISOString())}; the table below says the same` },
			months(from, to).map(([t, text]) => [s("line", { class: "rule", x1: x(t), x2: x(t), y1: 16, y2: height }), s("text", { x: x(t) + 3, y: 12 }, text)]),
			events.map((e) => ({ t: seconds(`${e.day}T00:00:00Z`), e })).filter(({ t }) => t >= from && t <= to)
				.map(({ t, e }) => s("line", { class: "event", x1: x(t), x2: x(t), y1: 16, y2: height }, s("title", {}, `${e.day} ${e.label}`))),
			ties.map(([a, b]) => s("path", { class: "tie", d: `M${x(seconds(lines[a].last))} ${y(a) + 6}L${x(seconds(lines[b].first))} ${y(b) + 6}` })),
			lines.map((l, i) => [s("text", { class: "strong", x: LEFT - 8, y: y(i) + 10, "text-anchor": "end" }, short(l.label), s("title", {}, l.label)),
				s("rect", { class: `life ${l.kind ?? ""}`, x: x(seconds(l.first)), y: y(i), width: Math.max(2, x(seconds(l.last)) - x(seconds(l.first))), height: 12, rx: 2 },
					s("title", {}, `${l.label}: ${l.first} to ${l.last}`))])));
}

export async function timeline() {
	const [about, list] = await Promise.all([get("case"), get("findings", { whole: 1, limit: 60 })]);
	if (list.items.length === 0) {
		return [h("h1", {}, "Time line"), h("p", {}, "There are no findings to draw.")];
	}
	const lines = list.items.map((f) => ({ name: f.target, label: f.target, first: f.first, last: f.last, kind: f.needle ? "needle" : "" }));
	const kin = list.items.flatMap((f) => (Array.isArray(f.tests.succession) ? f.tests.succession.map((e) => [f, e]) : []));
	// what took a ranked name's place need not be ranked itself
	const others = [...new Set(kin.map(([, e]) => e.target))].filter((name) => !lines.some((l) => l.name === name)).slice(0, KIN_MAX);
	for (const known of await Promise.all(others.map((name) => get("target", { name })))) {
		lines.push({ name: known.target, label: known.target, first: known.first, last: known.last, kind: "weak" });
	}
	const place = new Map(lines.map((l, i) => [l.name, i]));
	const ties = kin.filter(([, e]) => place.has(e.target)).map(([f, e]) => (e.relation === "successor"
		? [place.get(f.target), place.get(e.target)] : [place.get(e.target), place.get(f.target)]));
	return [h("h1", {}, "Time line"),
		h("p", {}, `The first ${count(list.items.length)} findings of ${count(list.total)}, from first to last contact. Needles are in the color of marks, names that are not ranked in gray; a line from one to the other says that it took its place; a dashed line is an outside event.`),
		lifeLines(lines, ties, about.hunt?.events ?? []),
		h("h2", {}, "What took whose place"),
		kin.length === 0 ? h("p", { class: "quiet" }, "Nothing was found that took another's place.")
			: h("ul", {}, kin.map(([f, e]) => h("li", {}, targetLink(e.target), e.relation === "successor" ? " came after " : " came before ", targetLink(f.target),
				`: in common ${e.shared.join(", ") || "nothing else"}`))),
		h("h2", {}, "The same as a list"),
		h("ul", {}, list.items.map((f) => h("li", {}, targetLink(f.target), ` ${day(f.first)} to ${day(f.last)}`)))];
}
