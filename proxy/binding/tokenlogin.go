package binding

import (
	"bytes"
	"crypto/subtle"
	"strings"
)

// tokenLogin carries a login by token from one TLS connection to the other
// (draft-schmaus-kitten-sasl-ht §3). The type of binding is in the mechanism's
// name and the token is good for that mechanism alone, so the type cannot change.
type tokenLogin struct {
	hash  newHash
	typ   *bindingType
	token string // the one that fits; empty until one does
	way   way
}

// newTokenLogin is the exchange of an HT mechanism.
func newTokenLogin(l *login) exchange {
	typ := typeOfHT(l.mechanism)
	if typ == nil { // -NONE, or a type that is not known here
		return plainToken{}
	}
	hash, known := hashes[strings.TrimSuffix(strings.TrimPrefix(l.mechanism, "HT-"), typ.ht)]
	switch {
	case l.s.o.Mode == Strip:
		return remark("the login by token is bound to the client's TLS connection, so the server will refuse it; a careful client falls back to its password")
	case !known:
		return remark("the hash of " + shown(l.mechanism) + " is not known here: the bytes go on as they are")
	case typ.of(&l.s.a) == nil || typ.of(&l.s.b) == nil:
		return remark("a token is bound by " + typ.name + ", which not both TLS connections have: the bytes go on as they are, and the server will refuse")
	}
	return &tokenLogin{hash: hash, typ: typ}
}

func (x *tokenLogin) send(l *login, data []byte) ([]byte, string) {
	user, proof, ok := bytes.Cut(data, []byte{0})
	if !ok {
		return nil, "the message has no proof, so it goes on as it is"
	}
	l.s.account.user = string(user)
	tokens := l.s.o.Tokens.get(l.s.account)
	for _, token := range tokens {
		for _, way := range x.ways(l.s) {
			if subtle.ConstantTimeCompare(proof, x.proof(token, "Initiator", way.a)) == 1 {
				x.token, x.way = token, way
				out := append(bytes.Clone(data[:len(user)+1]), x.proof(token, "Initiator", way.b)...)
				return out, "the proof fits a token that was given out through this proxy; it was made anew for the proxy's own TLS connection to the server"
			}
		}
	}
	if len(tokens) == 0 {
		return nil, "the token was given out before this proxy stood here, so the binding cannot be recomputed: the bytes go on as they are, and the server will refuse"
	}
	return nil, "the proof fits none of the tokens that were given out through this proxy: the bytes go on as they are, and the server will refuse"
}

func (x *tokenLogin) receive(l *login, data []byte) ([]byte, string) {
	if x.token == "" {
		return nil, ""
	}
	if subtle.ConstantTimeCompare(data, x.proof(x.token, "Responder", x.way.b)) != 1 {
		return nil, "the server's proof does not fit the token; it goes on as it is, so that the client refuses it"
	}
	return x.proof(x.token, "Responder", x.way.a), "the server's proof is right; the client gets the one for its own TLS connection"
}

// way is one pair of binding data for the two legs.
type way struct{ a, b []byte }

// ways are those that the client may mean: it may compute the exporter without a
// context, and its server does so too then.
func (x *tokenLogin) ways(s *Session) []way {
	all := []way{{x.typ.of(&s.a), x.typ.of(&s.b)}}
	if absent := s.a.absent(x.typ.name); absent != nil {
		all = append(all, way{absent, s.b.Absent})
	}
	return all
}

func (x *tokenLogin) proof(token, who string, cb []byte) []byte {
	return x.hash.mac([]byte(token), []byte(who), cb)
}

func (x *tokenLogin) failed() string { return "" }

// plainToken is a login by a token that is bound to nothing: it only tells who
// logs in.
type plainToken struct{ remark }

func (plainToken) send(l *login, data []byte) ([]byte, string) {
	if user, _, ok := bytes.Cut(data, []byte{0}); ok {
		l.s.account.user = string(user)
	}
	return nil, ""
}
