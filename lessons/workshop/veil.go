package workshop

import (
	"bytes"
	"slices"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/sasl"
	"xmppscope/decode/xmlstream"
)

// star stands for each byte of a secret: what is left stays where it was.
const star = '*'

// secretElements are elements whose text lets whoever reads it in: passwords of
// accounts and rooms (XEP-0078; XEP-0077; XEP-0045), proofs of components
// (XEP-0114), tokens (XEP-0484).
var secretElements = []string{"password", "passwd", "digest", "handshake", "token", "secret"}

// secretAttributes are attributes of that sort.
var secretAttributes = []string{"password", "token", "secret"}

// secretFields are words in the names of form fields of that sort (XEP-0004).
var secretFields = []string{"pass", "secret", "token"}

// secretHeaders are header fields of HTTP of that sort (RFC 9110 §11.6; RFC 6265).
var secretHeaders = []string{"authorization", "proxy-authorization", "cookie", "set-cookie"}

// veil gives an event as strangers may see it: with stars for what lets whoever
// reads it in. The event that comes back is the same where nothing had to be
// hidden; else it is a copy that knows no login any more.
func veil(e *decode.Event) (_ *decode.Event, hidden bool) {
	text := e.Text()
	v := veiler{text: text}
	switch e.Kind {
	case decode.KindHTTP:
		v.http()
	case decode.KindHeld, decode.KindBroken:
		v.hide(0, len(text)) // what it says is not known
	default:
		v.element(e)
	}
	if v.out == nil {
		return e, false
	}
	c := *e
	c.SASL, c.Original, c.Body = nil, nil, nil
	if c.XML != nil {
		c.XML, c.Wire = v.out, nil
	} else {
		c.Wire = v.out
	}
	return &c, true
}

// veiler hides parts of a text.
type veiler struct {
	text, out []byte
}

func (v *veiler) hide(from, to int) {
	for i := max(from, 0); i < min(to, len(v.text)); i++ {
		if v.out == nil {
			v.out = slices.Clone(v.text)
		}
		if c := v.text[i]; c != '\n' && c != '\r' {
			v.out[i] = star
		}
	}
}

// http hides header fields that let somebody in, and the body: elements in it are
// events of their own.
func (v *veiler) http() {
	at := 0
	for at < len(v.text) {
		line, _, more := bytes.Cut(v.text[at:], []byte("\n"))
		if len(bytes.TrimRight(line, "\r")) == 0 {
			v.hide(at+len(line), len(v.text))
			return
		}
		if name, value, ok := bytes.Cut(line, []byte(":")); ok && slices.Contains(secretHeaders, strings.ToLower(string(bytes.TrimSpace(name)))) {
			v.hide(at+len(line)-len(value), at+len(line))
		}
		if at += len(line) + 1; !more {
			return
		}
	}
}

// element hides what a login says, and what stands in known places.
func (v *veiler) element(e *decode.Event) {
	everything := false
	if x := e.SASL; x != nil {
		for _, f := range sasl.Decode(x, len(x.Messages)-1).Fields {
			everything = everything || f.Secret
		}
	}
	var tree xmlstream.Tree
	n := e.Element(&tree)
	switch {
	case n != nil && tree.Err() == nil:
		v.node(n, everything)
	case everything || n != nil || len(e.Errs) > 0:
		v.hide(0, len(v.text))
	}
}

func (v *veiler) node(n *xmlstream.Node, inSecret bool) {
	inSecret = inSecret || slices.Contains(secretElements, n.Name.Local)
	field := false
	for i := range n.Attrs {
		a := &n.Attrs[i]
		value := strings.ToLower(string(v.text[a.Raw.Start:a.Raw.End]))
		field = field || a.Name.Local == "type" && value == "text-private"
		for _, word := range secretFields {
			field = field || a.Name.Local == "var" && strings.Contains(value, word)
		}
		if slices.Contains(secretAttributes, a.Name.Local) {
			v.hide(int(a.Raw.Start), int(a.Raw.End))
		}
	}
	inSecret = inSecret || field && n.Name.Local == "field"
	for c := n.FirstChild; c != nil; c = c.Next {
		switch {
		case c.Kind == xmlstream.ElementNode:
			v.node(c, inSecret)
		case inSecret:
			v.hide(int(c.Span.Start), int(c.Span.End))
		}
	}
}
