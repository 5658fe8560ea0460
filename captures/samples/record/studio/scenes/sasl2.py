"""SASL 2 with Bind 2, a token for the next time, and the next time (XEP-0388, XEP-0386, XEP-0484, XEP-0198 §9).

The server is a script: mod_sasl2 of the prosody-modules of Debian 12 asks its Prosody 0.12 for things that only later
versions have, and ejabberd 23.01 does not speak SASL 2.
"""

import base64
import hashlib
import hmac

from ..people import beat
from ..script import Script
from ..wire import Line, plain
from .direct_tls import DOMAIN, STREAM

SASL2, BIND2, SM, FAST = "xmlns='urn:xmpp:sasl:2'", "xmlns='urn:xmpp:bind:0'", "xmlns='urn:xmpp:sm:3'", "xmlns='urn:xmpp:fast:0'"
AGENT = "<user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87770'><software>the studio</software><device>balcony</device></user-agent>"
TOKEN = "secret-token:sweet-sorrow"
FEATURES = (f"<stream:features><authentication {SASL2}><mechanism>PLAIN</mechanism><inline><bind {BIND2}><inline>"
            f"<feature var='urn:xmpp:carbons:2'/><feature var='urn:xmpp:csi:0'/><feature var='urn:xmpp:sm:3'/></inline></bind>"
            f"<sm {SM}/><fast {FAST}><mechanism>HT-SHA-256-NONE</mechanism></fast></inline></authentication></stream:features>")
AFTER = "<stream:features><ping xmlns='urn:xmpp:ping'/></stream:features>"
FULL = "juliet@capulet.example/balcony.k7Wq"


def header(number):
    return (f"<?xml version='1.0'?><stream:stream from='{DOMAIN}' to='juliet@{DOMAIN}' id='s2-{number}' version='1.0' xml:lang='en' "
            f"xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>")


def mac(words):
    return hmac.new(TOKEN.encode(), words, hashlib.sha256).digest()


def server(_, port):
    bound = f"<authorization-identifier>{FULL}</authorization-identifier><bound {BIND2}><enabled {SM} id='sm-1' resume='true' max='600'/></bound>"
    presence = f"<presence from='{FULL}' to='{FULL}'/>"
    first = [
        ("version='1.0'>", header(1) + FEATURES),
        ("</authenticate>", f"<success {SASL2}>{bound}<token {FAST} token='{TOKEN}' expiry='2026-12-21T00:00:00Z'/></success>{AFTER}"),
        ("<presence/>", presence + f"<r {SM}/>"), ("<a ", ""), ("<r ", f"<a {SM} h='1'/>"),
    ]
    # The client vanishes here, and comes back with its token to go on where it was.
    second = [
        ("version='1.0'>", header(2) + FEATURES),
        ("</authenticate>", f"<success {SASL2}><additional-data>{base64.b64encode(mac(b'Responder')).decode()}</additional-data>"
                            f"<authorization-identifier>{FULL}</authorization-identifier><resumed {SM} previd='sm-1' h='1'/></success>"),
        ("<presence type='unavailable'/>", ""), ("</stream:stream>", "</stream:stream>"),
    ]
    return Script(port, first, second)


async def play(stage):
    line = await open_stream(stage)
    line.say(f"<authenticate {SASL2} mechanism='PLAIN'><initial-response>{plain('juliet', 'r0m30myr0m30')}</initial-response>{AGENT}"
             f"<bind {BIND2}><tag>balcony</tag><enable xmlns='urn:xmpp:carbons:2'/><enable {SM} resume='true'/></bind>"
             f"<request-token {FAST} mechanism='HT-SHA-256-NONE'/></authenticate>")
    await line.hear("</stream:features>")
    line.say("<presence/>")
    await line.hear("<r ")
    await beat()
    line.say(f"<a {SM} h='1'/>")
    await beat()
    line.say(f"<r {SM}/>")
    await line.hear("<a ")
    await beat()
    await line.end()
    await beat()

    line = await open_stream(stage)
    proof = base64.b64encode(b"juliet\0" + mac(b"Initiator")).decode()
    line.say(f"<authenticate {SASL2} mechanism='HT-SHA-256-NONE'><initial-response>{proof}</initial-response>{AGENT}"
             f"<fast {FAST} count='1'/><resume {SM} previd='sm-1' h='1'/></authenticate>")
    await line.hear("</success>")
    await beat()
    line.say("<presence type='unavailable'/>")
    await beat()
    line.say("</stream:stream>")
    await line.hear("</stream:stream>")
    await line.end()


async def open_stream(stage):
    line = await Line().dial(stage.port)
    line.say(STREAM.replace(" to=", " from='juliet@capulet.example' to="))
    await line.hear("</stream:features>")
    return line
