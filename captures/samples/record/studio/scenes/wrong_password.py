"""Two wrong attempts and a right one, all on one stream.

slixmpp gives up a mechanism that failed; the handler below makes it try again, as a client does that asks its user.
"""

from ..people import Person, beat
from ..prosody import Prosody


def server(folder, port):
    return Prosody(folder, port, "capulet.example", users=[("juliet", "r0m30myr0m30")])


async def play(stage):
    attempts = [("SCRAM-SHA-1", "romeomyromeo"), ("SCRAM-SHA-1", "r0m30myr0m30")]
    juliet = Person("juliet@capulet.example/balcony", "romeomyromeo", mech="PLAIN")

    def try_again(_):
        mechanism, juliet.password = attempts.pop(0)
        juliet["feature_mechanisms"].use_mechs = {mechanism}
        juliet["feature_mechanisms"].attempted_mechs.clear()

    juliet.add_event_handler("failed_auth", try_again)
    await juliet.come_online(stage.port)
    await beat()
    await juliet.leave()
