# SPDX-License-Identifier: GPL-3.0-or-later
"""The scores that the ranking had, has and could have, from the fields of a finding: for ablations. The one that is
built is in src/hunt/order.h."""
import collections
import math

INNOCENT = {"bulk-mail", "sender-checks", "reputation-lookups", "scheduled-machine", "crawler", "retry-loop",
            "cache-artefact"}
CONTACT = {"human-correspondence", "beacon"}
CONTACTS_MIN = 50
NEEDLE = -math.log10(.05)

Terms = collections.namedtuple("Terms", "rhythm sure clock narrow presence follows innocent told contact")


def decades(p):
    return -math.log10(p) if p else 0.0


def terms(finding, span_days):
    tests = finding["tests"]
    explanations = [e for e in finding["explanations"] or () if e["probability"] is not None]
    factor = max((e["bayes_factor"] for e in explanations), default=0)
    told = finding["contacts"] >= CONTACTS_MIN and min(1, max(0, decades(1 / factor if factor else 1) - .5))
    return Terms(decades(finding["p"]), decades(finding["q"]), decades(tests["periodicity"].get("p_clock")),
                 min(3.0, decades(tests["narrowness"].get("p"))), finding["active_days"] / span_days,
                 min(1.0, max(0.0, decades(tests["events"].get("p")) - 1)),  # times the dates met, which it does not tell
                 sum(e["probability"] for e in explanations if e["name"] in INNOCENT), told,
                 sum(e["probability"] for e in explanations if e["name"] in CONTACT))


def _surprise(t, clock_max, steady=None, rhythm=None):
    steady = t.presence if steady is None else steady
    rhythm = t.rhythm if rhythm is None else rhythm
    return max(0, min(6, rhythm) - min(clock_max, t.clock)) + 2 * steady * t.narrow


def _left(t):
    return max(.25, 1 - t.innocent * t.told)


def _doubt(t):
    return t.told * max(0, min(2, math.log10(max(1e-9, t.contact) / max(1e-9, t.innocent))))


def _second(t):
    return _surprise(t, 4, max(t.presence, t.follows), t.rhythm * (t.sure >= NEEDLE)) * _left(t)


def _built(t):
    return (_surprise(t, 4, max(t.presence, t.follows), t.rhythm * (t.sure >= NEEDLE)) + _doubt(t) / 2) * _left(t)


SCORES = {
    "p alone": lambda t: t.rhythm,
    "p + narrow (first design)": lambda t: t.rhythm + t.narrow,
    "p + 2 narrow x presence (second)": lambda t: t.rhythm + 2 * t.narrow * t.presence,
    "p up to 6": lambda t: _surprise(t, 0),
    "p up to 6, less clock": lambda t: _surprise(t, 6),
    "the same, times what is not innocent": lambda t: _surprise(t, 6) * (1 - t.innocent),
    "the same, where it can be told": lambda t: _surprise(t, 6) * (1 - t.innocent * t.told),
    "the same, never all": lambda t: _surprise(t, 4) * _left(t),
    "the same, or there when something happened": lambda t: _surprise(t, 4, max(t.presence, t.follows)) * _left(t),
    "the same, rhythm by q": lambda t: _surprise(t, 4, max(t.presence, t.follows), t.sure) * _left(t),
    "the same, rhythm of needles alone": _second,
    "the same, and what no ordinary mechanism makes (built)": _built,
    "needles first": lambda t: _built(t) + 100 * (t.sure >= NEEDLE),
    "explanations without clock": lambda t: _surprise(t, 0) * _left(t),
    "narrow x presence alone": lambda t: t.narrow * t.presence,
}
