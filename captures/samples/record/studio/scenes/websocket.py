"""A login over WebSocket (RFC 7395), with a ping between the stanzas."""

from ..people import beat
from ..prosody import Prosody
from ..wire import Socket, plain
from .direct_tls import DOMAIN, SASL

PORT = 5280
CLIENT = "xmlns='jabber:client'"
OPEN = f"<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='{DOMAIN}' version='1.0'/>"
WEB = """
http_default_host = "capulet.example"
cross_domain_websocket = true
consider_websocket_secure = true
consider_bosh_secure = true
"""


def server(folder, port):
    return Prosody(folder, port, DOMAIN, users=[("juliet", "r0m30myr0m30")], modules=["http", "websocket"], extra=WEB, door="http")


async def play(stage):
    s = await Socket().dial(stage.port)
    await s.shake(f"{DOMAIN}:{stage.port}", "/xmpp-websocket")
    s.say(OPEN)
    await s.hear("features")
    s.say(f"<auth {SASL} mechanism='PLAIN'>{plain('juliet', 'r0m30myr0m30')}</auth>")
    await s.hear("<success")
    s.say(OPEN)
    await s.hear("features")
    s.say(f"<iq {CLIENT} type='set' id='b1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>balcony</resource></bind></iq>")
    await s.hear("<jid>")
    s.say(f"<presence {CLIENT}/>")
    await s.hear("<presence")
    s.say("", first=0x89)
    await beat()
    s.say(f"<message {CLIENT} type='chat' id='m1' to='juliet@capulet.example/balcony'><body>That which we call a rose</body></message>")
    await s.hear("<message")
    s.say("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>")
    await s.hear("<close")
    await beat()
    await s.end()
