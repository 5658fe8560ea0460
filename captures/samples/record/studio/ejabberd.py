"""ejabberd as one Erlang node without a name, from a folder of its own, on 127.0.0.1.

ejabberdctl is not used: it insists on the system's own user, folders and a name service for nodes.
"""

import glob
import os
import re
import shutil
import subprocess

from .prosody import free_port, listening, wait_for_port


class Ejabberd:
    """One server with one host. listener adds options to the recorded client port, extra adds YAML at the top level."""

    def __init__(self, folder, port, domain, users=(), modules=(), listener="", extra=""):
        self.folder, self.port, self.domain, self.users = folder, port, domain, users
        self.backstage, self.process, self.version = free_port(), None, "ejabberd"
        self.log = folder / "ejabberd.log"
        self.config = folder / "ejabberd.yml"
        self.config.write_text(self.render(modules, listener, extra))

    def render(self, modules, listener, extra):
        rooms = "\n".join(f"  {m}: {{}}" for m in ("mod_disco", "mod_ping", "mod_roster", "mod_version", *modules))
        return f"""
hosts:
  - "{self.domain}"
loglevel: info
listen:
  - port: {self.port}
    ip: "127.0.0.1"
    module: ejabberd_c2s
{listener}
  - port: {self.backstage}
    ip: "127.0.0.1"
    module: ejabberd_c2s
auth_method: internal
auth_password_format: plain
access_rules:
  c2s:
    allow: all
{extra}
modules:
{rooms}
"""

    def __enter__(self):
        library = sorted(glob.glob("/usr/lib/*/ejabberd-*/ebin") + glob.glob("/usr/lib/ejabberd*/ebin"))
        if not library or not shutil.which("erl"):
            raise SystemExit("ejabberd is not installed")
        if listening(self.port):
            raise SystemExit(f"port {self.port} is taken: set SAMPLE_PORT to a free one")
        self.version = "ejabberd " + self.installed_version()
        environment = dict(os.environ, ERL_LIBS=os.path.dirname(os.path.dirname(library[-1])),
                           EJABBERD_CONFIG_PATH=str(self.config), EJABBERD_LOG_PATH=str(self.log),
                           ERL_CRASH_DUMP=str(self.folder / "crash.dump"), HOME=str(self.folder))
        people = "".join(f'ok = ejabberd_auth:try_register(<<"{name}">>, <<"{self.domain}">>, <<"{password}">>), '
                         for name, password in self.users)
        # The file tells us that the accounts exist; the port is open before that.
        ready = self.folder / "ready"
        self.process = subprocess.Popen(
            ["erl", "-noinput", "-mnesia", "dir", f'"{self.folder}/spool"', "-s", "ejabberd",
             "-eval", f'{people} file:write_file("{ready}", <<>>).'],
            env=environment, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_for_port(self.port, self.process, self.log, ready)
        except BaseException:
            self.__exit__()
            raise
        return self

    @staticmethod
    def installed_version():
        out = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", "ejabberd"], capture_output=True, text=True).stdout
        found = re.match(r"[0-9.]+", out)
        return found.group(0) if found else "of unknown version"

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
