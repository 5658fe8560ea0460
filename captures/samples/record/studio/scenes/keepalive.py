"""Little happens, on purpose: blanks, pings and a client whose screen goes dark."""

from ..people import Person, beat
from ..prosody import Prosody


def server(folder, port):
    return Prosody(folder, port, "verona.example", users=[("romeo", "wherefore"), ("juliet", "r0m30myr0m30")],
                   modules=["csi_simple"])


async def play(stage):
    romeo = Person("romeo@verona.example/orchard", "wherefore")
    await romeo.come_online(stage.backstage)
    juliet = Person("juliet@verona.example/phone", "r0m30myr0m30", plugins=["xep_0199", "xep_0352"])
    juliet.whitespace_keepalive_interval = 1.2  # minutes in real life
    await juliet.come_online(stage.port)
    await beat(8)
    await juliet["xep_0199"].send_ping("verona.example")
    await beat(2)

    juliet["xep_0352"].send_inactive()
    await beat(2)
    notice = romeo.make_message("juliet@verona.example/phone", mtype="chat")
    romeo.register_plugin("xep_0085")
    notice["chat_state"] = "composing"
    notice.send()
    await beat(6)
    juliet["xep_0352"].send_active()
    await beat(4)
    await juliet.leave()
    await romeo.leave()
