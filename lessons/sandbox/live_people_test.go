package sandbox

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// screen is a program in a terminal.
type screen struct {
	*testing.T
	run func(args ...string) string
}

// terminal starts a program in a tmux of its own, with a home of its own.
func terminal(t *testing.T, program string) *screen {
	t.Helper()
	tmux := tool(t, "tmux")
	path := tool(t, program)
	home := t.TempDir()
	s := &screen{t, func(args ...string) string {
		c := exec.Command(tmux, append([]string{"-S", filepath.Join(home, "tmux")}, args...)...)
		c.Env = append(os.Environ(), "HOME="+home, "XDG_CONFIG_HOME="+home, "XDG_DATA_HOME="+home, "TERM=xterm-256color", "LC_ALL=C.UTF-8")
		out, _ := c.CombinedOutput()
		return string(out)
	}}
	s.run("new-session", "-d", "-x", "140", "-y", "40", path)
	t.Cleanup(func() { s.run("kill-server") })
	return s
}

// see waits until a text is there, in whatever case.
func (s *screen) see(text string) {
	s.Helper()
	seen := ""
	for end := time.Now().Add(slack); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if seen = s.run("capture-pane", "-p"); strings.Contains(strings.ToLower(seen), strings.ToLower(text)) {
			return
		}
	}
	s.Fatalf("%q does not appear:\n%s", text, seen)
}

func (s *screen) do(line string) {
	s.run("send-keys", "-l", line)
	s.run("send-keys", "Enter")
}

// TestProfanity: profanity makes an account, logs in, sees its roster, talks,
// goes into a room, and is told that nothing can be uploaded here.
func TestProfanity(t *testing.T) {
	p := terminal(t, "profanity")
	s, starttls, _, _ := listening(t, Options{Register: true})
	_, port, _ := net.SplitHostPort(starttls)
	mbed := s.online("mbed", "board")
	p.see("Profanity")
	p.do("/register paris localhost port " + port + " tls trust")
	p.see("password")
	p.do("c0unty")
	p.see("confirm")
	p.do("c0unty")
	p.see("registration successful")
	if a := s.find("paris"); a == nil || !a.knows("c0unty") {
		t.Fatal("there is no such account")
	}
	p.do("/quit")

	// Profanity takes its next connection for one that is logged in already, so
	// another one goes on.
	p = terminal(t, "profanity")
	p.see("Profanity")
	p.do("/connect juliet@localhost/chat server 127.0.0.1 port " + port + " tls trust")
	p.see("password")
	p.do("r0m30myr0m30")
	p.see("juliet@localhost/chat logged in")
	mbed.do("S: presence from=juliet@localhost/chat")
	p.do("/roster")
	p.see("nurse@localhost")
	p.do("/msg mbed@localhost What time is it?")
	mbed.do("S: message body=What time is it?\nC: <message to='juliet@localhost' type='chat' id='p'><body>Past nine.</body></message>\nping")
	p.see("Past nine.")
	p.do("/join verona@rooms.localhost nick Jule")
	p.see("Civil blood")
	mbed.do("C: <presence to='verona@rooms.localhost/Lamp'><x xmlns='http://jabber.org/protocol/muc'/></presence>\nS: presence from=verona@rooms.localhost/Jule\nS: message/subject")
	p.do("How sweet the moonlight sleeps")
	mbed.do("S: message type=groupchat body=How sweet the moonlight sleeps\nC: <message to='verona@rooms.localhost' type='groupchat' id='g'><body>It shines</body></message>")
	p.see("It shines")
	p.do("/sendfile /etc/hostname")
	p.do("/win 1")
	p.see("upload is not supported")
	p.do("/quit")
	mbed.do("S: presence type=unavailable from=juliet@localhost/chat")
}

// around is what slixmpp does beyond a login: it changes a password, publishes,
// meets somebody in a room, looks for a service for uploads, and takes an
// account away. To make one, slixmpp 1.8.3 waits for a session that can only come
// afterwards.
const around = `
import asyncio, sys
from slixmpp import ClientXMPP
port, ca = int(sys.argv[1]), sys.argv[2]
class Client(ClientXMPP):
    def __init__(self, jid, password, *more):
        super().__init__(jid, password)
        for plugin in ("xep_0004", "xep_0030", "xep_0045", "xep_0060", "xep_0115", "xep_0163", "xep_0107", "xep_0172") + more:
            self.register_plugin(plugin)
        self.ca_certs = ca
        self.add_event_handler("connected", lambda _: setattr(self, "default_domain", "localhost"))
    async def online(self):
        self.connect(("127.0.0.1", port))
        await self.wait_until("session_start", 20)
        await self.get_roster()
        self.send_presence()
        return self
async def main():
    new = await Client("paris@localhost/street", "county", "xep_0077").online()
    await new["xep_0077"].change_password("page", "localhost")
    print("changed")
    juliet, romeo = await Client("juliet@localhost/balcony", "r0m30myr0m30").online(), Client("romeo@localhost/orchard", "wherefore")
    nick = asyncio.Future()
    romeo["xep_0163"].add_interest("http://jabber.org/protocol/nick")
    romeo.add_event_handler("user_nick_publish", lambda m: nick.done() or nick.set_result(m["pubsub_event"]["items"]["item"]["nick"]["nick"]))
    await romeo.online()
    await asyncio.sleep(.5)
    await juliet["xep_0172"].publish_nick("Jule")
    print("nick", await asyncio.wait_for(nick, 10))
    kept = await romeo["xep_0060"].get_items("juliet@localhost", "http://jabber.org/protocol/nick")
    print("read", ">Jule</nick>" in str(kept))
    room, heard = "garden@rooms.localhost", asyncio.Queue()
    await juliet["xep_0045"].join_muc_wait(room, "Jule", timeout=20)
    await juliet["xep_0045"].set_room_config(room, juliet["xep_0004"].make_form("submit"))
    await romeo["xep_0045"].join_muc_wait(room, "Romeo", timeout=20)
    juliet.add_event_handler("groupchat_message", heard.put_nowait)
    romeo.send_message(mto=room, mbody="Lady, by yonder moon", mtype="groupchat")
    print("room", (await asyncio.wait_for(heard.get(), 10))["body"])
    services = [i[0] for i in (await juliet["xep_0030"].get_items("localhost"))["disco_items"]["items"]]
    able = [j for j in services if "urn:xmpp:http:upload:0" in (await juliet["xep_0030"].get_info(j))["disco_info"]["features"]]
    print("services", *services, "for uploads", able)
    gone = new.Iq()
    gone["type"] = "set"
    gone["register"]["remove"] = True
    await gone.send()
    await asyncio.wait_for(new.wait_until("disconnected", 10), 10)
    print("gone")
    for c in (juliet, romeo):
        await c.disconnect()
asyncio.run(asyncio.wait_for(main(), 60))
`

// TestSlixmppAround: see around.
func TestSlixmppAround(t *testing.T) {
	python := tool(t, "/usr/bin/python3")
	if err := exec.Command(python, "-c", "import slixmpp").Run(); err != nil {
		t.Skip("slixmpp is not installed: nobody but ourselves has talked with the practice server")
	}
	s, starttls, _, ca := listening(t, Options{Register: true})
	s.actor().do("open\nstarttls\nC: <iq type='set' id='1'><query xmlns='jabber:iq:register'><username>paris</username><password>county</password></query></iq>\nS: iq id=1 type=result\nclose")
	_, port, _ := net.SplitHostPort(starttls)
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	out, err := exec.CommandContext(ctx, python, "-W", "ignore", "-c", around, port, ca).CombinedOutput()
	for _, want := range []string{"changed\n", "nick Jule\n", "read True\n", "room Lady, by yonder moon\n", "services rooms.localhost for uploads []\n", "gone\n"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("%q is not in (%v)\n%s", want, err, out)
		}
	}
	if s.find("paris") != nil {
		t.Error("the account is still there")
	}
}

// TestGoSendxmppAround: go-sendxmpp speaks in a room, and is told that nothing
// can be uploaded here.
func TestGoSendxmppAround(t *testing.T) {
	program := tool(t, "go-sendxmpp")
	s, starttls, _, _ := listening(t, Options{})
	mbed := s.online("mbed", "board")
	mbed.do("C: <presence to='verona@rooms.localhost/Lamp'><x xmlns='http://jabber.org/protocol/muc'/></presence>\nS: message/subject")
	send := func(text string, args ...string) (string, error) {
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		c := exec.CommandContext(ctx, program, append([]string{"-n", "-u", "juliet@localhost", "-p", "r0m30myr0m30", "-j", starttls}, args...)...)
		c.Stdin, c.Env = strings.NewReader(text), append(os.Environ(), "HOME="+t.TempDir())
		out, err := c.CombinedOutput()
		return string(out), err
	}
	if out, err := send("A plague!\n", "-c", "-a", "Jule", "verona@rooms.localhost"); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	mbed.do("S: message type=groupchat from=verona@rooms.localhost/Jule body=A plague!")
	file := filepath.Join(t.TempDir(), "letter.txt")
	if err := os.WriteFile(file, []byte("J."), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := send("", "-h", file, "mbed@localhost"); err == nil || !strings.Contains(out, "http upload") && !strings.Contains(out, "http-upload") {
		t.Errorf("%v\n%s", err, out)
	}
}
