"""A client of its own, for what no library at hand speaks: SASL 2, compression, WebSocket and BOSH.

It says what a scene tells it, waits for words in the answer, and does nothing by itself.
"""

import asyncio
import base64
import os
import ssl
import struct
import zlib

WAIT = 10  # seconds for an answer


def plain(user, password):
    return base64.b64encode(f"\0{user}\0{password}".encode()).decode()


class Line:
    """A TCP connection that can go over to TLS and to compression."""

    def __init__(self):
        self.text, self.packer, self.unpacker = "", None, None

    async def dial(self, port, context=None, name=None):
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname=name)
        return self

    def raw(self, data):
        self.writer.write(data)

    def say(self, text):
        data = text.encode()
        if self.packer:
            data = self.packer.compress(data) + self.packer.flush(zlib.Z_SYNC_FLUSH)
        self.raw(data)

    async def more(self):
        data = await asyncio.wait_for(self.reader.read(65536), WAIT)
        if not data:
            raise EOFError("the server has ended the connection: " + self.text[-300:])
        return data

    async def hear(self, *words):
        """Returns what came up to the first of the words, and that word."""
        while True:
            found = [(self.text.index(w), w) for w in words if w in self.text]
            if found:
                at, word = min(found)
                heard, self.text = self.text[:at + len(word)], self.text[at + len(word):]
                return heard
            data = await self.more()
            self.text += (self.unpacker.decompress(data) if self.unpacker else data).decode()

    async def encrypt(self, context, name):
        self.text = ""
        await self.writer.start_tls(context, server_hostname=name)

    def compress(self):
        self.text, self.packer, self.unpacker = "", zlib.compressobj(), zlib.decompressobj()

    async def end(self):
        self.writer.close()
        try:
            await asyncio.wait_for(self.writer.wait_closed(), WAIT)
        except (ssl.SSLError, ConnectionError):
            pass


def context(folder, domain, keylog=None, alpn=None):
    """TLS that trusts the stage's certificate and writes its keys down."""
    c = ssl.create_default_context(cafile=str(folder / f"{domain}.crt"))
    if keylog:
        c.keylog_filename = str(keylog)
    if alpn:
        c.set_alpn_protocols([alpn])
    return c


class Socket(Line):
    """A WebSocket for the subprotocol xmpp: say sends one element in one frame."""

    async def shake(self, host, path):
        self.raw((f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\nSec-WebSocket-Version: 13\r\n"
                  f"Origin: http://{host}\r\nSec-WebSocket-Protocol: xmpp\r\n\r\n").encode())
        self.buffer = b""
        while b"\r\n\r\n" not in self.buffer:
            self.buffer += await self.more()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        if b" 101 " not in head:
            raise EOFError(head.decode())

    def say(self, text, first=0x81):
        data, key = text.encode(), os.urandom(4)
        size = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + struct.pack(">H", len(data))
        self.raw(bytes([first]) + size + key + bytes(b ^ key[i % 4] for i, b in enumerate(data)))

    async def hear(self, *words):
        while True:
            frame = self.frame()
            if frame is None:
                self.buffer += await self.more()
                continue
            if any(w in frame for w in words):
                return frame

    def frame(self):
        b = self.buffer
        if len(b) < 2:
            return None
        size, at = b[1] & 127, 2
        if size == 126:
            if len(b) < 4:
                return None
            size, at = struct.unpack(">H", b[2:4])[0], 4
        if len(b) < at + size:
            return None
        self.buffer = b[at + size:]
        return b[at:at + size].decode(errors="replace")


class Poster(Line):
    """A connection for the requests of BOSH. ask sends a body and returns the answer's."""

    def post(self, host, path, body):
        self.raw((f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: text/xml; charset=utf-8\r\n"
                  f"Content-Length: {len(body)}\r\n\r\n{body}").encode())

    async def answer(self):
        head = await self.hear("\r\n\r\n")
        size = int(next(line.split(":")[1] for line in head.splitlines() if line.lower().startswith("content-length:")))
        while len(self.text.encode()) < size:
            self.text += (await self.more()).decode()
        body, self.text = self.text[:size], self.text[size:]
        return body
