#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check_forms.py DUMP: the evidence that tools/bench makes is what the readers take it for.

A few hundred rows of each form: by content it is the reader's that the table names, each look-up is a
contact, and what is skipped is skipped for a reason that such a log gives. A table of no known format is
left out, since it is none without a map.
"""
import os
import subprocess
import sys
import tempfile

from readers import READERS

dump, rows = sys.argv[1], 300
USUAL = {"line of another kind", "answer without an address", "line without a date", "hand-over within the host",
         "delivery without a server", "row of another event"}
FACTS_ALONE = {"passivedns", "cof"}
MESSAGES = {"mbox", "mail-tar", "maildir"}
with tempfile.TemporaryDirectory() as folder:
    for form, expected, *_ in READERS:
        path = os.path.join(folder, form)
        maker = os.path.join(os.path.dirname(os.path.abspath(__file__)), "gen_evidence")
        subprocess.run([maker, form, str(rows), path], check=True)
        files = [os.path.join(path, "cur", f) for f in os.listdir(f"{path}/cur")] if os.path.isdir(path) else [path]
        out = subprocess.run([dump, "--year=2023", *files], check=True, stdout=subprocess.PIPE).stdout.decode()
        lines = [line.split("\t") for line in out.split("\n")[:-1]]
        names = {line[1] for line in lines if line[0] == "end"}
        contacts = sum(line[0] == "contact" for line in lines)
        odd = [line for line in lines if line[0] == "skipped" and line[1] not in USUAL]
        want = 0 if form in FACTS_ALONE or form == "table" else 3 * rows if form in MESSAGES else rows
        if names != {"none" if form == "table" else expected} or odd or contacts != want:
            sys.exit(f"{form}: read as {names}, {contacts} contacts, not {want}; skipped {odd}")
print(f"{len(READERS)} forms are read as what they are")
