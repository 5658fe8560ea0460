"""romeo asks to see juliet's presence, she allows it and asks back; later she takes it back."""

import asyncio

from ..people import Person, beat
from ..prosody import Prosody


def server(folder, port):
    return Prosody(folder, port, "verona.example", users=[("romeo", "wherefore"), ("juliet", "r0m30myr0m30")])


async def play(stage):
    romeo = Person("romeo@verona.example/orchard", "wherefore")
    juliet = Person("juliet@verona.example/balcony", "r0m30myr0m30")
    for person in (romeo, juliet):
        # Nothing happens by itself: each side says what it wants.
        person.roster.auto_authorize, person.roster.auto_subscribe = None, False
        await person.come_online(stage.port)
    await beat(2)

    await ask(romeo, juliet)
    juliet.send_presence(pto="romeo@verona.example", ptype="subscribed")
    await beat(3)
    await ask(juliet, romeo)
    romeo.send_presence(pto="juliet@verona.example", ptype="subscribed")
    await beat(3)
    romeo.send_presence(pshow="away", pstatus="Climbing a wall")
    await beat(3)
    juliet.send_presence(pto="romeo@verona.example", ptype="unsubscribed")
    await beat(3)
    await juliet.leave()
    await beat(2)
    await romeo.leave()


async def ask(asker, asked):
    """Sends the request and waits until the other side has it."""
    waiting = asyncio.ensure_future(asked.wait_until("presence_subscribe", 10))
    asker.send_presence(pto=asked.boundjid.bare, ptype="subscribe")
    await waiting
    await beat(2)
