"""A hand-made client makes one mistake a connection; the server names each."""

import asyncio

from ..people import beat
from ..prosody import Prosody

HEADER = (b"<?xml version='1.0'?><stream:stream to='capulet.example' version='1.0' xml:lang='en' "
          b"xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>")
LOGIN = b"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGp1bGlldAByMG0zMG15cjBtMzA=</auth>"
BIND = b"<iq type='set' id='bind1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>hand</resource></bind></iq>"

# What the client says, line by line; it waits for an answer after each line.
MISTAKES = [
    # A start tag closed by another name.
    [HEADER, LOGIN, HEADER, BIND, b"<message to='nurse@capulet.example'><body>O happy dagger</message></body>"],
    # A comment: legal in XML, forbidden in XMPP.
    [HEADER, LOGIN, HEADER, BIND, b"<!-- is anybody there? -->"],
    # The streams namespace "improved" to https.
    [HEADER.replace(b"http://etherx", b"https://etherx")],
    # A message before anybody has logged in.
    [HEADER, b"<message to='nurse@capulet.example'><body>Let me in</body></message>"],
    # An element of the client's own invention.
    [HEADER, LOGIN, HEADER, BIND, b"<telegram xmlns='urn:example:telegram'>STOP</telegram>"],
    # Latin-1 where UTF-8 is the law.
    [HEADER, LOGIN, HEADER, BIND, "<message to='nurse@capulet.example'><body>adi\u00e9u</body></message>".encode("latin-1")],
    # A prefix that nobody declared.
    [HEADER, LOGIN, HEADER, BIND, b"<message to='nurse@capulet.example'><chat:active/></message>"],
    # Not XMPP at all.
    [b"GET / HTTP/1.1\r\nHost: capulet.example\r\n\r\n"],
]


def server(folder, port):
    return Prosody(folder, port, "capulet.example", users=[("juliet", "r0m30myr0m30")])


async def play(stage):
    for lines in MISTAKES:
        reader, writer = await asyncio.open_connection("127.0.0.1", stage.port)
        for line in lines:
            writer.write(line)
            await writer.drain()
            await beat()
            if not await hear(reader):
                break
        writer.close()
        await beat()


async def hear(reader):
    """Takes what the server has said by now; false at the end of the connection."""
    try:
        return await asyncio.wait_for(reader.read(65536), 0.5)
    except (asyncio.TimeoutError, ConnectionError):
        return b""
