package dnswire

import (
	"bufio"
	"encoding/hex"
	"os"
	"strings"
	"testing"
)

// messages are those of a client that finds its server: see the transcript.
func messages(t testing.TB) (all [][]byte) {
	t.Helper()
	f, err := os.Open("../explain/testdata/rfc6120-dns.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if text, ok := strings.CutPrefix(s.Text(), "dns "); ok {
			m, err := hex.DecodeString(text)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, m)
		}
	}
	return all
}

func TestParse(t *testing.T) {
	all := messages(t)
	m, err := Parse(all[3])
	if err != nil || !m.Response || m.RCode != "NOERROR" || len(m.Answers) != 2 || m.Questions[0] != (Question{"_xmpp-client._tcp.capulet.example", "SRV"}) {
		t.Fatalf("%+v %v", m, err)
	}
	if r := m.Answers[0]; r.Target != "xmpp.capulet.example" || r.Port != 5222 || r.Priority != 10 || r.TTL != 300 {
		t.Fatalf("%+v", r)
	}
	if m, _ := Parse(all[1]); m.RCode != "NXDOMAIN" || m.Questions[0].Name != "_xmpps-client._tcp.capulet.example" {
		t.Fatalf("%+v", m)
	}
	if m, _ := Parse(all[5]); m.Answers[0].Address.String() != "127.0.0.1" {
		t.Fatalf("%+v", m)
	}
	if m, _ := Parse(all[6]); m.Answers[0].Target != "." || !strings.Contains(m.Fields()[1][2], "not offered") {
		t.Fatalf("%+v", m)
	}
	// Cut off, it does not say that there is no record.
	if m, _ := Parse(all[7]); !m.Truncated || len(m.Fields()) != 2 || m.Fields()[1][0] != "truncated" {
		t.Fatalf("%+v %q", m, m.Fields())
	}
	for i, p := range all {
		if !Plausible(p) {
			t.Errorf("message %d is not taken for DNS", i)
		}
	}
	if Plausible([]byte("<stream:stream")) || Plausible([]byte("GET / HTTP/1.1")) {
		t.Error("text is taken for DNS")
	}
	if d := Domain("_xmpps-server._tcp.example.org"); d != "example.org" {
		t.Fatal(d)
	}
}

func FuzzParse(f *testing.F) {
	for _, m := range messages(f) {
		f.Add(m)
	}
	f.Fuzz(func(t *testing.T, p []byte) {
		if m, err := Parse(p); err == nil {
			m.Fields()
		}
	})
}
