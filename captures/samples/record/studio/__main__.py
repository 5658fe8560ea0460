"""record.sh's other half: plays the named scenes and writes NAME.pcap (or .pcapng) and testdata/NAME.follow."""

import argparse
import asyncio
import importlib
import os
import pathlib
import shutil
import signal
import sys
import tempfile

from . import notes, tape

SAMPLES = pathlib.Path(__file__).resolve().parent.parent.parent

# The order of samples.go.
SCENES = [
    "plain-login",
    "scram-sha-1",
    "scram-sha-256",
    "digest-md5",
    "wrong-password",
    "unknown-host",
    "starttls",
    "tls-required",
    "registration",
    "chat",
    "subscription",
    "muc",
    "iq-errors",
    "offline",
    "resource-conflict",
    "keepalive",
    "sm-resume",
    "broken-client",
    "component",
    "legacy-auth",
    "tls12",
    "direct-tls",
    "scram-plus",
    "websocket",
    "bosh",
    "zlib",
    "sasl2",
    "s2s-dialback",
]


def main():
    parser = argparse.ArgumentParser(prog="record.sh", description="Make the sample recordings again.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="scenes to play; all if none is named")
    parser.add_argument("--out", type=pathlib.Path, default=SAMPLES, help="where the recordings go (default: beside samples.go)")
    parser.add_argument("--notes", action="store_true", help="record nothing: put the frame numbers of what is there into NOTES")
    args = parser.parse_args()
    unknown = [n for n in args.names if n not in SCENES]
    if unknown:
        parser.error(f"no such scene: {', '.join(unknown)} (there are: {', '.join(SCENES)})")
    # A killed studio must still end its servers: turn the signal into an exit that unwinds.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    for name in args.names or SCENES:
        scene = importlib.import_module("studio.scenes." + name.replace("-", "_"))
        target = args.out / (name + getattr(scene, "SUFFIX", ".pcap"))
        if not args.notes:
            record(name, scene, target)
        notes.renumber(target, args.out / "NOTES" / (name + ".md"))


def record(name, scene, target):
    port = int(os.environ.get("SAMPLE_PORT", getattr(scene, "PORT", 5222)))
    folder = pathlib.Path(tempfile.mkdtemp(prefix="studio-"))
    try:
        server = scene.server(folder, port)
        with server:
            with tape.Tape(folder / "tape.pcap", port, getattr(scene, "ALSO", "")) as reel:
                asyncio.run(asyncio.wait_for(scene.play(server), 120))
        reel.finish(target, scene.keys(folder) if hasattr(scene, "keys") else None)
        tape.write_follow(target, target.parent / "testdata" / (name + ".follow"))
        print(f"{name}: {reel.frames} frames, {target.stat().st_size} bytes, {server.version}")
    finally:
        if os.environ.get("SAMPLE_KEEP"):
            print(f"kept {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


main()
