#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""mail_peers.py [--list] DUMP DATA [GMIME_FIELDS]: headers of mail against what two mail parsers read.

Every message of the collection, one by one, is read by lodestone, by Python's email module and, where
gmime_fields was built, by GMime. Both must have as many Received fields as lodestone tells of, as hops or
as skipped; each hop, in order, must have the date that the peer reads in a field, a client that stands in that field's
from part, and a server that stands in its by part or is the client of a hop above. The domain of
the Message-ID and the time of the Date must be the peer's. What differs must be in KNOWN, with its reason in
docs/parity.md. --list prints what differs and goes on.
"""
import calendar
import email
import email.utils
import gzip
import mailbox
import os
import re
import subprocess
import sys
import tarfile
import tempfile

# what differs, and how often; docs/parity.md says why
KNOWN = {
    "python": {"no mail by content": 51},
    "python mbox": {"Message-ID or Date": 2},
    "gmime": {"no mail by content": 51, "Message-ID": 2, "Date": 1},
    "gmime mbox": {"Message-ID or Date": 7},
}


def messages(data, place):
    """(name, path) of each message as a file of its own."""
    number = 0
    for folder, folders, names in os.walk(data):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(folder, name)
            short = os.path.relpath(path, data)
            if short.startswith("stalwart-fields") or name.endswith((".json", "-summary.txt")):
                continue  # of these the first is mail_rows.py's
            if name.endswith((".txt.gz", ".mbox", ".mbox.txt")):
                continue
            if not name.endswith(".tar.xz"):
                yield short, path
                continue
            with tarfile.open(path) as tar:
                for member in tar:
                    if member.isfile():
                        number += 1
                        to = os.path.join(place, str(number))
                        with open(to, "wb") as f:
                            f.write(tar.extractfile(member).read())
                        yield f"{short}/{member.name}", to


def mailboxes(data, place):
    """(name, path) of each mbox, decompressed."""
    for folder, folders, names in os.walk(data):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(folder, name)
            short = os.path.relpath(path, data)
            if name.endswith(".gz"):
                to = os.path.join(place, short.replace("/", "-"))
                with gzip.open(path) as f, open(to, "wb") as out:
                    out.write(f.read())
                yield short, to
            elif name.endswith((".mbox", ".mbox.txt")):
                yield short, path


def split(text, ends):
    """Lines of a program over many files, by file; ends: what the last line of each begins with."""
    files = [[]]
    for line in text.split("\n")[:-1]:
        words = line.split("\t")
        if words[0] == ends:
            files[-1].append(words)
            files.append([])
        else:
            files[-1].append(words)
    return files[:-1]


def run(command, paths):
    out = []
    for i in range(0, len(paths), 500):
        done = subprocess.run(command + paths[i:i + 500], check=True, stdout=subprocess.PIPE)
        out.append(done.stdout.decode("utf-8", "backslashreplace"))
    return "".join(out)


def seconds(text):
    """Of a date as RFC 5322 has it; None: it is none."""
    found = email.utils.parsedate_tz(text)
    try:
        return None if found is None else calendar.timegm(found[:6] + (0, 0, 0)) - (found[9] or 0)
    except (ValueError, OverflowError):
        return None


def fields_of(m):
    """(Received values, Message-ID, seconds of the Date)."""
    date = m["Date"]
    ident = m["Message-ID"]
    return ([str(v) for v in m.get_all("Received", [])], None if ident is None else str(ident),
            None if date is None else seconds(str(date)))


def by_python(path):
    with open(path, "rb") as f:
        return fields_of(email.message_from_binary_file(f))


def by_gmime(lines):
    values = [bytes.fromhex(words[1]).decode("utf-8", "backslashreplace") for words in lines if words[0] == "received"]
    ident = next((words[1] for words in lines if words[0] == "message-id"), None)
    date = next((int(words[1]) for words in lines if words[0] == "date"), None)
    return values, ident, date


def parts(value):
    """The from part, the by part and the date of a field."""
    text = " " + re.sub(r"\s+", " ", value).strip()
    head, _, date = text.rpartition(";")
    from_part, _, by = (head or text).lower().partition(" by ")
    return from_part, by, seconds(date or text)


def is_host(text):
    return text is not None and re.fullmatch(r"[\w-]+(\.[\w-]+)+", text, re.A) is not None


def boxes_by_python(path):
    box = mailbox.mbox(path, factory=email.message_from_binary_file, create=False)
    return [fields_of(m) for m in box]


def domain(ident):
    """Of a Message-ID, behind its last @; None: it has none."""
    host = re.search(r"@\[?([^@>\]\s]+)\]?>?\s*$", ident or "")
    return host and host[1].lower().rstrip(".")


class Different(Exception):
    pass


def field_says(value, hop, above):
    """"", or what of the hop is not in that field."""
    from_part, by, date = parts(value)
    when, client, server = hop
    if date != int(when):
        return "date of a hop"
    if client not in from_part:
        return "client of a hop"
    return "" if server in by or server in above else "server of a hop"


def compare(ours, peer):
    values, ident, date = peer
    hops = [(words[1], words[3], words[4]) for words in ours if words[0] == "contact"]
    skipped = sum(int(words[2]) for words in ours if words[0] == "skipped" and ("Received" in words[1] or "within" in words[1]))
    if len(hops) + skipped != len(values):
        raise Different("number of Received fields")
    at, clients = 0, set()
    for hop in hops:
        # the first field that is not above one that was taken, and says so much
        told = [field_says(values[i], hop, clients) for i in range(at, len(values))]
        if "" not in told:
            raise Different(max(told, key=["date of a hop", "client of a hop", "server of a hop"].index))
        at += told.index("") + 1
        clients.add(hop[1])
    for i, words in enumerate(ours):
        if words[0] != "fact" or words[2] != "65402":
            continue
        if domain(ident) != words[1]:
            raise Different("Message-ID")
        told = ours[i + 1] if i + 1 < len(ours) else ["end"]
        if told[0] == "fact" and told[2] == "65403" and int(told[5]) != date:
            raise Different("Date")


def compare_box(ours, peer):
    """All messages of an mbox at once: how many Received fields, and which Message-IDs with which Dates."""
    told = sum(words[0] == "contact" for words in ours)
    told += sum(int(words[2]) for words in ours if words[0] == "skipped" and ("Received" in words[1] or "within" in words[1]))
    if told != sum(len(values) for values, _, _ in peer):
        raise Different("number of Received fields")
    want = [(domain(ident), date) for _, ident, date in peer if is_host(domain(ident)) and date is not None]
    got = [(words[1], int(ours[i + 1][5])) for i, words in enumerate(ours) if words[0] == "fact" and words[2] == "65402"]
    if told == 0 and got != want:
        raise Different("Message-ID or Date")
    at = 0
    for each in got:
        # in order; the peer may have more, of messages whose hops nothing vouches for
        if each not in want[at:]:
            raise Different("Message-ID or Date")
        at += want[at:].index(each) + 1


def report(peer, names, outcomes, listing):
    """Whether what differs is what is known to."""
    found = {}
    for name, what in zip(names, outcomes):
        if what:
            found.setdefault(what, []).append(name)
    print(f"{peer}: {outcomes.count('')} of {len(names)} the same; "
          + ", ".join(f"{what} {len(which)}" for what, which in sorted(found.items())))
    if listing:
        print("".join(f"  {what}: {name}\n" for what, which in sorted(found.items()) for name in which), end="")
    return {what: len(which) for what, which in found.items()} == KNOWN[peer]


def outcome(how, mine, theirs):
    if mine[-1][1] != "mail":
        return "no mail by content"
    try:
        how(mine, theirs)
        return ""
    except Different as e:
        return str(e)


def by_message(lines):
    """The lines of an mbox, a list a message."""
    found = []
    for words in lines:
        if words[0] == "message":
            found.append([])
        elif words[0] != "file":
            found[-1].append(words)
    return [by_gmime(each) for each in found]


def main(words):
    listing = words[:1] == ["--list"]
    dump, data, *fields = words[listing:]
    data = os.path.join(data, "mail")
    if not os.path.isdir(data):
        print("SKIP: no collection of mail at", data)
        sys.exit(77)
    with tempfile.TemporaryDirectory() as place:
        names, paths = zip(*messages(data, place))
        box_names, boxes = zip(*mailboxes(data, place))
        ours = split(run([dump, "--dates"], list(paths)), "end")
        ours_boxes = split(run([dump, "--dates"], list(boxes)), "end")
        peers = {"python": [by_python(path) for path in paths], "python mbox": [boxes_by_python(path) for path in boxes]}
        if fields:
            peers["gmime"] = [by_gmime(lines) for lines in split(run(fields, list(paths)), "file")]
            peers["gmime mbox"] = [by_message(lines) for lines in split(run(fields + ["--mbox"], list(boxes)), "file")]
    good = True
    for peer, read in peers.items():
        how, mine, which = (compare_box, ours_boxes, box_names) if peer.endswith("mbox") else (compare, ours, names)
        good = report(peer, which, [outcome(how, m, t) for m, t in zip(mine, read)], listing) and good
        fields_read = sum(len(values) for each in read for values, _, _ in (each if peer.endswith("mbox") else [each]))
        print(f"  {fields_read} Received fields in {sum(len(each) for each in read) if peer.endswith('mbox') else len(read)} messages")
    sys.exit(not good and not listing)


main(sys.argv[1:])
