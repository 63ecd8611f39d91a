# SPDX-License-Identifier: GPL-3.0-or-later
"""What is put into the crowd: needles, innocent look-alikes, and for nulls a twin of each needle without its rhythm.
Every figure is drawn anew for every name."""
import numpy as np

from draws import DAY, HOUR, Hours, at_random, clock, in_sessions, log_uniform, once_a_day, sleep_timer


class Planter:
    def __init__(self, w, rng):
        self.w, self.rng, self.days = w, rng, w.days
        self.events = np.sort(rng.choice(w.days, max(3, w.days // 12), replace=False)) + .5
        w.dates = self.events
        self.times = w.table()[0]  # of the crowd
        self.twins = False
        self.planted = 0

    def peers(self, count, machine=None):
        """Peers of a planted name. In an enterprise machine tells whether they run day and night; None: either."""
        if self.w.vantage == "authoritative":
            return self.rng.choice(self.w.peers, count, replace=False, p=self.w.weights)
        machine = self.rng.random() < .5 if machine is None else machine
        pool = np.flatnonzero(self.w.server == machine)
        return self.rng.choice(pool, count, replace=False)

    def up(self, times, peers):
        """Of requests, those for which the machine was on; an authoritative server sees resolvers, which always are."""
        if self.w.vantage == "authoritative" or not len(times):
            return times, peers
        inside = (times >= 0) & (times < self.days * DAY)
        times, peers = times[inside], peers[inside]
        day, hour = (times // DAY).astype(int), times % DAY / HOUR
        start, length = self.w.start[peers], self.w.length[peers]
        on = self.w.server[peers] | (self.w.present[peers, day] & (hour >= start) & (hour < start + length))
        return times[on], peers[on]

    def life(self, least=60):
        """First and last day: most are there all the time."""
        if self.rng.random() < .6 or self.days <= least:
            return 0.0, float(self.days)
        length = self.rng.uniform(least, self.days)
        first = self.rng.uniform(0, self.days - length)
        return first, first + length

    def add(self, kind, needle, times, peers, text=None, group=None, ttl=None, qtype="A", address=None):
        """peers: one for each time, or one alone."""
        peers = np.full(len(times), peers) if np.ndim(peers) == 0 else np.asarray(peers)
        times, peers = self.up(np.asarray(times), peers)
        self.planted += 1
        text = text or f"h{self.planted}.{'net' if needle else 'org'}.example"
        number = self.w.name(text, kind, needle and not self.twins, group, ttl, qtype, address)
        if self.twins:
            times, peers = self._twin(times, peers)
        self.w.ask(number, times, peers)
        return number

    def _twin(self, times, peers):
        """As many requests of the same peers in the same span, at times of people's."""
        if len(times) < 2:
            return times, peers
        office = np.mean((times // DAY % 7) < 5) > .9
        first, last = times.min() / DAY, times.max() / DAY + .01
        hours = Hours(self.rng, "office" if office else "smooth")
        return at_random(self.rng, len(times), hours, first, last), self.rng.permutation(peers)


# ---- needles ----

def jitter_timer(p, rng):
    first, last = p.life()
    times = sleep_timer(rng, log_uniform(rng, 900, 12 * HOUR), rng.uniform(.05, .5), rng.uniform(0, .2), first, last)
    p.add("jitter-timer", True, times, p.peers(1)[0], ttl=int(rng.choice([60, 300, 300, 900])))


def missing_beats(p, rng):
    first, last = p.life()
    period = log_uniform(rng, 1800, 12 * HOUR)
    times = clock(rng, period, period * rng.uniform(.02, .12), rng.uniform(.3, .7), first, last)
    p.add("missing-beats", True, times, p.peers(1)[0], ttl=int(rng.choice([60, 300, 900])))


def behind_cache(p, rng):
    first, last = p.life()
    ttl = int(rng.choice([900, 3600, 14400]))
    times = sleep_timer(rng, ttl * rng.uniform(.6, 1.6), rng.uniform(.05, .3), rng.uniform(0, .2), first, last)
    p.add("behind-cache", True, times, p.peers(1)[0], ttl=ttl)


def daily(p, rng):
    first, last = p.life(90)
    start = rng.uniform(7, 10)
    zone = HOUR * float(rng.integers(-8, 9)) if p.w.vantage == "authoritative" else 0
    times = once_a_day(rng, start, start + rng.uniform(3, 9), zone, rng.uniform(0, .25), rng.random() < .75, first, last)
    p.add("daily", True, times, p.peers(1)[0])


def weekly(p, rng):
    width = log_uniform(rng, 60, 3 * HOUR)
    start = rng.uniform(0, 7) * DAY if p.w.vantage == "authoritative" else (rng.integers(0, 5) + .45) * DAY
    times = np.arange(start, p.days * DAY, 7 * DAY)
    times = times[rng.random(len(times)) >= rng.uniform(0, .15)]
    times = times + rng.uniform(-width / 2, width / 2, len(times))
    calls = rng.integers(1, 4)  # an hour's meeting is more than one look-up
    times = np.concatenate([times + i * rng.uniform(120, 900) for i in range(calls)])
    p.add("weekly", True, times, p.peers(1)[0], ttl=60)


def turns(p, rng):
    first, last = p.life()
    times = sleep_timer(rng, log_uniform(rng, 1800, 12 * HOUR), rng.uniform(.03, .3), rng.uniform(0, .3), first, last)
    peers = p.peers(2)
    p.add("turns", True, times, peers[np.arange(len(times)) % 2], ttl=int(rng.choice([60, 300])))


def day_copy(p, rng):
    first, last = p.life(90)
    count = int(log_uniform(rng, 100, 1200))
    times = rng.choice(p.times, count) + rng.normal(0, 600, count)
    times = times[(times >= first * DAY) & (times < last * DAY)]
    p.add("day-copy", True, times, p.peers(1)[0])


def event_bursts(p, rng):
    calls = [at_random(rng, int(rng.integers(5, 25)), Hours(rng, "always"), e - .2, e + rng.uniform(.3, 1.2))
             for e in p.events if rng.random() < .8]
    calls.append(at_random(rng, int(rng.integers(5, 40)), Hours(rng, "smooth"), 0, p.days))
    times = np.concatenate(calls)
    p.add("event-bursts", True, times, rng.choice(p.peers(int(rng.integers(1, 4))), len(times)))


def correspondence(p, rng):
    first, last = p.life(90)
    count = int((last - first) * log_uniform(rng, .8, 8))
    times = in_sessions(rng, count, Hours(rng, "office"), first, last, rng.uniform(1.5, 4), rng.uniform(200, 1800))
    peers = p.peers(int(rng.integers(2, 4)), machine=False)
    weights = rng.dirichlet(np.full(len(peers), 3.0))
    p.add("correspondence", True, times, rng.choice(peers, len(times), p=weights))


def succession(p, rng):
    stop = rng.uniform(.3, .7) * p.days
    lag = rng.uniform(.5, 6)
    peers = p.peers(int(rng.integers(1, 3)))
    period, jitter = log_uniform(rng, 1800, 8 * HOUR), rng.uniform(.05, .4)
    ttl, address = int(rng.choice([300, 900, 3600])), f"203.0.113.{p.planted % 250 + 1}"
    group = f"succession-{p.planted}"
    for first, last in ((0, stop), (stop + lag, p.days)):
        times = sleep_timer(rng, period, jitter, rng.uniform(0, .3), first, last)
        p.add("succession", True, times, rng.choice(peers, len(times)), group=group, ttl=ttl, address=address)


NEEDLES = [jitter_timer, missing_beats, behind_cache, daily, weekly, turns, day_copy, event_bursts, correspondence,
           succession]


# ---- innocents ----

def monitor(p, rng):
    period = float(rng.choice([60, 300, 300, 600, 900, 1800, 3600]))
    times = clock(rng, period, rng.uniform(.2, 5), rng.uniform(0, .03), 0, p.days)
    if len(times) > 20000:  # a sensor would show more; the bench need not
        times = times[times < times[0] + 20000 * period]
    p.add("monitor", False, times, p.peers(1, machine=True)[0], ttl=int(rng.choice([30, 60, 300])))


def nightly_job(p, rng):
    missing = rng.uniform(0, .1)
    times = clock(rng, DAY, rng.uniform(1, 90), missing, 0, p.days)
    p.add("nightly-job", False, times, p.peers(1, machine=True)[0])


def updater(p, rng):
    """A rare program on some machines, each with a timer of its own."""
    peers = p.peers(int(rng.integers(3, 9)), machine=False)
    period, jitter = float(rng.choice([4, 8, 12, 24])) * HOUR, rng.uniform(.01, .1)
    times = [sleep_timer(rng, period, jitter, rng.uniform(0, .1), 0, p.days) for _ in peers]
    p.add("updater", False, np.concatenate(times), np.repeat(peers, [len(t) for t in times]))


def newsletter(p, rng):
    """Campaigns; each reaches receivers here within the hour, and a few ask again when the mail is read."""
    receivers = p.peers(int(rng.integers(4, 40)), machine=False)
    weights = rng.dirichlet(np.full(len(receivers), .4))
    starts = at_random(rng, int(rng.integers(1, 9) * p.days / 30), Hours(rng, "office"), 0, p.days)
    sizes = rng.integers(1, 12, len(starts))
    times = np.repeat(starts, sizes) + rng.exponential(2400, sizes.sum())
    p.add("newsletter", False, times, rng.choice(receivers, len(times), p=weights))


def reputation(p, rng):
    """An archive is scanned again and again: steadily, or at night."""
    if rng.random() < .5:
        nights = clock(rng, DAY, 600, rng.uniform(0, .2), 0, p.days)
        times = np.concatenate([nights + rng.exponential(900, len(nights)) for _ in range(int(rng.integers(1, 5)))])
    else:
        times = at_random(rng, int(p.days * log_uniform(rng, 2, 30)), Hours(rng, "always"), 0, p.days)
    p.add("reputation", False, times, rng.choice(p.peers(int(rng.integers(1, 3)), machine=True), len(times)))


def sender_checks(p, rng):
    """Mail in its sender's hours; the receivers ask for reverse name, name and policy of the host."""
    first, last = p.life()
    receivers = p.peers(int(rng.integers(2, 7)), machine=True)
    weights = rng.dirichlet(np.full(len(receivers), .8))
    count = int((last - first) * log_uniform(rng, .5, 8))
    times = at_random(rng, count, Hours(rng, "office"), first, last)
    peers = rng.choice(receivers, len(times), p=weights)
    number = p.add("sender-checks", False, times, peers, ttl=3600)
    host = p.w.names[number]
    reverse = ".".join(reversed(host.address.split("."))) + ".in-addr.arpa"
    p.add("sender-checks", False, times - .05, peers, reverse, host.text, 3600, "PTR")
    some = rng.random(len(times)) < .6
    p.add("sender-checks", False, times[some] + .1, peers[some], f"{host.text.split('.')[0]}-policy.org.example",
          host.text, 3600, "TXT")


def busy_cache(p, rng):
    """A popular name of one resolver's people: a fetch at nearly every end of the TTL."""
    ttl = int(rng.choice([300, 900, 3600]))
    last = min(p.days, 15000 * ttl / DAY)
    times = at_random(rng, int(log_uniform(rng, 3, 40) * last * DAY / ttl), Hours(rng), 0, last)
    p.add("busy-cache", False, times, p.peers(1)[0], ttl=ttl)


def vanity(p, rng):
    """Somebody's own name, looked at in the evening."""
    times = in_sessions(rng, int(p.days * log_uniform(rng, .4, 5)), Hours(rng, "evening"), 0, p.days)
    peers = p.peers(int(rng.integers(1, 3)), machine=p.w.vantage != "authoritative")
    p.add("vanity", False, times, rng.choice(peers, len(times)))


def small_company(p, rng):
    """Two offices and who is on the road."""
    times = in_sessions(rng, int(p.days * log_uniform(rng, 2, 12)), Hours(rng, "office"), 0, p.days)
    peers = np.concatenate((p.peers(2, machine=False), p.peers(5, machine=False)))
    weights = np.array([.5, .4] + [.02] * 5)
    p.add("small-company", False, times, rng.choice(peers, len(times), p=weights))


def retry_loop(p, rng):
    """A mis-set client asks again the moment its resolver forgets."""
    ttl = int(rng.choice([300, 900, 3600]))
    first, last = p.life()
    last = min(last, first + 15000 * ttl / DAY)
    times = at_random(rng, int(25 * (last - first) * DAY / ttl), Hours(rng, "always"), first, last)
    p.add("retry-loop", False, times, p.peers(1, machine=True)[0], ttl=ttl)


def crawler(p, rng):
    """A search engine comes by, at its own pace, from several addresses."""
    peers = p.peers(int(rng.integers(3, 8)), machine=True)
    times = at_random(rng, int(p.days * log_uniform(rng, .3, 3)), Hours(rng, "always"), 0, p.days)
    p.add("crawler", False, times, rng.choice(peers, len(times)))


LOOK_ALIKES = [monitor, nightly_job, updater, newsletter, reputation, sender_checks, busy_cache, vanity, small_company,
               retry_loop, crawler]


def plant(w, rng, needles, look_alikes, twins):
    """twins: a null; each needle's rhythm is taken away, and look-alikes, which have rhythms, stay out."""
    p = Planter(w, rng)
    p.twins = twins
    for i, kind in enumerate(rng.permutation(len(NEEDLES)).tolist() * (needles // len(NEEDLES) + 1)):
        if i < needles:
            NEEDLES[kind](p, rng)
    for i, kind in enumerate(rng.permutation(len(LOOK_ALIKES)).tolist() * (look_alikes // len(LOOK_ALIKES) + 1)):
        if i < look_alikes and not twins:
            LOOK_ALIKES[kind](p, rng)
    return p.events
