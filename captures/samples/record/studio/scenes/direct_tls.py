"""TLS from the first byte, on a port of its own, with ALPN (XEP-0368)."""

from ..people import beat
from ..prosody import Prosody
from ..tls import certificate
from ..wire import Line, context, plain

SUFFIX, PORT, DOMAIN = ".pcapng", 5223, "capulet.example"
STREAM = f"<?xml version='1.0'?><stream:stream to='{DOMAIN}' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
SASL = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'"
BIND = "<iq type='set' id='b1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>balcony</resource></bind></iq>"


def keys(folder):
    return folder / "session.keys"


def server(folder, port):
    certificate(folder, DOMAIN)
    return Prosody(folder, port, DOMAIN, users=[("juliet", "r0m30myr0m30")], modules=["tls"], plain=False, door="direct")


async def play(stage):
    line = await Line().dial(stage.port, context(stage.folder, DOMAIN, keys(stage.folder), "xmpp-client"), DOMAIN)
    line.say(STREAM)
    await line.hear("</stream:features>")
    line.say(f"<auth {SASL} mechanism='PLAIN'>{plain('juliet', 'r0m30myr0m30')}</auth>")
    await line.hear("<success")
    line.say(STREAM)
    await line.hear("</stream:features>")
    await alone(line)
    await line.end()


async def alone(line):
    """Binds, greets, speaks to itself, leaves."""
    line.say(BIND)
    await line.hear("</iq>")
    line.say("<presence/>")
    await line.hear("<presence")
    await beat()
    line.say("<message type='chat' id='m1' to='juliet@capulet.example/balcony'><body>What's in a name?</body></message>")
    await line.hear("</message>")
    line.say("<presence type='unavailable'/>")
    await beat()
    line.say("</stream:stream>")
    await line.hear("</stream:stream>")
