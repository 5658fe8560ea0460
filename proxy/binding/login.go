package binding

import (
	"bytes"
	"strings"
)

// login is one attempt to log in.
type login struct {
	s         *Session
	sasl2     bool
	mechanism string // as the client wrote it
	towards   string // as the server gets it
	domain    string
	begun     bool // the element that names the mechanism has gone by
	exchange  exchange
}

// exchange is what one mechanism makes of the messages. Nil bytes mean that the
// message goes on as it is.
type exchange interface {
	send(l *login, data []byte) (out []byte, note string)    // client to server
	receive(l *login, data []byte) (out []byte, note string) // server to client
	failed() (note string)
}

// choose finds the exchange for the mechanism. Letter case counts: a server that
// knows its name only in capitals refuses any other.
func (l *login) choose() exchange {
	hash, known := scramHash(l.mechanism)
	switch {
	case known && l.s.o.Mode == Recompute:
		return &scramLogin{hash: hash}
	case known:
		return &scramWatch{}
	case strings.HasPrefix(l.mechanism, "HT-"):
		return newTokenLogin(l)
	case l.mechanism == "PLAIN":
		return plainLogin{}
	case l.mechanism == "EXTERNAL":
		return remark("EXTERNAL logs in with the certificate of the TLS connection: to the server that is the proxy's, which shows the one of --client-cert, or none; the client's own stays here")
	case isPlus(l.mechanism):
		return remark("the binding of " + shown(l.mechanism) + " cannot be recomputed: the bytes go on as they are, and the server will find another TLS connection in them than its own")
	}
	return remark("")
}

func (l *login) send(p payload, e *edits) (note string) {
	if p.bad {
		l.exchange = remark("")
		return noBase64
	}
	if !p.ok {
		return ""
	}
	out, note := l.exchange.send(l, p.data)
	if out != nil {
		p.put(e, out)
	}
	return note
}

const noBase64 = "the data are no base64, so they go on as they are"

func (l *login) receive(p payload, e *edits) (note string) {
	if p.bad {
		l.exchange = remark("")
		return noBase64
	}
	if !p.ok || len(p.data) == 0 {
		return ""
	}
	out, note := l.exchange.receive(l, p.data)
	if out != nil {
		p.put(e, out)
	}
	return note
}

func (l *login) failed() string { return l.exchange.failed() }

// password asks for that of the account.
func (l *login) password(user string) (string, bool) {
	if l.s.o.Password == nil || user == "" {
		return "", false
	}
	return l.s.o.Password(user, l.domain)
}

// remark is an exchange that is not touched; the sentence is said once.
type remark string

func (remark) send(*login, []byte) ([]byte, string)    { return nil, "" }
func (remark) receive(*login, []byte) ([]byte, string) { return nil, "" }
func (remark) failed() string                          { return "" }

// plainLogin learns who logs in, for the token that may follow.
type plainLogin struct{}

func (plainLogin) send(l *login, data []byte) ([]byte, string) {
	if parts := bytes.SplitN(data, []byte{0}, 3); len(parts) == 3 {
		l.s.account.user = string(parts[1])
	}
	return nil, ""
}

func (plainLogin) receive(*login, []byte) ([]byte, string) { return nil, "" }
func (plainLogin) failed() string                          { return "" }

// scramWatch says what stripping the features leads to, and changes nothing.
type scramWatch struct{ sent, got int }

func (x *scramWatch) send(l *login, data []byte) ([]byte, string) {
	x.sent++
	head, bare, ok := cutFirst(data)
	if x.sent > 1 || !ok {
		return nil, ""
	}
	l.s.account.user = userName(bare)
	switch {
	case head.typ() != "":
		return nil, "the client binds the login to its TLS connection although nothing in the features said that it can: the server will find another connection than its own and refuse"
	case head.flag == "y" && offersPlus(&l.s.real, l) && !offersPlus(&l.s.shown, l):
		return nil, "the client says y: it could bind the login to the TLS connection, but saw no -PLUS. The server knows that it offered one, so it must refuse (RFC 5802 §6): the removal is found out"
	}
	return nil, ""
}

func (x *scramWatch) receive(l *login, data []byte) ([]byte, string) {
	if x.got++; x.got > 1 {
		return nil, ""
	}
	if _, notes := l.fixed(data); notes != "" {
		return nil, "the server repeats under h= or t= what it offered (XEP-0474 §6, XEP-0515 §4), and the client saw something else: a client that checks it stops here. Without the password this cannot be signed anew"
	}
	return nil, ""
}

func (x *scramWatch) failed() string { return "" }
