"""DIGEST-MD5, which ejabberd still speaks when passwords are stored as they are."""

from ..ejabberd import Ejabberd
from ..people import Person, beat


def server(folder, port):
    return Ejabberd(folder, port, "capulet.example", users=[("juliet", "r0m30myr0m30"), ("nurse", "angelica")])


async def play(stage):
    nurse = Person("nurse@capulet.example/kitchen", "angelica", mech="PLAIN")
    await nurse.come_online(stage.backstage)

    juliet = Person("juliet@capulet.example/balcony", "r0m30myr0m30", mech="DIGEST-MD5")
    await juliet.come_online(stage.port)
    juliet.say("nurse@capulet.example/kitchen", "Is he gone?")
    heard = await nurse.listen()
    await beat()
    nurse.say(heard["from"], "Ay, my lady.")
    await juliet.listen()
    await beat()
    await juliet.leave()
    await nurse.leave()
