"""SCRAM-SHA-256, chosen by profanity because it is the strongest on offer."""

from ..people import Person, beat
from ..profanity import Profanity
from ..prosody import Prosody


def server(folder, port):
    return Prosody(folder, port, "capulet.example", users=[("juliet", "r0m30myr0m30"), ("nurse", "angelica")],
                   extra='authentication = "internal_hashed"\npassword_hash = "SHA-256"\n')


async def play(stage):
    nurse = Person("nurse@capulet.example/kitchen", "angelica")
    await nurse.come_online(stage.backstage)
    async with Profanity(stage.folder) as juliet:
        await juliet.type(f"/connect juliet@capulet.example/balcony server 127.0.0.1 port {stage.port} tls disable")
        await juliet.see("password")
        await juliet.type("r0m30myr0m30")
        await juliet.see("logged in")
        await beat(4)
        await juliet.type("/msg nurse@capulet.example Is the friar come?")
        heard = await nurse.listen()
        await beat()
        nurse.say(heard["from"], "He waits below.")
        await juliet.see("He waits below.")
        await beat(4)
        await juliet.type("/disconnect")
        await beat(6)
        await juliet.type("/quit")
    await nurse.leave()
