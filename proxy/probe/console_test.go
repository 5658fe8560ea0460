package probe

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"xmppscope/decode"
	"xmppscope/proxy/dial"
	"xmppscope/proxy/probe/probetest"
)

// talk opens a stream, does what is asked, and closes it; it returns what was
// seen, C: and S: by line, from where do begins.
func talk(t *testing.T, o *Options, do func(s *Stream) error) (string, error) {
	t.Helper()
	var seen strings.Builder
	mute := true
	o.Event = func(e *decode.Event) {
		if mute || e.Kind == decode.KindTLS || e.Kind == decode.KindTCP {
			return
		}
		seen.WriteString(map[decode.Dir]string{decode.FromInitiator: "C: ", decode.FromReceiver: "S: "}[e.Dir] + string(e.Text()) + "\n")
	}
	ctx := context.Background()
	plan, err := dial.Find(ctx, o.Request, o.Dial, nil)
	if err != nil {
		t.Fatal(err)
	}
	l, err := plan.Connect(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(ctx, l, o)
	if err == nil {
		mute = false
		err = do(s)
	}
	s.Close(ctx, time.Second)
	return seen.String(), err
}

func TestLogin(t *testing.T) {
	const me = "juliet@capulet.test/test"
	for _, c := range []struct {
		name    string
		change  func(*probetest.Server)
		account Account
		jid     string
		text    string // of the error
		seen    string
	}{
		{"SCRAM", nil, Account{"juliet", "capulet.test", "", "sesame"}, me, "", "mechanism='SCRAM-SHA-256'"},
		{"PLAIN over TLS", func(s *probetest.Server) { s.Mechanisms = []string{"PLAIN"} }, Account{"juliet", "capulet.test", "", "sesame"}, me, "", "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>"},
		{"a resource", nil, Account{"juliet", "capulet.test", "bal<cony", "sesame"}, me, "", "<resource>bal&lt;cony</resource>"},
		{"wrong password", nil, Account{"juliet", "capulet.test", "", "wrong"}, "", "refused: not-authorized", ""},
		{"unknown user", nil, Account{"romeo", "capulet.test", "", "x"}, "", "refused: not-authorized", ""},
		{"wrong password, PLAIN", func(s *probetest.Server) { s.Mechanisms = []string{"PLAIN"} }, Account{"juliet", "capulet.test", "", "wrong"}, "", "refused: not-authorized", ""},
		{"no PLAIN in clear text", func(s *probetest.Server) { s.Clear, s.Mechanisms = true, []string{"PLAIN"} }, Account{"juliet", "capulet.test", "", "sesame"}, "", "everybody on the way", ""},
		{"SCRAM in clear text", func(s *probetest.Server) { s.Clear = true }, Account{"juliet", "capulet.test", "", "sesame"}, me, "", ""},
		{"nothing that we can do", func(s *probetest.Server) { s.Mechanisms = []string{"X-OAUTH2"} }, Account{"juliet", "capulet.test", "", "sesame"}, "", "no mechanism that this program can do is offered (offered: X-OAUTH2)", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, at := server(t, c.change)
			var jid string
			seen, err := talk(t, options(at), func(s *Stream) (err error) {
				jid, err = s.Login(context.Background(), c.account)
				return err
			})
			if jid != c.jid || c.text == "" && err != nil || c.text != "" && (err == nil || !strings.Contains(err.Error(), c.text)) {
				t.Errorf("%q, %v; want %q, %s", jid, err, c.jid, c.text)
			}
			if !strings.Contains(seen, c.seen) {
				t.Errorf("%s is missing in\n%s", c.seen, seen)
			}
			if err != nil && strings.Contains(err.Error(), c.account.Password) && c.account.Password != "x" {
				t.Errorf("the error tells the password: %v", err)
			}
		})
	}
}

// TestServerMustProve: a server that says success without the proof of SCRAM
// does not know the password (RFC 5802 §3).
func TestServerMustProve(t *testing.T) {
	_, at := server(t, func(s *probetest.Server) {
		s.Script = func(c net.Conn) {
			buf := make([]byte, 4<<10)
			say := func(text string) { _, _ = io.WriteString(c, text); _, _ = c.Read(buf) }
			_, _ = c.Read(buf)
			say("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='1' version='1.0'><stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1</mechanism></mechanisms></stream:features>")
			say("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>")
		}
	})
	_, err := talk(t, options(at), func(s *Stream) error {
		_, err := s.Login(context.Background(), Account{"juliet", "capulet.test", "", "sesame"})
		return err
	})
	if !errors.Is(err, ErrLogin) || !strings.Contains(err.Error(), "did not prove") {
		t.Error(err)
	}
}

func TestParseAccount(t *testing.T) {
	for _, c := range []struct {
		pair string
		want Account
	}{
		{"juliet@capulet.test=sesame", Account{"juliet", "capulet.test", "", "sesame"}},
		{"juliet@capulet.test/balcony=ses=me@x", Account{"juliet", "capulet.test", "balcony", "ses=me@x"}},
		{"a=b@capulet.test=sesame", Account{"a=b", "capulet.test", "", "sesame"}},
		{"juliet=sesame", Account{}},
		{"juliet=ses@me", Account{}},
		{"juliet@capulet.test", Account{}},
		{"juliet@capulet.test=", Account{}},
		{"@capulet.test=x", Account{}},
		{"", Account{}},
	} {
		if got, err := ParseAccount(c.pair); got != c.want || (err == nil) != (c.want != Account{}) {
			t.Errorf("%s: %+v, %v", c.pair, got, err)
		}
	}
}

func TestConsole(t *testing.T) {
	for _, c := range []struct {
		name, typed, seen, said string
	}{
		{"one line", "<message to='romeo'/>\n:quit\n", "C: <message to='romeo'/>\nC: </stream:stream>\nS: <message to='romeo'/>\nS: </stream:stream>\n", ""},
		{"several lines", "<message>\n <body>hi\n</body>\n</message>", "C: <message>\n <body>hi\n</body>\n</message>\nC: </stream:stream>\nS: <message>\n <body>hi\n</body>\n</message>\nS: </stream:stream>\n", ""},
		{"two on a line", "<a xmlns='x'/> <iq id='1' type='get'><ping xmlns='urn:xmpp:ping'/></iq>\n", "C: <a xmlns='x'/>\nC: <iq id='1' type='get'><ping xmlns='urn:xmpp:ping'/></iq>\nC: </stream:stream>\nS: <a xmlns='x'/>\nS: <iq type='result' id='1'/>\nS: </stream:stream>\n", ""},
		{"raw", ":raw <message\n:raw  to='a'/>\\n\n", "C: <message to='a'/>\nC: \n\nC: </stream:stream>\nS: <message to='a'/>\nS: </stream:stream>\n", ""},
		{"broken", "<a></b>\n<c xmlns='x'/>\n", "C: <c xmlns='x'/>\nC: </stream:stream>\nS: <c xmlns='x'/>\nS: </stream:stream>\n", "not sent: "},
		{"text", "hello <c xmlns='x'/>\n", "C: </stream:stream>\nS: </stream:stream>\n", "not sent: "},
		{"incomplete", "<message>\n", "C: </stream:stream>\nS: </stream:stream>\n", "not sent: the last element is not complete"},
		{"forgotten", "<message>\n:drop\n<c xmlns='x'/>\n", "C: <c xmlns='x'/>\nC: </stream:stream>\nS: <c xmlns='x'/>\nS: </stream:stream>\n", ""},
		{"the end tag", "</stream:stream>\n", "C: </stream:stream>\nS: </stream:stream>\n", "by :quit"},
		{"help", ":what\n", "C: </stream:stream>\nS: </stream:stream>\n", ":raw TEXT"},
		{"nothing", "", "C: </stream:stream>\nS: </stream:stream>\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, at := server(t, nil)
			var said strings.Builder
			seen, err := talk(t, options(at), func(s *Stream) error {
				return s.Console(context.Background(), strings.NewReader(c.typed), time.Minute, func(text string) { said.WriteString(text) })
			})
			// The two directions are each in order; how they mix is chance.
			if err != nil || sides(seen) != sides(c.seen) || !strings.Contains(said.String(), c.said) {
				t.Errorf("%v\n%s\nwant\n%s\nsaid %s", err, seen, c.seen, said.String())
			}
		})
	}
}

// sides sorts what was seen by direction.
func sides(seen string) string {
	out := map[string]string{}
	for line := range strings.SplitSeq(strings.ReplaceAll(strings.ReplaceAll("\n"+seen, "\nC: ", "\x00C"), "\nS: ", "\x00S"), "\x00") {
		if len(line) > 1 {
			out[line[:1]] += "|" + strings.TrimSuffix(line[1:], "\n")
		}
	}
	return out["C"] + "\n" + out["S"]
}

// TestConsoleEnds: whatever the other side does, a console comes to an end.
func TestConsoleEnds(t *testing.T) {
	const head = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='1' version='1.0'><stream:features/>"
	for _, c := range []struct {
		name  string
		then  func(net.Conn)
		typed bool // nothing comes from the keyboard, which stays open
		is    error
	}{
		{"the server closes", func(c net.Conn) { _, _ = io.WriteString(c, "</stream:stream>") }, true, ErrEnded},
		{"the server hangs up", func(c net.Conn) {}, true, ErrEnded},
		{"a stream error", func(c net.Conn) {
			_, _ = io.WriteString(c, "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>")
		}, true, ErrEnded},
		{"the server does not answer", func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }, false, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, at := server(t, func(s *probetest.Server) {
				s.Script = func(conn net.Conn) {
					var b [512]byte
					_, _ = conn.Read(b[:])
					_, _ = io.WriteString(conn, head)
					c.then(conn)
				}
			})
			r, w := io.Pipe()
			defer w.Close()
			if !c.typed {
				w.Close()
			}
			_, err := talk(t, options(at), func(s *Stream) error {
				return s.Console(context.Background(), r, 50*time.Millisecond, func(string) {})
			})
			if !errors.Is(err, c.is) {
				t.Errorf("%v, want %v", err, c.is)
			}
		})
	}
}

func TestConsoleEndsWithItsContext(t *testing.T) {
	_, at := server(t, nil)
	r, w := io.Pipe()
	defer w.Close()
	ctx, stop := context.WithCancel(context.Background())
	time.AfterFunc(20*time.Millisecond, stop)
	if _, err := talk(t, options(at), func(s *Stream) error { return s.Console(ctx, r, time.Second, func(string) {}) }); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
