"""SCRAM-SHA-1 against a server that keeps no passwords, only what SCRAM needs to check one."""

from ..people import Person, beat
from ..prosody import Prosody


def server(folder, port):
    return Prosody(folder, port, "montague.example", users=[("romeo", "wherefore"), ("benvolio", "peace")],
                   extra='authentication = "internal_hashed"\n')


async def play(stage):
    benvolio = Person("benvolio@montague.example/street", "peace")
    await benvolio.come_online(stage.backstage)
    romeo = Person("romeo@montague.example/orchard", "wherefore", mech="SCRAM-SHA-1")
    await romeo.come_online(stage.port)
    romeo.say("benvolio@montague.example", "But soft, what light?")
    heard = await benvolio.listen()
    await beat()
    benvolio.say(heard["from"], "The street lamp.")
    await romeo.listen()
    await beat()
    await romeo.leave()
    await benvolio.leave()
