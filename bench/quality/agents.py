# SPDX-License-Identifier: GPL-3.0-or-later
"""The cross-check: haystacks of another construction. The crowd is made peer by peer (each has favorites and a rhythm
of the day), not name by name; what is planted are programs and persons that are walked step by step (states, back-off,
replies, reboots), not formulas of times. It shares the caches and the log with the other generator, and nothing else."""
import numpy as np

from world import World

DAY, HOUR = 86400.0, 3600.0


def world(vantage, days, rows, needles, look_alikes, null, rng):
    peers = int(rng.integers(1500, 5000) if vantage == "authoritative" else rng.integers(400, 1500))
    w = World(vantage, days, peers, rng)
    w.zone = rng.integers(-9, 11, peers) * HOUR if vantage == "authoritative" else np.zeros(peers)
    w.always = rng.random(peers) < (.25 if vantage == "authoritative" else .1)
    _crowd(w, rows, rng)
    stage = Stage(w, rng, null)
    for plan, count, needle in ((NEEDLES, needles, True), (INNOCENTS, 0 if null else look_alikes, False)):
        for i in range(count):
            kind, act = plan[i % len(plan)]
            stage.put(kind, needle, act)
    return w


def _when(w, rng, peer, count):
    """Times of one peer's requests: two humps a working day, or round the clock; some in one go."""
    day = rng.integers(0, w.days, count)
    if w.always[peer]:
        hour = rng.uniform(0, 24, count)
    else:
        rest = (day % 7 >= 5) & (rng.random(count) < .85)
        day = np.where(rest, np.maximum(day - rng.integers(1, 6, count), 0), day)
        hour = np.where(rng.random(count) < .5, rng.normal(10.3, 1.3, count), rng.normal(14.7, 1.6, count))
    times = day * DAY + hour * HOUR - w.zone[peer]
    follows = np.flatnonzero(rng.random(count) < .35)
    follows = follows[follows > 0]
    times[follows] = times[follows - 1] + rng.lognormal(4, 1.5, len(follows))
    return times


def _crowd(w, rows, rng):
    count = int(rows / rng.uniform(25, 60))
    law = (np.arange(count) + 3.0) ** -rng.uniform(.75, 1.05)
    law /= law.sum()
    volume = rng.pareto(1.1, w.peers) + .2
    volume = np.minimum(volume / volume.mean(), 40) * rows * 1.4 / w.peers
    by_name = [[] for _ in range(count)]
    for peer in range(w.peers):
        n = int(volume[peer]) + 1
        favorites = rng.choice(count, min(n, int(2 + 1.5 * n ** .65)), p=law)
        taste = rng.dirichlet(np.full(len(favorites), .5))
        asked = favorites[rng.choice(len(favorites), n, p=taste)]
        times = _when(w, rng, peer, n)
        order = np.argsort(asked, kind="stable")
        cuts = np.flatnonzero(np.diff(asked[order])) + 1
        for part in np.split(order, cuts):
            by_name[asked[part[0]]].append((times[part], peer))
    for parts in by_name:
        number = w.name(f"c{len(w.names)}.example", "crowd")
        if parts:
            times = np.concatenate([t for t, _ in parts])
            w.ask(number, times, np.concatenate([np.full(len(t), peer) for t, peer in parts]))


class Stage:
    def __init__(self, w, rng, null):
        self.w, self.rng, self.null, self.count = w, rng, null, 0
        self.dates = np.sort(rng.choice(w.days, w.days // 10, replace=False)) * DAY
        w.dates = self.dates // DAY

    def cast(self, count, always=None):
        pool = np.arange(self.w.peers) if always is None else np.flatnonzero(self.w.always == always)
        return self.rng.choice(pool, count, replace=False).tolist()

    def awake(self, peer, t):
        """Does somebody at this peer work now, or is the machine on?"""
        if self.w.always[peer]:
            return True
        local = t + self.w.zone[peer]
        return local // DAY % 7 < 5 and 7.5 * HOUR < local % DAY < 18 * HOUR

    def put(self, kind, needle, act):
        """act(stage, rng) gives lists of (time, peer), one for each name, and a TTL."""
        calls, ttl = act(self, self.rng)
        self.count += 1
        address = f"203.0.113.{self.count % 250 + 1}" if len(calls) > 1 else None
        for i, call in enumerate(calls):
            number = self.w.name(f"x{self.count}-{i}.{'net' if needle else 'org'}.example", kind,
                                 needle and not self.null, f"x{self.count}", ttl, "A", address)
            if call:
                times, peers = (np.array(column) for column in zip(*call))
                if self.null:
                    times = self._shuffled(times, peers)
                self.w.ask(number, times, peers.astype(int))

    def _shuffled(self, times, peers):
        """The same peers and number, each at times of its own crowd between the first and the last."""
        first, last = times.min(), times.max()
        drawn = np.concatenate([_when(self.w, self.rng, int(p), 1) for p in peers])
        return first + (drawn - first) % max(DAY, last - first)


def _loop(s, rng, peer, gap, awake_only, first=0.0, last=None, fails=0.0):
    """A program: call, sleep, call again. A failed call is not seen, and doubles the sleep until one gets through."""
    t, calls, back_off = first * DAY + rng.uniform(0, HOUR), [], 1
    last = (s.w.days if last is None else last) * DAY
    while t < last and len(calls) < 20000:
        if awake_only and not s.awake(peer, t):
            t += rng.uniform(.4, 1) * HOUR  # asleep; starts afresh when it wakes
            continue
        if rng.random() < fails:
            back_off = min(back_off * 2, 8)
        else:
            calls.append((t, peer))
            back_off = 1
        t += max(1.0, gap() * back_off)
    return calls


def _gamma_sleep(rng, period, variation):
    shape = 1 / variation ** 2
    return lambda: rng.gamma(shape, period / shape)


def sleeper(s, rng):
    period = np.exp(rng.uniform(np.log(1200), np.log(10 * HOUR)))
    return [_loop(s, rng, s.cast(1)[0], _gamma_sleep(rng, period, rng.uniform(.05, .35)), rng.random() < .4)], 300


def unlucky(s, rng):
    period = np.exp(rng.uniform(np.log(1800), np.log(6 * HOUR)))
    return [_loop(s, rng, s.cast(1)[0], _gamma_sleep(rng, period, rng.uniform(.02, .15)), False,
                  fails=rng.uniform(.2, .5))], 60


def cached(s, rng):
    ttl = int(rng.choice([600, 3600, 7200]))
    return [_loop(s, rng, s.cast(1)[0], _gamma_sleep(rng, ttl * rng.uniform(.7, 1.5), rng.uniform(.05, .25)), False)], ttl


def postman(s, rng):
    """Once a working day, when it happens to come by."""
    peer, start, span = s.cast(1)[0], rng.uniform(7, 11), rng.uniform(3, 7)
    return [[(day * DAY + (start + span * rng.beta(1.5, 1.5)) * HOUR, peer) for day in range(s.w.days)
             if day % 7 < 5 and rng.random() > .15]], 3600


def market_day(s, rng):
    peer, day = s.cast(1)[0], rng.integers(0, 5)
    start, width = rng.uniform(8, 16), rng.uniform(.05, 1.5)
    return [[((week * 7 + day) * DAY + (start + rng.triangular(0, width / 2, width)) * HOUR, peer)
             for week in range(s.w.days // 7) if rng.random() > .05]], 300


def relay(s, rng):
    """Two peers; after each call the other one is likely to be next."""
    a, b = s.cast(2)
    gap = _gamma_sleep(rng, np.exp(rng.uniform(np.log(2400), np.log(8 * HOUR))), rng.uniform(.03, .25))
    calls, turn = _loop(s, rng, a, gap, False), 0
    out = []
    for t, _ in calls:
        turn = 1 - turn if rng.random() < .9 else turn
        out.append((t, (a, b)[turn]))
    return [out], 120


def mimic(s, rng):
    peer = s.cast(1)[0]
    return [[(t, peer) for t in np.sort(_when(s.w, rng, peer, int(np.exp(rng.uniform(np.log(120), np.log(900))))))]], 300


def echo(s, rng):
    """Something happens, and calls follow that die away."""
    peers = s.cast(int(rng.integers(1, 3)))
    return [[(date + rng.exponential(.4 * DAY), int(rng.choice(peers))) for date in s.dates
             for _ in range(rng.poisson(9))]], 300


def pen_friends(s, rng):
    """One writes, the other answers in its own hours, and so on; now and then a thread ends."""
    ends, calls, t, turn = s.cast(2, False), [], rng.uniform(0, 3) * DAY, 0
    pace = rng.uniform(.5, 8)
    while t < s.w.days * DAY:
        while not s.awake(ends[turn], t):
            t += rng.uniform(.2, 1.5) * HOUR
        calls.append((t, ends[turn]))
        turn = 1 - turn
        t += rng.lognormal(np.log(pace * HOUR), 1.1)
    return [calls], 900


def renamed(s, rng):
    peer, cut = s.cast(1)[0], rng.uniform(.35, .65) * s.w.days
    gap = _gamma_sleep(rng, np.exp(rng.uniform(np.log(1800), np.log(6 * HOUR))), rng.uniform(.05, .3))
    return [_loop(s, rng, peer, gap, False, 0, cut), _loop(s, rng, peer, gap, False, cut + rng.uniform(.5, 5))], 900


NEEDLES = [("jitter-timer", sleeper), ("missing-beats", unlucky), ("behind-cache", cached), ("daily", postman),
           ("weekly", market_day), ("turns", relay), ("day-copy", mimic), ("event-bursts", echo),
           ("correspondence", pen_friends), ("succession", renamed)]


def _ticks(s, rng, peer, period, slack, skip=.01):
    calls, beat = [], rng.uniform(0, period)
    while beat < s.w.days * DAY and len(calls) < 20000:
        if rng.random() > skip:
            calls.append((beat + rng.exponential(slack), peer))
        beat += period
    return calls


def watcher(s, rng):
    return [_ticks(s, rng, s.cast(1, True)[0], float(rng.choice([300, 600, 900, 3600])), rng.uniform(.1, 4))], 60


def night_shift(s, rng):
    return [_ticks(s, rng, s.cast(1, True)[0], DAY, rng.uniform(1, 60), .05)], 3600


def fleet(s, rng):
    """A few machines with one program, each on its own time."""
    calls = []
    period = float(rng.choice([6, 12, 24])) * HOUR
    for peer in s.cast(int(rng.integers(3, 9))):
        calls += _loop(s, rng, peer, lambda: period + rng.uniform(0, .1) * period, True)
    return [calls], 3600


def mailing(s, rng):
    receivers, calls = s.cast(int(rng.integers(5, 30))), []
    for _ in range(int(s.w.days / 30 * rng.integers(1, 6))):
        start = rng.integers(0, s.w.days) * DAY + rng.uniform(8, 17) * HOUR
        calls += [(start + rng.weibull(.7) * HOUR, r) for r in receivers if rng.random() < .4]
    return [calls], 3600


def archive(s, rng):
    peer, calls = s.cast(1, True)[0], []
    for day in range(s.w.days):
        calls += [(day * DAY + rng.uniform(1, 5) * HOUR, peer) for _ in range(rng.poisson(2.5))]
    return [calls], 3600


def mail_checks(s, rng):
    receivers, calls = s.cast(int(rng.integers(2, 6)), True), []
    sender, rate = s.cast(1, False)[0], rng.uniform(1, 8)
    for day in range(s.w.days):
        for _ in range(rng.poisson(rate)):
            t = day * DAY + rng.uniform(7, 18) * HOUR
            if s.awake(sender, t):
                calls.append((t, receivers[min(rng.geometric(.5), len(receivers)) - 1]))
    return [calls, [(t - .03, p) for t, p in calls]], 3600


def warm(s, rng):
    ttl = int(rng.choice([600, 1800, 3600]))
    return [_loop(s, rng, s.cast(1, True)[0], lambda: ttl + rng.exponential(ttl / rng.uniform(4, 40)), False)], ttl


def homepage(s, rng):
    peer = s.cast(1)[0]
    return [[(day * DAY + rng.normal(21, 1.2) * HOUR + rng.exponential(600) - s.w.zone[peer], peer)
             for day in range(s.w.days) for _ in range(rng.poisson(rng.gamma(1, 1.2)))]], 3600


def firm(s, rng):
    a, b = s.cast(2, False)
    times = [(t, a if rng.random() < .6 else b) for t in _when(s.w, rng, a, int(s.w.days * rng.uniform(1.5, 8)))]
    return [times + [(t, p) for p in s.cast(4) for t in _when(s.w, rng, p, 4)]], 900


def search_robot(s, rng):
    robots = s.cast(int(rng.integers(3, 6)))
    return [[(t, int(rng.choice(robots))) for t, _ in _loop(s, rng, 0, lambda: rng.exponential(.7 * DAY), False)]], 3600


INNOCENTS = [("monitor", watcher), ("nightly-job", night_shift), ("updater", fleet), ("newsletter", mailing),
             ("reputation", archive), ("sender-checks", mail_checks), ("busy-cache", warm), ("vanity", homepage),
             ("small-company", firm), ("crawler", search_robot)]
