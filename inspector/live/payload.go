package live

import (
	"encoding/base64"
	"slices"
	"strings"

	"xmppscope/decode/sasl"
	"xmppscope/decode/xmlstream"
)

// payload is where the login data stand in a text.
type payload struct {
	span      xmlstream.Span // of what is between the tags
	kind      sasl.Kind
	mechanism string // where the text names it
	sasl2     bool
	open      string // the tag, where it is empty and has to be opened for data
	name      string
}

// maxPayload is the longest unit in bytes in which login data are looked for.
const maxPayload = 256 << 10

// Namespaces of login elements.
const (
	nsSASL  = "urn:ietf:params:xml:ns:xmpp-sasl"
	nsSASL2 = "urn:xmpp:sasl:2"
)

// Payload is the base64 of the login data in a text; false where it is of no sort
// that carries some.
func Payload(text string, scope *xmlstream.Scope) (base64 string, ok bool) {
	p, ok := findPayload(text, scope)
	if !ok {
		return "", false
	}
	return p.data(text), true
}

// findPayload finds the element that carries login data, or could.
func findPayload(text string, scope *xmlstream.Scope) (p payload, ok bool) {
	if len(text) > maxPayload || !strings.Contains(text, "sasl") {
		return p, false
	}
	var tree xmlstream.Tree
	unit := []byte(text)
	n := tree.Parse(unit, scope, xmlstream.Options{})
	if n == nil || n.Kind != xmlstream.ElementNode || n.Name.Space != nsSASL && n.Name.Space != nsSASL2 {
		return p, false
	}
	p.sasl2 = n.Name.Space == nsSASL2
	switch n.Name.Local {
	case "auth":
		p.kind = sasl.InitialResponse
		p.mechanism, _ = n.Attr("mechanism")
	case "authenticate":
		p.kind = sasl.InitialResponse
		p.mechanism, _ = n.Attr("mechanism")
		n = n.Child(nsSASL2, "initial-response")
	case "challenge":
		p.kind = sasl.Challenge
	case "response":
		p.kind = sasl.Response
	case "success", "continue":
		p.kind = sasl.SuccessData
		if p.sasl2 {
			n = n.Child(nsSASL2, "additional-data")
		}
	case "failure":
		p.kind = sasl.Failure
	default:
		return p, false
	}
	if n == nil {
		return p, false
	}
	p.span = n.InnerSpan()
	p.name = string(n.QName.Of(unit))
	if n.EndTag.Len() == 0 {
		tag := string(n.Tag.Of(unit))
		p.open = strings.TrimRight(strings.TrimSuffix(strings.TrimSuffix(tag, ">"), "/"), " \t\r\n") + ">"
		p.span = n.Span
	}
	return p, true
}

// data is the base64 of the payload; empty for none.
func (p *payload) data(text string) string {
	if p.open != "" {
		return ""
	}
	return strings.TrimSpace(text[p.span.Start:p.span.End])
}

// put is the text with other login data.
func (p *payload) put(text, data string) string {
	if p.open != "" {
		data = p.open + data + "</" + p.name + ">"
	}
	return text[:p.span.Start] + data + text[p.span.End:]
}

// Relogin is an exchange as it would be with what a text carries: its last
// message is another one. Nil where the text carries no login data.
func Relogin(x *sasl.Exchange, text []byte, scope *xmlstream.Scope) *sasl.Exchange {
	p, ok := findPayload(string(text), scope)
	if !ok || p.kind == sasl.Failure {
		return nil
	}
	return p.exchange(x, p.data(string(text)))
}

func (p *payload) exchange(x *sasl.Exchange, data string) *sasl.Exchange {
	now := sasl.Exchange{SASL2: p.sasl2}
	if x != nil {
		now = *x
		now.Messages = slices.Clone(x.Messages[:max(0, len(x.Messages)-1)])
	}
	if p.mechanism != "" {
		now.Mechanism = p.mechanism
	}
	now.Add(p.kind, []byte(data))
	return &now
}

func encoded(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
