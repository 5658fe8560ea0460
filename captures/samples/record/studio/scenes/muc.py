"""A room with three people in it: created, joined, used, one thrown out, left."""

from ..people import Person, beat
from ..prosody import Prosody

ROOM = "balcony@rooms.verona.example"


def server(folder, port):
    people = [("romeo", "wherefore"), ("juliet", "r0m30myr0m30"), ("tybalt", "princeofcats")]
    return Prosody(folder, port, "verona.example", users=people,
                   hosts='Component "rooms.verona.example" "muc"\n')


async def play(stage):
    juliet, romeo, tybalt = [await enter(stage, *who) for who in (
        ("juliet", "r0m30myr0m30", "phone"), ("romeo", "wherefore", "orchard"), ("tybalt", "princeofcats", "street"))]
    await join(juliet, "Juliet")
    # The room is locked until its owner accepts the defaults.
    form = juliet["xep_0004"].make_form("submit")
    await juliet["xep_0045"].set_room_config(ROOM, form)
    await beat()
    await join(romeo, "Romeo")
    await join(tybalt, "Tybalt")
    juliet["xep_0045"].set_subject(ROOM, "The moon, and what to swear by")
    await beat(2)
    romeo.say(ROOM, "Lady, by yonder moon I vow", "groupchat")
    await beat(2)
    juliet.say(ROOM, "O swear not by the moon.", "groupchat")
    await beat(2)
    juliet.say(ROOM + "/Romeo", "Meet me at nine.", "chat")
    await beat(2)
    tybalt.send_presence(pto=ROOM + "/Prince of Cats")  # which renames him
    await beat(3)
    tybalt.say(ROOM, "This, by his voice, should be a Montague!", "groupchat")
    await beat(2)
    await juliet["xep_0045"].set_role(ROOM, "Prince of Cats", "none", reason="No swords on the balcony")
    await beat(2)
    romeo["xep_0045"].leave_muc(ROOM, "Romeo", "Parting is such sweet sorrow")
    await beat(2)
    for person in (tybalt, romeo, juliet):
        await person.leave()


async def enter(stage, name, password, device):
    person = Person(f"{name}@verona.example/{device}", password, plugins=["xep_0045", "xep_0004"])
    await person.come_online(stage.port)
    return person


async def join(person, nick):
    person["xep_0045"].join_muc(ROOM, nick)
    await beat(3)
