"""Stream compression (XEP-0138): first asked for a method that nobody has, then zlib."""

from ..ejabberd import Ejabberd
from ..wire import Line, plain
from .direct_tls import DOMAIN, SASL, STREAM, alone


def server(folder, port):
    return Ejabberd(folder, port, DOMAIN, users=[("juliet", "r0m30myr0m30")], listener="    zlib: true")


async def play(stage):
    line = await Line().dial(stage.port)
    line.say(STREAM)
    await line.hear("</stream:features>")
    line.say(f"<auth {SASL} mechanism='PLAIN'>{plain('juliet', 'r0m30myr0m30')}</auth>")
    await line.hear("<success")
    line.say(STREAM)
    await line.hear("</stream:features>")
    line.say("<compress xmlns='http://jabber.org/protocol/compress'><method>lzw</method></compress>")
    await line.hear("</failure>")
    line.say("<compress xmlns='http://jabber.org/protocol/compress'><method>zlib</method></compress>")
    await line.hear("<compressed")
    line.compress()
    line.say(STREAM)
    await line.hear("</stream:features>")
    await alone(line)
    await line.end()
