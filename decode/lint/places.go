package lint

import (
	"bytes"
	"slices"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/tlswire"
	"xmppscope/decode/xmlstream"
)

// A finder says where in an event stands what a rule is about; n is its element,
// nil where it has none.
type finder func(e *decode.Event, n *xmlstream.Node) xmlstream.Span

// places are the rules whose findings stand somewhere else than in the start tag
// of the element. A rule that knows better says so itself.
var places = map[string]finder{
	"anonymous-trace":              login,
	"bind-before-restart":          child("bind"),
	"bind-jid-ignored":             value("from"),
	"bind-missing":                 feature("bind"),
	"bind-resource-predictable":    child("jid", "resource", "bind"),
	"bind-twice":                   child("bind"),
	"bosh-body":                    inBody("xmlns"),
	"bosh-inactive":                inBody("sid"),
	"bosh-overactive":              inBody("rid"),
	"bosh-rid":                     inBody("rid"),
	"bosh-sid":                     inBody("sid"),
	"caps-hash-wrong":              valueOf("ver", "c"),
	"component-handshake":          content,
	"compress-used":                child("method"),
	"content-ns-mismatch":          declared,
	"content-ns-unsupported":       declared,
	"dialback-clear":               content,
	"dialback-key-wrong":           content,
	"digest-rspauth":               login,
	"error-answered":               child("error"),
	"error-id-lost":                value("id"),
	"error-shape":                  value("type"),
	"fast-0rtt-count":              valueOf("count", "fast"),
	"fast-mechanism-changed":       value("mechanism"),
	"features-bind-early":          feature("bind"),
	"features-starttls-again":      feature("starttls"),
	"features-starttls-crowded":    feature("starttls"),
	"from-spoofed":                 value("from"),
	"iq-answer-unasked":            value("id"),
	"iq-auth-used":                 child("query"),
	"iq-type":                      value("type"),
	"iq-unanswered":                value("id"),
	"lang-lost":                    value("lang"),
	"oauth-clear":                  mechanisms(func(m string) bool { return m == "OAUTHBEARER" }),
	"ping-ignored":                 child("ping"),
	"prefix-rebound":               qname,
	"redirect-loop":                child("see-other-host"),
	"roster-push-spoofed":          value("from"),
	"roster-ver-unoffered":         valueOf("ver", "query"),
	"sasl-authzid-full-jid":        login,
	"sasl-from-mismatch":           child("authorization-identifier"),
	"sasl-mechanism-not-offered":   value("mechanism"),
	"sasl-plain-needless":          mechanisms(func(m string) bool { return m == "PLAIN" }),
	"sasl-plain-offered-clear":     mechanisms(sendsPassword),
	"sasl-plain-over-stronger":     value("mechanism"),
	"sasl-plain-used-clear":        login,
	"sasl-plus-skipped":            value("mechanism"),
	"sasl-retries":                 condition,
	"sasl-abort-unanswered":        condition,
	"sasl-user-enumeration":        condition,
	"sasl-weak-mechanism":          value("mechanism"),
	"sasl2-clear":                  feature("authentication"),
	"sasl2-user-agent":             child("user-agent"),
	"scram-cb-list":                feature("sasl-channel-binding"),
	"scram-downgrade-suspected":    login,
	"scram-nonce-reused":           login,
	"scram-proof-wrong":            login,
	"scram-salt-shared":            login,
	"scram-salt-unstable":          login,
	"scram-server-signature-wrong": login,
	"see-other-host-clear":         child("see-other-host"),
	"session-needless":             child("session"),
	"sm-resume-incomplete":         value("previd"),
	"stanza-wrong-content-ns":      qname,
	"starttls-plaintext-injection": value("id"),
	"stream-response-to-wrong":     value("to"),
	"stream-version-too-high":      value("version"),
	"subscription-state":           value("type"),
	"tls-alpn-wrong":               field("ALPN"),
	"tls-cbc-no-etm":               field("cipher_suite"),
	"tls-cipher-forbidden":         field("cipher_suite"),
	"tls-compression":              field("compression_method"),
	"tls-legs-differ":              login,
	"tls-no-forward-secrecy":       field("cipher_suite"),
	"tls-sni-mismatch":             field("SNI"),
	"tls-version-weak":             field("supported_versions", "legacy_version"),
}

func place(rule string, e *decode.Event, n *xmlstream.Node) xmlstream.Span {
	find := places[rule]
	if find != nil {
		if s := find(e, n); s.Len() > 0 {
			return s
		}
	}
	switch {
	case n != nil:
		return n.Tag
	case e.Kind == decode.KindClose, e.Kind == decode.KindSpace, e.Kind == decode.KindBroken, e.Kind == decode.KindHeld, e.Kind == decode.KindTLS:
		return xmlstream.Span{End: int32(len(e.Text()))}
	case e.Kind == decode.KindHTTP:
		line := bytes.IndexByte(e.Text(), '\n')
		return xmlstream.Span{End: int32(max(line, 0))}
	}
	return xmlstream.Span{}
}

// value is an attribute of the element.
func value(local string) finder {
	return func(_ *decode.Event, n *xmlstream.Node) xmlstream.Span { return valueIn(n, local) }
}

func valueIn(n *xmlstream.Node, local string) xmlstream.Span {
	if n == nil {
		return xmlstream.Span{}
	}
	for i := range n.Attrs {
		if a := &n.Attrs[i]; a.Name.Local == local && a.Name.Space != "xmlns" {
			return a.Raw
		}
	}
	return xmlstream.Span{}
}

// child is the first element of one of the names at any depth, looked for in
// their order.
func child(locals ...string) finder {
	return func(_ *decode.Event, n *xmlstream.Node) xmlstream.Span {
		for _, local := range locals {
			if c := below(n, local); c != nil {
				return c.Span
			}
		}
		return xmlstream.Span{}
	}
}

// valueOf is an attribute of such an element, or the whole element.
func valueOf(attr, local string) finder {
	return func(_ *decode.Event, n *xmlstream.Node) xmlstream.Span {
		c := below(n, local)
		if c == nil {
			return xmlstream.Span{}
		}
		if s := valueIn(c, attr); s.Len() > 0 {
			return s
		}
		return c.Tag
	}
}

// feature is one of the list of features.
func feature(local string) finder {
	return func(_ *decode.Event, n *xmlstream.Node) xmlstream.Span {
		if n != nil {
			for c := range n.Nodes() {
				if c.Kind == xmlstream.ElementNode && c.Name.Local == local {
					return c.Tag
				}
			}
		}
		return xmlstream.Span{}
	}
}

// mechanisms is the first one listed that is meant, or the login with it.
func mechanisms(meant func(string) bool) finder {
	return func(_ *decode.Event, n *xmlstream.Node) (at xmlstream.Span) {
		walk(n, func(c *xmlstream.Node) bool {
			if c.Name.Local == "mechanism" && meant(strings.TrimSpace(c.Text())) {
				at = c.Span
			}
			return at.Len() > 0
		})
		if at.Len() == 0 {
			at = valueIn(n, "mechanism")
		}
		return at
	}
}

// login is the base64 of a message of a login.
func login(e *decode.Event, n *xmlstream.Node) xmlstream.Span {
	for _, local := range []string{"initial-response", "additional-data"} {
		if c := below(n, local); c != nil {
			return c.InnerSpan()
		}
	}
	return content(e, n)
}

// content is what stands between the tags of the element.
func content(_ *decode.Event, n *xmlstream.Node) xmlstream.Span {
	if n == nil || n.FirstChild == nil {
		return xmlstream.Span{}
	}
	return n.InnerSpan()
}

// condition is the element that names a failure.
func condition(e *decode.Event, n *xmlstream.Node) xmlstream.Span {
	if e.Condition == "" {
		return xmlstream.Span{}
	}
	return child(e.Condition)(e, n)
}

// qname is the name of the element as written.
func qname(_ *decode.Event, n *xmlstream.Node) xmlstream.Span {
	if n == nil {
		return xmlstream.Span{}
	}
	return n.QName
}

// declared is the default namespace that the element declares.
func declared(_ *decode.Event, n *xmlstream.Node) xmlstream.Span {
	if n != nil {
		if a := n.FindAttr("xmlns", ""); a != nil {
			return a.Raw
		}
	}
	return xmlstream.Span{}
}

// inBody is an attribute of the wrapper of BOSH, in the text of an HTTP message.
func inBody(attr string) finder {
	return func(e *decode.Event, n *xmlstream.Node) xmlstream.Span {
		if n != nil {
			return valueIn(n, attr)
		}
		text := e.Text()
		from := bytes.Index(text, []byte("<body"))
		if from < 0 {
			return xmlstream.Span{}
		}
		tag := text[from:]
		if end := bytes.IndexByte(tag, '>'); end >= 0 {
			tag = tag[:end+1]
		}
		at := bytes.Index(tag, []byte(" "+attr+"="))
		if quote := at + len(attr) + 2; at >= 0 && quote < len(tag) {
			if end := bytes.IndexByte(tag[quote+1:], tag[quote]); end > 0 {
				return xmlstream.Span{Start: int32(from + quote + 1), End: int32(from + quote + 1 + end)}
			}
		}
		return xmlstream.Span{Start: int32(from), End: int32(from + len(tag))}
	}
}

// field is the first of these parts that a handshake message of TLS has.
func field(names ...string) finder {
	return func(e *decode.Event, _ *xmlstream.Node) xmlstream.Span {
		if e.Kind != decode.KindTLS {
			return xmlstream.Span{}
		}
		fields := tlswire.Describe(e.Wire, e.After.TLS.Version).Fields
		for _, name := range names {
			if i := slices.IndexFunc(fields, func(f tlswire.Field) bool { return strings.Contains(f.Name, name) }); i >= 0 {
				return xmlstream.Span{Start: int32(fields[i].Start), End: int32(fields[i].End)}
			}
		}
		return xmlstream.Span{}
	}
}

// below is the first element of a name at any depth.
func below(n *xmlstream.Node, local string) (found *xmlstream.Node) {
	walk(n, func(c *xmlstream.Node) bool {
		if c != n && c.Name.Local == local {
			found = c
		}
		return found != nil
	})
	return found
}

// walk visits elements in the order of their start tags until stop says so.
func walk(n *xmlstream.Node, stop func(*xmlstream.Node) bool) bool {
	if n == nil || n.Kind != xmlstream.ElementNode {
		return false
	}
	if stop(n) {
		return true
	}
	for c := range n.Nodes() {
		if walk(c, stop) {
			return true
		}
	}
	return false
}
