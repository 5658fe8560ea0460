package sasl

import (
	"slices"
	"strings"
	"testing"
)

// Each case is an exchange that does not fit its secret; wanted is the input
// that is named as different.
var whyCases = []struct {
	name, mechanism, transcript string
	secret                      Secret
	differs                     []string
	says                        string
}{
	{"PLAIN, another password", "PLAIN", `C: "\0juliet\0wrong"`, Secret{Password: "secret"}, []string{"passwd"}, "not the given one"},
	{"PLAIN, a blank too many", "PLAIN", `C: "\0juliet\0secret "`, Secret{Password: "secret"}, []string{"passwd"}, "white space"},
	{"LOGIN", "LOGIN", `C: "tim"` + "\nS: -\n" + `C: "wrong"`, Secret{Password: "secret"}, []string{"password"}, "not the given one"},
	{"CRAM-MD5, challenge left in base64", "CRAM-MD5", "C: -\nS: PDEuMkBoPg==\nC: \"tim " + hmacMD5("secret", []byte("PDEuMkBoPg==")) + "\"", Secret{Password: "secret"}, []string{"challenge"}, "did not decode"},
	{"CRAM-MD5, another password", "CRAM-MD5", "C: -\nS: PDEuMkBoPg==\nC: \"tim " + hmacMD5("wrong", []byte("<1.2@h>")) + "\"", Secret{Password: "secret"}, []string{"password", "challenge"}, "another password"},

	{"DIGEST-MD5, one character of the realm", "DIGEST-MD5 domain=localhost", digestC0 + digestS1 + swap(`realm="localhost"`, `realm="localhosT"`), Secret{Password: "pass"}, []string{"realm"}, `realm "localhost"`},
	{"DIGEST-MD5, an empty realm hashed", "DIGEST-MD5 domain=localhost", digestC0 + digestS1 + swap("6300c39e928fb1d1432b425ce41be4df", "1aedbfbee89d685f3e639b24a05e8cba"), Secret{Password: "pass"}, []string{"realm"}, "an empty realm"},
	{"DIGEST-MD5, an authzid that is not there", "DIGEST-MD5 domain=localhost", digestC0 + digestS1 + swap(`,charset`, `,authzid="romeo@localhost",charset`), Secret{Password: "pass"}, []string{"authzid"}, "without the authzid"},
	{"DIGEST-MD5, the address hashed as name", "DIGEST-MD5 domain=localhost", digestC0 + digestS1 + swap("6300c39e928fb1d1432b425ce41be4df", "773bf444f922c68722af347e53e119c9"), Secret{Password: "pass"}, []string{"username"}, `username "juliet@localhost"`},
	{"DIGEST-MD5, another quality", "DIGEST-MD5 domain=localhost", digestC0 + digestS1 + swap("qop=auth", "qop=auth-int"), Secret{Password: "pass"}, []string{"qop"}, `qop "auth"`},
	{"DIGEST-MD5, another nonce", "DIGEST-MD5 domain=localhost", digestC0 + digestS1 + swap(`nonce="nonce`, `nonce="NONCE`), Secret{Password: "pass"}, []string{"nonce"}, "nonce"},
	{"DIGEST-MD5, another count", "DIGEST-MD5 domain=localhost", digestC0 + digestS1 + swap("00000001", "00000002"), Secret{Password: "pass"}, []string{"nc"}, "nc"},
	{"DIGEST-MD5, another service", "DIGEST-MD5 domain=localhost", digestC0 + digestS1 + swap("xmpp/localhost", "xmpp/elsewhere"), Secret{Password: "pass"}, []string{"digest-uri"}, "xmpp/localhost"},
	{"DIGEST-MD5, names hashed in UTF-8", "DIGEST-MD5 domain=localhost", digestC0 + digestS1 + strings.Replace(swap("juliet", "josé"), "6300c39e928fb1d1432b425ce41be4df", "bb3ce5935fa79165cd92d38244415d63", 1), Secret{Password: "päss"}, []string{"charset"}, "UTF-8"},
	{"DIGEST-MD5, realm and count", "DIGEST-MD5 domain=localhost", digestC0 + digestS1 + strings.Replace(swap(`realm="localhost"`, `realm="x"`), "00000001", "00000009", 1), Secret{Password: "pass"}, []string{"realm", "nc"}, "together"},
	{"DIGEST-MD5, another password, refused", "DIGEST-MD5 domain=localhost", digestC0 + digestS1 + digestC2 + "S: failure not-authorized", Secret{Password: "wrong"}, []string{"password", "username", "realm", "cnonce", "authzid"}, "refused it too"},
	{"DIGEST-MD5, response changed on its way", "DIGEST-MD5 domain=localhost", digestC0 + digestS1 + swap("6300c39e", "6300c39f") + digestS3, Secret{Password: "pass"}, []string{"response"}, "changed"},
	{"DIGEST-MD5, the server does not know", "DIGEST-MD5 domain=localhost", digestC0 + digestS1 + digestC2 + strings.Replace(digestS3, "2f0c", "2f0d", 1), Secret{Password: "pass"}, []string{"rspauth"}, "the server"},
	{"DIGEST-MD5, RFC 3920 §6.5, does not compute", "DIGEST-MD5 domain=example.com", "C: -\nS: cmVhbG09InNvbWVyZWFsbSIsbm9uY2U9Ik9BNk1HOXRFUUdtMmhoIixxb3A9ImF1dGgiLGNoYXJzZXQ9dXRmLTgsYWxnb3JpdGhtPW1kNS1zZXNzCg==\nC: dXNlcm5hbWU9InNvbWVub2RlIixyZWFsbT0ic29tZXJlYWxtIixub25jZT0iT0E2TUc5dEVRR20yaGgiLGNub25jZT0iT0E2TUhYaDZWcVRyUmsiLG5jPTAwMDAwMDAxLHFvcD1hdXRoLGRpZ2VzdC11cmk9InhtcHAvZXhhbXBsZS5jb20iLHJlc3BvbnNlPWQzODhkYWQ5MGQ0YmJkNzYwYTE1MjMyMWYyMTQzYWY3LGNoYXJzZXQ9dXRmLTgK", Secret{Password: "secret"}, []string{"password", "username", "realm", "cnonce", "authzid"}, "another password"},

	{"SCRAM, another password", "SCRAM-SHA-256", scramC1 + scramS1 + scramC2 + "S: failure not-authorized", Secret{Password: "wrong"}, []string{"password", "salt", "iterations"}, "refused it too"},
	{"SCRAM, another password, accepted", "SCRAM-SHA-256", scramC1 + scramS1 + scramC2 + scramS2, Secret{Password: "wrong"}, []string{"password"}, "accepted"},
	{"SCRAM, proof changed on its way", "SCRAM-SHA-256", scramC1 + scramS1 + strings.Replace(scramC2, "p=dHz", "p=dHy", 1) + scramS2, Secret{Password: "pencil"}, []string{"p"}, "changed"},
	{"SCRAM, the server does not know", "SCRAM-SHA-256", scramC1 + scramS1 + scramC2 + strings.Replace(scramS2, "v=6rr", "v=6rs", 1), Secret{Password: "pencil"}, []string{"v"}, "the server"},
	{"SCRAM, nonce changed on its way", "SCRAM-SHA-256", scramC1 + scramS1 + strings.Replace(scramC2, "k0,p=", "k1,p=", 1), Secret{Password: "pencil"}, []string{"nonce"}, "server's nonce"},
	{"SCRAM, flag changed on its way", "SCRAM-SHA-256", scramC1 + scramS1 + strings.Replace(scramC2, "c=biws", "c=eSws", 1), Secret{Password: "pencil"}, []string{"gs2-header"}, "GS2 header"},
	{"SCRAM, an extension added on its way", "SCRAM-SHA-256", scramC1 + strings.Replace(scramS1, "i=4096", "i=4096,t=0304", 1) + scramC2, Secret{Password: "pencil"}, []string{"extension"}, "ends after i="},
	{"SCRAM, i= lowered on its way", "SCRAM-SHA-256", scramC1 + strings.Replace(scramS1, "i=4096", "i=1", 1) + scramC2, Secret{Password: "pencil"}, []string{"iterations"}, "4096 iterations"},
	{"SCRAM, the name lengthened on its way", "SCRAM-SHA-256 domain=localhost", strings.Replace(scramC1, "n=user", "n=user@localhost", 1) + scramS1 + scramC2, Secret{Password: "pencil"}, []string{"username"}, "without its domain"},

	{"SCRAM, the example of XEP-0388 §2.5, does not compute", "SCRAM-SHA-1-PLUS sasl2", "C: cD10bHMtZXhwb3J0ZXIsLG49dXNlcixyPTEyQzRDRDVDLUUzOEUtNEE5OC04RjZELTE1QzM4RjUxQ0NDNg==\nS: cj0xMkM0Q0Q1Qy1FMzhFLTRBOTgtOEY2RC0xNUMzOEY1MUNDQzZhMDkxMTdhNi1hYzUwLTRmMmYtOTNmMS05Mzc5OWMyYmRkZjYscz1RU1hDUitRNnNlazhiZjkyLGk9NDA5Ng==\nC: Yz1jRDEwYkhNdFpYaHdiM0owWlhJc0xNY29Rdk9kQkRlUGQ0T3N3bG1BV1YzZGcxYTFXaDF0WVBUQndWaWQxMFZVLHI9MTJDNENENUMtRTM4RS00QTk4LThGNkQtMTVDMzhGNTFDQ0M2YTA5MTE3YTYtYWM1MC00ZjJmLTkzZjEtOTM3OTljMmJkZGY2LHA9VUFwbzd4bzZQYTlKK1ZhZWpmei9kRzdCb21VPQ==", Secret{Password: "pencil"}, []string{"password", "salt", "iterations"}, "another password"},
	{"SCRAM, an authzid added on its way", "SCRAM-SHA-256", strings.Replace(scramC1, "n,,", "n,a=romeo,", 1) + scramS1 + strings.Replace(scramC2, "c=biws", "c=bixhPXJvbWVvLA==", 1), Secret{Password: "pencil"}, []string{"authzid"}, "without the authorization identity"},

	{"HT, another token, accepted", "HT-SHA-256-NONE sasl2", "C: dXNlcgDJ3s0Hg2BTkXBlL/Va7wheuz6Y984Q7IUG1CzK1FTBIQ==\nS: success", Secret{Token: "wrong"}, []string{"token"}, "accepted"},
	{"HT, the server does not know", "HT-SHA-256-NONE sasl2", "C: dXNlcgDJ3s0Hg2BTkXBlL/Va7wheuz6Y984Q7IUG1CzK1FTBIQ==\nS: success AAAA", Secret{Token: "secret-token:fast-example"}, []string{"responder-hashed-token"}, "the server"},
	{"OAUTHBEARER, another token", "OAUTHBEARER", `C: "n,,^Aauth=Bearer abc^A^A"`, Secret{Token: "abd"}, []string{"token"}, "not the given one"},
}

func TestWhyNot(t *testing.T) {
	for _, c := range whyCases {
		v := Verify(play(t, c.mechanism, c.transcript), &c.secret)
		if !v.Known || v.Verified {
			t.Errorf("%s: %+v", c.name, v)
			continue
		}
		if !slices.Equal(v.Differs, c.differs) {
			t.Errorf("%s: differs %q, want %q (%s)", c.name, v.Differs, c.differs, v.Why)
		}
		if !strings.Contains(v.Why, c.says) {
			t.Errorf("%s: says %q, want %q", c.name, v.Why, c.says)
		}
		if len(v.Chain) == 0 {
			t.Errorf("%s: no chain", c.name)
		}
	}
}

// What we have changed ourselves is named as the cause, and no other is guessed at.
func TestWhyNotAfterAnEdit(t *testing.T) {
	x := play(t, "SCRAM-SHA-256", scramC1+scramS1+strings.Replace(scramC2, "p=dHz", "p=dHy", 1)+"S: failure not-authorized")
	x.Messages[2].Edited = true
	v := Verify(x, &Secret{Password: "pencil"})
	differ := []string{}
	for _, s := range v.Chain {
		if s.Result == Different {
			differ = append(differ, s.Name)
		}
	}
	if !v.Known || v.Verified || len(v.Differs) > 0 || !strings.Contains(v.Why, "was edited") || !slices.Equal(differ, []string{"ClientProof"}) {
		t.Errorf("differs %q, %q (%s)", v.Differs, differ, v.Why)
	}
}

// Where a piece is missing nothing is claimed, and the missing piece is named.
func TestNotJudged(t *testing.T) {
	for _, c := range []struct {
		name, mechanism, transcript string
		secret                      *Secret
		says                        string
	}{
		{"no secret at all", "PLAIN", `C: "\0a\0b"`, nil, "no password"},
		{"PLAIN without NULs", "PLAIN", `C: "ab"`, &Secret{Password: "b"}, "malformed"},
		{"CRAM-MD5 without challenge", "CRAM-MD5", `C: "tim b913a602c7eda7a495b4e6e7334d3890"`, &Secret{Password: "b"}, "not both here"},
		{"DIGEST-MD5 without answer", "DIGEST-MD5", digestC0 + digestS1, &Secret{Password: "b"}, "is not here"},
		{"SCRAM, only a token", "SCRAM-SHA-1", scramC1, &Secret{Token: "t"}, "no password"},
		{"SCRAM without server-first", "SCRAM-SHA-1", scramC1, &Secret{Password: "b"}, "server's first message"},
		{"SCRAM without proof", "SCRAM-SHA-1", scramC1 + scramS1 + `C: "c=biws,r=x"`, &Secret{Password: "b"}, "has no proof"},
		{"SCRAM without salt", "SCRAM-SHA-1", scramC1 + `S: "r=x,i=1"` + "\n" + scramC2, &Secret{Password: "b"}, "no salt"},
		{"SCRAM, i=0", "SCRAM-SHA-256", scramC1 + strings.Replace(scramS1, "i=4096", "i=0", 1) + scramC2, &Secret{Password: "b"}, "no number above 0"},
		{"SCRAM, i=2147483647", "SCRAM-SHA-256", scramC1 + strings.Replace(scramS1, "i=4096", "i=2147483647", 1) + scramC2, &Secret{Password: "b"}, "too long"},
		{"SCRAM, i over 64 bits", "SCRAM-SHA-256", scramC1 + strings.Replace(scramS1, "i=4096", "i=99999999999999999999999", 1) + scramC2, &Secret{Password: "b"}, "too long"},
		{"SCRAM, i over the caller's own limit", "SCRAM-SHA-256", scramC1 + scramS1 + scramC2, &Secret{Password: "b", MaxIterations: 4095}, "over 4095"},
		{"HT without token", "HT-SHA-256-NONE", "C: dXNlcgDJ3s0=", &Secret{Password: "b"}, "no token"},
		{"HT with a binding that is not known", "HT-SHA-256-ENDP", "C: dXNlcgDJ3s0=", &Secret{Token: "b"}, "channel-binding"},
		{"HT with a hash that is not known", "HT-MD4-NONE", "C: dXNlcgDJ3s0=", &Secret{Token: "b"}, "hash"},
		{"GSSAPI", "GSSAPI", "C: YBEGCSqGSIb3EgECAgEAb2I=", &Secret{Password: "b"}, "sealed"},
		{"EXTERNAL without certificate", "EXTERNAL", "C: =", &Secret{Password: "b"}, "certificate"},
		{"a stranger", "X-WHAT", "C: AAEC", &Secret{Password: "b"}, "not known"},
	} {
		v := Verify(play(t, c.mechanism, c.transcript), c.secret)
		if v.Known || v.Verified || !strings.Contains(v.Why, c.says) {
			t.Errorf("%s: %+v, want %q", c.name, v, c.says)
		}
	}
}

// Mechanisms that need no secret are judged without one.
func TestVerifyWithoutSecret(t *testing.T) {
	x := play(t, "ANONYMOUS", "C: c2lyaGM=")
	if v := Verify(x, nil); !v.Known || !v.Verified {
		t.Errorf("ANONYMOUS: %+v", v)
	}
	x = play(t, "ANONYMOUS", `C: "`+strings.Repeat("a", 256)+`"`)
	if v := Verify(x, nil); !v.Known || v.Verified {
		t.Errorf("ANONYMOUS with a long trace: %+v", v)
	}
	x = play(t, "EXTERNAL", "C: Y2FwdWxldC5saXQ=")
	x.CertNames = []string{"montague.lit", "Capulet.lit"}
	if v := Verify(x, nil); !v.Known || !v.Verified {
		t.Errorf("EXTERNAL: %+v", v)
	}
	x.CertNames = x.CertNames[:1]
	if v := Verify(x, nil); !v.Known || v.Verified || v.Differs[0] != "authzid" {
		t.Errorf("EXTERNAL for another: %+v", v)
	}
}
