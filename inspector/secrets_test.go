package inspector

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/sasl"
)

func TestSecretsAdd(t *testing.T) {
	for _, c := range []struct{ pair, jid, password string }{
		{"juliet@localhost=sesame", "juliet@localhost", "sesame"},
		{"Juliet@LocalHost/balcony=sesame", "juliet@localhost", "sesame"},
		{"juliet@localhost=a=b@c=", "juliet@localhost", "a=b@c="},
		{"j=u@localhost=x", "j=u@localhost", "x"},
		{"localhost=secret", "localhost", "secret"},
		{"echo.localhost=p@ss", "echo.localhost", "p@ss"},
		{"echo.localhost=p@ss=word", "echo.localhost", "p@ss=word"},
		{"juliet@localhost= spaced ", "juliet@localhost", " spaced "},
		{"jülia@exämple.de=pä", "jülia@exämple.de", "pä"},
	} {
		var s Secrets
		if err := s.Add(c.pair); err != nil {
			t.Errorf("%s: %v", c.pair, err)
			continue
		}
		if got := s.byJID[c.jid]; len(got) != 1 || got[0].Password != c.password {
			t.Errorf("%s: %v", c.pair, s.byJID)
		}
	}
	for pair, want := range map[string]error{
		"juliet@localhost":  errNoEquals,
		"":                  errNoEquals,
		"=x":                errNoJID,
		"@localhost=x":      errNoJID,
		"juliet@=x":         errNoJID,
		"juliet@localhost=": errNoPassword,
	} {
		if err := new(Secrets).Add(pair); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", pair, err, want)
		}
	}
}

func TestSecretsFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "passwords")
	text := "\ufeff# users\r\n\r\njuliet@a=one\r\nromeo@a=two\njuliet@a=three\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var s Secrets
	warning, err := s.AddFile(path)
	if warning != "" || err != nil || s.Len() != 2 || len(s.byJID["juliet@a"]) != 2 {
		t.Errorf("%q, %v, %v", warning, err, s.byJID)
	}
	var line *SecretLineError
	if err := s.AddFrom(strings.NewReader("a@b=c\nnonsense\n")); !errors.As(err, &line) || line.Line != 2 || !errors.Is(err, errNoEquals) {
		t.Errorf("%v", err)
	}
	if _, err := s.AddFile(path + "x"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
	for mode, want := range map[os.FileMode]bool{0o600: false, 0o400: false, 0o640: true, 0o604: true, 0o644: true} {
		if got := tooOpen(mode, "linux") != ""; got != want {
			t.Errorf("mode %o: warning %v", mode, got)
		}
	}
	if tooOpen(0o644, "windows") != "" {
		t.Error("Windows has no such modes")
	}
}

func TestVerify(t *testing.T) {
	plain := func(domain, message string) *decode.Event {
		x := &sasl.Exchange{Mechanism: "PLAIN", Domain: domain}
		x.Add(sasl.InitialResponse, []byte(message))
		x.Add(sasl.SuccessData, nil)
		return &decode.Event{SASL: x}
	}
	const juliet = "AGp1bGlldABzZXNhbWU=" // NUL juliet NUL sesame
	component := &sasl.Exchange{Mechanism: "COMPONENT", Domain: "Echo.localhost", StreamID: "3BF96D32"}
	component.AddParts(sasl.InitialResponse, sasl.Part{Name: "handshake", Text: "0000000000000000000000000000000000000000"})
	for _, c := range []struct {
		name           string
		secrets        string
		e              *decode.Event
		ok             bool
		known, verfied bool
	}{
		{"no login", "juliet@localhost=sesame", &decode.Event{}, false, false, false},
		{"right", "juliet@localhost=sesame", plain("localhost", juliet), true, true, true},
		{"right, written otherwise", "JULIET@Localhost=sesame", plain("localhost", juliet), true, true, true},
		{"wrong", "juliet@localhost=open", plain("localhost", juliet), true, true, false},
		{"the second is right", "juliet@localhost=open juliet@localhost=sesame", plain("localhost", juliet), true, true, true},
		{"another domain", "juliet@elsewhere=sesame", plain("localhost", juliet), true, false, false},
		{"domain not seen", "juliet@localhost=sesame", plain("", juliet), true, true, true},
		{"domain not seen, two of the name", "juliet@a=sesame juliet@b=sesame", plain("", juliet), true, false, false},
		{"nothing known", "", plain("localhost", juliet), true, false, false},
		{"component", "echo.localhost=x", &decode.Event{SASL: component}, true, true, false},
	} {
		s := &Secrets{}
		for _, p := range strings.Fields(c.secrets) {
			if err := s.Add(p); err != nil {
				t.Fatal(err)
			}
		}
		v, ok := s.Verify(c.e)
		if ok != c.ok || v.Known != c.known || v.Verified != c.verfied {
			t.Errorf("%s: %+v, %v", c.name, v, ok)
		}
	}
	var none *Secrets
	if v, ok := none.Verify(plain("localhost", juliet)); !ok || v.Known {
		t.Errorf("nil Secrets: %+v, %v", v, ok)
	}
}
