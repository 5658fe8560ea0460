package sandbox

import (
	"context"
	"encoding/pem"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"xmppscope/lessons/practice"
)

// listening is a house with doors, and its certificate in a file.
func listening(t *testing.T, o Options) (s *house, starttls, direct, pemFile string) {
	t.Helper()
	s = newHouse(t, o)
	addr := func(w Wrapping) string {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			if err := s.Serve(ln, w); err != ErrClosed {
				t.Errorf("Serve: %v", err)
			}
		}()
		return ln.Addr().String()
	}
	pemFile = filepath.Join(t.TempDir(), "ca.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.o.TLS.Certificates[0].Certificate[0]})
	if err := os.WriteFile(pemFile, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return s, addr(StartTLS), addr(DirectTLS), pemFile
}

// tool finds a program, or skips the test and says why.
func tool(t *testing.T, name string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("short: no foreign clients")
	}
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed: nobody but ourselves has talked with the practice server", name)
	}
	return path
}

// slixmpp logs in, asks around and talks with itself.
const slixmpp = `
import asyncio, sys
from slixmpp import ClientXMPP
port, ca, mech, jid, password = int(sys.argv[1]), sys.argv[2], sys.argv[3] or None, sys.argv[4], sys.argv[5]
class Client(ClientXMPP):
    def __init__(self):
        super().__init__(jid, password, sasl_mech=mech)
        for plugin in "xep_0030 xep_0054 xep_0092 xep_0198 xep_0199 xep_0202 xep_0280 xep_0352".split():
            self.register_plugin(plugin)
        self.ca_certs = ca
        self.heard = asyncio.Queue()
        self.add_event_handler("session_start", self.talk)
        self.add_event_handler("message", self.heard.put_nowait)
        self.add_event_handler("failed_all_auth", lambda _: self.disconnect())
        # An address is dialled, and the name in the certificate has to be told.
        self.add_event_handler("connected", lambda _: setattr(self, "default_domain", "localhost"))
    async def talk(self, _):
        try:
            roster = await self.get_roster()
            self.send_presence()
            info = await self["xep_0030"].get_info(jid="localhost")
            await self["xep_0199"].send_ping("localhost")
            await self["xep_0280"].enable()
            version = await self["xep_0092"].get_version("localhost")
            self.send_message(mto=self.boundjid.bare, mbody="Is anybody there?", mtype="chat")
            said = await asyncio.wait_for(self.heard.get(), 10)
            print("contacts", len(roster["roster"]["items"]), "features", len(info["disco_info"]["features"]) > 5,
                  "version", version["software_version"]["name"], "heard", said["body"], "by", self["feature_mechanisms"].mech.name)
        finally:
            self.disconnect()
client = Client()
client.connect(("127.0.0.1", port))
client.loop.run_until_complete(asyncio.wait_for(client.disconnected, 30))
`

func TestSlixmpp(t *testing.T) {
	python := tool(t, "/usr/bin/python3")
	if err := exec.Command(python, "-c", "import slixmpp").Run(); err != nil {
		t.Skip("slixmpp is not installed: nobody but ourselves has talked with the practice server")
	}
	_, starttls, _, ca := listening(t, Options{})
	_, port, _ := net.SplitHostPort(starttls)
	for _, c := range []struct{ mechanism, by string }{{"", "SCRAM-SHA-512"}, {"PLAIN", "PLAIN"}, {"SCRAM-SHA-1", "SCRAM-SHA-1"}, {"SCRAM-SHA-256", "SCRAM-SHA-256"}} {
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		out, err := exec.CommandContext(ctx, python, "-W", "ignore", "-c", slixmpp, port, ca, c.mechanism, "mbed@localhost/board", "mirror").CombinedOutput()
		want := "contacts 2 features True version xmppscope practice server heard Is anybody there? by " + c.by + "\n"
		if err != nil || !strings.Contains(string(out), want) {
			t.Errorf("%q: %v\n%s", c.mechanism, err, out)
		}
	}
}

func TestGoSendxmpp(t *testing.T) {
	program := tool(t, "go-sendxmpp")
	for _, sasl2 := range []bool{false, true} {
		sendAlong(t, program, sasl2)
	}
}

func sendAlong(t *testing.T, program string, sasl2 bool) {
	t.Helper()
	s, starttls, _, _ := listening(t, Options{SASL2: sasl2})
	mbed := s.online("mbed", "board")
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	c := exec.CommandContext(ctx, program, "-n", "-u", "juliet@localhost", "-p", "r0m30myr0m30", "-j", starttls, "mbed@localhost")
	c.Stdin = strings.NewReader("Nurse, are you there?\n")
	c.Env = append(os.Environ(), "HOME="+t.TempDir())
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	mbed.do("S: message body=Nurse, are you there?")
}

// TestDoors: the practice client through TCP, over STARTTLS and direct TLS.
func TestDoors(t *testing.T) {
	s, starttls, direct, _ := listening(t, Options{})
	for _, c := range []struct{ addr, lines string }{
		{starttls, "open\nstarttls\nlogin SCRAM-SHA-256 juliet r0m30myr0m30\nbind\nclose"},
		{direct, "open\nlogin SCRAM-SHA-256 juliet r0m30myr0m30\nbind\nclose"},
	} {
		a := s.actor(func(o *practice.Options) {
			trust := o.TLS.Clone()
			trust.ServerName = "localhost"
			o.Dial = dialer(c.addr, c.addr == direct, trust)
		})
		a.do(c.lines)
	}
}
