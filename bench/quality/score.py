# SPDX-License-Identifier: GPL-3.0-or-later
"""How good a ranking is. A needle with two names (a succession) is found when one of them is; the other then takes no
place."""
import collections

CUTS = (5, 10, 20, 50)


def judge(ranking, flagged, truth):
    """ranking: targets, best first. flagged: those that the method reports by itself. truth: target -> row."""
    groups = {row["group"]: row["kind"] for row in truth.values() if row["needle"]}
    found, place, precision = {}, 0, 0.0
    first_page = collections.Counter()
    for target in ranking:
        row = truth.get(target)
        needle = row is not None and row["needle"]
        if needle and row["group"] in found:
            continue
        place += 1
        if needle:
            found[row["group"]] = place
            precision += len(found) / place
        elif place <= CUTS[-1]:
            first_page[row["kind"] if row else "crowd"] += 1
    kinds = collections.defaultdict(list)
    for group, kind in groups.items():
        kinds[kind].append(found.get(group))
    wrong = [t for t in flagged if not (t in truth and truth[t]["needle"])]
    return {"recall": {c: sum(p <= c for p in found.values()) / len(groups) if groups else None for c in CUTS},
            "ap": precision / len(groups) if groups else None, "needles": len(groups),
            "flagged_needles": len({truth[t]["group"] for t in flagged if t in truth and truth[t]["needle"]}),
            "flagged_innocents": len(wrong), "flagged_crowd": sum(t not in truth for t in wrong),
            "kinds": dict(kinds), "first_page": dict(first_page)}


def number(x):
    return "-" if x is None else f"{x:.2f}"


def mean(values):
    values = [v for v in values if v is not None]
    return sum(values) / len(values) if values else None


def tables(results):
    """results: method -> one judgment for each haystack. Three Markdown tables as text."""
    out = ["| method | " + " | ".join(f"recall at {c}" for c in CUTS) +
           " | average precision | needles flagged | innocents flagged | of the crowd |", "|---" * 9 + "|"]
    for method, runs in results.items():
        cells = [number(mean([r["recall"][c] for r in runs])) for c in CUTS] + [number(mean([r["ap"] for r in runs]))]
        flags = [f"{mean([r[k] for r in runs]):.1f}" for k in ("flagged_needles", "flagged_innocents", "flagged_crowd")]
        out.append("| " + " | ".join([method] + cells + flags) + " |")
    kinds = sorted({k for runs in results.values() for r in runs for k in r["kinds"]})
    if kinds:
        out += ["", "| found within the first 50 | " + " | ".join(kinds) + " |", "|---" * (len(kinds) + 1) + "|"]
    for method, runs in results.items() if kinds else ():
        cells = []
        for kind in kinds:
            places = [p for r in runs for p in r["kinds"].get(kind, [])]
            cells.append(f"{sum(p is not None and p <= 50 for p in places)}/{len(places)}")
        out.append("| " + " | ".join([method] + cells) + " |")
    out += ["", "| others within the first 50 | |", "|---|---|"]
    for method, runs in results.items():
        total = collections.Counter()
        for r in runs:
            total.update(r["first_page"])
        out.append(f"| {method} | " + ", ".join(f"{k} {v / len(runs):.1f}" for k, v in total.most_common()) + " |")
    return "\n".join(out)
