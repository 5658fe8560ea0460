"""A client of our own for what speaks HTTP: web.py ws|bosh, the rest from the environment, as for people.py.

Logs in as juliet with SCRAM-SHA-1, sends herself a message, and leaves in order. TARGET is the path on the server.
"""
import asyncio, base64, hashlib, hmac, os, re, ssl, sys
DOMAIN, TARGET, PASSWORD = os.environ["DOMAIN"], os.environ["TARGET"], "r0m30myr0m30"
HOST, PORT = os.environ["ADDR"].rsplit(":", 1)
CLIENT, SASL, FRAMING = "xmlns='jabber:client'", "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'", "xmlns='urn:ietf:params:xml:ns:xmpp-framing'"


class Scram:
    def __init__(self):
        self.nonce = base64.b64encode(os.urandom(18)).decode()
        self.bare = f"n=juliet,r={self.nonce}"

    def first(self):
        return base64.b64encode(("n,," + self.bare).encode()).decode()

    def final(self, element):
        server = base64.b64decode(re.sub(r"<[^>]*>", "", element)).decode()
        said = dict(x.split("=", 1) for x in server.split(","))
        key = hashlib.pbkdf2_hmac("sha1", PASSWORD.encode(), base64.b64decode(said["s"]), int(said["i"]))
        client = hmac.new(key, b"Client Key", "sha1").digest()
        rest = f"c=biws,r={said['r']}"
        signature = hmac.new(hashlib.sha1(client).digest(), f"{self.bare},{server},{rest}".encode(), "sha1").digest()
        proof = base64.b64encode(bytes(a ^ b for a, b in zip(client, signature))).decode()
        return base64.b64encode(f"{rest},p={proof}".encode()).decode()


async def dial():
    secure = ssl.create_default_context(cafile=os.environ["CA"]) if os.environ.get("WRAP") == "direct" else None
    return await asyncio.open_connection(HOST, int(PORT), ssl=secure, server_hostname=DOMAIN if secure else None)


class Messages:
    """WebSocket (RFC 6455), as far as it takes."""

    def __init__(self, r, w):
        self.r, self.w = r, w

    def say(self, text, kind=0x81):
        data, mask = text if isinstance(text, bytes) else text.encode(), os.urandom(4)
        size = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + len(data).to_bytes(2, "big")
        self.w.write(bytes([kind]) + size + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(data)))

    async def hear(self, word):
        while True:
            kind, size = await self.r.readexactly(2)
            if size & 127 == 126:
                size = int.from_bytes(await self.r.readexactly(2), "big")
            data = await self.r.readexactly(size & 0xffff if size > 127 else size)
            if kind & 15 == 9:
                self.say(data, 0x8A)
            if kind & 15 == 8:
                raise EOFError("closed")
            if kind & 15 == 1 and word in data.decode():
                return data.decode()


async def ws():
    r, w = await dial()
    key = base64.b64encode(os.urandom(16)).decode()
    w.write((f"GET {TARGET} HTTP/1.1\r\nHost: {DOMAIN}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
             f"Sec-WebSocket-Protocol: xmpp\r\nSec-WebSocket-Version: 13\r\nOrigin: https://{DOMAIN}\r\n\r\n").encode())
    head = await r.readuntil(b"\r\n\r\n")
    assert b" 101 " in head, head
    m, scram, header = Messages(r, w), Scram(), f"<open {FRAMING} to='{DOMAIN}' version='1.0'/>"
    m.say(header)
    await m.hear("features")
    m.say(f"<auth {SASL} mechanism='SCRAM-SHA-1'>{scram.first()}</auth>")
    m.say(f"<response {SASL}>{scram.final(await m.hear('<challenge'))}</response>")
    await m.hear("<success")
    m.say(header)
    await m.hear("features")
    m.say(f"<iq {CLIENT} type='set' id='b1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>")
    jid = re.search(r"<jid>([^<]*)", await m.hear("<jid>")).group(1)
    m.say(f"<presence {CLIENT}/>")
    m.say(f"<message {CLIENT} type='chat' id='m1' to='{jid}'><body>That which we call a rose</body></message>")
    await m.hear("That which we call a rose")
    print("ok heard")
    m.say(f"<close {FRAMING}/>")
    await m.hear("<close")
    m.say(b"\x03\xe8", 0x88)
    await asyncio.sleep(.2)
    w.close()


async def bosh():
    pairs, rid = [await dial(), await dial()], int.from_bytes(os.urandom(6), "big")
    ns, more = "xmlns='http://jabber.org/protocol/httpbind'", "xmlns:xmpp='urn:xmpp:xbosh'"

    def post(line, text, attributes=""):
        nonlocal rid
        rid += 1
        body = f"<body {ns} rid='{rid}'{attributes}>{text}</body>".encode()
        pairs[line][1].write(f"POST {TARGET} HTTP/1.1\r\nHost: {DOMAIN}\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)

    async def answer(line=0):
        head = (await asyncio.wait_for(pairs[line][0].readuntil(b"\r\n\r\n"), 40)).decode().lower()
        size = re.search(r"content-length: *(\d+)", head)
        if size:
            return (await pairs[line][0].readexactly(int(size.group(1)))).decode()
        out = b""
        while True:
            n = int((await pairs[line][0].readline()).strip(), 16)
            out += await pairs[line][0].readexactly(n)
            await pairs[line][0].readline()
            if not n:
                return out.decode()

    post(0, "", f" to='{DOMAIN}' wait='30' hold='1' ver='1.6' xmpp:version='1.0' {more}")
    first = await answer()
    sid = " sid='" + re.search(r"""[ ]sid=['"]([^'"]*)""", first).group(1) + "'"

    async def until(word, text):
        while word not in text:
            post(0, "", sid)
            text = await answer()
        return text

    await until("mechanisms", first)
    scram = Scram()
    post(0, f"<auth {SASL} mechanism='SCRAM-SHA-1'>{scram.first()}</auth>", sid)
    challenge = await until("<challenge", await answer())
    post(0, f"<response {SASL}>{scram.final(challenge)}</response>", sid)
    await until("<success", await answer())
    post(0, "", f"{sid} to='{DOMAIN}' xmpp:restart='true' {more}")
    await until("features", await answer())
    post(0, f"<iq {CLIENT} type='set' id='b1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>web</resource></bind></iq>", sid)
    await until("<jid>", await answer())
    post(0, f"<presence {CLIENT}/>", sid)
    await until("<presence", await answer())
    post(0, "", sid)
    await asyncio.sleep(.3)
    post(1, f"<message {CLIENT} type='chat' id='m1' to='juliet@{DOMAIN}/web'><body>Parting</body></message>", sid)
    # The request that waited is answered at once, with what there is or without; the other one then.
    heard = await answer()
    if "Parting" not in heard:
        heard = await answer(1)
    print("ok heard" if "Parting" in heard else "nothing heard")
    await asyncio.sleep(.3)
    post(1, f"<presence {CLIENT} type='unavailable'/>", sid + " type='terminate'")
    await asyncio.sleep(.5)
    for _, w in pairs:
        w.close()


async def main():
    try:
        await asyncio.wait_for(globals()[sys.argv[1]](), 90)
    except BaseException as e:
        print("FAILED", type(e).__name__, str(e)[:300])
        sys.exit(1)


asyncio.run(main())
