"""SCRAM with channel binding: the login is tied to its TLS connection, by tls-unique in TLS 1.2."""

from .tls12 import dialogue, keys, server

SUFFIX = ".pcapng"
__all__ = ["keys", "server"]


async def play(stage):
    await dialogue(stage, "SCRAM-SHA-1-PLUS", "Whoever stands between us cannot be me.")
