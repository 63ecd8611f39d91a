# SPDX-License-Identifier: GPL-3.0-or-later
"""Made-up evidence of mail in each form that a reader takes, for measurements: FORMS names them all.

Logs are generators of bytes over deliveries (evidence_world.py), as the server of that name writes
them; messages have the header of one that passed three hosts, and a body of 500 B to 200 kB.
"""
import io
import os
import tarfile

from evidence_world import date

HERE, OUR_ADDRESS, SUBJECT = "mail.example.org", "192.0.2.25", "no one's business"
WORDS = "the of and to in that is was he for it with as his on be at by had not are but from or have an they".split()


def lines(write, head=""):
    def form(rows):
        yield head.encode()
        for row in rows:
            yield write(row).encode()
    return form


def syslog(row, later=0.):
    return date("%b %e %H:%M:%S", row.at + later) + " mail "


def iso(row, digits, later=0.):
    at = row.at + later
    return f"{date('%Y-%m-%dT%H:%M:%S', at)}.{int(at % 1 * 10**digits):0{digits}}"


def message_id(row):
    return f"{row.number:x}.{int(row.at)}@{row.host if row.inwards else HERE}"


def people(row):
    """Sender and recipient."""
    far, near = f"user{row.number % 97}@{row.host}", f"someone{row.number % 13}@example.org"
    return (far, near) if row.inwards else (near, far)


# ---- logs of mail servers

def postfix(row):
    ident, process = f"{row.number * 7 + 0x10000:X}", 100 + row.number % 50
    sender, recipient = people(row)
    peer = f"{row.host}[{row.address}]"
    smtpd, head = f"postfix/smtpd[{process}]: ", syslog(row)
    if row.inwards and not row.accepted:
        return (f"{head}{smtpd}connect from {peer}\n{head}{smtpd}NOQUEUE: reject: RCPT from {peer}: 554 5.7.1 <{recipient}>: "
                f"Relay access denied; from=<{sender}> to=<{recipient}> proto=ESMTP helo=<{row.host}>\n"
                f"{syslog(row, row.took)}{smtpd}disconnect from {peer} ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4\n")
    text = f"{head}{smtpd}connect from {peer}\n{head}{smtpd}{ident}: client={peer}\n" if row.inwards else (
        f"{head}postfix/pickup[91]: {ident}: uid=1000 from=<{sender}>\n")
    text += (f"{head}postfix/cleanup[101]: {ident}: message-id=<{message_id(row)}>\n"
             f"{head}postfix/qmgr[90]: {ident}: from=<{sender}>, size={row.size}, nrcpt=1 (queue active)\n")
    head, delays = syslog(row, row.took), f"delay={row.took:.2g}, delays=0.1/0.01/0.2/{row.took:.2g}"
    if row.inwards:
        text += (f"{head}postfix/local[102]: {ident}: to=<{recipient}>, relay=local, {delays}, dsn=2.0.0, "
                 f"status=sent (delivered to mailbox)\n{head}{smtpd}disconnect from {peer} ehlo=1 mail=1 rcpt=1 data=1 quit=1 "
                 f"commands=5\n")
    else:
        status = (f"dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as {ident})" if row.accepted else
                  f"dsn=5.1.1, status=bounced (host {peer} said: 550 5.1.1 <{recipient}>: unknown (in reply to RCPT TO command))")
        text += f"{head}postfix/smtp[{process}]: {ident}: to=<{recipient}>, relay={peer}:25, {delays}, {status}\n"
    return text + f"{head}postfix/qmgr[90]: {ident}: removed\n"


BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def exim_id(row):
    letters, rest = "", int(row.at)
    for _ in range(6):
        rest, digit = divmod(rest, 62)
        letters = BASE62[digit] + letters
    return f"{letters}-{row.number % 10**6:06}-{BASE62[row.number % 62]}{BASE62[row.number // 62 % 62]}"


def exim(row):
    head, sender, recipient = date("%Y-%m-%d %H:%M:%S", row.at), *people(row)
    start = f"{head} {exim_id(row)}"
    if row.inwards and not row.accepted:
        return f"{head} H={row.host} [{row.address}] F=<{sender}> rejected RCPT <{recipient}>: relay not permitted\n"
    if row.inwards:
        return (f"{start} <= {sender} H={row.host} [{row.address}]:{4000 + row.number % 9000} I=[{OUR_ADDRESS}]:25 P=esmtps "
                f"X=TLS1.3:ECDHE_X25519__RSA_PSS_RSAE_SHA256__AES_256_GCM:256 CV=no S={row.size} id={message_id(row)}\n"
                f"{start} => someone <{recipient}> R=localuser T=local_delivery\n{start} Completed\n")
    text = f"{start} <= {sender} U=someone P=local S={row.size} id={message_id(row)}\n"
    if not row.accepted:
        return (f"{text}{start} ** {recipient} R=dnslookup T=remote_smtp H={row.host} [{row.address}]: SMTP error from remote mail "
                f"server after RCPT TO:<{recipient}>: 550 5.1.1 unknown\n{start} Completed\n")
    return (f'{text}{start} => {recipient} R=dnslookup T=remote_smtp H={row.host} [{row.address}] '
            f'X=TLS1.3:ECDHE_X25519__RSA_PSS_RSAE_SHA256__AES_256_GCM:256 CV=yes C="250 2.0.0 Ok: queued as {row.number:X}"\n'
            f"{start} Completed\n")


def sendmail(row):
    process = 10000 + row.number % 80000
    ident, sender, recipient = f"4218xHYB{process:06}", *people(row)
    start = f"sm-mta[{process}]: {ident}: "
    if row.inwards and not row.accepted:
        return (f"{syslog(row)}{start}ruleset=check_rcpt, arg1=<{recipient}>, relay={row.host} [{row.address}], "
                f"reject=550 5.7.1 <{recipient}>... Relaying denied\n")
    relay = f"{row.host} [{row.address}]" if row.inwards else "someone@localhost"
    text = (f"{syslog(row)}{start}from=<{sender}>, size={row.size}, class=0, nrcpts=1, msgid=<{message_id(row)}>, proto=ESMTP, "
            f"daemon=MTA, relay={relay}\n")
    far = f"mailer=esmtp, pri=120400, relay={row.host}. [{row.address}]"
    how = "mailer=local, pri=30500, dsn=2.0.0, stat=Sent" if row.inwards else (
        f"{far}, dsn=2.0.0, stat=Sent (250 2.0.0 Ok)" if row.accepted else f"{far}, dsn=4.7.1, stat=Deferred: 450 4.7.1 later")
    return (f"{text}{syslog(row, row.took)}{start}to=<{recipient}>, delay=00:00:0{int(row.took)}, xdelay=00:00:00, {how}\n")


def opensmtpd(row):
    session, sender, recipient = f"{row.number * 2654435761 & 2**64 - 1:016x}", *people(row)
    head = f"{iso(row, 6)}+00:00 mail smtpd[900]: {session} "
    last = f"{iso(row, 6, row.took)}+00:00 mail smtpd[900]: {session} "
    if not row.inwards:
        result = 'result="Ok" stat="250 2.0.0 Ok"' if row.accepted else 'result="PermFail" stat="550 5.1.1 unknown"'
        return (f"{last}mta delivery evpid={row.number:016x} from=<{sender}> to=<{recipient}> rcpt=<-> source=\"{OUR_ADDRESS}\" "
                f'relay="{row.address} ({row.host})" delay={int(row.took)}s {result}\n')
    text = f"{head}smtp connected address={row.address} host={row.host}\n"
    text += (f"{head}smtp message msgid={row.number:08x} from=<{sender}> to=<{recipient}> size={row.size} ndest=1 proto=ESMTP\n"
             if row.accepted else f'{head}smtp failed-command command="RCPT TO:<{recipient}>" result="550 Invalid recipient: '
             f'<{recipient}>"\n')
    return f"{text}{last}smtp disconnected reason=quit\n"


MSGTRK = ("#Software: Microsoft Exchange Server\r\n#Version: 15.02.0986.005\r\n#Log-type: Message Tracking Log\r\n"
          "#Date: 2023-11-14T22:13:20.000Z\r\n#Fields: date-time,client-ip,client-hostname,server-ip,server-hostname,"
          "source-context,connector-id,source,event-id,internal-message-id,message-id,network-message-id,recipient-address,"
          "recipient-status,total-bytes,recipient-count,related-recipient-address,reference,message-subject,sender-address\r\n")


def msgtrk(row):
    sender, recipient = people(row)
    tail = (f'{row.number},<{message_id(row)}>,{row.number:032x},{recipient},250 2.1.5 Recipient OK,{row.size},1,,,'
            f'"Re: the ""figures"", again",{sender}\r\n')
    if row.inwards:
        text = (f"{iso(row, 3)}Z,{row.address},{row.host},{OUR_ADDRESS},MAIL,08DC{row.number:012X};{iso(row, 3)}Z;0,"
                f"MAIL\\Default Frontend MAIL,SMTP,RECEIVE,{tail}")
        return f"{text}{iso(row, 3, row.took)}Z,{OUR_ADDRESS},MAIL,{OUR_ADDRESS},MAIL,ctx,,STOREDRIVER,DELIVER,{tail}"
    text = f"{iso(row, 3)}Z,{OUR_ADDRESS},MAIL,,MAIL,ctx,,STOREDRIVER,SUBMIT,{tail}"
    return f"{text}{iso(row, 3, row.took)}Z,{OUR_ADDRESS},MAIL,{row.address},{row.host},250 2.0.0 Ok,Outbound,SMTP,SEND,{tail}"


# ---- sensors

def ends(row):
    return (row.address, OUR_ADDRESS) if row.inwards else (OUR_ADDRESS, row.address)


ZEEK = ("#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tsmtp\n#fields\tts\tuid\tid.orig_h"
        "\tid.orig_p\tid.resp_h\tid.resp_p\ttrans_depth\thelo\tmailfrom\trcptto\tdate\tfrom\tto\tmsg_id\tsubject\tlast_reply"
        "\tpath\ttls\n")


def zeek_smtp(row):
    (client, server), (sender, recipient) = ends(row), people(row)
    reply = f"250 2.0.0 Ok: queued as {row.number:X}" if row.accepted else f"550 5.1.1 <{recipient}>: unknown"
    return (f"{row.at:.6f}\tC{row.number:x}AbCdEf\t{client}\t{4000 + row.number % 60000}\t{server}\t25\t1\t"
            f"{row.host if row.inwards else HERE}\t{sender}\t{recipient}\t{date('%a, %d %b %Y %H:%M:%S +0000', row.at)}\t"
            f"{sender}\t{recipient}\t<{message_id(row)}>\t{SUBJECT}\t{reply}\t{server},{client}\tF\n")


def eve_smtp(row):
    (client, server), (sender, recipient) = ends(row), people(row)
    return (f'{{"timestamp":"{iso(row, 6)}+0000","flow_id":{row.number},"in_iface":"eth0","event_type":"smtp","src_ip":"{client}",'
            f'"src_port":{4000 + row.number % 60000},"dest_ip":"{server}","dest_port":25,"proto":"TCP","tx_id":0,"smtp":{{'
            f'"helo":"{row.host if row.inwards else HERE}","mail_from":"<{sender}>","rcpt_to":["<{recipient}>"]}},'
            f'"email":{{"status":"PARSE_DONE","from":"{sender}","to":["{recipient}"],'
            f'"date":"{date("%a, %d %b %Y %H:%M:%S +0000", row.at)}","message_id":"<{message_id(row)}>"}}}}\n')


# ---- messages

def message(row):
    sender, recipient = people(row)
    when = [date("%a, %d %b %Y %H:%M:%S +0000", row.at - later) for later in (0, 1, 3)]
    header = (f"Return-Path: <{sender}>\nReceived: from {row.host} ({row.host} [{row.address}])\n\tby {HERE} (Postfix) with ESMTPS id "
              f"{row.number:X}\n\tfor <{recipient}>; {when[0]} (UTC)\nReceived: from relay.example.net (relay.example.net "
              f"[203.0.113.{row.number % 250}])\n\tby {row.host} (8.17.1/8.17.1) with ESMTP id 4218xHYB{row.number % 10**6:06};\n\t"
              f"{when[1]}\nReceived: from [10.0.{row.number % 4}.{row.number % 250}] (helo=desk.example.net)\n\tby relay.example.net with "
              f"esmtpa (Exim 4.96)\n\tid {exim_id(row)}; {when[2]}\nDKIM-Signature: v=1; a=rsa-sha256; c=relaxed/simple; "
              f"d=example.net;\n\ts=mail; t={int(row.at)}; bh={'0123456789abcdef' * 3}=;\n\th=From:To:Subject:Date:Message-ID;\n\t"
              f"b={'AbCdEfGh01234567' * 12}\nFrom: Some One <{sender}>\nTo: {recipient}\nSubject: Re: the figures\nDate: {when[2]}\n"
              f"Message-ID: <{message_id(row)}>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n")
    paragraph = "\n".join(" ".join(WORDS[(row.number + i * j) % len(WORDS)] for i in range(14)) for j in range(1, 8)) + "\n\n"
    return header + (paragraph * (1 + row.size // len(paragraph)))[:row.size] + "\n"


def mbox(rows):
    for row in rows:
        yield f"From {people(row)[0]} {date('%a %b %e %H:%M:%S %Y', row.at)}\n{message(row)}\n".encode()


def mail_tar(rows):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for row in rows:
            content = message(row).encode()
            member = tarfile.TarInfo(f"mail/{row.number // 1000}/{row.number}.eml")
            member.size, member.mtime = len(content), int(row.at)
            archive.addfile(member, io.BytesIO(content))
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def maildir(rows, folder):
    """A Maildir's files, which are eml files by content, into the folder."""
    for name in ("cur", "new", "tmp"):
        os.makedirs(os.path.join(folder, name))
    for row in rows:
        with open(os.path.join(folder, "cur", f"{int(row.at)}.{row.number}.mail:2,S"), "wb") as f:
            f.write(message(row).encode())


FORMS = {
    "postfix": lines(postfix), "exim": lines(exim), "sendmail": lines(sendmail), "opensmtpd": lines(opensmtpd),
    "exchange": lines(msgtrk, MSGTRK), "zeek-smtp": lines(zeek_smtp, ZEEK), "eve-smtp": lines(eve_smtp), "mbox": mbox,
    "mail-tar": mail_tar,
}
FOLDERS = {"maildir": maildir}
