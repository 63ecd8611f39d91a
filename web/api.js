// SPDX-License-Identifier: GPL-3.0-or-later
// The one way to the server. The token comes behind the # of the address, which a browser sends to
// nobody; it is kept for this tab and taken out of the address bar.

const KEY = "lodestone-token";

export class Refused extends Error {
	constructor(status, text) {
		super(text);
		this.status = status;
	}
}

// The server does not answer: it was stopped, or the machine slept.
export class Lost extends Error {}

export function takeToken() {
	const given = /^#token=([0-9a-f]+)$/.exec(location.hash);
	if (given) {
		sessionStorage.setItem(KEY, given[1]);
		history.replaceState(null, "", "#/ranking");
	}
	return sessionStorage.getItem(KEY);
}

const watchers = new Set();

// Tell whether the server answers: watcher(true) or watcher(false).
export function watch(watcher) {
	watchers.add(watcher);
}

async function ask(method, path, parameters, body) {
	const query = new URLSearchParams();
	for (const [name, value] of Object.entries(parameters ?? {})) {
		if (value !== undefined && value !== null && value !== "") {
			query.set(name, value);
		}
	}
	let response;
	try {
		response = await fetch(`/api/${path}?${query}`, {
			method,
			headers: { Authorization: `Bearer ${sessionStorage.getItem(KEY) ?? ""}` },
			body: body === undefined ? undefined : JSON.stringify(body),
		});
	} catch {
		watchers.forEach((w) => w(false));
		throw new Lost("the server does not answer");
	}
	watchers.forEach((w) => w(true));
	const value = await response.json();
	if (!response.ok) {
		throw new Refused(response.status, value.error);
	}
	return value;
}

export const get = (path, parameters) => ask("GET", path, parameters);
export const post = (path, body) => ask("POST", path, {}, body);
export const remove = (path, parameters) => ask("DELETE", path, parameters);
