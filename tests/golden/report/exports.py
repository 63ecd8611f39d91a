#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""exports.py REPORT-SAMPLE: what other programs take. The schemas here are closed and were written from
the published specifications: STIX 2.1 (OASIS, 10 June 2021), OCSF 1.3.0 (class 2004), ECS 8.11 (field
reference), Timesketch's guide to CSV. Where Python's stix2 is installed it reads the bundle too: it
checks every property, and makes the identifiers of observables anew. Where web/node_modules has them
(tools/deps --web), Elastic's own types of ECS 8.11 are asked by the TypeScript compiler: no field of a
field set that they do not have, and each of their type. What OASIS and OCSF publish is asked by
published.py."""
import csv
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import uuid

import jsonschema

SAMPLE = sys.argv[1]
MODULES = pathlib.Path(__file__).resolve().parents[3] / "web/node_modules"
FAILED = []


def run(form, sample):
    return subprocess.run([SAMPLE, form, sample], check=True, stdout=subprocess.PIPE).stdout.decode("utf-8")


def check(what, there):
    if not there:
        FAILED.append(what)
        print("not ok:", what)


def closed(properties, optional=()):
    return {"type": "object", "properties": properties, "required": [k for k in properties if k not in optional], "additionalProperties": False}


def validate(what, value, schema):
    errors = list(jsonschema.Draft202012Validator(schema).iter_errors(value))
    check(f"{what}: {errors[:2]}", not errors)


TEXT = {"type": "string"}
COUNT = {"type": "integer", "minimum": 0}
NUMBER = {"type": ["number", "null"]}
VERDICT = {"enum": ["unusual", "ordinary", "cannot tell"]}


def reference(*types):
    return {"type": "string", "pattern": f"^({'|'.join(types)})--[0-9a-f]{{8}}-[0-9a-f]{{4}}-5[0-9a-f]{{3}}-[89ab][0-9a-f]{{3}}-[0-9a-f]{{12}}$"}


def references(*types):
    return {"type": "array", "items": reference(*types), "minItems": 1, "uniqueItems": True}


STIX_TIME = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"}
OBSERVABLES = ("domain-name", "ipv4-addr", "ipv6-addr")


def stix_object(name, properties, dated=True):
    times = {"created": STIX_TIME, "modified": STIX_TIME} if dated else {}
    return closed({"type": {"const": name}, "spec_version": {"const": "2.1"}, "id": reference(name), **times, **properties})


STIX = closed({"type": {"const": "bundle"}, "id": reference("bundle"), "objects": {"type": "array", "minItems": 1, "items": {"oneOf": [
    *[stix_object(name, {"value": TEXT}, dated=False) for name in OBSERVABLES],
    stix_object("observed-data", {"first_observed": STIX_TIME, "last_observed": STIX_TIME, "object_refs": references(*OBSERVABLES),
                                  "number_observed": {"type": "integer", "minimum": 1, "maximum": 999999999}}),
    stix_object("note", {"abstract": TEXT, "content": TEXT, "labels": {"type": "array", "items": TEXT}, "object_refs": references("observed-data")}),
    stix_object("opinion", {"explanation": TEXT, "object_refs": references("note"),
                            "opinion": {"enum": ["strongly-disagree", "disagree", "neutral", "agree", "strongly-agree"]}})]}}}, ("objects",))

OCSF = closed({
    "activity_id": {"const": 1}, "activity_name": {"const": "Create"}, "category_uid": {"const": 2}, "category_name": {"const": "Findings"},
    "class_uid": {"const": 2004}, "class_name": {"const": "Detection Finding"}, "type_uid": {"const": 200401}, "type_name": {"const": "Detection Finding: Create"},
    "severity_id": {"enum": [1, 2]}, "severity": {"enum": ["Informational", "Low"]}, "status_id": {"const": 1}, "status": {"const": "New"},
    "time": {"type": "integer"}, "start_time": {"type": "integer"}, "end_time": {"type": "integer"}, "count": COUNT, "message": TEXT,
    "metadata": closed({"version": {"const": "1.3.0"}, "product": closed({"name": TEXT, "vendor_name": TEXT, "version": TEXT})}),
    "finding_info": closed({"uid": TEXT, "title": TEXT, "desc": TEXT, "first_seen_time": {"type": "integer"}, "last_seen_time": {"type": "integer"},
                            "analytic": closed({"type_id": {"const": 3}, "type": {"const": "Statistical"}, "name": TEXT})}),
    "observables": {"type": "array", "items": closed({"name": TEXT, "type_id": {"enum": [1, 2]}, "type": {"enum": ["Hostname", "IP Address"]}, "value": TEXT})},
    "unmapped": closed({"rank": COUNT, "verdict": VERDICT, "score": NUMBER, "p": NUMBER, "q": NUMBER, "visits": COUNT, "active_days": COUNT,
                        "peers_total": COUNT, "vantage": TEXT})})

ECS = closed({
    "@timestamp": TEXT, "ecs": closed({"version": {"const": "8.11.0"}}), "message": TEXT,
    "event": closed({"id": TEXT, "kind": {"enum": ["alert", "event"]}, "category": {"const": ["network"]}, "type": {"const": ["info"]},
                     "module": TEXT, "dataset": TEXT, "start": TEXT, "end": TEXT}),
    "dns": closed({"question": closed({"name": TEXT})}), "destination": closed({"address": TEXT, "domain": TEXT, "ip": TEXT}, ("domain", "ip")),
    "related": closed({"hosts": {"type": "array", "items": TEXT}, "ip": {"type": "array", "items": TEXT}}),
    "observer": closed({"product": TEXT, "version": TEXT}),
    "lodestone": closed({"rank": COUNT, "verdict": VERDICT, "needle": {"type": "boolean"}, "score": NUMBER, "p": NUMBER, "q": NUMBER, "contacts": COUNT,
                         "visits": COUNT, "active_days": COUNT, "peers_total": COUNT, "vantage": TEXT})}, ("dns", "destination"))


def check_stix(sample, findings):
    bundle = json.loads(run("stix", sample))
    validate(f"stix {sample}", bundle, STIX)
    ids = [o["id"] for o in bundle["objects"]]
    check(f"stix {sample}: an identifier stands twice", len(ids) == len(set(ids)))
    for o in bundle["objects"]:
        for target in o.get("object_refs", []):
            check(f"stix {sample}: {target} is not in the bundle", target in ids)
        if o["type"] in OBSERVABLES:
            name = json.dumps({"value": o["value"]}, separators=(",", ":"), ensure_ascii=False)
            expected = uuid.uuid5(uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7"), name)
            check(f"stix {sample}: {o['value']} is not {expected}", o["id"] == f"{o['type']}--{expected}")
    check(f"stix {sample}: not a note for each finding", sum(o["type"] == "note" for o in bundle["objects"]) == len(findings))
    try:
        import stix2
        stix2.parse(bundle, allow_custom=False)
        print(f"stix2 {stix2.__version__} takes {sample}")
    except ImportError:
        print("skip: no stix2 for Python, the schema alone was asked")


def check_lines(form, sample, schema, findings):
    lines = [json.loads(line) for line in run(form, sample).splitlines()]
    check(f"{form} {sample}: not a line for each finding", len(lines) == len(findings))
    for line in lines:
        validate(f"{form} {sample}", line, schema)
    return lines


# A document holds these field sets of ECS and one of its own; a literal with any other member is refused.
ECS_DOCUMENT = """import * as ecs from "@elastic/ecs/generated";
type Document = ecs.EcsBase & { ecs: ecs.EcsEcs; event: ecs.EcsEvent; dns?: ecs.EcsDns; destination?: ecs.EcsDestination;
	related: ecs.EcsRelated; observer: ecs.EcsObserver; lodestone: Record<string, unknown> };
"""


def check_ecs_types():
    if shutil.which("node") is None or not (MODULES / "typescript").exists() or not (MODULES / "@elastic/ecs").exists():
        print("skip: no types of ECS or no compiler of TypeScript in web/node_modules, the schema alone was asked")
        return
    lines = [line for sample in ("scenario", "hostile") for line in run("ecs", sample).splitlines()]
    text = ECS_DOCUMENT + "".join(f"export const d{n}: Document = {line};\n" for n, line in enumerate(lines))
    # a check that takes anything is none: the compiler complains where one of these is no error
    for n, wrong in enumerate((('"kind":', '"kindd":'), ('"start":"', '"start":7,"code":"'), ("8.11.0", "8.12.0"))):
        text += f"// @ts-expect-error\nexport const w{n}: Document = {lines[0].replace(*wrong, 1)};\n"
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(MODULES, os.path.join(folder, "node_modules"))
        path = pathlib.Path(folder) / "documents.ts"
        path.write_text(text)
        done = subprocess.run(["node", MODULES / "typescript/bin/tsc", "--noEmit", "--strict", "--target", "es2020", "--module", "node16", path],
                              capture_output=True, text=True, timeout=100)
    check(f"ecs: {done.stdout[:500]}", done.returncode == 0)
    print(f"the types of ECS were asked for {len(lines)} documents")


def check_tables(sample, findings):
    for form in ("csv", "timesketch"):
        text = run(form, sample)
        rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
        check(f"{form} {sample}: a row has more or less cells than the head", all(None not in r and None not in r.values() for r in rows))
        for row in rows:
            for cell in row.values():
                check(f"{form} {sample}: a formula: {cell}", cell[:1] not in ("=", "+", "@", "\t", "\r") and (cell[:1] != "-" or cell[1:2].isdigit()))
    check(f"csv {sample}: not a row for each finding", len(list(csv.DictReader(io.StringIO(run("csv", sample), newline="")))) == len(findings))
    for row in rows:
        check(f"timesketch {sample}: {row}", row["message"] and row["datetime"].endswith("Z") and row["timestamp_desc"])


def check_markdown(sample, findings):
    text = run("markdown", sample)
    check(f"markdown {sample}: markup", "<" not in text)
    check(f"markdown {sample}: not a section for each finding", sum(l.startswith("## ") for l in text.splitlines()) == len(findings))


for sample in ("scenario", "hostile", "short"):
    findings = [json.loads(line) for line in run("json", sample).splitlines()]
    if findings:
        check_stix(sample, findings)
    check_lines("ocsf", sample, OCSF, findings)
    check_lines("ecs", sample, ECS, findings)
    check_tables(sample, findings)
    check_markdown(sample, findings)
check_ecs_types()
print(f"{len(FAILED)} failed")
sys.exit(1 if FAILED else 0)
