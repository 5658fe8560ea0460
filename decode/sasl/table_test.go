package sasl

import (
	"strings"
	"testing"

	"xmppscope/decode/spec"
)

// The table is complete: unique names, a sentence, a known reference, both
// functions, and an example among the exchanges of the tests.
func TestTable(t *testing.T) {
	seen := map[string]bool{}
	examples := map[*Mechanism]int{}
	for _, x := range exchanges(t) {
		examples[Lookup(x.Mechanism)]++
	}
	for i := range mechanisms {
		m := &mechanisms[i]
		if m.Name == "" || m.Name != strings.ToUpper(m.Name) || seen[m.Name] {
			t.Errorf("name %q is empty, not in upper case or there twice", m.Name)
		}
		seen[m.Name] = true
		if !strings.HasSuffix(m.Doc, ".") || len(m.Doc) > 110 {
			t.Errorf("%s: %q is no sentence that fits a line", m.Name, m.Doc)
		}
		if !m.Ref.Known() {
			t.Errorf("%s: reference %v is not known", m.Name, m.Ref)
		}
		if m.Decode == nil || m.Verify == nil {
			t.Errorf("%s lacks a function", m.Name)
		}
		plus := strings.HasSuffix(m.Name, "-PLUS") && m.Name != "SCRAM-SHA-1-PLUS" && m.Name != "SCRAM-SHA-256-PLUS"
		if examples[m] == 0 && !plus {
			t.Errorf("%s has no example", m.Name)
		}
	}
	if Lookup("HT-SHA-512-EXPR").Name != "HT-*" || Lookup("scram-sha-1-plus").Name != "SCRAM-SHA-1-PLUS" || Lookup("XOAUTH2").Name != "X-OAUTH2" {
		t.Error("a family or a spelling is not found")
	}
	if Known("X-WHAT") || !Known("PLAIN") || Lookup("") == nil {
		t.Error("Known and Lookup disagree with the table")
	}
	list := Mechanisms()
	list[0].Name = "changed"
	if mechanisms[0].Name == "changed" {
		t.Error("a caller can write into the table")
	}
}

func TestKinds(t *testing.T) {
	want := []string{"", "initial-response", "challenge", "response", "success-data", "failure", ""}
	for k, name := range want {
		if Kind(k).String() != name {
			t.Errorf("Kind %d is %q, want %q", k, Kind(k), name)
		}
	}
}

func TestConditions(t *testing.T) {
	if n := len(Conditions()); n != 11 {
		t.Errorf("%d conditions, RFC 6120 §6.5 has 11", n)
	}
	for _, c := range Conditions() {
		x := &Exchange{Mechanism: "PLAIN"}
		x.Fail(c.Name, "")
		d := Decode(x, 0)
		if len(d.Faults) != 0 || d.Fields[0].Meaning != c.Meaning || !c.Ref.Known() || d.Summary != "refused: "+c.Name {
			t.Errorf("%s: %+v", c.Name, d)
		}
	}
	x := &Exchange{Mechanism: "PLAIN"}
	x.Fail("", "")
	x.Fail("no-coffee", "Kaffee ist aus")
	if got := rules(Decode(x, 0)); got != "sasl-failure-no-condition@0" {
		t.Errorf("a failure without condition: %q", got)
	}
	if d := Decode(x, 1); fields(d) != "condition=no-coffee | text=Kaffee ist aus" || len(d.Faults) != 1 {
		t.Errorf("a condition nobody defined: %+v", d)
	}
	if _, ref, known := ConditionMeaning("no-coffee"); known || ref != spec.RFC(6120, "6.5") {
		t.Error("an invented condition is known")
	}
	if n := len(scramErrors); n != 11 {
		t.Errorf("%d values of e=, RFC 5802 §7 has 11", n)
	}
}

func TestGuess(t *testing.T) {
	for _, c := range []struct {
		text, mechanism string
		kind            Kind
	}{
		{"\x00mbed\x00mirror", "PLAIN", InitialResponse},
		{"n,,n=user,r=abc", "SCRAM-SHA-1", InitialResponse},
		{"p=tls-exporter,,n=user,r=abc", "SCRAM-SHA-1-PLUS", InitialResponse},
		{"r=abc,s=QUJD,i=4096", "SCRAM-SHA-1", Challenge},
		{"c=biws,r=abc,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=", "SCRAM-SHA-1", Response},
		{"c=biws,r=abc,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", "SCRAM-SHA-256", Response},
		{"v=rmF9pqV8S7suAoZWja4dJRkFsKQ=", "SCRAM-SHA-1", SuccessData},
		{"e=invalid-proof", "SCRAM-SHA-1", SuccessData},
		{`realm="x",nonce="y",algorithm=md5-sess`, "DIGEST-MD5", Challenge},
		{`username="x",nonce="y",response=z`, "DIGEST-MD5", Response},
		{"rspauth=ea40f60335c427b5527b84dbabcdfffd", "DIGEST-MD5", SuccessData},
		{"n,,\x01auth=Bearer x\x01\x01", "OAUTHBEARER", InitialResponse},
		{"<1.2@host>", "CRAM-MD5", Challenge},
		{"tim b913a602c7eda7a495b4e6e7334d3890", "CRAM-MD5", Response},
		{"Username:", "LOGIN", Challenge},
		{"\x60\x11\x06\x09\x2a\x86\x48\x86\xf7\x12\x01\x02\x02\x01\x00\x6f", "GSSAPI", InitialResponse},
		{"hello", "", 0},
		{"", "", 0},
	} {
		if mechanism, kind := Guess([]byte(c.text)); mechanism != c.mechanism || kind != c.kind {
			t.Errorf("%q: %s %v, want %s %v", c.text, mechanism, kind, c.mechanism, c.kind)
		}
	}
}

// Where the beginning of an exchange was not seen, the message that has a proof
// tells the hash, though an earlier one could be of any.
func TestMechanismOfALateExchange(t *testing.T) {
	x := &Exchange{}
	x.Add(Challenge, []byte("cj1hYmMscz1RVUpELGk9NDA5Ng=="))                                       // r=abc,s=QUJD,i=4096
	x.Add(SuccessData, []byte("dj02cnJpVFJCaTIzV3BSUi93dHVwK21NaFVaVW4vZEI1bkxUSlJzamw5NUc0PQ==")) // RFC 7677 §3
	if d := Decode(x, 1); len(d.Faults) > 0 {
		t.Errorf("%v", d.Faults)
	}
	if got := x.mechanism().Name; got != "SCRAM-SHA-256" {
		t.Errorf("taken for %s", got)
	}
}
