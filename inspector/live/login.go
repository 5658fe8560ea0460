package live

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
	"unicode/utf8"

	"xmppscope/decode"
	"xmppscope/decode/sasl"
	"xmppscope/decode/xmlstream"
	"xmppscope/inspector"
)

// Login is what the login data of a unit say, taken apart so that each field can
// be changed by itself. The base64 is made of the fields again, and nothing else
// of the unit changes.
type Login struct {
	// What names the mechanism and the message.
	What string
	// Fields are in the order of the bytes.
	Fields []LoginField
	// Base64 tells that the fields make base64; else they are XML.
	Base64 bool

	fixed  [][]byte // before, between and behind the fields
	finish func(data []byte) string
}

// LoginField is one field of a message of a login.
type LoginField struct {
	Name, Meaning string
	// Came is the value as it came, Now what it is to be.
	Came, Now string
	Secret    bool
	// Base64 tells that the value itself is base64 of bytes.
	Base64 bool
	// Hex tells that Now is the bytes of the value in hexadecimal, those that the
	// base64 stands for where it is some.
	Hex bool

	raw string // the value as it came
}

// MaxField is the longest value in bytes that is taken for a field.
const MaxField = 4096

// NewLogin takes the login data of an event apart; text is the whole unit as it
// stands now, which may have been changed already. It is nil where there are no
// login data, or none that could be put together again.
func NewLogin(e *decode.Event, text string) *Login {
	l, _ := TakeApart(text, string(e.Text()), e.SASL, e.Scope)
	return l
}

// TakeApart takes the login data of a text apart. came is the text that they
// came in, x the login it belongs to with the message that came; both may be
// missing. why says in words why it cannot be done.
func TakeApart(text, came string, x *sasl.Exchange, scope *xmlstream.Scope) (now *Login, why string) {
	now, why = apart(text, x, scope)
	if now == nil {
		return nil, why
	}
	if first, _ := apart(came, x, scope); first != nil && len(first.Fields) == len(now.Fields) {
		for i := range now.Fields {
			now.Fields[i].Came, now.Fields[i].raw = first.Fields[i].Came, first.Fields[i].raw
		}
	}
	return now, ""
}

func apart(text string, x *sasl.Exchange, scope *xmlstream.Scope) (*Login, string) {
	p, ok := findPayload(text, scope)
	if !ok || p.kind == sasl.Failure {
		return xmlParts(text, scope)
	}
	data := p.data(text)
	whole := p.exchange(x, data)
	i := len(whole.Messages) - 1
	m := &whole.Messages[i]
	if m.Unsound {
		return nil, "what is there is no base64"
	}
	name := whole.Mechanism
	if name == "" {
		name = "login"
	}
	all := &Login{What: name + ", " + m.Kind.String(), Base64: true}
	all.finish = func(now []byte) string {
		if bytes.Equal(now, m.Data) || len(m.Data) == 0 && string(now) == "\x00\x00" {
			return text // nothing was put in
		}
		to := base64.StdEncoding.EncodeToString(now)
		if to == "" && !p.sasl2 {
			to = "=" // RFC 6120 §6.4.2: nothing, on purpose
		}
		return p.put(text, to)
	}
	if strings.EqualFold(whole.Mechanism, "PLAIN") && p.kind.FromInitiator() && all.plain(m.Data) {
		return all, ""
	}
	all.split(sasl.Decode(whole, i).Fields, m.Data, strings.HasPrefix(strings.ToUpper(whole.Mechanism), "SCRAM-"))
	return all, ""
}

// plain takes a message of PLAIN apart (RFC 4616 §2).
func (l *Login) plain(data []byte) bool {
	values := bytes.Split(data, []byte{0})
	if len(data) == 0 {
		values = make([][]byte, 3)
	}
	if len(values) != 3 {
		return false
	}
	for i, n := range [...]struct{ name, meaning string }{
		{"authzid", "whom to act as; empty for oneself"}, {"authcid", "whose password it is"}, {"passwd", "the password, as anybody who decodes it can read"},
	} {
		l.add(sasl.Field{Name: n.name, Meaning: n.meaning, Secret: n.name == "passwd"}, values[i], false)
		l.fixed = append(l.fixed, []byte{0})
	}
	l.fixed[0] = nil
	l.fixed = append(l.fixed, nil)
	return true
}

// add adds a field. What no line of text can hold is typed in hexadecimal.
func (l *Login) add(f sasl.Field, value []byte, scram bool) {
	d := LoginField{Name: f.Name, Meaning: f.Meaning, Secret: f.Secret, raw: string(value)}
	if scram && strings.Contains("psvc", f.Name) && len(f.Name) == 1 {
		_, err := base64.StdEncoding.DecodeString(string(value))
		d.Base64 = err == nil
	}
	text := string(value)
	if !editable(text) {
		d.Hex, text = true, hex.EncodeToString(value)
	}
	d.Came, d.Now = text, text
	l.Fields = append(l.Fields, d)
}

// editable tells whether a line of text can hold it as it is.
func editable(s string) bool {
	return utf8.ValidString(s) && !inspector.Harmful(s) && len(s) <= MaxField
}

// split takes a message apart at its fields; of fields that lie in each other
// the outer one counts.
func (l *Login) split(fields []sasl.Field, data []byte, scram bool) {
	fields = slices.Clone(fields)
	slices.SortStableFunc(fields, func(a, b sasl.Field) int {
		if a.Span.Start != b.Span.Start {
			return a.Span.Start - b.Span.Start
		}
		return b.Span.End - a.Span.End
	})
	at := 0
	for _, x := range fields {
		empty := x.Span.End == x.Span.Start
		if x.Span.Start < at || x.Span.End > len(data) || empty && (x.Span.Start == 0 || data[x.Span.Start-1] != '=') {
			continue
		}
		l.fixed = append(l.fixed, data[at:x.Span.Start])
		l.add(x, data[x.Span.Start:x.Span.End], scram)
		at = x.Span.End
	}
	if len(l.Fields) == 0 {
		l.add(sasl.Field{Name: "decoded", Meaning: "the whole message"}, data, false)
		l.fixed = append(l.fixed, nil)
		at = len(data)
	}
	l.fixed = append(l.fixed, data[at:])
}

// xmlParts takes apart what is XML itself: a refusal, and logins that have an
// element for each value.
func xmlParts(text string, scope *xmlstream.Scope) (*Login, string) {
	if len(text) > maxPayload {
		return nil, "this is too long for login data"
	}
	var tree xmlstream.Tree
	unit := []byte(text)
	n := tree.Parse(unit, scope, xmlstream.Options{})
	if n == nil || n.Kind != xmlstream.ElementNode {
		return nil, "this carries no login data"
	}
	l := &Login{finish: func(now []byte) string { return string(now) }}
	at := 0
	take := func(s xmlstream.Span, f sasl.Field) {
		l.fixed = append(l.fixed, unit[at:s.Start])
		l.add(f, s.Of(unit), false)
		at = int(s.End)
	}
	switch query := n.Child("jabber:iq:auth", "query"); {
	case n.Name.Local == "failure" && (n.Name.Space == nsSASL || n.Name.Space == nsSASL2):
		l.What = "refusal of a login"
		for c := range n.Children() {
			switch {
			case c.Name.Local == "text" && c.EndTag.Len() > 0:
				take(c.InnerSpan(), sasl.Field{Name: "text", Meaning: "words for a person; no program may depend on them"})
			case c.EndTag.Len() == 0 && len(l.Fields) == 0:
				take(c.QName, sasl.Field{Name: "condition", Meaning: "not-authorized, credentials-expired, account-disabled … (RFC 6120 §6.5)"})
			}
		}
	case n.Name.Local == "handshake" && n.EndTag.Len() > 0:
		l.What = "handshake of a component"
		take(n.InnerSpan(), sasl.Field{Name: "handshake", Meaning: "SHA-1 of the stream's id and the secret, in hexadecimal (XEP-0114 §3)"})
	case n.Name.Space == "jabber:server:dialback" && n.EndTag.Len() > 0:
		l.What = "key of dialback"
		take(n.InnerSpan(), sasl.Field{Name: "key", Meaning: "what proves the domain (XEP-0185)"})
	case query != nil:
		l.What = "login without SASL (XEP-0078)"
		for c := range query.Children() {
			if c.EndTag.Len() > 0 && c.FirstElement() == nil {
				take(c.InnerSpan(), sasl.Field{Name: c.Name.Local, Secret: c.Name.Local == "password"})
			}
		}
	}
	l.fixed = append(l.fixed, unit[at:])
	if len(l.Fields) == 0 {
		return nil, "this carries no login data"
	}
	return l, ""
}
