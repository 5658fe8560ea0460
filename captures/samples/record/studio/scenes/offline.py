"""Messages for somebody who is not there."""

from ..people import Person, beat
from ..prosody import Prosody


def server(folder, port):
    return Prosody(folder, port, "verona.example", users=[("romeo", "wherefore"), ("juliet", "r0m30myr0m30")],
                   modules=["offline"])


async def play(stage):
    romeo = Person("romeo@verona.example/orchard", "wherefore")
    await romeo.come_online(stage.port)
    romeo.say("juliet@verona.example", "I will come again tomorrow.")
    romeo.say("nobody@verona.example", "Is this the right address?")
    await romeo.wait_until("message_error", 10)
    await beat(2)
    await romeo.leave()
    await beat(10)

    juliet = Person("juliet@verona.example/balcony", "r0m30myr0m30")
    await juliet.log_in(stage.port)
    await juliet.get_roster()
    await beat(3)
    juliet.send_presence()
    await juliet.listen()
    await beat(2)
    await juliet.leave()
