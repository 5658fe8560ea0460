"""Two clients switch to TLS; the keys of the second are sewn into the recording.

The first is a Go program that tells nobody its keys, the second slixmpp with a key log: the same switch twice, once to
stay closed for ever and once for a reader that can use the keys.
"""

import asyncio
import shutil

from ..people import Person, beat
from ..prosody import Prosody
from ..tls import certificate

SUFFIX = ".pcapng"
DOMAIN = "capulet.example"


def server(folder, port):
    certificate(folder, DOMAIN)
    return Prosody(folder, port, DOMAIN, users=[("juliet", "r0m30myr0m30"), ("nurse", "angelica")],
                   modules=["tls"], plain=False)


def keys(folder):
    return folder / "session.keys"


async def play(stage):
    nurse = encrypted(stage, "nurse@capulet.example/kitchen", "angelica")
    await nurse.come_online(stage.backstage)
    await send_with_go(stage)
    await nurse.listen()

    juliet = encrypted(stage, "juliet@capulet.example/balcony", "r0m30myr0m30")
    juliet.ssl_context.keylog_filename = str(keys(stage.folder))
    await juliet.come_online(stage.port)
    juliet.say("nurse@capulet.example/kitchen", "Nobody can read this. Or can they?")
    heard = await nurse.listen()
    await beat()
    nurse.say(heard["from"], "Only with the keys, my lady.")
    await juliet.listen()
    await beat()
    await juliet.leave()
    await nurse.leave()


async def send_with_go(stage):
    if not shutil.which("go-sendxmpp"):
        raise SystemExit("go-sendxmpp is not installed")
    process = await asyncio.create_subprocess_exec(
        "go-sendxmpp", "-n", "-u", "juliet@capulet.example", "-p", "r0m30myr0m30",
        "-j", f"127.0.0.1:{stage.port}", "nurse@capulet.example",
        stdin=asyncio.subprocess.PIPE, env={"HOME": str(stage.folder), "PATH": "/usr/bin:/bin"})
    await asyncio.wait_for(process.communicate(b"Nurse, are you there?\n"), 20)
    if process.returncode:
        raise SystemExit(f"go-sendxmpp ended with {process.returncode}")
    await beat(2)


def encrypted(stage, jid, password, mech=None):
    """A Person who insists on TLS and knows the stage's certificate."""
    person = Person(jid, password, mech)
    person.ca_certs = str(stage.folder / f"{DOMAIN}.crt")
    # We dial an address, not a name, so the name in the certificate has to be told.
    person.add_event_handler("connected", lambda _: setattr(person, "default_domain", DOMAIN))
    person.dial = lambda port: person.connect(("127.0.0.1", port), force_starttls=True)
    return person
