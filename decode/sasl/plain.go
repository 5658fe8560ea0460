package sasl

import (
	"bytes"
	"unicode/utf8"

	"xmppscope/decode/spec"
)

const rulePlain = "plain-malformed"

var refPlain = spec.RFC(4616, "2")

// plainParts are the three texts of a PLAIN message.
type plainParts struct {
	authzid, authcid, passwd Span
	nulls                    int
}

func splitPlain(data []byte) plainParts {
	parts := plainParts{nulls: bytes.Count(data, []byte{0})}
	first := bytes.IndexByte(data, 0)
	if first < 0 {
		parts.authcid = Span{0, len(data)}
		parts.passwd = Span{len(data), len(data)}
		return parts
	}
	parts.authzid = Span{0, first}
	second := bytes.IndexByte(data[first+1:], 0)
	if second < 0 {
		parts.authcid = Span{first + 1, len(data)}
		parts.passwd = Span{len(data), len(data)}
		return parts
	}
	second += first + 1
	parts.authcid = Span{first + 1, second}
	parts.passwd = Span{second + 1, len(data)}
	return parts
}

func (s Span) of(data []byte) []byte { return data[s.Start:s.End] }

func (s Span) empty() bool { return s.Start == s.End }

func decodePlain(x *Exchange, i int) Decoded {
	p := newPage(x, i)
	if !p.m.Kind.FromInitiator() {
		p.unexpected()
		return p.d
	}
	if p.empty() {
		return p.d
	}
	parts := splitPlain(p.data)
	if parts.nulls == 0 {
		p.secret("data", p.all(), "should be three texts with a NUL byte between them")
		p.fault(rulePlain, len(p.data), refPlain, "no NUL byte: the name and the password cannot be told apart")
		p.summary("malformed: no NUL byte")
		return p.d
	}
	plainFields(p, parts, "passwd", "the password, in clear")
	plainFaults(p, parts)
	p.summary("user %s, password in clear", short(printable(parts.authcid.of(p.data))))
	return p.d
}

func plainFields(p *page, parts plainParts, secret, meaning string) {
	authzid := "act as this identity"
	if parts.authzid.empty() {
		authzid = "act as: empty, so as the one who logs in"
	}
	p.text("authzid", parts.authzid, authzid)
	p.text("authcid", parts.authcid, "the username: who logs in")
	p.secret(secret, parts.passwd, meaning)
}

// plainFaults checks what RFC 4616 §2 asks of the three parts.
func plainFaults(p *page, parts plainParts) {
	switch {
	case parts.nulls == 1 && parts.passwd.empty():
		p.fault(rulePlain, len(p.data), refPlain, "only one NUL byte: a second one must stand before the password")
	case parts.nulls > 2:
		third := parts.passwd.Start + bytes.IndexByte(parts.passwd.of(p.data), 0)
		p.fault(rulePlain, third, refPlain, "a third NUL byte: none may stand inside a part")
	}
	if parts.authcid.empty() {
		p.fault(rulePlain, parts.authcid.Start, refPlain, "the username is empty")
	}
	if parts.nulls > 1 && parts.passwd.empty() {
		p.fault(rulePlain, parts.passwd.Start, refPlain, "the password is empty")
	}
	if at := invalidUTF8(p.data); at >= 0 {
		p.fault(rulePlain, at, refPlain, "not valid UTF-8")
	}
}

// invalidUTF8 finds the first byte that is no UTF-8, -1 where there is none.
func invalidUTF8(b []byte) int {
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

func verifyPlain(x *Exchange, s *Secret) Verdict {
	if s.Password == "" {
		return notJudged(whyNoPassword)
	}
	sent := x.dataOf(initiator)
	if len(sent) == 0 {
		return notJudged("the exchange has no message with a password")
	}
	data := sent[0].Data
	parts := splitPlain(data)
	if parts.nulls < 2 {
		return notJudged("the message is malformed: the password cannot be found in it")
	}
	return comparePassword("passwd", string(parts.passwd.of(data)), s.Password)
}
