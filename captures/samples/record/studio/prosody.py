"""Prosody in the foreground, from a folder of its own, on 127.0.0.1."""

import os
import re
import socket
import subprocess
import time

MODULES = ["disco", "roster", "saslauth", "ping", "version", "time", "posix", "presence", "message", "iq"]


def free_port():
    """A port that nobody listens on just now."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def listening(port):
    """Whether someone listens on the port, found without a connection that would end up on the tape."""
    with open("/proc/net/tcp") as table:
        rows = [line.split() for line in table][1:]
    return any(int(row[1].split(":")[1], 16) == port and row[3] == "0A" for row in rows)


def wait_for_port(port, process, log, ready=None):
    """Returns when something listens on the port and the file `ready` exists, if one is named.

    Gives up when the process ends or after 30 s.
    """
    for _ in range(300):
        if process.poll() is not None:
            raise SystemExit(f"the server ended at once: {log.read_text(errors='replace')[-800:] if log.exists() else 'no log'}")
        if listening(port) and (ready is None or ready.exists()):
            return
        time.sleep(0.1)
    raise SystemExit(f"nobody listens on port {port}")


class Prosody:
    """One server with one host.

    modules adds to MODULES; extra is Lua for the global section, hosts Lua after the virtual host (components).
    backstage is a second client port that is not recorded: it lets a partner take part without being on the tape.
    door says what the recorded port is for: c2s, direct (TLS from the first byte) or http.
    """

    def __init__(self, folder, port, domain, users=(), modules=(), extra="", hosts="", plain=True, door="c2s"):
        self.folder, self.port, self.domain, self.users, self.door = folder, port, domain, users, door
        self.backstage, self.process, self.version = free_port(), None, "Prosody"
        self.log = folder / "prosody.log"
        self.config = folder / "prosody.cfg.lua"
        self.config.write_text(self.render(list(MODULES) + list(modules), extra, hosts, plain))

    def render(self, modules, extra, hosts, plain):
        quoted = "; ".join(f'"{m}"' for m in modules)
        return f"""
run_as_root = {"true" if os.geteuid() == 0 else "false"}
data_path = "{self.folder}/data"
certificates = "{self.folder}"
pidfile = "{self.folder}/prosody.pid"
log = {{ debug = "{self.log}" }}
interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {self.port if self.door == "c2s" else ""}{", " if self.door == "c2s" else ""}{self.backstage} }}
c2s_direct_tls_ports = {{ {self.port if self.door == "direct" else ""} }}
http_ports = {{ {self.port if self.door == "http" else ""} }}
http_interfaces = {{ "127.0.0.1" }}
https_ports = {{ }}
{"" if "s2s_ports" in extra else "s2s_ports = { }"}
s2s_direct_tls_ports = {{ }}
component_ports = {{ }}
modules_enabled = {{ {quoted} }}
{"" if "modules_disabled" in extra else 'modules_disabled = { "s2s" }'}
c2s_require_encryption = {"false" if plain else "true"}
allow_unencrypted_plain_auth = {"true" if plain else "false"}
authentication = "internal_plain"
{extra}
VirtualHost "{self.domain}"
{hosts}
"""

    def __enter__(self):
        if listening(self.port):
            raise SystemExit(f"port {self.port} is taken: set SAMPLE_PORT to a free one")
        (self.folder / "data").mkdir(exist_ok=True)
        for name, password in self.users:
            subprocess.run(["prosodyctl", "--config", str(self.config), "register", name, self.domain, password],
                           check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.process = subprocess.Popen(["prosody", "--config", str(self.config), "-F"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_for_port(self.port, self.process, self.log)
        except BaseException:
            self.__exit__()
            raise
        found = re.search(r"Prosody version (\S+)", self.log.read_text(errors="replace"))
        self.version = "Prosody " + (found.group(1) if found else "of unknown version")
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
