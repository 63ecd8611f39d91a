# SPDX-License-Identifier: GPL-3.0-or-later
"""Made-up SMTP sessions in a capture, for measurements: a session for each delivery, from SYN to FIN.

Frames are Ethernet with IPv4 or IPv6 and TCP; a message goes in segments of 1,400 octets, each side
acknowledges what it got with what it says next, and checksums are left out, as offloading does.
"""
import struct

from evidence_mail import HERE, OUR_ADDRESS, message, people
from evidence_world import address_bytes

OUR_ADDRESS_V6 = "2001:db8::25"
SEGMENT = 1400
FIN, SYN, PUSH, ACK = 1, 2, 8, 16


class Session:
    """Packets of one connection; a turn takes its part of the time that the delivery took."""

    def __init__(self, row):
        ours = address_bytes(OUR_ADDRESS_V6 if ":" in row.address else OUR_ADDRESS)
        self.ends = [address_bytes(row.address), ours] if row.inwards else [ours, address_bytes(row.address)]
        self.ports = [1024 + row.number % 60000, 25]
        self.next = [row.number * 7919 & 0xffffffff, row.number * 104729 & 0xffffffff]
        self.at, self.step = row.at, row.took / 16
        self.packets = []

    def send(self, side, flags, data=b""):
        tcp = struct.pack(">HHIIBBHHH", self.ports[side], self.ports[1 - side], self.next[side],
                          self.next[1 - side] if flags & ACK else 0, 5 << 4, flags, 64000, 0, 0) + data
        source, target = self.ends[side], self.ends[1 - side]
        if len(source) == 4:
            ip, kind = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(tcp), 1, 0x4000, 64, 6, 0) + source + target, b"\x08\x00"
        else:
            ip, kind = struct.pack(">IHBB", 6 << 28, len(tcp), 6, 64) + source + target, b"\x86\xdd"
        frame = b"\2\0\0\0\0\1\2\0\0\0\0\2" + kind + ip + tcp
        self.packets.append(struct.pack("<IIII", int(self.at), int(self.at % 1 * 1e6), len(frame), len(frame)) + frame)
        self.next[side] = self.next[side] + len(data) + (flags & (SYN | FIN) != 0) & 0xffffffff

    def say(self, side, text):
        self.at += self.step
        data = text.replace("\n", "\r\n").encode()
        for at in range(0, len(data), SEGMENT):
            self.send(side, PUSH | ACK, data[at:at + SEGMENT])


def session(row):
    client, server = 0, 1
    sender, recipient = people(row)
    names = (row.host, HERE) if row.inwards else (HERE, row.host)
    s = Session(row)
    s.send(client, SYN)
    s.send(server, SYN | ACK)
    s.send(client, ACK)
    for side, text in (
            (server, f"220 {names[1]} ESMTP\n"), (client, f"EHLO {names[0]}\n"),
            (server, f"250-{names[1]}\n250-PIPELINING\n250-SIZE 52428800\n250 8BITMIME\n"),
            (client, f"MAIL FROM:<{sender}> SIZE={row.size}\n"), (server, "250 2.1.0 Ok\n"), (client, f"RCPT TO:<{recipient}>\n")):
        s.say(side, text)
    if row.accepted:
        for side, text in ((server, "250 2.1.5 Ok\n"), (client, "DATA\n"), (server, "354 End data with <CR><LF>.<CR><LF>\n"),
                           (client, message(row) + ".\n"), (server, f"250 2.0.0 Ok: queued as {row.number:X}\n")):
            s.say(side, text)
    else:
        s.say(server, f"550 5.1.1 <{recipient}>: unknown\n")
    s.say(client, "QUIT\n")
    s.say(server, "221 2.0.0 Bye\n")
    s.send(server, FIN | ACK)
    s.send(client, FIN | ACK)
    s.send(server, ACK)
    return b"".join(s.packets)


def capture(rows):
    yield struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1)
    for row in rows:
        yield session(row)


FORMS = {"smtp-pcap": capture}
