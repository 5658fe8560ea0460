package sasl

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"xmppscope/decode/spec"
)

const (
	ruleDigest  = "digest-fields"
	ruleRspauth = "digest-rspauth"
)

var (
	refDigestChallenge = spec.RFC(2831, "2.1.1")
	refDigestResponse  = spec.RFC(2831, "2.1.2")
	refDigestRspauth   = spec.RFC(2831, "2.1.3")
)

// directive is one name=value of a DIGEST-MD5 message.
type directive struct {
	name  string // lower case
	raw   []byte // the value's bytes, escapes undone
	value Span   // inside the quotes, if there are any
}

// digestMsg is a list of directives, made from any bytes.
type digestMsg struct {
	list   []directive
	faults []Fault
}

func parseDigest(data []byte) digestMsg {
	r := digestReader{data: data}
	for r.at < len(data) && len(r.msg.list) < maxFields {
		r.skip(" \t\r\n,")
		if r.at < len(data) {
			r.directive()
		}
	}
	return r.msg
}

type digestReader struct {
	data   []byte
	at     int
	broken bool // a line break was reported
	msg    digestMsg
}

func (r *digestReader) fault(pos int, text string) {
	if len(r.msg.faults) < maxFaults {
		r.msg.faults = append(r.msg.faults, Fault{Rule: ruleDigest, Text: text, Pos: pos, Ref: spec.RFC(2831, "7.1")})
	}
}

func (r *digestReader) skip(chars string) {
	for r.at < len(r.data) && strings.IndexByte(chars, r.data[r.at]) >= 0 {
		if r.data[r.at] == '\n' && !r.broken {
			r.broken = true
			r.fault(r.at, "a line break between the values")
		}
		r.at++
	}
}

// directive reads name = token or name = "quoted". The list is forgiving:
// blanks and empty elements are allowed anywhere between.
func (r *digestReader) directive() {
	start := r.at
	for r.at < len(r.data) && strings.IndexByte("=, \t\r\n", r.data[r.at]) < 0 {
		r.at++
	}
	name := strings.ToLower(string(r.data[start:r.at]))
	r.skip(" \t\r\n")
	if r.at == len(r.data) || r.data[r.at] != '=' || name == "" {
		r.fault(start, "not a name, \"=\" and a value")
		r.recover()
		r.msg.list = append(r.msg.list, directive{value: Span{start, r.at}, raw: r.data[start:r.at]})
		return
	}
	r.at++
	r.skip(" \t\r\n")
	d := directive{name: name}
	if r.at < len(r.data) && r.data[r.at] == '"' {
		d.raw, d.value = r.quoted()
		r.skip(" \t\r\n")
		if r.at < len(r.data) && r.data[r.at] != ',' {
			r.fault(r.at, "a comma is missing after the quoted value of "+short(printable([]byte(name))))
			r.recover()
		}
	} else {
		d.raw, d.value = r.token()
		if len(d.raw) == 0 {
			r.fault(r.at, short(printable([]byte(name)))+"= has no value")
		}
	}
	r.msg.list = append(r.msg.list, d)
}

func (r *digestReader) recover() {
	for r.at < len(r.data) && r.data[r.at] != ',' {
		r.at++
	}
}

func (r *digestReader) token() ([]byte, Span) {
	start := r.at
	r.recover()
	raw := bytes.TrimRight(r.data[start:r.at], " \t\r\n")
	r.at = start + len(raw)
	r.skip(" \t\r\n")
	return raw, Span{start, start + len(raw)}
}

func (r *digestReader) quoted() ([]byte, Span) {
	open := r.at
	r.at++
	var raw []byte
	for r.at < len(r.data) {
		c := r.data[r.at]
		switch {
		case c == '"':
			r.at++
			return raw, Span{open + 1, r.at - 1}
		case c == '\\' && r.at+1 < len(r.data):
			r.at++
			c = r.data[r.at]
		}
		raw = append(raw, c)
		r.at++
	}
	r.fault(open, "a quote that is never closed")
	return raw, Span{open + 1, len(r.data)}
}

// get finds the first directive of that name.
func (m digestMsg) get(name string) (directive, bool) {
	for _, d := range m.list {
		if d.name == name {
			return d, true
		}
	}
	return directive{}, false
}

// value is its bytes, empty where it is absent.
func (m digestMsg) value(name string) string {
	d, _ := m.get(name)
	return string(d.raw)
}

// values collects a directive that may come several times or be a list.
func (m digestMsg) values(name string) []string {
	var all []string
	for _, d := range m.list {
		if d.name == name {
			all = append(all, string(d.raw))
		}
	}
	return all
}

func (m digestMsg) isUTF8() bool { return strings.EqualFold(m.value("charset"), "utf-8") }

// digestText shows a value in the character set the message names: without
// charset=utf-8 it is ISO 8859-1, RFC 2831 §2.1.1.
func (m digestMsg) text(d directive) string {
	if m.isUTF8() || isASCII(d.raw) {
		return printable(d.raw)
	}
	var out strings.Builder
	for _, c := range d.raw {
		out.WriteRune(rune(c))
	}
	return out.String()
}

func isASCII(b []byte) bool {
	return !slices.ContainsFunc(b, func(c byte) bool { return c >= utf8.RuneSelf })
}

// digest is a whole exchange; absent messages have an empty list.
type digest struct {
	asked, answer, rspauth digestMsg
}

// readDigest sorts the messages by what they hold, so that half an exchange
// is read too.
func readDigest(x *Exchange) digest {
	var d digest
	for i := range x.Messages {
		m := &x.Messages[i]
		if len(m.Data) == 0 || m.Kind == Failure {
			continue
		}
		parsed, slot := parseDigest(m.Data), &d.asked
		if m.Kind.FromInitiator() {
			slot = &d.answer
		} else if _, final := parsed.get("rspauth"); final {
			slot = &d.rspauth
		}
		if len(slot.list) == 0 {
			*slot = parsed
		}
	}
	return d
}
