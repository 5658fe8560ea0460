package binding

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"

	"xmppscope/decode"
)

// TestVectors: the chain from password to proof and signature.
func TestVectors(t *testing.T) {
	const cnonce256 = "rOprNGfwEbeRWgbNEkqO"
	const server256 = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
	tests := []struct{ name, mechanism, user, password, cnonce, server, proof, signature, stored, serverKey string }{
		{"RFC 5802 §5", "SCRAM-SHA-1", "user", "pencil", "fyko+d2lbbFgONRv9qkxdawL", "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
			"v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=", "rmF9pqV8S7suAoZWja4dJRkFsKQ=", "e9d94660c39d65c38fbad91c358f14da0eef2bd6", "0fe09258b3ac852ba502cc62ba903eaacdbf7d31"},
		{"RFC 7677 §3", "SCRAM-SHA-256", "user", "pencil", cnonce256, server256,
			"dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
			"586e5df283e6dceb5c3e791d8b8528ec191e664045ce971792e2e6b5bb13e2a6", "c1f3cbc1c13a9d35a14c0990eed97629ea225863e566a4314ab99f3f00e5d9d5"},
		{"the same with SHA-512", "SCRAM-SHA-512", "user", "pencil", cnonce256, server256,
			"gMGXRcevScNtxZ6/8lQYpGtnsNAc3mGcmNomv+xnoOMw+3R2xNJdMNnzMlTN8PPC6wdp6dybEmDYXYTxwnYPJQ==",
			"ZQnYEgWQMFmmsM8aQMF0nDDCy/AgCzkwk8CmMZYcMg0vSVlKDanekLtifDSeVGT4+5ZxXnJq199RVG2rR7N7Zw==", "", ""},
	}
	for _, tt := range tests {
		h, _ := scramHash(tt.mechanism)
		salt, _ := decode64(attr([]byte(tt.server), 's'))
		k, ok := h.keys(tt.password, salt, 4096)
		if !ok || tt.stored != "" && (hex.EncodeToString(k.stored) != tt.stored || hex.EncodeToString(k.server) != tt.serverKey) {
			t.Errorf("%s: the keys are %x, %x", tt.name, k.stored, k.server)
		}
		auth := authMessage([]byte("n="+tt.user+",r="+tt.cnonce), []byte(tt.server), []byte("c=biws,r="+string(attr([]byte(tt.server), 'r'))))
		proof, _ := decode64([]byte(tt.proof))
		clientKey := k.clientKey(h, proof, auth)
		if !k.owns(h, clientKey) {
			t.Errorf("%s: the proof is not taken", tt.name)
		}
		if got := string(encode(h.mac(k.server, auth))); got != tt.signature {
			t.Errorf("%s: the signature is %s", tt.name, got)
		}
		proof[0] ^= 1
		if wrong := k.clientKey(h, proof, auth); k.owns(h, wrong) || bytes.Equal(k.proof(h, wrong, []byte("x")), k.proof(h, clientKey, []byte("x"))) {
			t.Errorf("%s: a wrong proof becomes right", tt.name)
		}
	}
}

// exchangeOf feeds plain messages and returns what comes out.
func exchangeOf(t *testing.T, m *middle, mechanism string, messages ...string) []string {
	t.Helper()
	names := []string{"auth", "challenge", "response", "success"}
	var out []string
	for i, msg := range messages {
		attrs, dir := "", decode.Dir(i%2)
		if i == 0 {
			attrs = " mechanism='" + mechanism + "'"
		}
		_, data := m.data(dir, names[i], attrs, msg)
		out = append(out, data)
	}
	return out
}

// TestVectorOfBothLegs is one login on both TLS connections.
func TestVectorOfBothLegs(t *testing.T) {
	for _, sasl2 := range []bool{false, true} {
		m := &middle{t: t, sasl2: sasl2, s: New(Options{Mode: Recompute, Password: pencil})}
		m.s.Secured(Leg{Version: 0x0304, Exporter: bytes.Repeat([]byte{0xAA}, 32)}, Leg{Version: 0x0304, Exporter: bytes.Repeat([]byte{0xBB}, 32)})
		const first = "p=tls-exporter,,n=user,r=rOprNGfwEbeRWgbNEkqO"
		const nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
		const challenge = "r=" + nonce + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
		got := exchangeOf(t, m, "SCRAM-SHA-256-PLUS", first, challenge,
			"c=cD10bHMtZXhwb3J0ZXIsLKqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq,r="+nonce+",p=2V2UabJJGtZtq5fxXpeLUcgbYBuS3NeSITOq/SAJtTY=",
			"v=VvbvxJZ4FaLJHSe07BTt/lNTMCJAYL4hOkg9A+zog1o=")
		want := []string{first, challenge,
			"c=cD10bHMtZXhwb3J0ZXIsLLu7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7,r=" + nonce + ",p=rLLVX4VSlnlsmxg3jg6dAk+oprDeLH5EYnl2wEvGrFc=",
			"v=8fuLYYRua0e6kIuu9tQKkdeJkJkaC5zPRWfqqATX41U="}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("message %d:\n got %s\nwant %s", i, got[i], want[i])
			}
		}
	}
}

// TestListHash: the lists were edited for the client, so h= and t= are, and both
// signatures still come out right (XEP-0474 §6, XEP-0515 §4).
func TestListHash(t *testing.T) {
	m := &middle{t: t, s: New(Options{Mode: Recompute, Password: pencil})}
	// The vector of XEP-0515 §4.3 on the client's leg; the server is on TLS 1.2
	// and lists another type.
	m.s.Secured(Leg{Version: 0x0304, Exporter: []byte("THIS IS FAKE CB DATA"), EndPoint: []byte("leaf A")}, Leg{Version: 0x0303, Unique: []byte("finished B"), EndPoint: []byte("leaf B")})
	mechanisms := []string{"SCRAM-SHA-1", "SCRAM-SHA-1-PLUS"}
	_, seen := m.features(mechanisms, []string{"tls-unique", "tls-server-end-point"})
	if strings.Join(seen, " ") != "tls-exporter tls-server-end-point" {
		t.Fatal(seen)
	}
	h, _ := scramHash("SCRAM-SHA-1")
	real := string(encode(h.sum([]byte("SCRAM-SHA-1\x1eSCRAM-SHA-1-PLUS\x1ftls-server-end-point\x1etls-unique"))))
	const cnonce, nonce = "12C4CD5C-E38E-4A98-8F6D-15C38F51CCC6", "12C4CD5C-E38E-4A98-8F6D-15C38F51CCC6a09117a6-ac50-4f2f-93f1-93799c2bddf6"
	const bare, core = "n=user,r=" + cnonce, "r=" + nonce + ",s=QSXCR+Q6sek8bf92,i=4096"
	serverFirst := core + ",h=" + real + ",t=0303"
	k, _ := h.keys("pencil", must64(t, "QSXCR+Q6sek8bf92"), 4096)
	authB := authMessage([]byte(bare), []byte(serverFirst), []byte("c="+string(encode([]byte("p=tls-unique,,finished B")))+",r="+nonce))
	got := exchangeOf(t, m, "SCRAM-SHA-1-PLUS", "p=tls-exporter,,"+bare, serverFirst,
		"c="+string(encode([]byte("p=tls-exporter,,THIS IS FAKE CB DATA")))+",r="+nonce+",p=KHUfN8dSy1K95crT4D5y1ItLJfs=",
		"v="+string(encode(h.mac(k.server, authB))))
	if got[0] != "p=tls-unique,,"+bare {
		t.Error(got[0])
	}
	if got[1] != core+",h=G6k/rBLDqgOhRRaCuuatSDFkJ08=,t=0304" {
		t.Error(got[1])
	}
	proof := must64(t, string(attr([]byte(got[2]), 'p')))
	if !k.owns(h, k.clientKey(h, proof, authB)) {
		t.Error("the server would refuse ", got[2])
	}
	if got[3] != "v=3w34ZIMVRkx2f2Ozb3/ecRPVdv4=" {
		t.Error(got[3])
	}
	for _, note := range []string{"h= is now the hash", "t= is now the version", "towards the server it is tls-unique"} {
		if !strings.Contains(strings.Join(m.notes, "\n"), note) {
			t.Errorf("no note %q in %q", note, m.notes)
		}
	}
}

// TestListHashOfAnother: a hash that is not that of the lists that were sent may
// be the sign of a man in the middle before us: it stays.
func TestListHashOfAnother(t *testing.T) {
	m := &middle{t: t, s: New(Options{Mode: Recompute, Password: pencil})}
	m.s.Secured(Leg{Version: 0x0304, Exporter: []byte("A")}, Leg{Version: 0x0303, Unique: []byte("B")})
	m.features([]string{"SCRAM-SHA-1", "SCRAM-SHA-1-PLUS"}, []string{"tls-unique"})
	const first = "r=abcd,s=QSXCR+Q6sek8bf92,i=4096,h=AAAA"
	got := exchangeOf(t, m, "SCRAM-SHA-1-PLUS", "p=tls-exporter,,n=user,r=ab", first)
	if got[1] != first || !strings.Contains(strings.Join(m.notes, "\n"), "not the hash of the lists") {
		t.Error(got[1], m.notes)
	}
}

func must64(t *testing.T, text string) []byte {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestCounts: a count of rounds that would keep the proxy busy is not worked out.
func TestCounts(t *testing.T) {
	for text, want := range map[string]bool{"1": true, "4096": true, "4097": false, "0": false, "-1": false, "+1": false, "": false, "9999999999999999999999": false, "1e3": false} {
		if _, ok := iterationsOf([]byte(text), 4096); ok != want {
			t.Errorf("%q: %v", text, ok)
		}
	}
	m := &middle{t: t, s: New(Options{Mode: Recompute, Password: pencil, MaxIterations: 10000})}
	m.s.Secured(Leg{Version: 0x0304, Exporter: []byte("A")}, Leg{Version: 0x0304, Exporter: []byte("B")})
	exchangeOf(t, m, "SCRAM-SHA-1-PLUS", "p=tls-exporter,,n=user,r=ab", "r=abcd,s=QSXCR+Q6sek8bf92,i=10001")
	if !strings.Contains(strings.Join(m.notes, "\n"), "no count that is worked out here") {
		t.Error(m.notes)
	}
}
