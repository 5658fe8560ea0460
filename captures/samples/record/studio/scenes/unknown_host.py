"""The right machine, the wrong domain."""

from ..people import Person, beat
from ..prosody import Prosody


def server(folder, port):
    return Prosody(folder, port, "capulet.example")


async def play(stage):
    romeo = Person("romeo@montague.example/orchard", "wherefore")
    romeo.dial(stage.port)
    await romeo.wait_until("disconnected", 10)
    await beat(2)
