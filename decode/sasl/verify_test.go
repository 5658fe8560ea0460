package sasl

import (
	"encoding/hex"
	"slices"
	"strings"
	"sync"
	"testing"
)

// The character sets, the authorization identity and the quality of
// protection that enter DIGEST-MD5; the values were computed by other
// software.
func TestDigestInputs(t *testing.T) {
	for _, c := range []struct{ name, old, new, response, password string }{
		{"plain", "", "", "6300c39e928fb1d1432b425ce41be4df", "pass"},
		{"fits ISO 8859-1, so is hashed in it", `"juliet"`, `"josé"`, "981b2c419f51ff7eb3aff794487ead5c", "päss"},
		{"does not fit, so stays UTF-8", `"juliet"`, `"иван"`, "1afbfec9f33afa0f71010adf23e508c5", "pass"},
		{"an authzid", `,charset`, `,authzid="romeo@localhost",charset`, "956f1009c4aa0f5143a89a9a51ba3c8b", "pass"},
		{"integrity protection", "qop=auth", "qop=auth-int", "69b9c6449fc16c018bc845040cabe20b", "pass"},
		{"no realm", `realm="localhost",`, "", "1aedbfbee89d685f3e639b24a05e8cba", "pass"},
		{"no qop means auth", "qop=auth,", "", "6300c39e928fb1d1432b425ce41be4df", "pass"},
	} {
		answer := strings.Replace(swap("6300c39e928fb1d1432b425ce41be4df", c.response), c.old, c.new, 1)
		x := play(t, "DIGEST-MD5", digestC0+digestS1+answer)
		if v := Verify(x, &Secret{Password: c.password}); !v.Verified {
			t.Errorf("%s: %+v", c.name, v)
		}
	}
}

// scramWith builds the exchange a client and a server with this password would
// have had.
func scramWith(t *testing.T, password string) *Exchange {
	t.Helper()
	hash, salt := hashNamed("SHA-1"), []byte("ABC")
	first, serv, final := "n=user,r=rOprNGfwEbeRWgbNEkqO", "r=rOprNGfwEbeRWgbNEkqOxyz,s=QUJD,i=64", "c=biws,r=rOprNGfwEbeRWgbNEkqOxyz"
	keys := hash.scramKeys((&Secret{}).salted(hash, password, salt, 64))
	auth := []byte(first + "," + serv + "," + final)
	return play(t, "SCRAM-SHA-1", "C: \"n,,"+first+"\"\nS: \""+serv+"\"\nC: \""+final+",p="+keys.proof(hash, auth)+"\"\nS: success \"v="+keys.signature(hash, auth)+"\"")
}

func TestScramPreparesThePassword(t *testing.T) {
	for _, c := range []struct{ name, sent, given, note string }{
		{"plain text", "pencil", "pencil", ""},
		{"a Roman numeral is letters", "IX", "Ⅸ", "SASLprep changed it"},
		{"a soft hyphen is nothing", "IX", "I\u00ADX", "SASLprep changed it"},
		{"a forbidden character stays", "a\u0007b", "a\u0007b", "SASLprep refuses it"},
		{"a character younger than SASLprep stays", "🜚🫠", "🜚🫠", "SASLprep refuses it"},
		{"no UTF-8 stays", "\xFF\xFE", "\xFF\xFE", "not valid UTF-8"},
	} {
		v := Verify(scramWith(t, c.sent), &Secret{Password: c.given})
		if !v.Verified || !strings.Contains(v.Why, c.note) {
			t.Errorf("%s: %+v", c.name, v)
		}
	}
	v := Verify(scramWith(t, "Ⅸ"), &Secret{Password: "Ⅸ"})
	if v.Verified || !slices.Equal(v.Differs, []string{"password"}) || !strings.Contains(v.Why, "left SASLprep out") {
		t.Errorf("a client without SASLprep: %+v", v)
	}
	v = Verify(scramWith(t, "secret\n"), &Secret{Password: "secret"})
	if v.Verified || !strings.Contains(v.Why, "line break") {
		t.Errorf("a line break: %+v", v)
	}
}

func TestScramBinding(t *testing.T) {
	v := vectorNamed(t, "client side of a proxy")
	x := play(t, v.mechanism, v.transcript)
	if got := Verify(x, &v.secret); !got.Verified || !strings.Contains(got.Why, "taken from c=") {
		t.Errorf("binding not known: %+v", got)
	}
	x.Binding = []byte(strings.Repeat("\xBB", 32))
	if got := Verify(x, &v.secret); !got.Known || got.Verified || !slices.Equal(got.Differs, []string{"channel-binding"}) {
		t.Errorf("bound elsewhere: %+v", got)
	}
}

// A right proof is right even where the server says no, and the remark says so.
func TestScramRefusedThoughRight(t *testing.T) {
	for _, end := range []string{"S: failure not-authorized", `S: "e=channel-bindings-dont-match"` + "\nS: failure not-authorized"} {
		got := Verify(play(t, "SCRAM-SHA-256", scramC1+scramS1+scramC2+end), &Secret{Password: "pencil"})
		if !got.Verified || !strings.Contains(got.Why, "refused") {
			t.Errorf("%s: %+v", end, got)
		}
	}
}

func TestPartsWhy(t *testing.T) {
	const id, secret = "3BF96D32", "test"
	for _, c := range []struct{ name, wire, differs string }{
		{"upper case", "AAEE83C26AEEAFCBABEABFCBCD50DF997E0A2A1E", "handshake"},
		{"the wrong order", sha1Hex(secret, id), "handshake"},
		{"without the id", sha1Hex(secret), "stream id"},
		{"another secret", sha1Hex(id, "other"), "secret"},
	} {
		x := &Exchange{Mechanism: Component, StreamID: id}
		x.AddParts(InitialResponse, Part{"handshake", c.wire})
		if v := Verify(x, &Secret{Password: secret}); !v.Known || v.Verified || v.Differs[0] != c.differs {
			t.Errorf("COMPONENT, %s: %+v", c.name, v)
		}
	}
	x := &Exchange{Mechanism: Component}
	x.AddParts(InitialResponse, Part{"handshake", "aaee83c26aeeafcbabeabfcbcd50df997e0a2a1e"})
	if v := Verify(x, &Secret{Password: secret}); v.Known {
		t.Errorf("COMPONENT without a stream id: %+v", v)
	}
	for _, c := range []struct{ name, key, differs string }{
		{"domains in the wrong order", hmacSHA256(sha256Hex("s"), "capulet montague 1"), "text"},
		{"the hash in raw bytes", hmacSHA256(string(hashNamed("SHA-256").sum([]byte("s"))), "montague capulet 1"), "hashed secret"},
		{"the secret not hashed", hmacSHA256("s", "montague capulet 1"), "hashed secret"},
		{"another secret", hmacSHA256(sha256Hex("t"), "montague capulet 1"), "secret"},
	} {
		x := &Exchange{Mechanism: Dialback, StreamID: "1", Originator: "capulet", Receiver: "montague"}
		x.AddParts(InitialResponse, Part{"key", c.key})
		if v := Verify(x, &Secret{Password: "s"}); !v.Known || v.Verified || v.Differs[0] != c.differs {
			t.Errorf("DIALBACK, %s: %+v", c.name, v)
		}
		if x.Messages[0].Edited = true; c.differs == "secret" && !strings.Contains(Verify(x, &Secret{Password: "s"}).Why, "was edited on its way") {
			t.Errorf("DIALBACK, edited: %+v", Verify(x, &Secret{Password: "s"}))
		}
	}
}

func sha256Hex(s string) string {
	return hex.EncodeToString(hashNamed("SHA-256").sum([]byte(s)))
}

// The arithmetic may fit and the messages still contradict each other.
func TestScramMessagesDisagree(t *testing.T) {
	for _, c := range []struct{ name, first, serv, final, differs string }{
		{"the server answers somebody else", "n,,n=user,r=rOprNGfwEbeR", "r=another,s=QUJD,i=64", "c=biws,r=another", "nonce"},
		{"the client answers somebody else", "n,,n=user,r=rOprNGfwEbeR", "r=rOprNGfwEbeRx,s=QUJD,i=64", "c=biws,r=another", "nonce"},
		{"another header", "n,,n=user,r=rOprNGfwEbeR", "r=rOprNGfwEbeRx,s=QUJD,i=64", "c=eSws,r=rOprNGfwEbeRx", "gs2-header"},
	} {
		hash := hashNamed("SHA-1")
		keys := hash.scramKeys((&Secret{}).salted(hash, "pencil", []byte("ABC"), 64))
		auth := []byte(c.first[3:] + "," + c.serv + "," + c.final)
		x := play(t, "SCRAM-SHA-1", "C: \""+c.first+"\"\nS: \""+c.serv+"\"\nC: \""+c.final+",p="+keys.proof(hash, auth)+"\"")
		if v := Verify(x, &Secret{Password: "pencil"}); !v.Known || v.Verified || !slices.Equal(v.Differs, []string{c.differs}) {
			t.Errorf("%s: %+v", c.name, v)
		}
		if v := Verify(x, &Secret{Password: "wrong"}); v.Verified || !slices.Equal(v.Differs, []string{"password", c.differs}) {
			t.Errorf("%s, another password: %+v", c.name, v)
		}
	}
}

// A token may be used in another form, or bound where it should not be.
func TestHTWhy(t *testing.T) {
	hash := hashNamed("SHA-256")
	send := func(mechanism string, key string, binding string) *Exchange {
		x := &Exchange{Mechanism: mechanism, SASL2: true, Binding: []byte("B")}
		proof := hash.mac([]byte(key), []byte("Initiator"), []byte(binding))
		x.Add(InitialResponse, wireText(`"user\0`+string(proof)+`"`))
		return x
	}
	for _, c := range []struct {
		name    string
		x       *Exchange
		differs []string
	}{
		{"decoded token", send("HT-SHA-256-EXPR", "ABC", "B"), []string{"token"}},
		{"no binding", send("HT-SHA-256-EXPR", "QUJD", ""), []string{"channel-binding"}},
		{"another token", send("HT-SHA-256-EXPR", "other", "B"), []string{"token", "channel-binding"}},
		{"another token, no binding in use", send("HT-SHA-256-NONE", "other", ""), []string{"token"}},
	} {
		if v := Verify(c.x, &Secret{Token: "QUJD"}); !v.Known || v.Verified || !slices.Equal(v.Differs, c.differs) {
			t.Errorf("%s: %+v", c.name, v)
		}
	}
	if v := Verify(send("HT-SHA-256-EXPR", "QUJD", "B"), &Secret{Token: "QUJD"}); !v.Verified {
		t.Errorf("bound: %+v", v)
	}
}

// A KeyCache saves work, never changes an answer, and stays small.
func TestKeyCache(t *testing.T) {
	cache := &KeyCache{}
	x := play(t, "SCRAM-SHA-256", scramC1+scramS1+scramC2+scramS2)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			if v := Verify(x, &Secret{Password: "pencil", Keys: cache}); !v.Verified {
				t.Errorf("%+v", v)
			}
		})
	}
	group.Wait()
	if v := Verify(x, &Secret{Password: "other", Keys: cache}); v.Verified {
		t.Error("a remembered key stood in for another password")
	}
	for i := range 3 * maxKeys {
		cache.put(derivation{iterations: i}, nil)
	}
	if len(cache.keys) != maxKeys || len(cache.order) != maxKeys {
		t.Errorf("%d keys, %d in order", len(cache.keys), len(cache.order))
	}
}
