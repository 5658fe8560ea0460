package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"xmppscope/captures"
	"xmppscope/captures/samples"
	"xmppscope/decode/lint"
	"xmppscope/inspector"
)

// known is a rule that programs broke in a recording: how often, and why that is
// no false alarm.
type known struct {
	rule  string
	times int
	why   string
}

// Why what a recording shows is true. The first ones are the stage's doing, to
// let a reader look on; the others are faults of the release that is named.
const (
	noTLS    = "the server was set up without TLS (RFC 7590 §3.1)"
	listed   = "the server was told to take passwords in the clear (RFC 6120 §13.8.3)"
	told     = "the client was told to log in by PLAIN (RFC 6120 §13.8.3)"
	ownCA    = "the certificate was made by openssl req -x509, which makes an authority (RFC 6120 §13.7.1.1)"
	selfMade = "the certificate is signed by itself (RFC 6120 §13.7.2)"
	planted  = "the recording is about this fault"

	slixNoFrom   = "slixmpp 1.8.3 never says who it is in a stream header (RFC 6120 §4.7.1)"
	slixUnique   = "slixmpp 1.8.3 binds to tls-unique in TLS 1.3, and ejabberd 23.01 takes it (RFC 9266 §3)"
	goLines      = "go-sendxmpp 0.5.7-dev puts a line break after <starttls/> and <auth/> (RFC 6120 §5.3.3, §6.3.5)"
	goNoFrom     = "go-sendxmpp 0.5.7-dev never says who it is in a stream header (RFC 6120 §4.7.1)"
	goPlain      = "go-sendxmpp 0.5.7-dev chooses PLAIN where SCRAM is listed (RFC 6120 §13.8.3)"
	goShow       = "go-sendxmpp 0.5.7-dev sends an empty <show/> (RFC 6121 §4.7.2.1)"
	melliumBind  = "mellium 0.23.0 sends an empty <resource/> where it wants none (RFC 6120 §7.7.2.1)"
	melliumClose = "mellium 0.23.0 ends the stream over WebSocket with the end tag of TCP (RFC 7395 §3.6)"
	prosodyID    = "Prosody 0.12.3 sends id='' to other servers (RFC 6120 §4.7.3)"
	prosodyDisco = "Prosody 0.12.3 asks every client about every hash under the id disco (RFC 6120 §8.1.3)"
	prosodyReply = "Prosody 0.12.3 sends an error of one of its domains on the stream that proved another (RFC 6120 §8.1.2.2)"
	ejabberdEnd  = "ejabberd 23.01 ends TCP without close_notify (RFC 6120 §4.4)"
)

// inTheClear is what a server without TLS that lists PLAIN is told, once a
// connection; passwordToo adds a client that uses it.
func inTheClear(connections int) []known {
	return []known{{"starttls-absent", connections, noTLS}, {"sasl-plain-offered-clear", connections, listed}}
}

func passwordToo(connections int) []known {
	return []known{{"sasl-plain-used-clear", connections, told}, {"sasl-plain-over-stronger", connections, told}}
}

// stageCertificate is what the certificate of the samples is told.
func stageCertificate() []known {
	return []known{{"cert-weak", 1, ownCA}, {"cert-untrusted", 1, selfMade}}
}

// goTwice is what go-sendxmpp is told that comes twice, to send and to a room.
var goTwice = []known{{"stream-from-missing-secured", 2, goNoFrom}, {"sasl-plain-over-stronger", 2, goPlain},
	{"sasl-whitespace", 2, goLines}, {"presence-show", 2, goShow}}

func all(lists ...[]known) (sum []known) {
	for _, l := range lists {
		sum = append(sum, l...)
	}
	return sum
}

// judged is what every recording is told above the level of notes: samples by
// their name, others by their file. What is not here is a false alarm, and what
// is not found is a fault that was missed.
var judged = map[string][]known{
	"plain-login":    all(inTheClear(1), passwordToo(1)),
	"scram-sha-1":    inTheClear(1),
	"scram-sha-256":  inTheClear(1),
	"digest-md5":     all(inTheClear(1), []known{{"sasl-weak-mechanism", 1, planted}}),
	"wrong-password": all(inTheClear(1), passwordToo(1)),
	"unknown-host":   nil,
	"starttls":       all(stageCertificate(), []known{{"starttls-whitespace", 1, goLines}, {"stream-from-missing-secured", 1, slixNoFrom}}),
	"tls-required": {{"starttls-required-ignored", 1, planted}, {"sasl-plain-used-clear", 1, planted},
		{"sasl-mechanism-not-offered", 1, planted}},
	"registration":      all(inTheClear(1), passwordToo(1)),
	"chat":              inTheClear(3),
	"subscription":      inTheClear(2),
	"muc":               inTheClear(3),
	"iq-errors":         all(inTheClear(1), []known{{"roster-set-shape", 1, planted}, {"iq-payload", 1, planted}, {"jid-invalid", 1, planted}, {"iq-type", 1, planted}}),
	"offline":           inTheClear(2),
	"resource-conflict": inTheClear(2),
	"keepalive":         inTheClear(1),
	"sm-resume":         inTheClear(2),
	"broken-client": all(inTheClear(6), passwordToo(5), []known{{"xml-not-well-formed", 2, planted}, {"xml-comment", 1, planted},
		{"stream-ns-wrong", 1, planted}, {"stanza-before-auth", 1, planted}, {"toplevel-unknown", 1, planted},
		{"xml-encoding", 1, planted}, {"xml-ns-not-well-formed", 1, planted}}),
	"component":   nil,
	"legacy-auth": all(inTheClear(1), []known{{"iq-auth-used", 1, planted}}),
	"tls12": all(stageCertificate(), []known{{"stream-from-missing-secured", 1, slixNoFrom},
		{"sasl-plain-over-stronger", 1, told}}),
	"direct-tls": all(stageCertificate(), []known{{"stream-from-missing-secured", 1, "the script never says who it is (RFC 6120 §4.7.1)"},
		{"sasl-plain-over-stronger", 1, told}}),
	"scram-plus": all(stageCertificate(), []known{{"stream-from-missing-secured", 1, slixNoFrom}}),
	"websocket":  all([]known{{"sasl-plain-offered-clear", 1, listed}}, passwordToo(1)),
	"bosh":       all([]known{{"sasl-plain-offered-clear", 1, listed}}, passwordToo(1)),
	"zlib": all(inTheClear(1), passwordToo(1), []known{
		{"compress-used", 2, "the recording is about compression; the first method that is asked for is refused (XEP-0138 §7)"}}),
	"sasl2": all(inTheClear(2), []known{{"sasl2-clear", 4, "offered and used without TLS, to be read (XEP-0388 §3)"},
		{"sasl-plain-used-clear", 1, told}}),
	"s2s-dialback": {{"stream-id-in-initial", 2, prosodyID}, {"starttls-absent", 2, noTLS},
		{"dialback-clear", 2, "the servers were set up without TLS (RFC 6120 §13.14)"}},

	"prosody-go-sendxmpp.pcapng": {{"starttls-whitespace", 1, goLines}, {"sasl-whitespace", 1, goLines}, {"sasl-plain-over-stronger", 1, goPlain},
		{"stream-from-missing-secured", 1, goNoFrom}, {"presence-show", 1, goShow}},
	"prosody-mellium.pcapng":   {{"bind-resource-empty", 1, melliumBind}},
	"prosody-profanity.pcapng": {{"iq-id-pending-twice", 1, prosodyDisco}},
	"ejabberd-slixmpp.pcapng": {{"stream-from-missing-secured", 1, slixNoFrom}, {"scram-cb-type-invalid", 1, slixUnique},
		{"tls-close-notify-missing", 1, ejabberdEnd}},
	"prosody-s2s-external.pcapng": {{"stream-id-in-initial", 3, prosodyID},
		{"tls-no-forward-secrecy", 1, "a cipher suite was chosen that lets the server's key read along (RFC 9325 §4.1)"}},
	"prosody-dialback-many.pcap": {{"starttls-absent", 4, noTLS}, {"dialback-clear", 4, "the servers were set up without TLS (RFC 6120 §13.14)"},
		{"stream-id-in-initial", 3, prosodyID}, {"s2s-domain-unproven", 1, prosodyReply},
		{"stream-lang-missing", 3, "the other server is a script that leaves it out (RFC 6120 §4.7.4)"},
		{"stream-id-predictable", 1, "the other server is a script that counts (RFC 6120 §4.7.3)"}},

	// Every client and server over the carriers and with the extensions that the samples leave out.
	"ejabberd-bosh.pcapng":            nil,
	"ejabberd-slixmpp-component.pcap": nil,
	"prosody-profanity-muc.pcapng":    nil,
	"ejabberd-profanity.pcapng":       {{"tls-close-notify-missing", 1, ejabberdEnd}},
	"prosody-slixmpp-upload.pcapng":   {{"stream-from-missing-secured", 1, slixNoFrom}},
	"ejabberd-slixmpp-upload.pcapng": {{"stream-from-missing-secured", 1, slixNoFrom}, {"scram-cb-type-invalid", 1, slixUnique},
		{"tls-close-notify-missing", 1, ejabberdEnd}},
	"prosody-mellium-websocket.pcapng":  {{"bind-resource-empty", 1, melliumBind}, {"ws-frame-shape", 1, melliumClose}},
	"ejabberd-mellium-websocket.pcapng": {{"bind-resource-empty", 1, melliumBind}, {"ws-frame-shape", 1, melliumClose}},
	"prosody-go-sendxmpp-muc.pcapng":    goTwice,
	"ejabberd-go-sendxmpp-muc.pcapng":   goTwice,
	"prosody-ejabberd-s2s.pcapng":       {{"stream-id-in-initial", 3, prosodyID}},
	"ejabberd-dialback-tls.pcapng":      {{"stream-id-in-initial", 2, prosodyID}, {"tls-close-notify-missing", 1, ejabberdEnd}},

	"prosody-sm-resume.pcap": all(inTheClear(3), passwordToo(3), []known{{"sm-h-too-high", 1, planted}}),
}

// recordings are the samples by name and what was recorded for tests by file.
func recordings(t *testing.T) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	for _, s := range samples.All() {
		f, _, err := samples.Open(s.Name)
		if err != nil {
			t.Fatal(err)
		}
		all[s.Name] = readAll(t, f)
	}
	files, err := filepath.Glob(filepath.Join("..", "..", "captures", "testdata", "*.pcap*"))
	if err != nil || len(files) == 0 {
		t.Fatal("no recordings", err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all[filepath.Base(f)] = data
	}
	return all
}

// knowing keeps passwords.
func knowing(t *testing.T, passwords []string) *inspector.Secrets {
	t.Helper()
	var secrets inspector.Secrets
	for _, p := range passwords {
		if err := secrets.Add(p); err != nil {
			t.Fatal(err)
		}
	}
	return &secrets
}

// faultsIn gives what lint says about a capture above the level of notes, with the
// passwords that are known, by rule.
func faultsIn(t *testing.T, data []byte, secrets *inspector.Secrets) map[string][]lint.Finding {
	t.Helper()
	found := map[string][]lint.Finding{}
	engine := lint.New(lint.Options{Verify: secrets.Verify})
	input := captures.Input{Name: "recording", Size: int64(len(data)), Open: func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(data)), nil
	}}
	for item, err := range captures.Read(t.Context(), []captures.Input{input}, captures.Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		var list []lint.Finding
		if item.Event != nil {
			list = engine.Event(item.Event)
		} else {
			list = engine.End(item.Conversation)
		}
		for _, f := range list {
			if f.Level > lint.LevelNote {
				found[f.Rule] = append(found[f.Rule], f)
			}
		}
	}
	return found
}

// TestNoFalseAlarms holds what lint says about sessions of real programs against
// what is wrong with them.
func TestNoFalseAlarms(t *testing.T) {
	passwords := map[string][]string{}
	for _, s := range samples.All() {
		passwords[s.Name] = s.Passwords
	}
	for name, data := range recordings(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			faults, ok := judged[name]
			if !ok {
				t.Fatalf("nobody has judged %s: say in the table what is wrong with it, or that nothing is", name)
			}
			found := faultsIn(t, data, knowing(t, passwords[name]))
			for _, k := range faults {
				if lint.Lookup(k.rule) == nil || !strings.Contains(k.why, "§") && k.why != planted {
					t.Errorf("%s: no rule, or a reason without a section: %q", k.rule, k.why)
				}
				if n := len(found[k.rule]); n != k.times {
					t.Errorf("%s: found %d times, not %d, though %s%s", k.rule, n, k.times, k.why, places(found[k.rule]))
				}
				delete(found, k.rule)
			}
			for rule, list := range found {
				t.Errorf("%s is a false alarm, or belongs into the table:%s", rule, places(list))
			}
		})
	}
}

func places(list []lint.Finding) (text string) {
	for i := range list {
		f := &list[i]
		text += fmt.Sprintf("\n\tconversation %d, event %d, %s, %s: %s", f.Conn, f.Seq, f.Level, f.Who, f.Text)
	}
	return text
}
