package im_test

import (
	"crypto/sha256"
	"crypto/sha3"
	"encoding/base64"
	"strings"
	"testing"

	"xmppscope/decode/im"
)

// The vector of XEP-0115 §5.2, as text and as hash.
func TestCapsVector(t *testing.T) {
	i := im.Info{
		Identities: []im.Identity{{Category: "client", Type: "pc", Name: "Exodus 0.9.1"}},
		Features: []string{"http://jabber.org/protocol/muc", "http://jabber.org/protocol/caps",
			"http://jabber.org/protocol/disco#items", "http://jabber.org/protocol/disco#info"},
	}
	input, err := i.Input()
	const want = "client/pc//Exodus 0.9.1<http://jabber.org/protocol/caps<http://jabber.org/protocol/disco#info<" +
		"http://jabber.org/protocol/disco#items<http://jabber.org/protocol/muc<"
	if err != nil || input != want {
		t.Errorf("the text is %q (%v)", input, err)
	}
}

// capsOf announces and answers, and gives what is thought of it.
func capsOf(t *testing.T, c, query string) im.Caps {
	t.Helper()
	s := fold(play(t, "midstream\nS: <presence from='a@x.example/1' to='me@x.example/1'>"+c+"</presence>\n"+
		"C: <iq type='get' id='d' to='a@x.example/1'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>\n"+
		"S: <iq type='result' id='d' from='a@x.example/1' to='me@x.example/1'><query xmlns='http://jabber.org/protocol/disco#info'>"+
		query+"</query></iq>"))
	got, ok := s.Caps("a@x.example/1")
	if !ok {
		t.Fatal("no capabilities")
	}
	return got
}

const sha1C = "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='n' ver='QgayPKawpkPSDYmwT/WM94uAlu0='/>"

const exodus = "<identity category='client' name='Exodus 0.9.1' type='pc'/><feature var='http://jabber.org/protocol/muc'/>" +
	"<feature var='http://jabber.org/protocol/caps'/><feature var='http://jabber.org/protocol/disco#info'/>" +
	"<feature var='http://jabber.org/protocol/disco#items'/>"

func TestCapsVerdicts(t *testing.T) {
	form := func(kind, typ string) string {
		return "<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='" + kind + "'><value>" + typ + "</value></field>" +
			"<field var='b'><value>1</value></field></x>"
	}
	for _, c := range []struct {
		name, c, query string
		want           im.Verdict
	}{
		{"as in XEP-0115", sha1C, exodus, im.CapsMatch},
		{"a feature more", sha1C, exodus + "<feature var='x'/>", im.CapsMismatch},
		{"a feature twice", sha1C, exodus + "<feature var='http://jabber.org/protocol/muc'/>", im.CapsIllFormed},
		{"an identity twice", sha1C, exodus + "<identity category='client' name='Exodus 0.9.1' type='pc'/>", im.CapsIllFormed},
		{"a form whose type is not hidden does not count", sha1C, exodus + form("text-single", "u"), im.CapsMatch},
		{"a form counts", sha1C, exodus + form("hidden", "u"), im.CapsMismatch},
		{"two forms of a type", sha1C, exodus + form("hidden", "u") + form("hidden", "u"), im.CapsIllFormed},
		{"two types in a form", sha1C, exodus + form("hidden", "u</value><value>v"), im.CapsIllFormed},
		{"a hash nobody knows", strings.Replace(sha1C, "sha-1", "rot13", 1), exodus, im.CapsUnknown},
		{"the form before 1.4", "<c xmlns='http://jabber.org/protocol/caps' node='n' ver='0.9' ext='a b'/>", exodus, im.CapsUnknown},
	} {
		if got := capsOf(t, c.c, c.query); got.Verdict != c.want {
			t.Errorf("%s: %s, want %s (%s, %q)", c.name, got.Verdict, c.want, got.Why, got.Input)
		}
	}
}

// Separators inside of values may be escaped or not: both are found in the wild.
func TestCapsSeparators(t *testing.T) {
	const query = "<identity category='client' type='pc' name='a&lt;b'/><feature var='x'/>"
	for _, input := range []string{"client/pc//a<b<x<", "client/pc//a&lt;b<x<"} {
		h := sha256.Sum256([]byte(input))
		c := strings.Replace(strings.Replace(sha1C, "sha-1", "sha-256", 1), "QgayPKawpkPSDYmwT/WM94uAlu0=", base64.StdEncoding.EncodeToString(h[:]), 1)
		if got := capsOf(t, c, query); got.Verdict != im.CapsMatch || got.Input != input {
			t.Errorf("%q: %s of %q", input, got.Verdict, got.Input)
		}
	}
}

// The examples of XEP-0390 §4.5.
func TestCaps2(t *testing.T) {
	const bombus = "<identity category='client' name='BombusMod' type='mobile'/>"
	var features strings.Builder
	for _, f := range strings.Fields("http://jabber.org/protocol/si http://jabber.org/protocol/bytestreams http://jabber.org/protocol/chatstates " +
		"http://jabber.org/protocol/disco#info http://jabber.org/protocol/disco#items urn:xmpp:ping jabber:iq:time jabber:iq:privacy " +
		"jabber:iq:version http://jabber.org/protocol/rosterx urn:xmpp:time jabber:x:oob http://jabber.org/protocol/ibb " +
		"http://jabber.org/protocol/si/profile/file-transfer urn:xmpp:receipts jabber:iq:roster jabber:iq:last") {
		features.WriteString("<feature var='" + f + "'/>")
	}
	c := func(algo, value string) string {
		return "<c xmlns='urn:xmpp:caps'><hash xmlns='urn:xmpp:hashes:2' algo='" + algo + "'>" + value + "</hash></c>"
	}
	query := bombus + features.String()
	for algo, value := range map[string]string{
		"sha-256":  "kzBZbkqJ3ADrj7v08reD1qcWUwNGHaidNUgD7nHpiw8=",
		"sha3-256": "79mdYAfU9rEdTOcWDO7UEAt6E56SUzk/g6TnqUeuD9Q=",
	} {
		if got := capsOf(t, c(algo, value), query); got.Verdict != im.CapsMatch {
			t.Errorf("%s: %s, computed %s", algo, got.Verdict, got.Computed)
		}
	}
	if got := capsOf(t, c("sha-256", "AAAA"), query); got.Verdict != im.CapsMismatch {
		t.Errorf("a wrong hash %s", got.Verdict)
	}
	if got := capsOf(t, c("sha-256", "AAAA"), query+"<x xmlns='urn:example'/>"); got.Verdict != im.CapsIllFormed {
		t.Errorf("a foreign element: %s", got.Verdict)
	}
	form := "<x xmlns='jabber:x:data' type='result'><field var='z'><value>2</value><value>1</value></field>" +
		"<field var='FORM_TYPE' type='hidden'><value>u</value></field></x>"
	const input = "v\x1f\x1cclient\x1fpc\x1fen\x1fA\x1f\x1e\x1cFORM_TYPE\x1fu\x1f\x1ez\x1f1\x1f2\x1f\x1e\x1d\x1c"
	h := sha3.Sum512([]byte(input))
	got := capsOf(t, c("sha3-512", base64.StdEncoding.EncodeToString(h[:])), "<identity category='client' type='pc' name='A' xml:lang='en'/><feature var='v'/>"+form)
	if got.Verdict != im.CapsMatch {
		t.Errorf("a form: %s, %q", got.Verdict, got.Input)
	}
}
