// SPDX-License-Identifier: GPL-3.0-or-later
// Elements are made one by one, and text is only ever put in as text: a name or note that holds
// markup is shown as it is written. Characters that cannot be seen, or that turn the direction of
// the text around them, are shown by their numbers.

import { Lost, Refused } from "./api.js";
import { count } from "./words.js";

const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

export function visible(text) {
	return String(text).replace(HIDDEN, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function append(parent, children) {
	for (const child of children.flat(Infinity)) {
		if (child === null || child === undefined || child === false) {
			continue;
		}
		parent.append(child instanceof Node ? child : document.createTextNode(visible(child)));
	}
	return parent;
}

function make(element, attributes, children) {
	for (const [name, value] of Object.entries(attributes ?? {})) {
		if (name.startsWith("on")) {
			element.addEventListener(name.slice(2), value);
		} else if (value === true) {
			element.setAttribute(name, "");
		} else if (value !== false && value !== null && value !== undefined) {
			element.setAttribute(name, value);
		}
	}
	return append(element, children);
}

// h("p", { class: "quiet" }, "text", node, [more])
export function h(tag, attributes, ...children) {
	return make(document.createElement(tag), attributes, children);
}

export function s(tag, attributes, ...children) {
	return make(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

export function replace(element, ...children) {
	element.replaceChildren();
	return append(element, children);
}

// What an answer that takes a moment will do to the page; if none comes, the element says why.
export function later(answer, element) {
	answer.catch((error) => {
		if (!(error instanceof Lost || error instanceof Refused)) {
			throw error;
		}
		replace(element, h("p", { class: "bad" }, error.message));
	});
}

// A name or address, which may be broken behind its dots, and turns nothing around it.
export function host(text) {
	const parts = text.match(/(\\.|[^.\\])+\.?|\./gs) ?? [text];
	return h("bdi", { class: "host" }, parts.map((part) => [part, h("wbr")]));
}

export function link(path, parameters, ...children) {
	return h("a", { href: `#${path}?${new URLSearchParams(parameters)}` }, ...children);
}

export function targetLink(text) {
	return link("/target", { name: text }, host(text));
}

// heads: [text, class]; rows: arrays of children. The first cell of a row heads it.
export function table(caption, heads, rows) {
	return h("div", { class: "wide", role: "region", "aria-label": caption, tabindex: "0" },
		h("table", {}, h("caption", {}, caption),
			h("thead", {}, h("tr", {}, heads.map(([text, c]) => h("th", { scope: "col", class: c }, text)))),
			h("tbody", {}, rows.map((cells) => h("tr", {}, cells.map((cell, i) =>
				i === 0 ? h("th", { scope: "row", class: heads[i][1] }, cell) : h("td", { class: heads[i][1] }, cell)))))));
}

// Buttons through the pages of a list; go(offset) asks for another.
export function pager(list, go) {
	if (list.total <= list.limit && list.offset === 0) {
		return null;
	}
	const last = Math.min(list.offset + list.limit, list.total);
	return h("div", { class: "bar", role: "group", "aria-label": "Pages of the list" },
		h("button", { type: "button", disabled: list.offset === 0, onclick: () => go(Math.max(0, list.offset - list.limit)) }, "Back"),
		h("span", {}, list.total === 0 ? "none" : `${list.offset + 1} to ${last} of ${count(list.total)}`),
		h("button", { type: "button", disabled: last >= list.total, onclick: () => go(list.offset + list.limit) }, "Next"));
}

export function option(value, text, chosen) {
	return h("option", { value, selected: value === chosen }, text);
}
