"""One session of BOSH over two connections (XEP-0124): a request is held open while another one speaks."""

from ..people import beat
from ..prosody import Prosody
from ..wire import Poster, plain
from .direct_tls import BIND, DOMAIN, SASL
from .websocket import PORT, WEB

__all__ = ["PORT"]
BODY = "xmlns='http://jabber.org/protocol/httpbind'"
XBOSH = "xmlns:xmpp='urn:xmpp:xbosh'"


def server(folder, port):
    return Prosody(folder, port, DOMAIN, users=[("juliet", "r0m30myr0m30")], modules=["http", "bosh"], extra=WEB, door="http")


async def play(stage):
    one, two = await Poster().dial(stage.port), await Poster().dial(stage.port)
    host, rid = f"{DOMAIN}:{stage.port}", 1573741820

    def post(line, text, more=""):
        nonlocal rid
        rid += 1
        line.post(host, "/http-bind", f"<body {BODY} rid='{rid}'{more}>{text}</body>")

    post(one, "", f" to='{DOMAIN}' wait='60' hold='1' ver='1.6' xml:lang='en' xmpp:version='1.0' {XBOSH}")
    answer = await one.answer()
    sid = " sid='" + answer.replace('"', "'").split("sid='")[1].split("'")[0] + "'"
    post(one, f"<auth {SASL} mechanism='PLAIN'>{plain('juliet', 'r0m30myr0m30')}</auth>", sid)
    await one.answer()
    post(one, "", f"{sid} to='{DOMAIN}' xmpp:restart='true' {XBOSH}")
    await one.answer()
    post(one, BIND.replace("<iq ", "<iq xmlns='jabber:client' "), sid)
    await one.answer()
    post(one, "<presence xmlns='jabber:client'/>", sid)
    await one.answer()
    post(one, "", sid)  # held open
    await beat()
    post(two, "<message xmlns='jabber:client' type='chat' id='m1' to='juliet@capulet.example/balcony'><body>Parting is such sweet sorrow</body></message>", sid)
    await one.answer()
    await beat()
    post(one, "<presence xmlns='jabber:client' type='unavailable'/>", sid + " type='terminate'")
    await one.answer()
    await beat()
    await one.end()
    await two.end()
