"""The same device name twice: the newer connection wins."""

from ..people import Person, beat
from ..prosody import Prosody


def server(folder, port):
    return Prosody(folder, port, "capulet.example", users=[("juliet", "r0m30myr0m30")])


async def play(stage):
    old = Person("juliet@capulet.example/balcony", "r0m30myr0m30")
    await old.come_online(stage.port)
    await beat(2)
    new = Person("juliet@capulet.example/balcony", "r0m30myr0m30")
    await new.come_online(stage.port)
    await beat(3)
    await new.leave()
