"""slixmpp as the people of the scenes: one Person is one client with the waiting that a scene needs."""

import asyncio

from slixmpp import ClientXMPP

BEAT = 0.15  # seconds between two lines of a dialogue, so that each travels in its own packet


async def beat(times=1):
    await asyncio.sleep(BEAT * times)


class Person(ClientXMPP):
    """A client that does only what the scene tells it.

    mech fixes the SASL mechanism. Encryption is off unless the scene sets it: the recordings are there to be read.
    """

    def __init__(self, jid, password, mech=None, plugins=(), config=None):
        clear = {"unencrypted_plain": True, "unencrypted_digest": True, "unencrypted_cram": True, "unencrypted_scram": True}
        super().__init__(jid, password, sasl_mech=mech, plugin_config={"feature_mechanisms": clear, **(config or {})})
        self["feature_mechanisms"].config.update(clear)
        for plugin in plugins:
            self.register_plugin(plugin)
        self.heard = asyncio.Queue()
        self.add_event_handler("message", self.heard.put_nowait)

    def speak_before_login(self):
        """Lets stanzas out before there is a session; slixmpp keeps them back otherwise."""
        self._always_send_everything = True

    def dial(self, port):
        """Opens the TCP connection; the rest happens by itself."""
        self.connect(("127.0.0.1", port), force_starttls=False, disable_starttls=True)

    async def log_in(self, port):
        """Returns when the session has started."""
        self.dial(port)
        await self.wait_until("session_start", 15)

    async def ask_for_session(self):
        """The session request of RFC 3921, which slixmpp leaves out where the server calls it optional."""
        request = self.Iq()
        request["type"] = "set"
        request.enable("session")
        await request.send()

    async def come_online(self, port):
        """Logs in and greets."""
        await self.log_in(port)
        await self.greet()

    async def greet(self):
        """Reads the roster, then says hello, in the order of RFC 6121."""
        await self.get_roster()
        self.send_presence()
        await beat()

    def say(self, to, text, kind="chat"):
        self.send_message(mto=to, mbody=text, mtype=kind)

    async def listen(self):
        """The next message that arrived."""
        return await asyncio.wait_for(self.heard.get(), 10)

    async def leave(self):
        """Unavailable, then the end of the stream, then the wait for the server's end of it."""
        self.send_presence(ptype="unavailable")
        await beat()
        await self.disconnect()
        await beat()
