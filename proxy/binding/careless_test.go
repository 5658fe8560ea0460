package binding

import (
	"strings"
	"testing"
)

// carelessLogin is a login on two legs of which the test writes every message.
type carelessLogin struct {
	h     newHash
	k     keys
	m     *middle
	owner []byte // ClientKey
}

const (
	carelessBare  = "n=user,r=ab"
	carelessFirst = "r=abcd,s=c2FsdA==,i=5"
)

func newCareless(t *testing.T) *carelessLogin {
	t.Helper()
	h, _ := scramHash("SCRAM-SHA-1")
	k, _ := h.keys("pencil", []byte("salt"), 5)
	m := &middle{t: t, s: New(Options{Mode: Recompute, Password: pencil})}
	m.s.Secured(Leg{Version: 0x0304, Exporter: []byte("A")}, Leg{Version: 0x0304, Exporter: []byte("B")})
	return &carelessLogin{h: h, k: k, m: m, owner: findClientKey("pencil", "salt", 5)}
}

func (c *carelessLogin) auth(without string) []byte {
	return authMessage([]byte(carelessBare), []byte(carelessFirst), []byte(without))
}

// final is the client's last message for a c= and a key.
func (c *carelessLogin) final(input string, clientKey []byte) string {
	without := "c=" + string(encode([]byte(input))) + ",r=abcd"
	return without + ",p=" + string(encode(c.k.proof(c.h, clientKey, c.auth(without))))
}

// run returns what the server gets last, and what the client gets for the
// signature that a server without care gives to that.
func (c *carelessLogin) run(final string) (towards, signature string) {
	out := exchangeOf(c.m.t, c.m, "SCRAM-SHA-1-PLUS", "p=tls-exporter,,"+carelessBare, carelessFirst, final)
	towards = out[2]
	without, _, _ := strings.Cut(towards, ",p=")
	v := "v=" + string(encode(c.h.mac(c.k.server, c.auth(without))))
	_, signature = c.m.data(1, "success", "", v)
	if signature == v {
		signature = ""
	}
	return towards, signature
}

func (c *carelessLogin) proven(final string) bool {
	without, p, _ := strings.Cut(final, ",p=")
	proof, ok := decode64([]byte(p))
	return ok && c.k.owns(c.h, c.k.clientKey(c.h, proof, c.auth(without)))
}

// TestCarelessServer: a server that checks only one of the two things that it must
// check still finds a wrong message wrong; one that checks nothing does not make
// the client believe that all is well.
func TestCarelessServer(t *testing.T) {
	const right, boundToB = "p=tls-exporter,,A", "p=tls-exporter,,B"
	wrongKey := findClientKey("crayon", "salt", 5)
	tests := []struct {
		name          string
		final         func(c *carelessLogin) string
		bound, proven bool
		signed        bool
	}{
		{"right", func(c *carelessLogin) string { return c.final(right, c.owner) }, true, true, true},
		{"wrong password", func(c *carelessLogin) string { return c.final(right, wrongKey) }, true, false, false},
		{"bound to another connection", func(c *carelessLogin) string { return c.final("p=tls-exporter,,X", c.owner) }, false, false, false},
		{"bound to the server's connection", func(c *carelessLogin) string { return c.final(boundToB, c.owner) }, false, false, false},
		{"not bound", func(c *carelessLogin) string { return c.final("n,,", c.owner) }, false, false, false},
		{"another nonce", func(c *carelessLogin) string { return strings.Replace(c.final(right, c.owner), "r=abcd", "r=abce", 1) }, true, false, false},
	}
	for _, tt := range tests {
		c := newCareless(t)
		towards, signature := c.run(tt.final(c))
		input, _ := decode64(attr([]byte(towards), 'c'))
		if got := string(input) == boundToB; got != tt.bound {
			t.Errorf("%s: bound to the server's connection: %v", tt.name, got)
		}
		if got := c.proven(towards); got != tt.proven {
			t.Errorf("%s: proven: %v", tt.name, got)
		}
		if (signature != "") != tt.signed {
			t.Errorf("%s: the client gets the signature %q", tt.name, signature)
		}
	}
}
