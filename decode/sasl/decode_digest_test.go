package sasl

import (
	"strings"
	"testing"
)

const (
	digestC0 = "C: -\n"
	digestS1 = `S: "realm="localhost",nonce="nonce1234567",qop="auth,auth-int",charset=utf-8,algorithm=md5-sess"` + "\n"
	digestC2 = `C: "username="juliet",realm="localhost",nonce="nonce1234567",cnonce="cnonce123456",nc=00000001,qop=auth,digest-uri="xmpp/localhost",response=6300c39e928fb1d1432b425ce41be4df,charset=utf-8"` + "\n"
	digestS3 = `S: "rspauth=2f0c8e9635c7162aa0cd58ccd2a5df58"` + "\n"
)

// swap is the answer with one piece replaced.
func swap(old, new string) string { return strings.Replace(digestC2, old, new, 1) }

var digestCases = []struct {
	name, transcript string
	rules            string
}{
	{"challenge", digestC0 + digestS1, ""},
	{"answer", digestC0 + digestS1 + digestC2, ""},
	{"server's proof", digestC0 + digestS1 + digestC2 + digestS3, ""},
	{"the example of RFC 3920 §6.5, challenge", "C: -\nS: cmVhbG09InNvbWVyZWFsbSIsbm9uY2U9Ik9BNk1HOXRFUUdtMmhoIixxb3A9ImF1dGgiLGNoYXJzZXQ9dXRmLTgsYWxnb3JpdGhtPW1kNS1zZXNzCg==", "digest-fields@84"},
	{"no nonce, no algorithm", digestC0 + `S: "realm="x",qop="auth""`, "digest-fields@20 digest-fields@0"},
	{"two nonces", digestC0 + `S: "nonce="a",nonce="b",algorithm=md5-sess"`, "digest-fields@7"},
	{"several realms are fine", digestC0 + `S: "realm="a",realm="b",nonce="c",algorithm=md5-sess"`, ""},
	{"another nonce in the answer", digestC0 + digestS1 + swap(`nonce="nonce`, `nonce="NONCE`), "digest-fields@43"},
	{"another realm in the answer", digestC0 + digestS1 + swap(`realm="localhost"`, `realm="localhosT"`), "digest-fields@25"},
	{"second use of a nonce", digestC0 + digestS1 + swap("00000001", "00000002"), "digest-fields@82"},
	{"a quality nobody offered", digestC0 + digestS1 + swap("qop=auth", "qop=auth-conf"), "digest-fields@95"},
	{"a proof in upper case", digestC0 + digestS1 + swap("6300c39e", "6300C39E"), "digest-fields@137"},
	{"another service", digestC0 + digestS1 + swap("xmpp/", "imap/"), "digest-fields@112"},
	{"another host", digestC0 + digestS1 + swap("xmpp/localhost", "xmpp/elsewhere"), "digest-fields@112"},
	{"no answer at all in it", digestC0 + digestS1 + `C: "charset=utf-8"`, strings.TrimSpace(strings.Repeat("digest-fields@13 ", 6))},
	{"an open quote", digestC0 + `S: "nonce="a,algorithm=md5-sess"`, "digest-fields@6 digest-fields@0"},
	{"text after a quote", digestC0 + `S: "nonce="a"b,algorithm=md5-sess"`, "digest-fields@9"},
	{"no equals sign", digestC0 + `S: "nonce,algorithm=md5-sess"`, "digest-fields@0 digest-fields@24"},
	{"no value", digestC0 + `S: "nonce="a",stale=,algorithm=md5-sess"`, "digest-fields@16"},
	{"success without the server's proof", digestC0 + digestS1 + digestC2 + "S: success", "digest-rspauth@0"},
	{"a server's proof cut short", digestC0 + digestS1 + digestC2 + `S: "rspauth=2f0b"`, "digest-rspauth@8"},
	{"a long challenge", digestC0 + `S: "nonce="` + strings.Repeat("a", 2040) + `",algorithm=md5-sess"`, "digest-fields@2047"},
	{"a long answer", digestC0 + digestS1 + swap(`,charset`, `,x="`+strings.Repeat("a", 4000)+`",charset`), "digest-fields@4095"},
	{"names that are not UTF-8", "C: -\nC: dXNlcm5hbWU9Impvc+kiLHJlYWxtPSIiLG5vbmNlPSJhIixjbm9uY2U9ImIiLG5jPTAwMDAwMDAxLGRpZ2VzdC11cmk9InhtcHAvbG9jYWxob3N0IixyZXNwb25zZT02MzAwYzM5ZTkyOGZiMWQxNDMyYjQyNWNlNDFiZTRkZixjaGFyc2V0PXV0Zi04", "digest-fields@10"},
}

func TestDecodeDigest(t *testing.T) {
	for _, c := range digestCases {
		x := play(t, "DIGEST-MD5 domain=localhost", c.transcript)
		if got := rules(Decode(x, len(x.Messages)-1)); got != c.rules {
			t.Errorf("%s: faults\n got %q\nwant %q", c.name, got, c.rules)
		}
	}
}

func TestDigestFields(t *testing.T) {
	x := play(t, "DIGEST-MD5", digestC0+`S: " realm = "a \"b\", c" ,, nonce="x" , algorithm=md5-sess , weird=1"`)
	if got, want := fields(Decode(x, 1)), `realm=a "b", c | nonce=x | algorithm=md5-sess | weird=1`; got != want {
		t.Errorf("quotes, commas and blanks:\n got %q\nwant %q", got, want)
	}
	x = play(t, "DIGEST-MD5", "C: -\nC: dXNlcm5hbWU9Impvc+kiLHJlYWxtPSIi") // é in ISO 8859-1, without charset
	if got := Decode(x, 1).Fields[0].Value; got != "josé" {
		t.Errorf("ISO 8859-1: %q", got)
	}
}
