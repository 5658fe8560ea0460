"""A server that follows a script, for what no server at hand speaks. A recording of it says so."""

import asyncio
import threading

from .prosody import listening


class Script:
    """One turn is (words to wait for, answer); an answer may be a function of what was heard. Every connection takes
    the next list of turns.
    """

    def __init__(self, port, *connections):
        self.port, self.connections, self.version = port, list(connections), "a script of our own"
        self.ready = threading.Event()

    def __enter__(self):
        if listening(self.port):
            raise SystemExit(f"port {self.port} is taken: set SAMPLE_PORT to a free one")
        self.thread = threading.Thread(target=lambda: asyncio.run(self.serve()))
        self.thread.start()
        self.ready.wait(10)
        return self

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self.over.set)
        self.thread.join(10)

    async def serve(self):
        self.loop, self.over = asyncio.get_running_loop(), asyncio.Event()
        async with await asyncio.start_server(self.talk, "127.0.0.1", self.port):
            self.ready.set()
            await self.over.wait()

    async def talk(self, reader, writer):
        heard = ""
        for words, answer in self.connections.pop(0):
            while words not in heard:
                data = await reader.read(65536)
                if not data:
                    break
                heard += data.decode()
            writer.write((answer(heard) if callable(answer) else answer).encode())
            heard = heard.split(words, 1)[-1]
        writer.close()
