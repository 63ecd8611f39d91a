# SPDX-License-Identifier: GPL-3.0-or-later
"""Arrival times of the quality bench: people, machines and caches. Seconds from the first midnight UTC, which is a
Monday; every function draws from the numpy generator that it is given."""
import numpy as np

DAY = 86400.0
HOUR = 3600.0


def log_uniform(rng, low, high):
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


class Hours:
    """When somebody is about: a window of the local day, a rate outside of it, quiet weekends or none."""

    def __init__(self, rng, kind=None):
        self.kind = kind or rng.choice(["always", "office", "evening", "smooth"], p=[.3, .4, .15, .15])
        self.zone = HOUR * float(rng.integers(-9, 11))
        self.start, self.end = {"office": (rng.uniform(7, 9.5), rng.uniform(16, 19)),
                                "evening": (rng.uniform(17, 19), rng.uniform(22, 24))}.get(self.kind, (0, 24))
        self.off = rng.uniform(.01, .15) if self.kind in ("office", "evening") else 1
        self.weekend = rng.uniform(.02, .3) if self.kind == "office" else rng.uniform(.6, 1)

    def share(self, times):
        local = times + self.zone
        hour = local % DAY / HOUR
        weekend = np.floor(local / DAY) % 7 >= 5
        if self.kind == "smooth":
            share = .5 + .5 * np.cos((hour - 14) / 24 * 2 * np.pi)
        else:
            share = np.where((hour >= self.start) & (hour < self.end), 1.0, self.off)
        return share * np.where(weekend, self.weekend, 1)


def at_random(rng, count, hours, first_day, last_day):
    """count Poisson times in somebody's hours."""
    kept = []
    have = 0
    while have < count:
        times = rng.uniform(first_day * DAY, last_day * DAY, 2 * count + 64)
        times = times[rng.random(len(times)) < hours.share(times)]
        kept.append(times)
        have += len(times)
    return np.sort(np.concatenate(kept)[:count]) if count else np.empty(0)


def in_sessions(rng, count, hours, first_day, last_day, size=3.0, within=300.0):
    """As at_random, but most requests are followed by more minutes later."""
    starts = at_random(rng, max(1, int(count / size)), hours, first_day, last_day)
    sizes = rng.geometric(1 / size, len(starts))
    times = np.repeat(starts, sizes)
    first = np.cumsum(sizes) - sizes
    steps = rng.exponential(within, len(times))
    walked = np.cumsum(steps)
    return np.sort(times + walked - np.repeat(walked[first], sizes))


def sleep_timer(rng, period, jitter, missing, first_day, last_day):
    """A program that sleeps period +-jitter (a share, uniform) between its calls, and drifts."""
    count = int((last_day - first_day) * DAY / period * 1.1) + 5
    steps = period * (1 + rng.uniform(-jitter, jitter, count))
    times = first_day * DAY + rng.uniform(0, period) + np.cumsum(steps)
    times = times[times < last_day * DAY]
    return times[rng.random(len(times)) >= missing]


def clock(rng, period, jitter_s, missing, first_day, last_day, phase=None):
    """A schedule: each beat keeps its own place, give or take jitter_s."""
    phase = rng.uniform(0, period) if phase is None else phase
    times = np.arange(first_day * DAY + phase, last_day * DAY, period)
    times = times + rng.normal(0, jitter_s, len(times))
    return np.sort(times[rng.random(len(times)) >= missing])


def once_a_day(rng, start_h, end_h, zone, missing, workdays, first_day, last_day):
    """One contact a day at a random minute of a window."""
    days = np.arange(int(first_day), int(last_day))
    if workdays:
        days = days[days % 7 < 5]
    days = days[rng.random(len(days)) >= missing]
    times = days * DAY + HOUR * rng.uniform(start_h, end_h, len(days)) - zone
    return np.sort(times[times >= 0])


def shares(rng, discount, concentration, most):
    """Shares of the peers of one name: Pitman and Yor's stick-breaking, cut at `most`."""
    sticks = rng.beta(1 - discount, concentration + discount * np.arange(1, most + 1))
    left = np.concatenate(([1.0], np.cumprod(1 - sticks)[:-1]))
    weights = sticks * left
    return weights / weights.sum()
