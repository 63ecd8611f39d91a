// SPDX-License-Identifier: GPL-3.0-or-later
// The list of outside events that the hunt was given, and which names come near them.
import { get } from "./api.js";
import { h, table, targetLink } from "./dom.js";
import { p } from "./words.js";

export async function events() {
	const [about, list] = await Promise.all([get("case"), get("findings", { whole: 1, limit: 200 })]);
	const dates = about.hunt?.events ?? [];
	if (dates.length === 0) {
		return [h("h1", {}, "Events"), h("p", {}, "The last hunt was given no list of outside events: ", h("code", {}, "lodestone hunt --events FILE"), ".")];
	}
	const tested = list.items.filter((f) => f.tests.events.status === "tested");
	return [h("h1", {}, "Events"), h("p", {}, "Outside events that the hunt was given, and the names whose contacts were tested against them. That p is of each name alone, and counts in no q."),
		table("The list", [["Day", "date"], ["Event", "long"]], dates.map((e) => [e.day, h("bdi", {}, e.label)])),
		h("h2", {}, "Names tested"),
		tested.length === 0 ? h("p", { class: "quiet" }, list.items[0]?.tests.events.why ?? "None.")
			: table("Names by p", [["Name", "long"], ["p", "n"], ["Declared before", ""], ["Near its busiest days", "long"]],
				tested.sort((a, b) => (a.tests.events.p ?? 2) - (b.tests.events.p ?? 2)).map((f) => [targetLink(f.target), p(f.tests.events.p),
					f.tests.events.declared ? "yes" : "no", f.tests.events.matched.map((l, i) => [i > 0 ? ", " : "", h("bdi", {}, l)])]))];
}
