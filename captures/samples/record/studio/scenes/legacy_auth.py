"""How Jabber logged in before SASL: one iq for name, password digest and resource.

slixmpp's own plug-in for this predates its asynchronous core, so the scene sends the two questions itself; the stanzas
are slixmpp's.
"""

import hashlib

from ..ejabberd import Ejabberd
from ..people import Person, beat


def server(folder, port):
    return Ejabberd(folder, port, "capulet.example", users=[("nurse", "angelica")], modules=["mod_legacy_auth"])


async def play(stage):
    nurse = Person("nurse@capulet.example/kitchen", "angelica", plugins=["xep_0078"])
    # Without this slixmpp would rather use SASL.
    nurse.unregister_feature("mechanisms", nurse["feature_mechanisms"].order)
    nurse.speak_before_login()
    nurse.dial(stage.port)
    await nurse.wait_until("stream_negotiated", 10)

    fields = nurse.Iq()
    fields["type"], fields["to"] = "get", "capulet.example"
    fields["auth"]["username"] = "nurse"
    await fields.send()

    login = nurse.Iq()
    login["type"], login["to"] = "set", "capulet.example"
    login["auth"]["username"] = "nurse"
    login["auth"]["resource"] = "kitchen"
    login["auth"]["digest"] = hashlib.sha1((nurse.stream_id + nurse.password).encode()).hexdigest()
    await login.send()

    await nurse.greet()
    await beat(2)
    await nurse.leave()
