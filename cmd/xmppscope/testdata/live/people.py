"""What slixmpp does on the stage: people.py SCENE, the rest from the environment.

ADDR host:port to connect to, DOMAIN whom it serves, CA file to trust; WRAP starttls, direct or plain; MECH a mechanism;
CERT file to show to the server; TLS 1.2 for no newer version; OTHER, OTHER_ADDR a second domain and where it is; MINUTES how long to stay.
Prints `ok WHAT` for what worked and ends with 0, or prints what did not.
"""
import asyncio, os, socket, ssl, struct, sys, warnings
warnings.simplefilter("ignore")
sys.dont_write_bytecode = True
from slixmpp import ClientXMPP
from slixmpp.componentxmpp import ComponentXMPP

E = os.environ.get
WRAP, WORDS = E("WRAP", "starttls"), {"juliet": E("PASSWORD", "r0m30myr0m30"), "romeo": "wherefore"}


def place(text):
    host, port = text.rsplit(":", 1)
    return host, int(port)


class Person(ClientXMPP):
    def __init__(self, who, resource, plugins=("0030", "0199"), config=None, domain=None, addr=None):
        self.domain_, self.addr = domain or E("DOMAIN"), addr or E("ADDR")
        clear = {f"unencrypted_{m}": WRAP == "plain" for m in ("plain", "digest", "cram", "scram")}
        super().__init__(f"{who}@{self.domain_}/{resource}", WORDS[who], sasl_mech=E("MECH") or None,
                         plugin_config={"feature_mechanisms": clear, **(config or {})})
        self["feature_mechanisms"].config.update(clear)
        for p in plugins:
            self.register_plugin("xep_" + p)
        self.ca_certs, self.heard, self.refused = E("CA"), asyncio.Queue(), asyncio.Event()
        if E("CERT"):
            self.certfile = self.keyfile = E("CERT")
        if E("TLS") == "1.2":
            self.ssl_context.maximum_version = ssl.TLSVersion.TLSv1_2
        self.add_event_handler("message", self.heard.put_nowait)
        self.add_event_handler("failed_all_auth", lambda _: self.refused.set())
        # An address is dialled, and the name in the certificate has to be told.
        self.add_event_handler("connected", lambda _: setattr(self, "default_domain", self.domain_))

    def dial(self):
        if WRAP == "direct":
            self.connect(place(self.addr), use_ssl=True, force_starttls=False, disable_starttls=True)
        else:
            self.connect(place(self.addr), force_starttls=WRAP == "starttls", disable_starttls=WRAP == "plain")
        self.default_domain = self.domain_

    async def online(self):
        self.dial()
        await self.wait_until("session_start", 60)
        await self.get_roster()
        self.send_presence()
        return self

    def say(self, to, text, kind="chat"):
        self.send_message(mto=to, mbody=text, mtype=kind)

    async def listen(self, text):
        while True:
            m = await asyncio.wait_for(self.heard.get(), 60)
            if m["body"] == text:
                print("ok heard", text)
                return m

    async def leave(self):
        self.send_presence(ptype="unavailable")
        await self.disconnect()


async def login():
    j = await Person("juliet", "balcony").online()
    print("ok login", j.boundjid.full, j["feature_mechanisms"].mech.name)
    await j["xep_0199"].send_ping(j.domain_)
    j.say(j.boundjid.full, "Parting is such sweet sorrow")
    await j.listen("Parting is such sweet sorrow")
    await j.leave()


async def refused():
    """The password does not do."""
    j = Person("juliet", "balcony")
    j.dial()
    await asyncio.wait_for(j.refused.wait(), 60)
    print("ok refused")
    await j.disconnect()


async def strict():
    """Nothing without encryption."""
    j = Person("juliet", "balcony")
    over = asyncio.Event()
    j.add_event_handler("disconnected", lambda _: over.set())
    j.add_event_handler("session_start", lambda _: print("logged in without encryption"))
    j.dial()
    await asyncio.wait_for(over.wait(), 60)
    print("ok nobody logged in")
    j.abort()


async def edits():
    """What rules of the proxy do to roster, resource and stanzas; see TestLiveEdits."""
    j = Person("juliet", "balcony")
    j.dial()
    await j.wait_until("session_start", 60)
    print("ok bound", j.boundjid.resource)
    try:
        await j.get_roster(timeout=2)
        print("a roster came")
    except Exception as e:
        print("ok no roster", type(e).__name__)
    j.send_presence()
    await j.listen("injected by a rule")
    begun = asyncio.get_running_loop().time()
    j.say(j.boundjid.full, "slowly")
    await j.listen("slowly")
    took = asyncio.get_running_loop().time() - begun
    print("ok late" if took >= 1 else f"not late: {took}")
    j.say(j.boundjid.full, "twice")
    await j.listen("twice")
    await j.listen("twice")
    await j.leave()


async def muc():
    j, r = await Person("juliet", "balcony", ["0045", "0004"]).online(), await Person("romeo", "orchard", ["0045", "0004"]).online()
    room = f"garden@rooms.{j.domain_}"
    await j["xep_0045"].join_muc_wait(room, "Jule", timeout=60)
    await j["xep_0045"].set_room_config(room, j["xep_0004"].make_form("submit"))
    await r["xep_0045"].join_muc_wait(room, "Romeo", timeout=60)
    r.say(room, "hello all", "groupchat")
    await j.listen("hello all")
    r["xep_0045"].leave_muc(room, "Romeo")
    await r.leave()
    await j.leave()


async def resume():
    """The cable is cut, the session goes on, and what was said meanwhile is not lost."""
    r, j = await Person("romeo", "orchard").online(), await Person("juliet", "phone", ["0198", "0199"], {"xep_0198": {"window": 3}}).online()
    r.say(j.boundjid.full, "hear me?")
    await j.listen("hear me?")
    await asyncio.sleep(.3)
    full = j.boundjid.full
    j.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    j.transport.abort()
    await asyncio.sleep(.5)
    r.say(full, "there?")
    await asyncio.sleep(.5)
    j.dial()
    await j.wait_until("session_resumed", 60)
    print("ok resumed")
    await j.listen("there?")
    await j.leave()
    await r.leave()


async def component():
    """An echo behind the proxy; who talks with it comes by another door."""
    e = ComponentXMPP("echo." + E("DOMAIN"), "hollow", *place(E("ADDR")))
    e.add_event_handler("message", lambda m: m.reply(m["body"]).send())
    e.connect()
    await e.wait_until("session_start", 60)
    j = await Person("juliet", "balcony", addr=E("OTHER_ADDR")).online()
    j.say("cave@echo." + E("DOMAIN"), "Hist!")
    await j.listen("Hist!")
    await j.leave()
    await e.disconnect()


async def s2s():
    """Two people of two servers; the proxy is between the servers."""
    j, r = await Person("juliet", "balcony").online(), await Person("romeo", "orchard", domain=E("OTHER"), addr=E("OTHER_ADDR")).online()
    await j["xep_0199"].send_ping(r.boundjid.full, timeout=60)
    j.say(r.boundjid.full, "across")
    await r.listen("across")
    r.say(j.boundjid.full, "back")
    await j.listen("back")
    await j.leave()
    await r.leave()


async def stay():
    """Says something that is held for long, and is there all the time."""
    j = Person("juliet", "balcony", ["0199", "0198"])
    ends = []
    j.add_event_handler("disconnected", ends.append)
    await j.online()
    j.say(j.boundjid.full, "hold this")
    print("ok said", flush=True)
    m = await asyncio.wait_for(j.heard.get(), 60 * float(E("MINUTES", "1")) + 60)
    print("ok heard" if m["body"] == "hold this" and not ends else f"dropped {ends}")
    await j["xep_0199"].send_ping(j.domain_)
    print("ok still there")
    await j.leave()


async def main():
    try:
        await asyncio.wait_for(globals()[sys.argv[1]](), 60 * float(E("MINUTES", "1")) + 90)
    except BaseException as e:
        print("FAILED", type(e).__name__, str(e)[:300])
        sys.exit(1)


asyncio.run(main())
