// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers and times in words. All times are UTC.

const whole = new Intl.NumberFormat("en");

export const count = (n) => (n === null || n === undefined ? "-" : whole.format(n));

export function number(x, digits = 3) {
	return x === null || x === undefined ? "-" : String(Number(x.toPrecision(digits)));
}

export function p(x) {
	if (x === null || x === undefined) {
		return "-";
	}
	return x < 0.001 ? x.toExponential(1) : String(Number(x.toPrecision(2)));
}

export const day = (iso) => (iso ?? "-").slice(0, 10);

export const time = (iso) => (iso ?? "-").replace("T", " ").replace("Z", "");

export function ofSeconds(seconds, step = 1) {
	const iso = new Date(seconds * 1000).toISOString();
	if (step >= 86400) {
		return iso.slice(0, 10);
	}
	return iso.slice(0, step >= 60 ? 16 : step >= 1 ? 19 : 23).replace("T", " ");
}

export function duration(seconds) {
	const units = [[86400 * 365.25, "years"], [86400, "days"], [3600, "hours"], [60, "minutes"], [1, "seconds"]];
	const [size, word] = units.find(([u]) => seconds >= 2 * u) ?? [1, "seconds"];
	return `${number(seconds / size, 3)} ${word}`;
}
