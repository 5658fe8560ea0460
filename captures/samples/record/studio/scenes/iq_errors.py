"""Questions that cannot be answered, each refused in its own way."""

from xml.etree import ElementTree

from slixmpp.exceptions import IqError

from ..people import Person, beat
from ..prosody import Prosody

QUESTIONS = [
    # (to, type, payload)
    ("verona.example", "get", "<query xmlns='jabber:iq:version'/>"),
    ("verona.example", "get", "<horoscope xmlns='urn:example:stars'/>"),
    ("nobody@verona.example", "get", "<query xmlns='http://jabber.org/protocol/disco#info'/>"),
    ("romeo@verona.example", "get", "<query xmlns='http://jabber.org/protocol/disco#info'/>"),
    ("romeo@verona.example/nowhere", "get", "<ping xmlns='urn:xmpp:ping'/>"),
    ("mantua.example", "get", "<ping xmlns='urn:xmpp:ping'/>"),
    ("balcony@rooms.verona.example", "get", "<query xmlns='http://jabber.org/protocol/disco#info'/>"),
    (None, "set", "<query xmlns='jabber:iq:roster'/>"),
    (None, "set", "<query xmlns='jabber:iq:roster'><item jid='juliet@verona.example'/></query>"),
]


def server(folder, port):
    return Prosody(folder, port, "verona.example", users=[("juliet", "r0m30myr0m30"), ("romeo", "wherefore")],
                   hosts='Component "rooms.verona.example" "muc"\n')


async def play(stage):
    juliet = Person("juliet@verona.example/balcony", "r0m30myr0m30")
    await juliet.come_online(stage.port)
    for to, kind, payload in QUESTIONS:
        question = juliet.Iq()
        question["type"] = kind
        if to:
            question["to"] = to
        question.append(ElementTree.fromstring(payload))
        try:
            await question.send(timeout=5)
        except IqError:
            pass  # what this scene is about
        await beat()
    # Two more that a library would not let through.
    juliet.send_raw("<iq type='get' id='two-children'><a xmlns='urn:example'/><b xmlns='urn:example'/></iq>")
    await beat(2)
    juliet.send_raw("<iq type='get' id='bad-address' to='not an address@@'><ping xmlns='urn:xmpp:ping'/></iq>")
    await beat(2)
    juliet.send_raw("<iq type='ask' id='bad-type'><ping xmlns='urn:xmpp:ping'/></iq>")
    await beat(2)
    await juliet.leave()
