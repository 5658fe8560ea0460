"""An account is made inside XMPP: one name is taken, the next is free, and the new account logs in."""

from slixmpp.exceptions import IqError

from ..people import Person, beat
from ..prosody import Prosody


def server(folder, port):
    return Prosody(folder, port, "verona.example", users=[("juliet", "r0m30myr0m30")], modules=["register_ibr"],
                   extra="allow_registration = true\nregistration_instructions = \"Choose a name and a password.\"\n")


async def play(stage):
    guest = Person("rosaline@verona.example/window", "quietasamouse", mech="PLAIN",
                   plugins=["xep_0077"])
    guest.speak_before_login()

    async def register(_):
        for name in ("juliet", "rosaline"):
            request = guest.Iq()
            request["type"] = "set"
            request["register"]["username"] = name
            request["register"]["password"] = "quietasamouse"
            try:
                await request.send()
            except IqError as refusal:
                if refusal.condition != "conflict":
                    raise
            await beat()

    guest.add_event_handler("register", register)
    await guest.come_online(stage.port)
    await beat(2)
    await guest.leave()
