"""A connection is torn, a new one takes up where the old one stopped, and nothing is lost."""

import socket
import struct

from ..people import Person, beat
from ..prosody import Prosody


def server(folder, port):
    return Prosody(folder, port, "verona.example", users=[("romeo", "wherefore"), ("juliet", "r0m30myr0m30")],
                   modules=["smacks"], extra="smacks_hibernation_time = 120\n")


async def play(stage):
    romeo = Person("romeo@verona.example/orchard", "wherefore")
    await romeo.come_online(stage.backstage)
    juliet = Person("juliet@verona.example/phone", "r0m30myr0m30", plugins=["xep_0198"], config={"xep_0198": {"window": 3}})
    await juliet.come_online(stage.port)
    romeo.say("juliet@verona.example", "Can you hear me?")
    await juliet.listen()
    juliet.say("romeo@verona.example/orchard", "Every word.")
    await romeo.listen()
    await beat(2)

    tear(juliet)
    await beat(3)
    romeo.say("juliet@verona.example", "Are you still there?")
    romeo.say("juliet@verona.example", "It is so quiet in the tunnel.")
    await beat(3)

    juliet.dial(stage.port)
    await juliet.wait_until("session_resumed", 10)
    await juliet.listen()
    await juliet.listen()
    juliet.say("romeo@verona.example/orchard", "I missed nothing.")
    await romeo.listen()
    await beat(3)
    await juliet.leave()
    await romeo.leave()


def tear(person):
    """Ends the TCP connection without a word, as a lost network does: RST and no closing tag."""
    person.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    person.transport.abort()
