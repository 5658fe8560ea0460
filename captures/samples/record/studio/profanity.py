"""profanity, a client for terminals, driven through a terminal of our own."""

import asyncio
import fcntl
import os
import pty
import shutil
import struct
import subprocess
import termios

from .people import beat


class Profanity:
    """One profanity with an empty configuration; commands are typed into it as a person would."""

    def __init__(self, folder, command="profanity"):
        if not shutil.which(command):
            raise SystemExit("profanity is not installed")
        home = folder / "home"
        home.mkdir(exist_ok=True)
        self.screen = bytearray()
        self.terminal, inside = pty.openpty()
        fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 120, 0, 0))
        environment = dict(os.environ, HOME=str(home), TERM="xterm", LC_ALL="C.UTF-8",
                           XDG_CONFIG_HOME=str(home / "config"), XDG_DATA_HOME=str(home / "data"))
        environment.pop("DISPLAY", None)
        self.process = subprocess.Popen([command], stdin=inside, stdout=inside, stderr=inside, env=environment,
                                        start_new_session=True)
        os.close(inside)

    async def __aenter__(self):
        asyncio.get_running_loop().add_reader(self.terminal, self.read)
        await self.see("Type '/help'")
        return self

    async def __aexit__(self, *_):
        asyncio.get_running_loop().remove_reader(self.terminal)
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait()
        os.close(self.terminal)

    def read(self):
        """Keeps what the client paints; it would block on a full terminal otherwise."""
        try:
            self.screen += os.read(self.terminal, 65536)
        except OSError:
            asyncio.get_running_loop().remove_reader(self.terminal)

    async def see(self, text):
        """Waits until the client has painted the text (in one piece) since the last call."""
        for _ in range(150):
            if text.encode() in self.screen:
                self.screen.clear()
                return
            await asyncio.sleep(0.1)
        raise SystemExit(f"profanity never showed {text!r}; last: {bytes(self.screen[-400:])!r}")

    async def type(self, line):
        """Types one line and Enter."""
        os.write(self.terminal, line.encode() + b"\r")
        await beat(2)
