// SPDX-License-Identifier: GPL-3.0-or-later
// The frame of the page: which part is shown follows from what stands behind the # of the address,
// so that back, forward and bookmarks within the tab work.
import { get, Lost, Refused, takeToken, watch } from "./api.js";
import { compare } from "./compare.js";
import { h, link, replace } from "./dom.js";
import { events } from "./events.js";
import { health } from "./health.js";
import { peer, peers } from "./peers.js";
import { ranking } from "./ranking.js";
import { search } from "./search.js";
import { target } from "./target.js";
import { timeline } from "./timeline.js";

const pages = {
	"/ranking": ["Ranking", ranking], "/peers": ["Peers", peers], "/timeline": ["Time line", timeline],
	"/events": ["Events", events], "/compare": ["Compare", compare], "/health": ["Evidence", health],
	"/target": [null, target], "/peer": [null, peer],
};
const main = document.getElementById("main");
let turn = 0;

function where() {
	const [path, query] = location.hash.slice(1).split("?");
	return [pages[path] ? path : "/ranking", new URLSearchParams(query)];
}

function explain(error) {
	if (error instanceof Refused && error.status === 401) {
		return [h("h1", {}, "This address lacks its token"),
			h("p", {}, "Open the whole address that lodestone serve printed, with what stands behind the #. It changes each time that it is started.")];
	}
	if (error instanceof Refused) {
		return [h("h1", {}, error.status === 404 ? "Not in this case" : "This cannot be shown"), h("p", {}, error.message)];
	}
	if (error instanceof Lost) {
		return [h("h1", {}, "The server does not answer"), h("p", {}, "Start lodestone serve again, and open the address that it prints.")];
	}
	throw error;
}

async function show() {
	const mine = ++turn;
	const [path, parameters] = where();
	replace(document.getElementById("nav"), Object.entries(pages).filter(([, [title]]) => title).map(([to, [title]]) =>
		h("a", { href: `#${to}`, "aria-current": to === path ? "page" : null }, title)));
	main.setAttribute("aria-busy", "true");
	let content;
	try {
		content = await pages[path][1](parameters);
	} catch (error) {
		content = explain(error);
	}
	// a slower answer to an earlier question must not take this one's place
	if (mine !== turn) {
		return;
	}
	replace(main, content);
	main.removeAttribute("aria-busy");
	document.title = `${main.querySelector("h1")?.textContent ?? "lodestone"} - lodestone`;
	main.dispatchEvent(new CustomEvent("shown"));
}

watch((answers) => {
	const lost = document.getElementById("lost");
	lost.hidden = answers;
	lost.textContent = answers ? "" : "The server does not answer: lodestone serve was stopped. What is shown is what was there.";
});

async function start() {
	takeToken();
	addEventListener("hashchange", () => {
		if (takeToken() !== null && location.hash.startsWith("#token=") === false) {
			show();
			scrollTo(0, 0);
		}
	});
	await show();
	replace(document.getElementById("search"), search());
	try {
		const about = await get("case");
		replace(document.getElementById("foot"), `lodestone ${about.version}, ${about.edit ? "marks can be changed" : "for reading"}. All times are UTC. `,
			link("/health", {}, "What was read"));
	} catch (error) {
		explain(error);
	}
}

start();
