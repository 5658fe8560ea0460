package binding

import (
	"bytes"
	"crypto/subtle"
	"fmt"
	"strings"

	"xmppscope/decode/sasl"
)

// scramLogin carries a SCRAM exchange from one TLS connection to the other: a is
// the client's side of it, b the server's. Each message of the one side becomes
// the message that the same login would have on the other.
type scramLogin struct {
	hash newHash
	at   scramStage

	user  string
	known bool // a password of the user was given
	bare  []byte
	a, b  scramSide
	keys  keys
	right bool // the client's last message proves the password and the connection
}

// scramStage is the message that comes next.
type scramStage uint8

const (
	firstNext scramStage = iota
	serverFirstNext
	finalNext
	serverFinalNext
	handsOff // nothing is to be changed any more
)

// scramSide is what the exchange has on one leg and not on the other.
type scramSide struct {
	gs2       gs2
	cb        []byte // channel-binding data
	absent    []byte // the same as programs have it that leave out the context
	first     []byte // the server's first message
	signature []byte // ServerSignature
}

func (s *scramSide) bind(l *Leg) {
	s.cb, s.absent = bytes.Clone(l.data(s.gs2.typ())), bytes.Clone(l.absent(s.gs2.typ()))
}

// bound tells whether that is what c= has to hold (RFC 5802 §5.1).
func (s *scramSide) bound(input []byte) bool {
	return subtle.ConstantTimeCompare(input, s.input()) == 1
}

func (s *scramSide) input() []byte { return append(bytes.Clone(s.gs2.head), s.cb...) }

func (x *scramLogin) send(l *login, data []byte) ([]byte, string) {
	switch x.at {
	case firstNext:
		return x.first(l, data)
	case finalNext:
		return x.final(data)
	}
	return nil, ""
}

func (x *scramLogin) receive(l *login, data []byte) ([]byte, string) {
	switch x.at {
	case serverFirstNext:
		return x.serverFirst(l, data)
	case serverFinalNext:
		return x.serverFinal(data)
	}
	return nil, ""
}

func (x *scramLogin) failed() string {
	if x.at != handsOff && x.right {
		return "the proof fits the password that the proxy was given, and the server refuses it all the same"
	}
	return ""
}

// leave stops all changes from here on.
func (x *scramLogin) leave(note string) ([]byte, string) {
	x.at = handsOff
	return nil, note
}

// first turns the head of the client's first message into what binds to the
// server's leg. The bare message is the same on both.
func (x *scramLogin) first(l *login, data []byte) ([]byte, string) {
	head, bare, ok := cutFirst(data)
	if !ok {
		return x.leave("the first message is no message of SCRAM, so it goes on as it is")
	}
	x.at = serverFirstNext
	x.bare, x.user = bare, userName(bare)
	x.a.gs2, x.b.gs2 = head, head
	l.s.account.user = x.user
	_, x.known = l.password(x.user)
	flag, note := x.flagTowards(l)
	switch {
	case flag == head.flag && head.typ() == "":
		return nil, ""
	case flag == "":
		return x.leave(note)
	case !x.known:
		note := fmt.Sprintf("no password for %s was given, so the binding cannot be recomputed: the bytes go on as they are, and the server will not find its own TLS connection in them", shown(x.user))
		typ, _ := strings.CutPrefix(flag, "p=")
		if own := l.s.b.data(typ); own != nil { // no secret: every login that is bound tells it
			note += fmt.Sprintf("; %s of that is %x", shown(typ), own)
		}
		return x.leave(note)
	}
	x.b.gs2 = head.with(flag)
	x.a.bind(&l.s.a)
	x.b.bind(&l.s.b)
	if x.b.gs2.typ() == "" && isPlus(l.mechanism) {
		l.towards = strings.TrimSuffix(l.mechanism, "-PLUS")
	}
	if flag == head.flag {
		return nil, ""
	}
	return append(bytes.Clone(x.b.gs2.head), bare...), note
}

// flagTowards is the flag for the server. It is empty where there is none that
// could work.
func (x *scramLogin) flagTowards(l *login) (flag, note string) {
	s, head := l.s, x.a.gs2
	typ := head.typ()
	if typ == "" {
		if head.flag == "y" && offersPlus(&s.real, l) && !offersPlus(&s.shown, l) {
			return "n", "the client says y, because the features it saw had no -PLUS; the server gets n, for a client that cannot bind"
		}
		return head.flag, ""
	}
	if s.a.data(typ) == nil {
		return "", "the client binds by " + shown(typ) + ", and its TLS connection with the proxy has none: the bytes go on as they are, and the server will refuse"
	}
	if to := typeTowards(typ, &s.a, &s.b, s.real.types); to != "" {
		if to == typ {
			return head.flag, ""
		}
		return "p=" + to, fmt.Sprintf("the client binds by %s; towards the server it is %s", shown(typ), to)
	}
	plain := strings.TrimSuffix(l.mechanism, "-PLUS")
	if !l.begun && s.real.offers(l.sasl2, plain) {
		return "n", fmt.Sprintf("the client binds by %s; the connection to the server cannot be bound, so the server gets %s without binding", shown(typ), plain)
	}
	return "", "the client binds by " + shown(typ) + ", and the proxy's connection to the server has nothing to bind to: the bytes go on as they are, and the server will refuse"
}

func offersPlus(of *lists, l *login) bool {
	for _, m := range of.of(l.sasl2) {
		if isPlus(m) {
			return true
		}
	}
	return false
}

// serverFirst goes on as it is, unless it repeats lists that the client has seen
// edited.
func (x *scramLogin) serverFirst(l *login, data []byte) ([]byte, string) {
	x.at = finalNext
	x.a.first, x.b.first = data, data
	fixed, note := l.fixed(data)
	same := bytes.Equal(x.a.gs2.head, x.b.gs2.head) && bytes.Equal(x.a.cb, x.b.cb)
	switch {
	case fixed == nil && same:
		return x.leave(note)
	case !x.known:
		return x.leave("the server repeats under h= or t= what it offered, and the client saw something else; no password was given to sign it anew, so a client that checks it stops here")
	}
	salt, ok := decode64(attr(data, 's'))
	n, counted := iterationsOf(attr(data, 'i'), l.s.o.MaxIterations)
	if !ok || !counted || attr(data, 'r') == nil {
		return x.leave("the server's first message has no nonce, no salt, or no count that is worked out here: from here on nothing is changed, and the login will fail")
	}
	password, _ := l.password(x.user)
	if x.keys, ok = x.hash.keys(password, salt, n); !ok {
		return x.leave("the key cannot be derived: from here on nothing is changed, and the login will fail")
	}
	if fixed != nil {
		x.a.first = fixed
	}
	return fixed, note
}

// fixed is the server's first message as it fits what the client has seen; nil
// where it fits.
func (l *login) fixed(data []byte) (out []byte, note string) {
	s := l.s
	if h := attr(data, 'h'); h != nil && !s.real.cut {
		real := sasl.ListHash(l.mechanism, s.real.of(l.sasl2), s.real.types)
		seen := sasl.ListHash(l.mechanism, s.shown.of(l.sasl2), s.shown.types)
		switch {
		case real == seen:
		case string(h) == real:
			out, note = withAttr(data, 'h', []byte(seen)), "h= is now the hash of the lists that the client saw (XEP-0474 §6)"
		default:
			note = "h= is not the hash of the lists that the server sent, so it is left as it is"
		}
	}
	if t := attr(data, 't'); t != nil && s.a.Version != s.b.Version && s.a.Version != 0 && string(t) == fmt.Sprintf("%04x", s.b.Version) {
		if out == nil {
			out = data
		}
		out = withAttr(out, 't', fmt.Appendf(nil, "%04x", s.a.Version))
		note = strings.TrimPrefix(note+"; t= is now the version of the client's TLS (XEP-0515 §4)", "; ")
	}
	return out, note
}

// final checks the client's last message and makes the server's of it. The proof
// is not replaced but carried over: what it claims ClientKey to be is taken from
// it and proven again over the other AuthMessage. So a right one stays right, and
// a wrong one is refused by the server itself. Where it is not the proof that is
// wrong but what it is bound to, both are spoilt, so that no careless server takes
// them.
func (x *scramLogin) final(data []byte) ([]byte, string) {
	x.at = serverFinalNext
	cut := bytes.LastIndex(data, []byte(",p="))
	if cut < 0 {
		return x.leave("the client's last message has no proof, so it goes on as it is")
	}
	without := data[:cut]
	proof, ok := decode64(data[cut+len(",p="):])
	input, bound := decode64(attr(without, 'c'))
	if !ok || len(proof) != x.hash().Size() || !bound {
		return x.leave("the client's last message cannot be read, so it goes on as it is, and the server will refuse it")
	}
	if bound = x.a.bound(input); !bound && x.a.absent != nil {
		x.leaveOutContext()
		bound = x.a.bound(input)
	}
	authA := authMessage(x.bare, x.a.first, without)
	clientKey := x.keys.clientKey(x.hash, proof, authA)
	owns := x.keys.owns(x.hash, clientKey)

	towards := x.b.input()
	if !bound {
		towards = complement(towards)
	}
	withoutB := withAttr(without, 'c', encode(towards))
	authB := authMessage(x.bare, x.b.first, withoutB)
	proofB := x.keys.proof(x.hash, clientKey, authB)
	if !bound {
		proofB = complement(proofB)
	}
	x.a.signature, x.b.signature = x.hash.mac(x.keys.server, authA), x.hash.mac(x.keys.server, authB)
	nonce := bytes.Equal(attr(without, 'r'), attr(x.b.first, 'r'))
	x.right = bound && owns && nonce
	out := append(append(withoutB, ",p="...), encode(proofB)...)
	return out, x.judged(bound, owns, nonce)
}

// leaveOutContext computes the exporter as the client may do it; whoever it logs
// in with does the same then.
func (x *scramLogin) leaveOutContext() {
	x.a.cb = x.a.absent
	if x.b.absent != nil {
		x.b.cb = x.b.absent
	}
}

func (x *scramLogin) judged(bound, owns, nonce bool) string {
	switch {
	case !bound:
		return "the client's c= is not what its first message and its TLS connection with the proxy make of it: it was changed on its way, or somebody else stands between. The server gets a proof that it must refuse"
	case !owns:
		return "the client's proof does not fit the password that the proxy was given; the server gets one that is wrong in the same way, and refuses it itself"
	case !nonce:
		return "the client's last message has another nonce than the server's first; it goes on so, and the server must refuse it"
	}
	return "the client's proof fits the password; it was made anew for the proxy's own TLS connection to the server"
}

// serverFinal checks the server's signature and makes that of the client's side.
// A wrong one stays as it is: it is wrong for the client too.
func (x *scramLogin) serverFinal(data []byte) ([]byte, string) {
	x.at = handsOff
	if bytes.HasPrefix(data, []byte("e=")) {
		return nil, ""
	}
	signature, ok := decode64(attr(data, 'v'))
	switch {
	case !ok:
		return nil, "the server's last message has no signature, so it goes on as it is"
	case subtle.ConstantTimeCompare(signature, x.b.signature) != 1:
		return nil, "the server's signature does not fit the password: the server does not have the key, or somebody changed it. It goes on as it is, so that the client refuses it"
	case !x.right:
		return nil, "the server accepts a proof that is wrong"
	}
	return withAttr(data, 'v', encode(x.a.signature)), "the server's signature is right; the client gets the one for its own TLS connection"
}
