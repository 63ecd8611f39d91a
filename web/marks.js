// SPDX-License-Identifier: GPL-3.0-or-later
// What the analyst says of a target, beside what the tool says and never instead of it.
import { get, post, remove, Refused } from "./api.js";
import { h, option, replace } from "./dom.js";
import { day, time } from "./words.js";

const WORDS = ["unusual", "ordinary", "cannot tell"];

// In a row of the ranking.
export function chips(finding) {
	return finding.marks.map((m) => {
		switch (m.kind) {
		case "tag": return h("span", { class: "chip" }, m.word);
		case "mute": return h("span", { class: "chip", title: m.text }, finding.muted ? "muted" : "mute has ended");
		case "verdict": return h("span", { class: "chip", title: m.text }, `analyst: ${m.word}`);
		default: return null;
		}
	}).concat(finding.marks.some((m) => m.kind === "note") ? h("span", { class: "chip" }, "note") : []);
}

function shown(mark, drop) {
	const button = drop === null ? null : h("button", { type: "button", onclick: () => drop(mark) }, "Take back");
	const about = h("small", { class: "quiet" }, ` ${time(mark.made)} `);
	switch (mark.kind) {
	case "tag": return h("p", {}, "Tag ", h("span", { class: "chip" }, mark.word), about, button);
	case "mute": return h("p", {}, `Muted ${mark.until === null ? "for good" : `until ${day(mark.until)}`}: ${mark.text}`, about, button);
	case "verdict": return h("p", {}, "The analyst's verdict: ", h("strong", {}, mark.word), mark.text === "" ? "" : `, ${mark.text}`, about, button);
	default: return h("div", {}, h("div", { class: "note", dir: "auto" }, mark.text), about, button);
	}
}

function form(target, add) {
	const fields = {
		note: () => h("label", {}, "Note", h("textarea", { name: "text", maxlength: 4000, required: true })),
		tag: () => h("label", {}, "Tag", h("input", { name: "word", maxlength: 40, required: true })),
		mute: () => [h("label", {}, "Reason", h("input", { name: "text", maxlength: 500, required: true })),
			h("label", {}, "Until (empty: for good)", h("input", { name: "until", type: "date" }))],
		verdict: () => [h("label", {}, "Verdict", h("select", { name: "word" }, WORDS.map((w) => option(w, w)))),
			h("label", {}, "Why", h("input", { name: "text", maxlength: 500 }))],
	};
	const inner = h("div", { class: "form" }, fields.note());
	const kind = h("select", { name: "kind", onchange: () => replace(inner, fields[kind.value]()) },
		["note", "tag", "mute", "verdict"].map((k) => option(k, k)));
	return h("form", { class: "form", onsubmit: (e) => {
		e.preventDefault();
		add({ target, ...Object.fromEntries(new FormData(e.target)) });
	} }, h("label", {}, "Add a", kind), inner, h("div", {}, h("button", { type: "submit" }, "Save")));
}

export function marksPanel(target, marks, edit) {
	const panel = h("section", { class: "panel", "aria-label": "What the analyst says" });
	const fault = h("p", { class: "bad", role: "alert" });
	const act = async (deed) => {
		try {
			await deed();
			marks = (await get("target", { name: target })).marks;
			fault.textContent = "";
			fill();
		} catch (error) {
			fault.textContent = error instanceof Refused ? error.message : "The server does not answer: nothing was saved.";
		}
	};
	const drop = edit ? (mark) => act(() => remove("marks", { id: mark.id })) : null;
	const fill = () => replace(panel, h("h2", {}, "What the analyst says"),
		marks.length === 0 ? h("p", { class: "quiet" }, edit ? "Nothing yet." : "Nothing yet; lodestone serve --edit lets notes be written.") : null,
		marks.map((m) => shown(m, drop)), edit ? h("details", {}, h("summary", {}, "Add a note, tag, mute or verdict"), form(target, (mark) => act(() => post("marks", mark)))) : null, fault);
	fill();
	return panel;
}
