# SPDX-License-Identifier: GPL-3.0-or-later
"""The crowd: names that people and their machines ask for, with a heavy-tailed popularity, peers that stick to names,
and hours. What its figures are is drawn once for each haystack."""
import numpy as np

from draws import DAY, HOUR, Hours, at_random, in_sessions, shares
from world import World


def resolvers(rng, days, rows):
    """A world at an authoritative server, with a crowd of about `rows` rows."""
    peers = int(rng.integers(2000, 8000))
    w = World("authoritative", days, peers, rng)
    w.weights = 1 / (np.arange(peers) + rng.uniform(10, 50))
    w.weights /= w.weights.sum()
    tail, smallest = rng.uniform(.9, 1.2), rng.uniform(5, 15)
    spread = rng.uniform(.8, 1.4)
    while w.row_count < rows:
        count = int(min(smallest * rng.random() ** (-1 / tail), rows / 20))
        first, last = _life(rng, days)
        draw = in_sessions if rng.random() < .3 else at_random
        times = draw(rng, count, Hours(rng), first, last)
        weights = shares(rng, .5, np.exp(.5 + spread * rng.normal()), 200)
        met = rng.choice(peers, len(weights), p=w.weights)
        w.ask(w.name(f"n{len(w.names)}.example", "crowd"), times, met[rng.choice(len(weights), len(times), p=weights)])
    return w


def machines(rng, days, rows):
    """A world of one network: desktops with working days of their own, servers, and what both ask for."""
    peers = int(rng.integers(600, 2000))
    w = World("enterprise", days, peers, rng)
    w.weights = np.exp(rng.normal(0, 1, peers))
    w.weights /= w.weights.sum()
    w.server = rng.random(peers) < .08
    w.start, w.length = rng.normal(8, .8, peers), np.clip(rng.normal(9, 1, peers), 5, 12)
    weekday = np.arange(days) % 7 < 5
    holidays = rng.random(days) < .02
    w.present = (rng.random((peers, days)) < .88) & (weekday & ~holidays)
    w.present |= w.server[:, None]
    w.present[:, 0] |= ~w.present.any(axis=1)
    tail, smallest = rng.uniform(.9, 1.2), rng.uniform(4, 12)
    spread = rng.uniform(.8, 1.4)
    while w.row_count < rows:
        number = w.name(f"n{len(w.names)}.example", "crowd")
        if rng.random() < .002:
            _telemetry(rng, w, number, rows)
            continue
        count = int(min(smallest * rng.random() ** (-1 / tail), rows / 20))
        weights = shares(rng, .4, np.exp(.3 + spread * rng.normal()), 200)
        met = rng.choice(peers, len(weights), p=w.weights)[rng.choice(len(weights), count, p=weights)]
        first, last = _life(rng, days)
        w.ask(number, about(rng, w, met, first, last, rng.random() < .4), met)
    return w


def about(rng, w, machines_met, first, last, sessions):
    """One time for each entry, in the hours of that machine."""
    day = rng.integers(int(first), max(int(first) + 1, int(last)), len(machines_met))
    for _ in range(40):
        away = ~w.present[machines_met, day]
        if not away.any():
            break
        day[away] = rng.integers(int(first), max(int(first) + 1, int(last)), away.sum())
    hours = np.where(w.server[machines_met], rng.uniform(0, 24, len(day)),
                     w.start[machines_met] + w.length[machines_met] * rng.random(len(day)))
    if sessions and len(day) > 4:  # the like of a neighbor's time: people come back to a page
        source = np.maximum(np.arange(len(day)) - rng.integers(0, 3, len(day)), 0)
        day, hours = day[source], hours[source] + rng.exponential(.1, len(day))
    return day * DAY + hours * HOUR


def _life(rng, days):
    if rng.random() >= .3:
        return 0, days
    first = rng.uniform(0, .8) * days
    return first, first + (days - first) * rng.uniform(.2, 1)


def _telemetry(rng, w, number, rows):
    """A program on many machines that calls home while they are on."""
    count = int(rng.integers(40, max(41, w.peers // 3)))
    period = HOUR * rng.choice([1, 4, 8, 24])
    each = int(min(w.days * DAY / period * .35, rows / 40 / count)) + 1
    met = np.repeat(rng.choice(w.peers, count, replace=False), each)
    w.ask(number, about(rng, w, met, 0, w.days, False), met)
