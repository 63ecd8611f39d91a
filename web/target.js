// SPDX-License-Identifier: GPL-3.0-or-later
// All about one target: words first, then when and by whom it was met, the tests, the facts.
import { get, Refused } from "./api.js";
import { activityChart } from "./chart.js";
import { h, host, later, link, pager, replace, table, targetLink } from "./dom.js";
import { marksPanel } from "./marks.js";
import { lifeLines } from "./timeline.js";
import { count, day, duration, number, ofSeconds, p, time } from "./words.js";

const TESTS = {
	narrowness: "Is it narrow?", persistence: "Is it persistent?", periodicity: "Does it keep a rhythm?", cache: "What does a cache hide?",
	hours: "Whose hours does it keep?", changes: "When did it change?", events: "Does it come near outside events?", authenticity: "Do the records agree with themselves?",
};

function value(key, v) {
	if (v === null) {
		return "-";
	}
	if (typeof v === "number") {
		if (/^(p|q)($|_)|_p$/.test(key)) {
			return p(v);
		}
		return /_s$/.test(key) ? `${number(v, 6)} (${duration(Math.abs(v))})` : number(v, 6);
	}
	if (Array.isArray(v)) {
		return v.length === 0 ? "none" : v.every((x) => typeof x !== "object") ? v.join(", ") : `${v.length} entries`;
	}
	return typeof v === "string" && /^\d{4}-\d\d-\d\dT/.test(v) ? time(v) : String(v);
}

function tests(finding) {
	return Object.entries(TESTS).map(([name, question]) => {
		const t = finding.tests[name];
		const untested = t.status === "not testable";
		return h("tr", {}, h("th", { scope: "row", class: "long" }, question),
			h("td", { class: untested ? "quiet" : "long" }, untested ? `not testable: ${t.why}`
				: Object.entries(t).map(([k, v], i) => [i > 0 ? "; " : "", h("span", { class: "quiet" }, `${k.replaceAll("_", " ")} `), value(k, v)])));
	});
}

function explanations(f) {
	if (f.explanations.length === 0) {
		return h("p", { class: "quiet" }, "Ordinary mechanisms were not weighed for this name.");
	}
	const side = (e, against, title) => {
		const moved = e.traits.filter((t) => (t.log_odds < 0) === against);
		return [h("p", { class: "side" }, title), moved.length === 0 ? h("p", { class: "quiet" }, "no trait that moves its odds to speak of")
			: h("ul", {}, moved.map((t) => h("li", {}, t.trait)))];
	};
	const ways = f.explanations.filter((e) => e.traits.length > 0).sort((a, b) => b.probability - a.probability)
		.map((e) => h("section", {}, h("h3", {}, e.name), h("p", {}, `probability ${number(e.probability, 3)}, ${number(e.prior, 3)} beforehand`),
			side(e, false, "Speaks for it"), side(e, true, "Speaks against it")));
	const rows = f.explanations.filter((e) => e.probability !== null).sort((a, b) => b.probability - a.probability)
		.map((e) => [e.name, number(e.probability, 3), f.explanation_set.includes(e.name) ? "fits" : "ruled out"]);
	const why = f.undecided === null ? "" : `, because ${f.undecided}`;
	return [h("p", {}, `The tool's verdict: ${f.verdict}${why}. Mechanisms that are not ruled out, with what moved their odds most:`), h("div", { class: "ways" }, ways),
		table("Explanations, the likeliest first", [["Explanation", ""], ["Probability", "n"], ["The pattern", ""]], rows)];
}

function list(title, lines) {
	return lines.length === 0 ? null : [h("h2", {}, title), h("ul", {}, lines.map((l) => h("li", {}, l)))];
}

function evidence(f) {
	return [h("h2", {}, "The rows themselves"),
		h("pre", { class: "line" }, `lodestone contacts --target '${f.target}'`),
		table("Sources that hold contacts", [["SHA-256", "long"], ["Contacts", "n"]], f.evidence.map((e) => [h("code", {}, e.source), count(e.contacts)]))];
}

function peersOf(f) {
	return table(`Peers: ${count(f.peers.length)} of ${count(f.peers_total)}`, [["Peer", "long"], ["Share", "n"], ["Contacts", "n"], ["First", "date"], ["Last", "date"]],
		f.peers.map((x) => [link("/peer", { name: x.peer }, host(x.peer)), x.share === null ? "-" : `${number(100 * x.share, 3)} %`, count(x.contacts), time(x.first), time(x.last)]));
}

function dossier(f, ranked) {
	const facts = [["Rank", ranked ? count(f.rank) : "looked at alone"], ["q", p(f.q)], ["p", p(f.p)], ["Contacts", count(f.contacts)], ["Visits", count(f.visits)],
		["Days", count(f.active_days)], ["Peers", count(f.peers_total)], ["The tool's verdict", f.verdict]];
	return {
		top: [h("p", {}, h("span", { class: f.needle ? "mark" : "quiet" }, f.needle ? "needle" : ranked ? "effect only" : "not ranked"), ` ${f.kind}`),
			f.plain.split("\n").filter((l) => l !== "").map((l) => h("p", {}, l)),
			h("dl", { class: "facts" }, facts.map(([k, v]) => h("div", {}, h("dt", {}, k), h("dd", {}, v))))],
		rest: [h("h2", {}, "Who asks"), peersOf(f),
			list("The host by its other names", f.joined.plain),
			list("Beside a normal mail host", f.usual.plain),
			h("h2", {}, "What may lie behind it"), explanations(f),
			h("h2", {}, "The tests"), h("div", { class: "wide" }, h("table", {}, h("tbody", {}, tests(f)))),
			list("What would decide", f.would_decide), list("What cannot be known from here", f.limits), evidence(f)],
	};
}

// The contacts between two times, a page at a time.
function contactList(name) {
	const body = h("div");
	let range = {};
	const fill = async (offset) => {
		const found = await get("contacts", { name, from: range.from?.toFixed(6), to: range.to?.toFixed(6), offset, limit: 25 });
		replace(body, table(`${count(found.total)}${found.cut ? " or more" : ""} contacts${range.from === undefined ? "" : ` from ${ofSeconds(range.from)} to ${ofSeconds(range.to)}`}`,
			[["Time (UTC)", "date"], ["Peer", "long"], ["Type", ""], ["Outcome", ""], ["TTL", "n"], ["Seen", ""]],
			found.items.map((c) => [ofSeconds(c.time, 0.1), c.peer === null ? "-" : link("/peer", { name: c.peer }, host(c.peer)), c.type ?? "-", c.outcome ?? "-", c.ttl === null ? "-" : count(c.ttl), c.seen])),
		pager(found, fill));
	};
	return { element: body, show(next) {
		range = next;
		return fill(0);
	} };
}

async function factsOf(name, finding) {
	const found = await get("facts", { name, limit: 100 });
	const lines = found.items.map((f) => ({ name: f.other, label: `${f.direction === "is" ? f.type : `${f.type}, points here`} ${f.other}`, first: f.first, last: f.last, kind: "weak" }));
	const kin = Array.isArray(finding?.tests.succession) ? finding.tests.succession : [];
	return [h("h2", {}, "Names and addresses over time"),
		found.items.length === 0 ? h("p", { class: "quiet" }, "No answer in these records binds this name to anything.")
			: [lifeLines([{ name, label: "contacts", first: finding?.first, last: finding?.last, kind: "needle" }, ...lines].filter((l) => l.first)),
				table(found.more ? "The first facts" : "Facts", [["Record", ""], ["Other end", "long"], ["Sightings", "n"], ["First", "date"], ["Last", "date"]],
					found.items.map((f) => [f.direction === "is" ? f.type : `${f.type}, points here`, targetLink(f.other), count(f.count), time(f.first), time(f.last)]))],
		kin.length === 0 ? null : [h("h2", {}, "What came before or after"),
			table("Successions", [["Name", "long"], ["Relation", ""], ["Gap", ""], ["p", "n"], ["q", "n"], ["In common", ""], ["Speaks against it", "long"]],
				kin.map((e) => [targetLink(e.target), e.relation, duration(Math.abs(e.lag_s)), p(e.p), p(e.q), e.shared.join(", "), e.downgrades.join("; ") || "-"]))]];
}

// The tests of a name that was not ranked; null where it was met too seldom. They take a moment.
export async function examine(name) {
	try {
		return (await get("examine", { name })).findings[0] ?? null;
	} catch (error) {
		if (error instanceof Refused) {
			return null;
		}
		throw error;
	}
}

export async function target(parameters) {
	const name = parameters.get("name") ?? "";
	const [known, about] = await Promise.all([get("target", { name }), get("case")]);
	const ranked = known.findings.length > 0;
	const contacts = contactList(known.target);
	const range = parameters.has("from") ? { from: Number(parameters.get("from")), to: Number(parameters.get("to")) } : {};
	const chart = await activityChart(known.target, range, (next) => {
		if (!next.list) {
			parameters.set("from", next.from.toFixed(3));
			parameters.set("to", next.to.toFixed(3));
			history.replaceState(null, "", `#/target?${parameters}`);
		}
		contacts.show(next);
	});
	await contacts.show(range);
	const top = h("div", { role: "status" }, h("p", { class: "quiet" }, "The tests of this name are running."));
	const rest = h("div"), facts = h("div");
	const show = async (finding) => {
		const parts = finding === null ? { top: h("p", { class: "quiet" }, "Met too seldom, or only within a local network: it was not tested."), rest: null } : dossier(finding, ranked);
		replace(top, parts.top);
		replace(rest, parts.rest);
		replace(facts, await factsOf(known.target, finding));
	};
	if (ranked) {
		await show(known.findings[0]);
	} else {
		later(examine(known.target).then(show), top);
	}
	return [h("h1", {}, host(known.target)), h("p", { class: "quiet" }, `${count(known.contacts)} contacts, ${day(known.first)} to ${day(known.last)}. `,
		link("/compare", { a: known.target }, "Compare with another"), "."),
	top, marksPanel(known.target, known.marks, about.edit),
	h("h2", {}, "When it was met"), chart.element,
	h("details", { open: range.from !== undefined }, h("summary", {}, "The contacts one by one"), contacts.element),
	rest, facts];
}
