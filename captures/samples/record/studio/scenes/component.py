"""An add-on joins the server by a shared secret: refused with the wrong one, then at work with the right one."""

from slixmpp.componentxmpp import ComponentXMPP

from ..people import Person, beat
from ..prosody import Prosody, free_port

PORT = 5347
DOMAIN = "echo.verona.example"


def server(folder, port):
    stage = Prosody(folder, free_port(), "verona.example", users=[("juliet", "r0m30myr0m30")],
                    extra=f"component_ports = {{ {port} }}\n",
                    hosts=f'Component "{DOMAIN}"\n  component_secret = "hollow"\n')
    stage.component_port = port
    return stage


async def play(stage):
    stranger = ComponentXMPP(DOMAIN, "narcissus", "127.0.0.1", stage.component_port)
    stranger.connect()
    await stranger.wait_until("disconnected", 10)
    await beat(2)

    echo = ComponentXMPP(DOMAIN, "hollow", "127.0.0.1", stage.component_port)
    echo.register_plugin("xep_0030")
    echo.register_plugin("xep_0199")
    echo["xep_0030"].add_identity(category="client", itype="bot", name="Echo")
    echo.add_event_handler("message", lambda m: m.reply(m["body"]).send())
    echo.connect()
    await echo.wait_until("session_start", 10)

    juliet = Person("juliet@verona.example/balcony", "r0m30myr0m30", plugins=["xep_0030", "xep_0199"])
    await juliet.come_online(stage.backstage)
    await juliet["xep_0030"].get_info(jid=DOMAIN)
    await beat()
    juliet.say("cave@" + DOMAIN, "Hist! Romeo!")
    await juliet.listen()
    await beat()
    await juliet["xep_0199"].send_ping(DOMAIN)
    await beat()
    await juliet.leave()
    await echo.disconnect()
    await beat()
