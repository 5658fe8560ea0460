"""tcpdump as a tape recorder, and what tshark's own reassembly says is on the tape."""

import hashlib
import os
import shutil
import signal
import subprocess
import time


class Tape:
    """Records the TCP traffic of one port on loopback, and what `also` adds (pcap-filter), while the `with` block runs."""

    def __init__(self, path, port, also=""):
        self.path, self.port, self.frames, self.process = path, port, 0, None
        self.also = f" or ({also})" if also else ""

    def __enter__(self):
        command = ["tcpdump", "-i", "lo", "-U", "--immediate-mode", "-s", "0", "-w", str(self.path)]
        if os.geteuid() == 0:
            # Without this tcpdump becomes another user, who may not write into our folder.
            command += ["-Z", "root"]
        command += [f"tcp port {self.port}{self.also}"]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if "listening on" in line:
                return self
        raise SystemExit("tcpdump did not start: may this user capture on lo?")

    def __exit__(self, *_):
        time.sleep(0.4)  # the last FIN and its ACK
        self.process.send_signal(signal.SIGINT)
        report = self.process.stderr.read()
        self.process.wait(10)
        if "0 packets dropped" not in report:
            raise SystemExit("tcpdump lost packets: " + report.strip())

    def finish(self, target, keylog=None):
        """Moves the tape to its place; a key log is sewn into it (which needs pcapng)."""
        self.frames = len(fields(self.path, "frame.number"))
        if keylog:
            subprocess.run(["editcap", "--inject-secrets", f"tls,{keylog}", str(self.path), str(target)], check=True)
        else:
            shutil.copyfile(self.path, target)


def fields(path, *names, where=""):
    """The named tshark fields of every frame (of those that match `where`), one tuple a frame."""
    command = ["tshark", "-n", "-r", str(path), "-T", "fields"]
    if where:
        command += ["-Y", where]
    for name in names:
        command += ["-e", name]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [tuple(line.split("\t")) for line in out.splitlines() if line]


def follow(path, stream):
    """(node 0, node 1, bytes from node 0, bytes from node 1) of one TCP stream, as tshark follows it."""
    out = subprocess.run(["tshark", "-n", "-r", str(path), "-q", "-z", f"follow,tcp,raw,{stream}"],
                         check=True, capture_output=True, text=True).stdout
    nodes, sides = ["", ""], [bytearray(), bytearray()]
    for line in out.splitlines():
        if line.startswith("Node "):
            nodes[int(line[5])] = line.split(": ", 1)[1]
        elif line.strip() and all(c in "0123456789abcdef\t" for c in line):
            sides[1 if line.startswith("\t") else 0] += bytes.fromhex(line.strip())
    return nodes[0], nodes[1], bytes(sides[0]), bytes(sides[1])


def write_follow(path, target):
    """One line a stream and direction: stream number, from, to, length, SHA-256. See README.md."""
    lines = []
    for stream in sorted({int(row[0]) for row in fields(path, "tcp.stream")}):
        a, b, from_a, from_b = follow(path, stream)
        for source, sink, data in ((a, b, from_a), (b, a, from_b)):
            lines.append(f"{stream} {source} {sink} {len(data)} {hashlib.sha256(data).hexdigest()}\n")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("".join(lines))
