package sasl

import (
	"encoding/base64"
	"strings"
	"testing"
	"unicode/utf8"
)

// exchanges are all transcripts of this package's tests.
func exchanges(t testing.TB) []*Exchange {
	var all []*Exchange
	add := func(mechanism, transcript string) { all = append(all, play(t, mechanism, transcript)) }
	for _, v := range vectors {
		add(v.mechanism, v.transcript)
	}
	for _, c := range decodeCases {
		add(c.mechanism, c.transcript)
	}
	for _, c := range scramCases {
		add(c.mechanism, c.transcript)
	}
	for _, c := range digestCases {
		add("DIGEST-MD5 domain=localhost", c.transcript)
	}
	for i := range whyCases {
		add(whyCases[i].mechanism, whyCases[i].transcript)
	}
	parts := &Exchange{Mechanism: IQAuth, StreamID: "1"}
	parts.AddParts(InitialResponse, Part{"username", "bill"}, Part{"password", "Calli0pe"}, Part{"resource", "globe"})
	parts.Add(SuccessData, nil)
	key := &Exchange{Mechanism: Dialback, StreamID: "1", Originator: "a", Receiver: "b"}
	key.AddParts(InitialResponse, Part{"key", "1e701f120f66824b57303384e83b51feba858024fd2221d39f7acc52dcf767a9"})
	key.AddParts(SuccessData, Part{"key", "1e70"})
	shake := &Exchange{Mechanism: Component, StreamID: "1", Domain: "gate"}
	shake.AddParts(InitialResponse, Part{"handshake", "aaee83c26aeeafcbabeabfcbcd50df997e0a2a1e"})
	return append(all, parts, key, shake)
}

// checkDecoded holds for every message of every exchange, however broken.
func checkDecoded(t *testing.T, x *Exchange) {
	t.Helper()
	for i := range x.Messages {
		m, d := &x.Messages[i], Decode(x, i)
		if len(d.Fields) > maxFields+1 || len(d.Faults) > maxFaults {
			t.Fatalf("%s, message %d: %d fields, %d faults", x.Mechanism, i, len(d.Fields), len(d.Faults))
		}
		for _, f := range d.Fields {
			if f.Span.Start < 0 || f.Span.Start > f.Span.End || f.Span.End > len(m.Data) {
				t.Fatalf("%s, message %d: field %+v outside %d bytes", x.Mechanism, i, f, len(m.Data))
			}
			if f.Name == "" || f.Meaning == "" || !utf8.ValidString(f.Name+f.Value+f.Meaning) {
				t.Fatalf("%s, message %d: field %+v", x.Mechanism, i, f)
			}
		}
		for _, f := range d.Faults {
			limit := len(m.Data)
			if f.InBase64 {
				limit = len(m.Base64)
			}
			if f.Pos < 0 || f.Pos > limit || f.Rule == "" || f.Text == "" || !utf8.ValidString(f.Text) || !f.Ref.Known() {
				t.Fatalf("%s, message %d: fault %+v", x.Mechanism, i, f)
			}
		}
		if !utf8.ValidString(d.Summary) {
			t.Fatalf("%s, message %d: summary %q", x.Mechanism, i, d.Summary)
		}
	}
	Username(x)
}

func TestEveryPrefixDecodes(t *testing.T) {
	for _, x := range exchanges(t) {
		checkDecoded(t, x)
		for i := range x.Messages {
			for cut := range x.Messages[i].Data {
				y := *x
				y.Messages = append([]Message(nil), x.Messages[:i+1]...)
				m := &y.Messages[i]
				m.Data, m.parts = m.Data[:cut], cutParts(m.parts, cut)
				m.Base64 = []byte(base64.StdEncoding.EncodeToString(m.Data))
				m.Faults = nil
				checkDecoded(t, &y)
				Verify(&y, &Secret{Password: "x", Token: "x", MaxIterations: 64})
			}
		}
	}
}

func cutParts(parts []namedSpan, cut int) []namedSpan {
	var out []namedSpan
	for _, p := range parts {
		out = append(out, namedSpan{p.name, Span{min(p.span.Start, cut), min(p.span.End, cut)}})
	}
	return out
}

// What is meant for a person to read does not repeat what must stay secret.
func TestSummariesKeepSecrets(t *testing.T) {
	for _, x := range exchanges(t) {
		for i := range x.Messages {
			d := Decode(x, i)
			for _, f := range d.Fields {
				if !f.Secret || len(f.Value) < 3 {
					continue
				}
				for _, fault := range d.Faults {
					if strings.Contains(fault.Text, f.Value) {
						t.Errorf("%s: fault %q tells the secret", x.Mechanism, fault.Text)
					}
				}
				if strings.Contains(d.Summary, f.Value) {
					t.Errorf("%s: summary %q tells the secret", x.Mechanism, d.Summary)
				}
			}
		}
	}
}

func TestHostileSizes(t *testing.T) {
	big := strings.Repeat("a=b,", 1<<16)
	for _, m := range Mechanisms() {
		x := &Exchange{Mechanism: m.Name, Domain: "localhost"}
		for range 2 * MaxMessages {
			x.Add(Response, []byte("QUJD"))
		}
		if len(x.Messages) != MaxMessages {
			t.Fatalf("%d messages kept", len(x.Messages))
		}
		x.Messages = x.Messages[:0]
		x.Add(InitialResponse, []byte(base64.StdEncoding.EncodeToString([]byte("n,,"+big))))
		x.Add(Challenge, []byte(base64.StdEncoding.EncodeToString([]byte("r="+big))))
		x.Add(Response, []byte(base64.StdEncoding.EncodeToString([]byte("username=x,response=y,"+big))))
		checkDecoded(t, x)
		Verify(x, &Secret{Password: "x", Token: "x"})
	}
}

func TestDecodeOutside(t *testing.T) {
	x := play(t, "PLAIN", "C: AG1iZWQAbWlycm9y")
	for _, i := range []int{-1, 1, 99} {
		if d := Decode(x, i); d.Summary != "" || d.Fields != nil || d.Faults != nil {
			t.Errorf("message %d: %+v", i, d)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, x := range exchanges(f) {
		var texts [4][]byte
		for i := range min(len(x.Messages), 4) {
			texts[i] = x.Messages[i].Data
		}
		f.Add(x.Mechanism, x.SASL2, texts[0], texts[1], texts[2], texts[3])
	}
	f.Fuzz(func(t *testing.T, mechanism string, sasl2 bool, a, b, c, d []byte) {
		x := &Exchange{Mechanism: mechanism, SASL2: sasl2, Domain: "localhost", StreamID: "1", TLSVersion: 0x0304,
			Offered: []string{"SCRAM-SHA-1", mechanism}, Originator: "a", Receiver: "b"}
		for i, text := range [][]byte{a, b, c, d} {
			kind := [...]Kind{InitialResponse, Challenge, Response, SuccessData}[i]
			if mechanism == IQAuth || mechanism == Component || mechanism == Dialback {
				x.AddParts(kind, Part{"username", string(text)}, Part{"handshake", string(text)}, Part{"key", string(text)})
				continue
			}
			x.Add(kind, []byte(base64.StdEncoding.EncodeToString(text)))
			x.Add(kind, text)
		}
		x.Fail(string(a), string(b))
		checkDecoded(t, x)
		v := Verify(x, &Secret{Password: "secret", Token: "token", MaxIterations: 64})
		if v.Verified && !v.Known || v.Known && !v.Verified && (v.Why == "" || len(v.Differs) == 0) {
			t.Fatalf("verdict without a reason: %+v", v)
		}
		for _, s := range v.Chain {
			if s.Name == "" || !utf8.ValidString(s.Name+s.Value+s.Wire+s.Formula+s.Meaning) {
				t.Fatalf("step %+v", s)
			}
		}
		Guess(a)
	})
}
