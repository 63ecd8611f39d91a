# SPDX-License-Identifier: GPL-3.0-or-later
"""The peers' methods, written anew from their published formulas. Each gives every name a score and says whether the
method by itself would flag it; the score of a name is the largest over its (peer, name) pairs."""
import numpy as np

DAY = 86400.0
PAIR_MOST = 20000  # stamps of a pair that are looked at


class Pairs:
    """The rows by (name, peer)."""

    def __init__(self, columns, names):
        times, name, peer, _ = columns
        order = np.lexsort((times, peer, name))
        self.times, self.name, self.peer = times[order], name[order], peer[order]
        edges = np.flatnonzero(np.diff(self.name) | np.diff(self.peer)) + 1
        self.starts = np.concatenate(([0], edges))
        self.ends = np.concatenate((edges, [len(order)]))
        self.names = names
        self.days = int(times.max() // DAY) + 1

    def each(self, least):
        long = np.flatnonzero(self.ends - self.starts >= least)
        for i in long.tolist():
            yield self.name[self.starts[i]], self.times[self.starts[i]:self.ends[i]][:PAIR_MOST]


def rita_evenness(gaps):
    """Bowley's skew and the deviation about the median."""
    gaps, half = np.sort(gaps), len(gaps) // 2
    q1, q2, q3 = np.median(gaps[:half]), np.median(gaps), np.median(gaps[-half:])
    skew = 0 if q3 - q1 < 10 or q2 in (q1, q3) else abs((q1 + q3 - 2 * q2) / (q3 - q1))
    spread = np.median(np.abs(gaps - q2))
    return (1 - skew + (max(0.0, (q2 - spread) / q2) if q2 >= 1 else 1.0)) / 2


def rita_histogram(bars, least_for_bimodal=11):
    """How flat, or how nearly of two heights, the bars are."""
    full = bars[bars > 0]
    flat = max(0.0, 1 - bars.std() / bars.mean())
    if len(full) < least_for_bimodal:
        return flat
    heights = np.ceil(full / np.ceil(.05 * bars.max()))
    common = np.sort(np.unique(heights, return_counts=True)[1])
    return max(flat, min(1.0, common[-2:].sum() / max(1, len(full) - 1)))


def rita_duration(span, window, bars, longest_run):
    return max(span / window, min(1.0, longest_run / 12)) if bars >= 6 else 0.0


def _rita(times, first, window):
    """RITA v5 (analysis/beacons.go) without byte counts, whose share the other three take over in equal parts."""
    stamps = np.unique(np.floor(times))
    if len(stamps) < 4:
        return 0.0
    bars = np.bincount(np.minimum((24 * (stamps - first) / window).astype(int), 23), minlength=24)
    ring = "".join("x" if bar else " " for bar in np.concatenate((bars, bars)))
    run = min(24, max(len(part) for part in ring.split(" ")))
    duration = rita_duration(stamps[-1] - stamps[0], window, np.count_nonzero(bars), run)
    return (rita_evenness(np.diff(stamps)) + rita_histogram(bars) + min(1.0, duration)) / 3


def rita_by_day(pairs):
    scores = np.zeros(pairs.names)
    for name, times in pairs.each(4):
        days = (times // DAY).astype(int)
        edges = np.concatenate(([0], np.flatnonzero(np.diff(days)) + 1, [len(times)]))
        for a, b in zip(edges[:-1], edges[1:]):
            if b - a >= 4:
                scores[name] = max(scores[name], _rita(times[a:b], days[a] * DAY, DAY))
    return scores, scores >= .9


def rita_whole(pairs):
    scores = np.zeros(pairs.names)
    for name, times in pairs.each(4):
        scores[name] = max(scores[name], _rita(times, 0, pairs.days * DAY))
    return scores, scores >= .9


def flare(pairs):
    """Share of the gaps in the fullest window of 2 s, over the whole log; 10 contacts, 5 %."""
    scores = np.zeros(pairs.names)
    for name, times in pairs.each(10):
        gaps = np.sort(np.diff(times))
        gaps = gaps[gaps > 0]
        if len(gaps) >= 9:
            inside = np.searchsorted(gaps, gaps + 2, "right") - np.arange(len(gaps))
            scores[name] = max(scores[name], inside.max() / len(gaps))
    return scores, scores >= .05


def _spectra(pairs, bin_s, rng, shuffles):
    """(name, periodogram of the pair's binned counts, largest of each of its shuffles), 10 contacts or more."""
    bins = int(pairs.days * DAY / bin_s)
    size = 1 << (2 * bins - 1).bit_length()
    for name, times in pairs.each(10):
        counts = np.bincount(np.minimum((times / bin_s).astype(int), bins - 1), minlength=bins).astype(np.float32)
        counts = np.minimum(counts, 1)
        counts -= counts.mean()
        power = np.abs(np.fft.rfft(counts, size)) ** 2
        tops = [(np.abs(np.fft.rfft(rng.permutation(counts), size)) ** 2)[1:].max() for _ in range(shuffles)]
        yield name, counts, power, np.array(tops), size


def spectral(pairs, seed, bin_s=1200.0, shuffles=5):
    """The FFT with a permuted null (Vlachos, Yu & Castelli 2005, as in BAYWATCH): the largest line over the largest of
    shuffled series. And the autocorrelation: its largest hill beyond two bins."""
    rng = np.random.default_rng(seed)
    fft, acf = np.zeros(pairs.names), np.zeros(pairs.names)
    for name, counts, power, tops, size in _spectra(pairs, bin_s, rng, shuffles):
        fft[name] = max(fft[name], power[1:].max() / np.quantile(tops, .95))
        hill = np.fft.irfft(power, size)[:len(counts) // 2]
        if hill[0] > 0:
            acf[name] = max(acf[name], hill[3:].max() / hill[0])
    return {"FFT, permuted null": (fft, fft > 1), "autocorrelation": (acf, acf >= .3)}


def few_and_long(pairs):
    """Many days with few clients: days / clients."""
    days = np.unique(pairs.name * 100000 + (pairs.times // DAY).astype(int)) // 100000
    clients = pairs.name[pairs.starts]
    scores = np.bincount(days, minlength=pairs.names) / np.maximum(np.bincount(clients, minlength=pairs.names), 1)
    return scores, scores >= .5 * pairs.days


def all_methods(columns, names, seed):
    pairs = Pairs(columns, names)
    methods = {"RITA v5 by day": rita_by_day(pairs), "RITA v5, whole log": rita_whole(pairs), "flare": flare(pairs)}
    methods.update(spectral(pairs, seed))
    methods["few clients, many days"] = few_and_long(pairs)
    return methods
