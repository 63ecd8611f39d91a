// SPDX-License-Identifier: GPL-3.0-or-later
// Who asked, and for what.
import { get } from "./api.js";
import { h, host, link, option, pager, replace, table, targetLink } from "./dom.js";
import { count, day } from "./words.js";

const SORTS = [["contacts", "most contacts"], ["targets", "most names"], ["first", "first contact, latest"], ["last", "last contact, latest"], ["peer", "address"]];

export async function peers(parameters) {
	const body = h("div");
	const fill = async () => {
		const sort = parameters.get("sort") ?? "contacts";
		const list = await get("peers", { ...Object.fromEntries(parameters), order: sort === "peer" ? "rising" : "falling" });
		replace(body, table(`${count(list.total)} peers`, [["Peer", "long"], ["Contacts", "n"], ["Names", "n"], ["First", "date"], ["Last", "date"]],
			list.items.map((x) => [link("/peer", { name: x.peer }, host(x.peer)), count(x.contacts), count(x.targets), day(x.first), day(x.last)])),
		pager(list, (offset) => change("offset", String(offset))));
	};
	const change = (name, value) => {
		value === "" ? parameters.delete(name) : parameters.set(name, value);
		if (name !== "offset") {
			parameters.delete("offset");
		}
		history.replaceState(null, "", `#/peers?${parameters}`);
		return fill();
	};
	await fill();
	return [h("h1", {}, "Peers"), h("p", {}, "Who asked: a computer, or a server that asks for many."),
		h("div", { class: "bar" }, h("label", {}, "Address holds", h("input", { type: "search", value: parameters.get("text") ?? "", onchange: (e) => change("text", e.target.value) })),
			h("label", {}, "Sort by", h("select", { onchange: (e) => change("sort", e.target.value) }, SORTS.map(([v, t]) => option(v, t, parameters.get("sort") ?? "contacts"))))),
		body];
}

export async function peer(parameters) {
	const name = parameters.get("name") ?? "";
	const body = h("div");
	let about;
	const fill = async (offset) => {
		const list = await get("peer", { name, offset });
		about = list.peer;
		replace(body, list.total === 0 ? h("p", { class: "quiet" }, "This case is too large for its peers' names to be kept in memory.")
			: table(`${count(list.total)} names`, [["Name", "long"], ["Contacts of this peer", "n"]], list.items.map((x) => [targetLink(x.target), count(x.contacts)])),
		pager(list, fill));
	};
	await fill(0);
	return [h("h1", {}, host(about.peer)), h("p", {}, `A peer with ${count(about.contacts)} contacts, ${day(about.first)} to ${day(about.last)}.`), h("h2", {}, "What it asked for"), body];
}
