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
]


def main():
    parser = argparse.ArgumentParser(prog="record.sh", description="Make the sample recordings again.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="scenes to play; all if none is named")
    parser.add_argument("--out", type=pathlib.Path, default=SAMPLES, help="where the recordings go (default: beside samples.go)")
    args = parser.parse_args()
    unknown = [n for n in args.names if n not in SCENES]
    if unknown:
        parser.error(f"no such scene: {', '.join(unknown)} (there are: {', '.join(SCENES)})")
    # A killed studio must still end its servers: turn the signal into an exit that unwinds.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    for name in args.names or SCENES:
        record(name, args.out)


def record(name, out):
    scene = importlib.import_module("studio.scenes." + name.replace("-", "_"))
    port = int(os.environ.get("SAMPLE_PORT", getattr(scene, "PORT", 5222)))
    folder = pathlib.Path(tempfile.mkdtemp(prefix="studio-"))
    try:
        server = scene.server(folder, port)
        with server:
            with tape.Tape(folder / "tape.pcap", port) as reel:
                asyncio.run(asyncio.wait_for(scene.play(server), 120))
        written = reel.finish(out / (name + getattr(scene, "SUFFIX", ".pcap")), getattr(scene, "keys", None) and scene.keys(folder))
        tape.write_follow(written, out / "testdata" / (name + ".follow"))
        notes.renumber(written, out / "NOTES" / (name + ".md"), port)
        print(f"{name}: {reel.frames} frames, {written.stat().st_size} bytes, {server.version}")
    finally:
        if os.environ.get("SAMPLE_KEEP"):
            print(f"kept {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


main()
