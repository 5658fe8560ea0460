"""romeo on two devices and juliet in a terminal: typing notices, receipts, copies to the other device."""

from ..people import Person, beat
from ..profanity import Profanity
from ..prosody import Prosody


def server(folder, port):
    return Prosody(folder, port, "verona.example", users=[("romeo", "wherefore"), ("juliet", "r0m30myr0m30")],
                   modules=["carbons", "private", "blocklist"])


async def play(stage):
    phone = Person("romeo@verona.example/phone", "wherefore", plugins=["xep_0280", "xep_0184", "xep_0085"])
    await phone.come_online(stage.port)
    await phone["xep_0280"].enable()
    await beat()
    desk = Person("romeo@verona.example/desk", "wherefore", plugins=["xep_0184", "xep_0085"])
    await desk.come_online(stage.port)
    # What is sent to romeo without a device now goes to the desk alone, and a copy to the phone.
    desk.send_presence(ppriority=5)
    await beat(2)

    async with Profanity(stage.folder) as juliet:
        await juliet.type(f"/connect juliet@verona.example/chat server 127.0.0.1 port {stage.port} tls disable")
        await juliet.see("password")
        await juliet.type("r0m30myr0m30")
        await juliet.see("logged in")
        await beat(4)
        await juliet.type("/receipts request on")
        await juliet.type("/receipts send on")
        await juliet.type("/msg romeo@verona.example What time is it?")
        heard = await desk.listen()
        await beat()
        typing(desk, heard["from"], "composing")
        await beat(3)
        reply = desk.make_message(heard["from"], "Past nine.", mtype="chat")
        reply["chat_state"] = "active"
        reply["request_receipt"] = True
        reply.send()
        await juliet.see("Past nine.")
        await beat(4)
        await juliet.type("/disconnect")
        await beat(4)
        await juliet.type("/quit")
    await desk.leave()
    await phone.leave()


def typing(person, to, state):
    notice = person.make_message(to, mtype="chat")
    notice["chat_state"] = state
    notice.send()
