"""STARTTLS with TLS 1.2, whose certificate everybody on the way can read; the keys are in the file."""

from ..people import beat
from ..prosody import Prosody
from ..tls import certificate
from .starttls import DOMAIN, encrypted, keys

SUFFIX = ".pcapng"
__all__ = ["keys"]


def server(folder, port):
    certificate(folder, DOMAIN)
    return Prosody(folder, port, DOMAIN, users=[("juliet", "r0m30myr0m30"), ("nurse", "angelica")],
                   modules=["tls"], plain=False, extra='ssl = { protocol = "tlsv1_2" }\n')


async def play(stage):
    await dialogue(stage, "PLAIN", "They can see whom I call, but not what I say.")


async def dialogue(stage, mech, line):
    nurse = encrypted(stage, "nurse@capulet.example/kitchen", "angelica")
    await nurse.come_online(stage.backstage)
    juliet = encrypted(stage, "juliet@capulet.example/balcony", "r0m30myr0m30", mech)
    juliet.ssl_context.keylog_filename = str(keys(stage.folder))
    await juliet.come_online(stage.port)
    juliet.say("nurse@capulet.example/kitchen", line)
    await nurse.listen()
    await beat()
    await juliet.leave()
    await nurse.leave()
