package live

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strings"
	"unicode/utf8"

	"xmppscope/decode"
	"xmppscope/decode/sasl"
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

	head, tail string   // of the unit, around the base64
	fixed      [][]byte // before, between and behind the fields; nil where NUL parts them
}

// LoginField is one field of a message of a login.
type LoginField struct {
	Name, Meaning string
	// Came is the value as it came, Now what it is to be.
	Came, Now string
	Secret    bool
}

// MaxField is the longest value in bytes that is taken for a field.
const MaxField = 4096

// NewLogin takes the login data of an event apart; text is the whole unit as it
// stands now, which may have been changed already. It is nil where there are no
// login data, or none that could be put together again.
func NewLogin(e *decode.Event, text string) *Login {
	x := e.SASL
	if x == nil || len(x.Messages) == 0 {
		return nil
	}
	i := len(x.Messages) - 1
	m := &x.Messages[i]
	at := bytes.Index(e.Text(), m.Base64)
	if len(m.Base64) == 0 || at < 0 || m.Unsound {
		return nil
	}
	// What was changed already keeps its surroundings.
	came := string(e.Text())
	l := &Login{What: x.Mechanism + ", " + m.Kind.String(), head: came[:at], tail: came[at+len(m.Base64):]}
	if len(text) < len(l.head)+len(l.tail) || !strings.HasPrefix(text, l.head) || !strings.HasSuffix(text, l.tail) {
		return nil
	}
	now, err := base64.StdEncoding.DecodeString(text[len(l.head) : len(text)-len(l.tail)])
	if err != nil || !editable(string(bytes.ReplaceAll(now, []byte{0}, nil))) {
		return nil
	}
	whole := false
	if strings.EqualFold(x.Mechanism, "PLAIN") {
		whole = l.plain(m.Data, now)
	} else {
		whole = l.split(sasl.Decode(x, i).Fields, m.Data, now)
	}
	if !whole {
		return nil
	}
	return l
}

// editable tells whether a line of text can hold it as it is.
func editable(s string) bool {
	return utf8.ValidString(s) && !inspector.Harmful(s) && len(s) <= MaxField
}

// plain takes a message of PLAIN apart (RFC 4616 §2).
func (l *Login) plain(came, now []byte) bool {
	old, parts := strings.Split(string(came), "\x00"), strings.Split(string(now), "\x00")
	if len(parts) != 3 || len(old) != 3 {
		return false
	}
	for i, n := range [...]struct{ name, meaning string }{
		{"authzid", "whom to act as; empty for oneself"}, {"authcid", "whose password it is"}, {"passwd", "the password, as anybody who decodes it can read"},
	} {
		l.Fields = append(l.Fields, LoginField{Name: n.name, Meaning: n.meaning, Came: old[i], Now: parts[i], Secret: n.name == "passwd"})
	}
	return true
}

// split takes a message apart at its fields; one that was changed already, or
// whose fields lie in each other, is one line.
func (l *Login) split(fields []sasl.Field, came, now []byte) bool {
	if bytes.IndexByte(now, 0) >= 0 {
		return false
	}
	fields = slices.DeleteFunc(slices.Clone(fields), func(x sasl.Field) bool { return x.Span.End <= x.Span.Start || x.Span.End > len(came) })
	slices.SortStableFunc(fields, func(a, b sasl.Field) int { return a.Span.Start - b.Span.Start })
	whole := len(fields) == 0 || !bytes.Equal(came, now)
	for i := 1; i < len(fields); i++ {
		whole = whole || fields[i].Span.Start < fields[i-1].Span.End
	}
	if whole {
		l.Fields = []LoginField{{Name: "decoded", Meaning: "the whole message", Came: string(came), Now: string(now)}}
		l.fixed = [][]byte{nil, nil}
		return true
	}
	at := 0
	for _, x := range fields {
		text := string(came[x.Span.Start:x.Span.End])
		l.Fields = append(l.Fields, LoginField{Name: x.Name, Meaning: x.Meaning, Came: text, Now: text, Secret: x.Secret})
		l.fixed = append(l.fixed, came[at:x.Span.Start])
		at = x.Span.End
	}
	l.fixed = append(l.fixed, came[at:])
	return true
}

// Decoded is the message as the fields have it now.
func (l *Login) Decoded() string {
	var b strings.Builder
	for i := range l.Fields {
		if l.fixed != nil {
			b.Write(l.fixed[i])
		} else if i > 0 {
			b.WriteByte(0)
		}
		b.WriteString(l.Fields[i].Now)
	}
	if l.fixed != nil {
		b.Write(l.fixed[len(l.Fields)])
	}
	return b.String()
}

// Encoded is the message in base64.
func (l *Login) Encoded() string { return base64.StdEncoding.EncodeToString([]byte(l.Decoded())) }

// Text is the whole unit with the message encoded again.
func (l *Login) Text() string { return l.head + l.Encoded() + l.tail }
