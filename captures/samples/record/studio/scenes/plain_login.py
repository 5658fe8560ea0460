"""The whole life of one connection, with the password in plain sight.

mbed/mirror is the pair of a well known tutorial: NUL mbed NUL mirror is AG1iZWQAbWlycm9y. The partner, romeo, sits on
the unrecorded port, so that the tape holds one conversation and nothing else.
"""

from ..people import Person, beat
from ..prosody import Prosody


def server(folder, port):
    return Prosody(folder, port, "localhost", users=[("mbed", "mirror"), ("romeo", "montague")])


async def play(stage):
    romeo = Person("romeo@localhost/orchard", "montague")
    await romeo.come_online(stage.backstage)

    mbed = Person("mbed@localhost/board", "mirror", mech="PLAIN")
    await mbed.log_in(stage.port)
    await mbed.ask_for_session()
    await mbed.greet()
    mbed.say("romeo@localhost", "The lamp is on.")
    first = await romeo.listen()
    await beat()
    romeo.say(first["from"], "Then I can see the balcony. How warm is it?")
    answer = await mbed.listen()
    await beat()
    mbed.say(answer["from"], "19.5 degrees.")
    await romeo.listen()
    await beat(2)
    await mbed.leave()
    await romeo.leave()
