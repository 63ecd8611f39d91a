#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""published.py REPORT-SAMPLE FOLDER: the exports against what their owners publish (tests/published).

STIX: each object by OASIS's schema of its type. Their schema of a bundle is not asked: its list of objects
lacks note and opinion, which the specification has. OCSF: OCSF publishes no JSON schema but definitions;
what they say of class 2004 is followed here: attributes that are known, required ones, their types and
enumerations, in objects as well. What a profile adds is required of nobody who does not apply it."""
import json
import pathlib
import subprocess
import sys
import warnings

import jsonschema

SAMPLE = sys.argv[1]
PUBLISHED = pathlib.Path(sys.argv[2])
FAULTS = []


def run(form, sample):
    return subprocess.run([SAMPLE, form, sample], check=True, stdout=subprocess.PIPE).stdout.decode("utf-8")


def load(path):
    return json.loads((PUBLISHED / path).read_text(encoding="utf-8"))


# ---- STIX ----

STIX = {path.stem: load(path.relative_to(PUBLISHED)) for path in sorted((PUBLISHED / "stix-2.1").glob("schemas/*/*.json"))}


def no_network(where):
    raise LookupError(f"{where} is not in tests/published")


def stix_faults(thing):
    schema = STIX[thing["type"]]
    resolver = jsonschema.RefResolver(schema["$id"], schema, store={s["$id"]: s for s in STIX.values()},
                                      handlers={"http": no_network, "https": no_network})
    return [f"{thing['id']}: {e.message[:200]}" for e in jsonschema.Draft202012Validator(schema, resolver=resolver).iter_errors(thing)]


# ---- OCSF ----

DICTIONARY = load("ocsf-1.3.0/dictionary.json")
OBJECTS = {path.stem: load(path.relative_to(PUBLISHED)) for path in (PUBLISHED / "ocsf-1.3.0/objects").glob("*.json")}
EVENTS = {path.stem: load(path.relative_to(PUBLISHED)) for path in (PUBLISHED / "ocsf-1.3.0/events").rglob("*.json")}
PLAIN = {"string_t": str, "integer_t": int, "long_t": int, "float_t": (int, float), "boolean_t": bool}
COMPILED = {"class_uid", "category_uid", "type_uid"}  # their enumerations are made of the whole schema


def included(definition, by_profile=False):
    """A definition's own attributes and those of its includes, which a profile requires of nobody."""
    attributes = {}
    for path in definition["attributes"].get("$include", []):
        for name, about in included(load(f"ocsf-1.3.0/{path}"), path.startswith("profiles/")).items():
            attributes[name] = about
    for name, about in definition["attributes"].items():
        if name != "$include":
            attributes[name] = {**attributes.get(name, {}), **about, **({"requirement": "optional"} if by_profile else {})}
    return attributes


def attributes_of(definition, table):
    inherited = attributes_of(table[definition["extends"]], table) if definition.get("extends") in table and definition["extends"] != definition["name"] else {}
    return {name: {**inherited.get(name, {}), **about} for name, about in {**inherited, **included(definition)}.items()}


def plain_type(name):
    while name not in PLAIN:
        name = DICTIONARY["types"]["attributes"][name]["type"]
    return PLAIN[name]


def value_faults(where, value, about):
    if about["type"] == "object_t" or about["type"] in OBJECTS:
        return ocsf_faults(where, value, OBJECTS[about.get("object_type", about["type"])], OBJECTS)
    wanted = plain_type(about["type"])
    if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
        return [f"{where}: {value!r} is no {about['type']}"]
    name = where.rsplit(".", 1)[-1]
    if name == "type_id" and "observables" in where:  # types of observables are numbered in the dictionary's types and objects
        known = {str(t["observable"]) for t in DICTIONARY["types"]["attributes"].values() if "observable" in t}
        return [] if str(value) in known else [f"{where}: {value} is no type of observable"]
    if "enum" in about and name not in COMPILED and str(value) not in about["enum"]:
        return [f"{where}: {value} is not of {sorted(about['enum'])}"]
    return []


def ocsf_faults(where, thing, definition, table):
    faults = []
    known = attributes_of(definition, table)
    if definition["name"] == "object":  # anything goes
        return []
    for name, value in thing.items():
        if name not in known:
            faults.append(f"{where}.{name}: {definition['name']} has no such attribute")
            continue
        about = {**DICTIONARY["attributes"][name], **known[name]}
        if about.get("is_array"):
            if not isinstance(value, list):
                faults.append(f"{where}.{name} is no array")
            else:
                faults += [fault for one in value for fault in value_faults(f"{where}.{name}", one, about)]
        else:
            faults += value_faults(f"{where}.{name}", value, about)
    faults += [f"{where} lacks {name}" for name, about in known.items() if about.get("requirement") == "required" and name not in thing]
    return faults


# ---- both ----

def must_fail(what, faults):
    """The check itself: what is wrong is seen."""
    if not faults:
        FAULTS.append(f"not seen: {what}")


warnings.simplefilter("ignore", DeprecationWarning)  # RefResolver is Debian 12's way
stix = [thing for sample in ("scenario", "hostile", "short") if run("json", sample) for thing in json.loads(run("stix", sample)).get("objects", [])]
ocsf = [json.loads(line) for sample in ("scenario", "hostile", "short") for line in run("ocsf", sample).splitlines()]
for thing in stix:
    FAULTS += stix_faults(thing)
for event in ocsf:
    FAULTS += ocsf_faults("event", event, EVENTS["detection_finding"], EVENTS)
for thing in {thing["type"]: thing for thing in stix}.values():
    must_fail(f"a {thing['type']} of another version", stix_faults({**thing, "spec_version": "3"}))
must_fail("an opinion that nobody holds", stix_faults({**next(t for t in stix if t["type"] == "opinion"), "opinion": "perhaps"}))
for change in ({"time": "today"}, {"severity_id": 77}, {"no_such": 1}, {"metadata": {"version": "1.3.0"}}, {"observables": [{"name": "n", "type_id": 4711}]}):
    must_fail(f"an event with {change}", ocsf_faults("event", {**ocsf[0], **change}, EVENTS["detection_finding"], EVENTS))
must_fail("an event without time", ocsf_faults("event", {k: v for k, v in ocsf[0].items() if k != "time"}, EVENTS["detection_finding"], EVENTS))
for fault in FAULTS:
    print("not ok:", fault)
print(f"{len(stix)} STIX objects, {len(ocsf)} OCSF events, {len(FAULTS)} faults")
sys.exit(1 if FAULTS or not stix or not ocsf else 0)
