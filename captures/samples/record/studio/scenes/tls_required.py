"""A server that wants TLS and clients that do not."""

from ..people import Person, beat
from ..prosody import Prosody
from ..tls import certificate


def server(folder, port):
    certificate(folder, "capulet.example")
    return Prosody(folder, port, "capulet.example", users=[("juliet", "r0m30myr0m30")], modules=["tls"], plain=False)


async def play(stage):
    # A careful client finds nothing on the menu that it may use, and leaves.
    careful = Person("juliet@capulet.example/balcony", "r0m30myr0m30")
    careful.dial(stage.port)
    await careful.wait_until("stream_negotiated", 10)
    await beat(2)
    await careful.disconnect()
    await beat()

    # A careless one sends the password although nobody asked for it.
    careless = Person("juliet@capulet.example/garden", "r0m30myr0m30", mech="PLAIN")
    careless["feature_mechanisms"].use_mechs = {"PLAIN"}
    careless["feature_mechanisms"].mech_list = {"PLAIN"}
    careless.dial(stage.port)
    await careless.wait_until("stream_negotiated", 10)
    await beat()
    careless["feature_mechanisms"]._send_auth()
    await careless.wait_until("disconnected", 10)
    await beat()
