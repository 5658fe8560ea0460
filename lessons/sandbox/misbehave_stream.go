package sandbox

import (
	"slices"
	"strings"

	"xmppscope/decode/xmlstream"
)

// streamConditions are those of RFC 6120 §4.9.3.
var streamConditions = [...]string{"bad-format", "bad-namespace-prefix", "conflict", "connection-timeout", "host-gone", "host-unknown", "improper-addressing",
	"internal-server-error", "invalid-from", "invalid-namespace", "invalid-xml", "not-authorized", "not-well-formed", "policy-violation",
	"remote-connection-failed", "reset", "resource-constraint", "restricted-xml", "see-other-host", "system-shutdown", "undefined-condition",
	"unsupported-encoding", "unsupported-feature", "unsupported-stanza-type", "unsupported-version"}

// atHeader are those that a header provokes.
var atHeader = [...]string{"bad-namespace-prefix", "host-gone", "host-unknown", "improper-addressing", "internal-server-error", "invalid-namespace",
	"remote-connection-failed", "see-other-host", "unsupported-encoding", "unsupported-version"}

// streamFaults end the stream, each with one condition.
func streamFaults() (all []misbehaviour) {
	for _, name := range streamConditions {
		e := &streamError{condition: name}
		m := misbehaviour{Misbehaviour: Misbehaviour{Name: "stream-error-" + name, Condition: name, About: "ends the stream with <" + name + "/> at the first stanza"}}
		if name == "see-other-host" {
			e.inside = "elsewhere.example:5222"
			m.Rule = "see-other-host-clear"
		}
		if slices.Contains(atHeader[:], name) {
			m.header, m.About = e, "answers the stream header with <"+name+"/>"
		} else {
			m.stanza = e
		}
		all = append(all, m)
	}
	bare := misbehaviour{Misbehaviour: Misbehaviour{Name: "stream-error-no-condition", Rule: "stream-error-no-condition", About: "ends the stream without saying why"},
		stanza: &streamError{}}
	open := misbehaviour{Misbehaviour: Misbehaviour{Name: "stream-error-not-closed", Rule: "stream-error-not-closed", About: "sends a stream error, and no end tag behind it"},
		stanza: &streamError{condition: "undefined-condition"},
		alter: func(_ *conn, xml string) string {
			if strings.Contains(xml, "<stream:error") {
				return strings.TrimSuffix(xml, "</stream:stream>")
			}
			return xml
		}}
	return append(all, bare, open)
}

// headerFaults are in the server's stream header (RFC 6120 §4.7, §4.8).
func headerFaults() []misbehaviour {
	set := func(name, value string) func(*conn, string) string {
		return onHeader(func(xml string) string {
			at := strings.Index(xml, "<stream:stream")
			return xml[:at] + setAttr(xml[at:], name, value)
		})
	}
	return []misbehaviour{
		{Misbehaviour: Misbehaviour{Name: "header-no-id", Rule: "stream-id-missing", About: "leaves the id of the stream out"}, alter: set("id", "")},
		{Misbehaviour: Misbehaviour{Name: "header-same-id", Rule: "stream-id-reused", About: "gives every stream the same id"}, alter: set("id", "1")},
		{Misbehaviour: Misbehaviour{Name: "header-no-from", Rule: "stream-from-missing-response", About: "does not say who it is"}, alter: set("from", "")},
		{Misbehaviour: Misbehaviour{Name: "header-no-lang", Rule: "stream-lang-missing", About: "names no language"}, alter: set("xml:lang", "")},
		{Misbehaviour: Misbehaviour{Name: "header-version", Rule: "stream-version-too-high", About: "answers with a version above that of the client"}, alter: set("version", "2.0")},
		{Misbehaviour: Misbehaviour{Name: "header-namespace", Rule: "content-ns-mismatch", About: "answers in the namespace of servers"}, alter: set("xmlns", "jabber:server")},
		{Misbehaviour: Misbehaviour{Name: "header-https", Rule: "stream-ns-wrong", About: "writes the namespace of streams with https"},
			alter: set("xmlns:stream", strings.Replace(xmlstream.NSStreams, "http:", "https:", 1))},
	}
}

// featureFaults are in <stream:features/> (RFC 6120 §4.3.2).
func featureFaults() []misbehaviour {
	list := func(f func(string) string) func(*conn, string) string { return on("stream:features", f) }
	drop := func(name string) func(*conn, string) string {
		return list(func(xml string) string { return withoutElement(xml, name) })
	}
	add := func(when, more string) func(*conn, string) string {
		return list(func(xml string) string {
			if when != "" && !strings.Contains(xml, when) {
				return xml
			}
			return insert(xml, more)
		})
	}
	clearPlain := element(text("PLAIN", "mechanism"), "mechanisms", "xmlns", nsSASL)
	return []misbehaviour{
		{Misbehaviour: Misbehaviour{Name: "features-missing", Rule: "features-missing", About: "sends no features behind its header, but a message"},
			alter: list(func(string) string { return "<message><body>Hello!</body></message>" })},
		{Misbehaviour: Misbehaviour{Name: "features-late", Rule: "features-late", About: "sends features again once a resource is bound"},
			alter: on("iq", func(xml string) string {
				if strings.Contains(xml, nsBind) {
					xml += element(element("", "csi", "xmlns", nsCSI), "stream:features")
				}
				return xml
			})},
		{Misbehaviour: Misbehaviour{Name: "features-child", Rule: "features-child-ns", About: "lists a feature without a namespace of its own"}, alter: add("", "<stream:extra/>")},
		{Misbehaviour: Misbehaviour{Name: "starttls-absent", Rule: "starttls-absent", About: "takes STARTTLS off the list, as somebody between would"}, alter: drop("starttls")},
		{Misbehaviour: Misbehaviour{Name: "starttls-again", Rule: "features-starttls-again", About: "offers STARTTLS inside TLS"},
			alter: add("<mechanisms", element("", "starttls", "xmlns", nsTLS))},
		{Misbehaviour: Misbehaviour{Name: "starttls-crowded", Rule: "features-starttls-crowded", About: "requires STARTTLS and lists more beside it"},
			alter: add("<required/></starttls>", element("", "csi", "xmlns", nsCSI))},
		{Misbehaviour: Misbehaviour{Name: "plain-in-clear", Rule: "sasl-plain-offered-clear", About: "offers PLAIN without TLS"}, alter: add("<starttls", clearPlain)},
		{Misbehaviour: Misbehaviour{Name: "mechanisms-missing", Rule: "features-sasl-missing", About: "offers no way to log in"}, alter: drop("mechanisms")},
		{Misbehaviour: Misbehaviour{Name: "bind-missing", Rule: "features-bind-missing", About: "offers no resource after the login"}, alter: drop("bind")},
		{Misbehaviour: Misbehaviour{Name: "bind-early", Rule: "features-bind-early", About: "offers a resource before the login"},
			alter: add("<mechanisms", element("", "bind", "xmlns", nsBind))},
	}
}

// tlsFaults are those of STARTTLS and of certificates.
func tlsFaults() []misbehaviour {
	return []misbehaviour{
		{Misbehaviour: Misbehaviour{Name: "starttls-whitespace", Rule: "starttls-whitespace", About: "puts a line end behind <proceed/>, where TLS has to begin"},
			alter: on("proceed", func(xml string) string { return xml + "\n" })},
		{Misbehaviour: Misbehaviour{Name: "starttls-failure", Condition: "failure", About: "refuses STARTTLS"}},
		{Misbehaviour: Misbehaviour{Name: "starttls-failure-open", Rule: "starttls-failure-left-open", About: "refuses STARTTLS, and does not close the stream"}},
		{Misbehaviour: Misbehaviour{Name: "certificate-name", Rule: "cert-name-mismatch", About: "shows a certificate for another domain"}},
		{Misbehaviour: Misbehaviour{Name: "certificate-expired", Rule: "cert-dates", About: "shows a certificate that is no longer good"}},
		{Misbehaviour: Misbehaviour{Name: "certificate-self-signed", Rule: "cert-untrusted", About: "shows a certificate that signed itself"}},
		{Misbehaviour: Misbehaviour{Name: "tls-cut", Rule: "tls-close-notify-missing", About: "ends TCP without ending TLS"}},
	}
}
