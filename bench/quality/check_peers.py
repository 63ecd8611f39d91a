#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check_peers.py DATA: does what peers.py makes of RITA's formulas give the values of RITA's own unit tests, which lie
in DATA/labelled/rita-beacon-vectors? Exit status 77 where they do not."""
import json
import os
import sys

import numpy as np

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import peers

path = os.path.join(sys.argv[1], "labelled/rita-beacon-vectors/vectors.json")
if not os.path.exists(path):
    sys.exit(77)
with open(path, encoding="ascii") as file:
    vectors = json.load(file)


def check(table, score):
    for case in vectors[table]:
        if not case.get("expectedError"):
            got = score(case)
            assert abs(got - case["expectedScore"]) < 1e-3, (table, case["name"], got)


check("TestGetTimestampScore", lambda c: peers.rita_evenness(np.diff(np.unique(c["tsList"]))))
check("TestCalculateStatisticalScore", lambda c: peers.rita_evenness(np.array(c["values"])))
check("TestGetDurationScore", lambda c: peers.rita_duration(
    c["histMax"] - c["histMin"], c["datasetMax"] - c["datasetMin"], c["totalBars"], c["longestConsecutiveRun"]))
check("TestGetHistogramScore", lambda c: peers.rita_histogram(
    np.array(c["expectedHistogram"]), c["minHoursForBimodalAnalysis"]))
