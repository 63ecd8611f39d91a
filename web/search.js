// SPDX-License-Identifier: GPL-3.0-or-later
// Search as one types: a combobox (WAI-ARIA 1.2) over all names of the case.
import { get, Refused } from "./api.js";
import { h, host, replace } from "./dom.js";
import { count, day } from "./words.js";

const WAIT_MS = 80;

export function search() {
	let items = [];
	let at = -1;
	let turn = 0;
	let timer = 0;
	let shown = ""; // what the items were found for
	let hurry = false; // Enter came before them
	const list = h("ul", { id: "found", role: "listbox", "aria-label": "Names found", hidden: true });
	const status = h("span", { class: "skip", role: "status" });
	const input = h("input", { type: "search", placeholder: "Search names: mail1, .example.net, 192.0.2.", "aria-label": "Search names and addresses",
		role: "combobox", "aria-expanded": "false", "aria-controls": "found", "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false" });

	const close = () => {
		list.hidden = true;
		input.setAttribute("aria-expanded", "false");
		input.removeAttribute("aria-activedescendant");
	};
	const go = (item) => {
		close();
		input.value = "";
		location.hash = `#/target?${new URLSearchParams({ name: item.target })}`;
	};
	const choose = (i) => {
		at = i;
		[...list.children].forEach((li, j) => li.setAttribute("aria-selected", String(j === i)));
		list.children[i]?.scrollIntoView({ block: "nearest" });
		i >= 0 ? input.setAttribute("aria-activedescendant", `found${i}`) : input.removeAttribute("aria-activedescendant");
	};
	const tell = (text) => {
		replace(list, h("li", { class: "quiet", role: "presentation" }, text));
		list.hidden = false;
	};
	const look = async () => {
		const q = input.value.trim();
		const mine = ++turn;
		if (q === "") {
			hurry = false;
			items = [];
			close();
			return;
		}
		try {
			const found = await get("search", { q, limit: 12 });
			if (mine !== turn) {
				return;
			}
			items = found.items;
			shown = q;
			if (hurry && items.length > 0) {
				hurry = false;
				go(items[0]);
				return;
			}
			replace(list, items.map((item, i) => h("li", { id: `found${i}`, role: "option", onmousedown: (e) => { e.preventDefault(); go(item); } },
				host(item.target), h("small", {}, ` ${count(item.contacts)} contacts, ${day(item.first)} to ${day(item.last)}`))));
			status.textContent = `${count(found.total)} names found`;
			if (items.length === 0) {
				tell("No name holds that.");
			} else if (found.total > items.length) {
				list.append(h("li", { class: "quiet", role: "presentation" }, `and ${count(found.total - items.length)} more`));
			}
			list.hidden = false;
			input.setAttribute("aria-expanded", "true");
			choose(items.length > 0 ? 0 : -1);
		} catch (error) {
			if (mine !== turn) {
				return;
			}
			tell(error instanceof Refused ? error.message : "The server does not answer.");
			if (error.status === 503) {
				timer = setTimeout(look, 500);
			}
		}
	};
	input.addEventListener("input", () => {
		hurry = false;
		clearTimeout(timer);
		timer = setTimeout(look, WAIT_MS);
	});
	input.addEventListener("keydown", (e) => {
		if (e.key === "ArrowDown" && at + 1 < items.length) {
			choose(at + 1);
		} else if (e.key === "ArrowUp" && at > 0) {
			choose(at - 1);
		} else if (e.key === "Enter" && input.value.trim() !== shown) {
			// what is listed was found for fewer letters
			hurry = true;
			clearTimeout(timer);
			look();
		} else if (e.key === "Enter" && items[at] && !list.hidden) {
			go(items[at]);
		} else if (e.key === "Escape") {
			close();
		} else {
			return;
		}
		e.preventDefault();
	});
	input.addEventListener("blur", close);
	return [input, list, status];
}
