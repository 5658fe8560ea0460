"""Two servers that have never met: DNS, a stream between them, and the call back that proves a domain (XEP-0220)."""

import asyncio
import threading

from ..names import a, serve, srv
from ..people import Person, beat
from ..prosody import Prosody

PORT, RESOLVER = 5269, "127.0.0.53"
ALSO = f"udp port 53 and host {RESOLVER}"
HOUSES = {"montague.example": "127.0.0.1", "capulet.example": "127.0.0.2"}


class Houses:
    """Two Prosody servers and the name server that they ask."""

    def __init__(self, folder, port):
        self.port = port
        (folder / "resolv.conf").write_text(f"nameserver {RESOLVER}\n")
        self.servers = []
        for (domain, address), user in zip(HOUSES.items(), [("romeo", "wherefore"), ("juliet", "r0m30myr0m30")]):
            room = folder / domain
            room.mkdir()
            extra = (f'modules_disabled = {{ }}\ns2s_ports = {{ {port} }}\ns2s_interfaces = {{ "{address}" }}\ns2s_require_encryption = false\ns2s_secure_auth = false\n'
                     f'unbound = {{ resolvconf = "{folder}/resolv.conf"; hoststxt = false; options = {{ ["do-not-query-localhost:"] = "no" }} }}\n')
            server = Prosody(room, 0, domain, users=[user], modules=["s2s", "dialback"], extra=extra, door="none")
            server.port = port
            self.servers.append(server)

    @property
    def version(self):
        return self.servers[0].version

    def __enter__(self):
        ready = threading.Event()
        self.loop = asyncio.new_event_loop()

        def run():
            asyncio.set_event_loop(self.loop)
            records = {}
            for domain, address in HOUSES.items():
                records[f"_xmpp-server._tcp.{domain}"] = [srv(self.port, f"xmpp.{domain}")]
                records[f"xmpp.{domain}"] = [a(address)]
                records[domain] = []
            self.loop.run_until_complete(serve(RESOLVER, records))
            ready.set()
            self.loop.run_forever()

        self.names = threading.Thread(target=run, daemon=True)
        self.names.start()
        ready.wait(10)
        for s in self.servers:
            s.port = s.backstage  # what to wait for; the port of the recording is the same on both addresses
            s.__enter__()
        return self

    def __exit__(self, *_):
        for s in self.servers:
            s.__exit__()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.names.join(10)


def server(folder, port):
    return Houses(folder, port)


async def play(houses):
    montague, capulet = houses.servers
    juliet = Person("juliet@capulet.example/balcony", "r0m30myr0m30")
    await juliet.come_online(capulet.backstage)
    romeo = Person("romeo@montague.example/orchard", "wherefore")
    await romeo.come_online(montague.backstage)
    romeo.say("juliet@capulet.example/balcony", "I take thee at thy word.")
    heard = await juliet.listen()
    await beat()
    juliet.say(heard["from"], "What man art thou?")
    await romeo.listen()
    await beat(3)
    await romeo.leave()
    await juliet.leave()
    await beat(2)
