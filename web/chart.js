// SPDX-License-Identifier: GPL-3.0-or-later
// Contacts over time. The server counts them in as many bins as the chart is wide, for whatever
// part of the record is shown, so that one can zoom from months to seconds. Drawn by uPlot where
// that was built in; else as bars without zoom by the mouse, with the same buttons.
import { get } from "./api.js";
import { h, host, replace, s } from "./dom.js";
import { count, duration, ofSeconds } from "./words.js";

const HEIGHT = 220;
const LEAST_S = 0.01;

let uPlot = null;
const loading = import("./uPlot.esm.js").then((module) => {
	uPlot = module.default;
}, () => {});

const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// Curves on top of each other: the upper edge of each is the sum up to it.
function stack(activity) {
	const sums = new Array(activity.bins).fill(0);
	const edges = activity.curves.map((curve) => curve.counts.map((n, i) => (sums[i] += n)));
	return edges.reverse();
}

function plot(box, activity, select) {
	const x = Array.from({ length: activity.bins }, (_, i) => activity.from + i * activity.step);
	const n = activity.curves.length;
	const ticks = (u, at, _axis, _space, step) => at.map((t) => {
		const text = ofSeconds(t, Math.min(step, 86399));
		return step >= 86400 || text.endsWith("00:00") ? text.slice(0, 10) : text.slice(11);
	});
	const axis = { stroke: color("--quiet"), grid: { stroke: color("--line"), width: 1 }, ticks: { stroke: color("--line"), width: 1 } };
	const series = Array.from({ length: n }, (_, i) => ({ stroke: color(`--c${n - 1 - i}`), fill: color(`--c${n - 1 - i}`), width: 0,
		points: { show: false }, paths: uPlot.paths.bars({ size: [1, Infinity], align: 1 }) }));
	return new uPlot({
		width: box.clientWidth || 800, height: HEIGHT, legend: { show: false },
		tzDate: (t) => uPlot.tzDate(new Date(t * 1000), "UTC"),
		cursor: { drag: { x: true, y: false, setScale: false }, points: { show: false } },
		scales: { x: { range: [activity.from, activity.from + activity.bins * activity.step] }, y: { range: (u, low, high) => [0, Math.max(1, high)] } },
		axes: [{ ...axis, values: ticks, space: 90 }, { ...axis, size: 55 }], series: [{}, ...series],
		hooks: { setSelect: [(u) => {
			if (u.select.width > 2) {
				select(u.posToVal(u.select.left, "x"), u.posToVal(u.select.left + u.select.width, "x"));
				u.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
			}
		}] },
	}, [x, ...stack(activity)], box);
}

function bars(activity) {
	const totals = stack(activity)[0];
	const most = Math.max(1, ...totals);
	const width = 800 / activity.bins;
	return s("svg", { viewBox: `0 0 800 ${HEIGHT}`, role: "img" }, totals.map((n, i) => n === 0 ? null
		: s("rect", { class: "life", x: i * width, width, y: HEIGHT * (1 - n / most), height: HEIGHT * n / most })));
}

function says(activity) {
	const to = activity.from + activity.bins * activity.step;
	const all = activity.curves.reduce((sum, c) => sum + c.contacts, 0);
	const most = Math.max(0, ...(stack(activity)[0] ?? []));
	return `${count(all)} contacts from ${ofSeconds(activity.from)} to ${ofSeconds(to)}; each bar is ${duration(activity.step)}, the busiest has ${count(most)}.`;
}

// A chart with its buttons. onRange({ from, to, list }) tells of each new part that is shown.
export async function activityChart(name, range, onRange) {
	await loading;
	const past = [];
	let shown = { ...range };
	let listing = false;
	let drawn = null;
	let activity = null;
	let fixed = null;
	const box = h("div", { class: "chart", role: "img" });
	const legend = h("ul", { class: "legend" });
	const caption = h("p", { class: "quiet" });

	const draw = () => {
		drawn?.destroy();
		box.replaceChildren();
		if (uPlot === null) {
			box.append(bars(activity));
		} else {
			drawn = plot(box, activity, (from, to) => (listing ? onRange({ from, to, list: true }) : move({ from, to })));
		}
		box.setAttribute("aria-label", says(activity));
		box.dataset.from = activity.from;
		box.dataset.step = activity.step;
		replace(caption, says(activity));
		replace(legend, activity.curves.map((c, i) => h("li", { class: `key k${i}` }, c.peer === null ? "all others" : host(c.peer), ` ${count(c.contacts)}`)));
	};
	const load = async () => {
		const bins = Math.max(60, Math.min(1200, Math.floor((box.clientWidth || 800) / 3)));
		activity = await get("activity", { name, from: shown.from?.toFixed(6), to: shown.to?.toFixed(6), bins });
		if (shown.from === undefined) {
			shown = { from: activity.from, to: activity.from + activity.bins * activity.step };
		}
		fixed ??= { ...shown };
		draw();
		out.disabled = past.length === 0;
	};
	const move = async (next, remember = true) => {
		const middle = (next.from + next.to) / 2;
		const half = Math.max(LEAST_S, next.to - next.from) / 2;
		if (remember) {
			past.push(shown);
		}
		shown = { from: middle - half, to: middle + half };
		await load();
		onRange({ ...shown, list: false });
	};
	const shift = (share) => move({ from: shown.from + share * (shown.to - shown.from), to: shown.to + share * (shown.to - shown.from) });
	const scale = (share) => {
		const middle = (shown.from + shown.to) / 2;
		const half = share * (shown.to - shown.from) / 2;
		return move({ from: middle - half, to: middle + half });
	};
	const button = (text, deed) => h("button", { type: "button", onclick: deed }, text);
	const out = button("Zoom back", () => move(past.pop(), false));
	const drag = h("select", { onchange: (e) => { listing = e.target.value === "list"; } },
		h("option", { value: "zoom" }, "zooms in"), h("option", { value: "list" }, "lists the contacts"));
	const tools = h("div", { class: "bar", role: "group", "aria-label": "The chart" },
		button("Zoom in", () => scale(0.5)), button("Zoom out", () => scale(2)), out,
		button("Earlier", () => shift(-0.5)), button("Later", () => shift(0.5)), button("All", () => move(fixed)),
		uPlot === null ? h("span", { class: "quiet" }, "Built without uPlot: the buttons zoom, the mouse does not.") : h("label", {}, "To drag over the chart", drag));
	await load();
	matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
	new ResizeObserver(() => {
		if (drawn !== null && box.clientWidth > 0 && box.clientWidth !== drawn.width) {
			drawn.setSize({ width: box.clientWidth, height: HEIGHT });
		}
	}).observe(box);
	return { element: h("div", {}, tools, box, legend, caption), move, get shown() { return shown; } };
}
