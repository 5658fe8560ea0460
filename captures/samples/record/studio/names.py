"""A name server for the stage: it knows what it is told and nothing else."""

import asyncio
import struct


def wire(name):
    return b"".join(bytes([len(p)]) + p.encode() for p in name.strip(".").split(".") if p) + b"\0"


def srv(port, target, priority=10, weight=0):
    return 33, struct.pack(">HHH", priority, weight, port) + wire(target)


def a(address):
    return 1, bytes(int(p) for p in address.split("."))


class Names(asyncio.DatagramProtocol):
    """records: {name: [(type, data), …]}; what is not there does not exist (NXDOMAIN)."""

    def __init__(self, records):
        self.records = {wire(name): answers for name, answers in records.items()}

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, who):
        end = data.index(b"\0", 12) + 5
        question = data[12:end]
        name, kind = question[:-4].lower(), struct.unpack(">H", question[-4:-2])[0]
        found = [(t, d) for t, d in self.records.get(name, []) if t == kind]
        code = 0 if name in self.records else 3
        head = data[:2] + struct.pack(">HHHHH", 0x8580 | code, 1, len(found), 0, 0)
        body = b"".join(b"\xc0\x0c" + struct.pack(">HHIH", t, 1, 60, len(d)) + d for t, d in found)
        self.transport.sendto(head + question + body, who)


async def serve(address, records):
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(lambda: Names(records), local_addr=(address, 53))
    return transport
