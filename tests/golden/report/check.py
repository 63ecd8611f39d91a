#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check.py REPORT-SAMPLE SCHEMA-DIR [--update]

The report's forms of hand-made results: the same bytes as the goldens here, JSON that the closed
schema takes, pages that an XML parser reads and that load and run nothing, and not one byte in
any of them that could steer a terminal or turn the text around."""
import copy
import json
import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree as xml

import jsonschema

HERE = pathlib.Path(__file__).parent
SAMPLE, SCHEMAS = sys.argv[1], pathlib.Path(sys.argv[2])
UPDATE = "--update" in sys.argv
GOLDEN = [  # file, arguments of report-sample
    ("scenario.jsonl", "json scenario"), ("hostile.jsonl", "json hostile"),
    ("short.jsonl", "json short"), ("scenario.txt", "text scenario 100"),
    ("scenario-ascii.txt", "text scenario ascii 72"), ("scenario-color.txt", "text scenario color"),
    ("hostile.txt", "text hostile ascii"), ("short.txt", "text short"), ("quiet.txt", "text quiet"),
    ("long.txt", "text long 80"), ("dossier.txt", "dossier scenario 80"), ("dossier-ascii.txt", "dossier scenario ascii 120"),
    ("dossier-hostile.txt", "dossier hostile ascii"), ("dossier-long.txt", "dossier long 100"),
    ("health.txt", "health scenario"),
    ("health-hostile.txt", "health hostile"), ("scenario.html", "html scenario"),
    *[(f"{sample}.{ending}", f"{form} {sample}") for sample in ("scenario", "hostile", "short")
      for form, ending in (("csv", "csv"), ("stix", "stix.json"), ("ocsf", "ocsf.jsonl"), ("ecs", "ecs.jsonl"),
                           ("timesketch", "timesketch.csv"), ("markdown", "md"))],
    ("hostile.html", "html hostile"), ("short.html", "html short"), ("quiet.html", "html quiet"),
]
# controls but newline, DEL and C1, soft hyphen, bidi marks, zero widths, separators
HIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
FAILED = []


def fail(text):
    FAILED.append(text)
    print("not ok:", text)


def run(arguments):
    return subprocess.run([SAMPLE] + arguments.split(), check=True, stdout=subprocess.PIPE).stdout


def check_goldens():
    for name, arguments in GOLDEN:
        got = run(arguments)
        path = HERE / name
        if UPDATE:
            path.write_bytes(got)
        elif not path.exists() or path.read_bytes() != got:
            fail(f"{name}: not the bytes of report-sample {arguments} (see make golden-update)")
        text = got.decode("utf-8")
        if name.endswith(".csv"):  # RFC 4180 ends lines so
            text = text.replace("\r\n", "\n")
        if "color" not in arguments and HIDDEN.search(text):
            fail(f"{name}: holds {HIDDEN.search(text)!r}")
        for width in [int(word) for word in arguments.split() if word.isdigit()]:
            for line in text.splitlines():
                if len(line) > width:
                    fail(f"{name}: a line of {len(line)}, {width} allowed: {line}")


def validator(name):
    schema = json.loads((SCHEMAS / name).read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def everywhere(value, path=()):
    """Each map of a document, with the way to it."""
    if isinstance(value, dict):
        yield path
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(inner, (dict, list)):
            yield from everywhere(inner, path + (key,))


def at(document, path):
    for key in path:
        document = document[key]
    return document


def check_closed(check, document, label, free=()):
    """No map of the document takes another key, or does without one of its own."""
    for path in everywhere(document):
        if path in free:
            continue
        wrong = copy.deepcopy(document)
        at(wrong, path)["no such key"] = 1
        if check.is_valid(wrong):
            fail(f"{label}: takes another key at {path}")
        for key in at(document, path):
            if key == "declared":  # there only where a list of events was declared
                continue
            wrong = copy.deepcopy(document)
            del at(wrong, path)[key]
            if check.is_valid(wrong):
                fail(f"{label}: does without {path + (key,)}")


def check_ranges(check, document):
    for path, value in [(("p",), 1.5), (("q",), -0.1), (("rank",), 0), (("contacts",), -1),
                        (("contacts",), 1.5), (("kind",), "http"), (("verdict",), "guilty"),
                        (("vantage",), "above"), (("first",), "2016-05-04"), (("target",), "a b"),
                        (("schema",), "lodestone.finding/2"), (("needle",), 1),
                        (("tests", "periodicity", "verdict"), "clock"),
                        (("tests", "narrowness", "peers"), -1), (("plain",), "")]:
        wrong = copy.deepcopy(document)
        at(wrong, path[:-1])[path[-1]] = value
        if check.is_valid(wrong):
            fail(f"finding-v1: takes {value!r} at {path}")


def check_schemas():
    check = validator("finding-v1.schema.json")
    count = 0
    for sample in "scenario", "hostile", "short", "quiet", "long":
        for line in run("json " + sample).decode("utf-8").splitlines():
            if " " in re.sub(r'"(\\.|[^"\\])*"', "", line):
                fail(f"json {sample}: spaces between tokens")
            document = json.loads(line)
            for error in check.iter_errors(document):
                fail(f"json {sample}: {error.json_path}: {error.message}")
            check_closed(check, document, f"finding-v1, {sample}")
            count += 1
    if count < 8:
        fail(f"only {count} findings were checked")
    check_ranges(check, json.loads(run("json scenario").splitlines()[0]))
    for name, free in ("finding", ()), ("source", (("skipped",),)), ("contact", ()):
        check = validator(f"{name}-v1.schema.json")
        document = json.loads((HERE / f"{name}-v1.json").read_text())
        for error in check.iter_errors(document):
            fail(f"{name}-v1.json: {error.json_path}: {error.message}")
        check_closed(check, document, f"{name}-v1.json", free)


def properties(schema):
    """All names of keys in a schema."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        schema = schema.values()
    elif not isinstance(schema, list):
        return
    for inner in schema:
        yield from properties(inner)


def check_manual():
    manual = (SCHEMAS.parent / "man" / "lodestone-findings.5").read_text()
    words = set(re.findall(r"[a-z0-9_]+", manual))
    for path in sorted(SCHEMAS.glob("*.schema.json")):
        for key in sorted(set(properties(json.loads(path.read_text())))):
            if key not in words:
                fail(f"{path.name}: lodestone-findings(5) does not have {key}")


def check_other_goldens():
    """What the program itself printed, wherever a golden case has JSON in it."""
    kinds = {"schema": "finding", "seen": "contact", "state": "source"}
    checks = {key: validator(f"{name}-v1.schema.json") for key, name in kinds.items()}
    for path in sorted(HERE.parent.glob("*/expect.out")):
        for line in path.read_text(errors="replace").splitlines():
            if not line.startswith("{"):
                continue
            document = json.loads(line)
            for key in [key for key in kinds if key in document][:1]:
                for error in checks[key].iter_errors(document):
                    fail(f"{path.parent.name}: {error.json_path}: {error.message}")


def check_pages():
    for sample in "scenario", "hostile", "short", "quiet", "long":
        page = run("html " + sample)
        if run("html " + sample) != page:
            fail(f"html {sample}: two runs, two pages")
        if len(page) > 200_000:
            fail(f"html {sample}: {len(page)} bytes")
        tree = xml.fromstring(page)
        ids = set()
        for element in tree.iter():
            tag = element.tag.split("}")[1]
            if tag in ("script", "iframe", "object", "embed", "link", "img", "base", "form", "image", "use"):
                fail(f"html {sample}: <{tag}>")
            for name, value in element.attrib.items():
                if name.startswith("on") or name in ("style", "src"):
                    fail(f"html {sample}: attribute {name}")
                if name == "href" and not re.fullmatch("#f[0-9]+", value):
                    fail(f"html {sample}: link to {value}")
                if name == "id" and value in ids:
                    fail(f"html {sample}: id {value} twice")
                if name == "id":
                    ids.add(value)
            if tag == "th" and element.get("scope") not in ("col", "row", "rowgroup"):
                fail(f"html {sample}: a th without scope")
            if tag == "svg" and not element.get("aria-label"):
                fail(f"html {sample}: a chart without words")
        for element in tree.iter():
            if element.get("href") and element.get("href")[1:] not in ids:
                fail(f"html {sample}: {element.get('href')} leads nowhere")
        if re.search(r"url\(|@import|https?://(?!www\.w3\.org/(1999/xhtml|2000/svg)\")", page.decode()):
            fail(f"html {sample}: loads something")
        if re.search(r"forged|guilty|\bspy\b|suspicious|malicious|attacker", page.decode(), re.I):
            fail(f"html {sample}: accuses")


check_goldens()
check_schemas()
check_other_goldens()
check_manual()
check_pages()
print(f"{len(FAILED)} failed")
sys.exit(1 if FAILED else 0)
