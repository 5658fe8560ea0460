package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/tlswire"
	"xmppscope/decode/xmlstream"
)

var dnsTopic = Topic{
	Name: "rfc6120-dns",
	Doc:  "DNS: from the domain of an address to the machines and ports that serve it.",
	Ref:  spec.RFC(6120, "3.2"),
	Steps: []Step{
		{Step: decode.StepDNSSRV, Ref: spec.RFC(6120, "3.2.1"),
			Text:   "The initiating side asks DNS which machines and ports serve the domain.",
			Why:    "The domain of an address is not the name of a machine. The SRV records say where its service runs, and in which order to try several places.",
			Expect: "DNS answers with a list of hosts and ports, or with nothing; then the domain itself is tried at the usual port."},
	},
	Kinds:   []decode.Kind{decode.KindDNS},
	Title:   dnsTitle,
	Explain: explainDNS,
}

func dnsTitle(e *decode.Event) string {
	m, err := decode.DNSOf(e)
	switch {
	case err != nil:
		return "asks DNS where the domain is served"
	case !m.Response:
		return "asks DNS: " + short(e.Type, 10) + " of " + name(e.To)
	case m.RCode != "NOERROR":
		return "DNS answers: " + m.RCode
	case len(m.Answers) == 0:
		return "DNS answers: no such record"
	}
	r := m.Answers[0]
	what := r.Target
	switch {
	case r.Type == "SRV" && r.Target == ".":
		return "DNS answers: the service is not offered"
	case r.Type == "SRV":
		what = short(what, inTitle) + ":" + digits(int(r.Port))
	case r.Address.IsValid():
		what = r.Address.String()
	}
	return "DNS answers: " + name(what) + when(len(m.Answers) > 1, " and "+count(len(m.Answers)-1, "more"))
}

func explainDNS(x *Explanation, e *decode.Event, _ *xmlstream.Node) {
	m, err := decode.DNSOf(e)
	if err != nil {
		return
	}
	if m.Response {
		x.What = "DNS answers the question for " + value(e.Type) + " of " + value(e.To) + "."
		x.Expect = "Hosts are tried in the order of their priority, at the port that is named. Without SRV records the domain itself is tried: port 5222 for clients, 5269 between servers."
		if m.RCode == "NOERROR" && len(m.Answers) > 0 && m.Answers[0].Type == "SRV" {
			x.Expect = "The lowest priority comes first. If a host does not answer, the next one is tried. There is no going back to the domain itself, because SRV records exist."
		}
	} else {
		x.What = sender(e) + " asks DNS for the " + value(e.Type) + " record of " + value(e.To) + "."
		x.Expect = "An answer, or none; then the question is asked again."
	}
	if e.Type != "SRV" {
		x.Why = "A host has a name, but a connection needs an address."
		x.Ref = spec.RFC(6120, "3.2")
	}
	for _, f := range Fields(e) {
		x.more(f.Name + " = " + short(f.Value, inSentence) + when(f.Meaning != "", ": "+f.Meaning))
	}
}

// Fields are what an event below XMPP says, field by field: TLS messages and
// DNS. Values come from the wire. Other events have none.
func Fields(e *decode.Event) []tlswire.Field {
	switch e.Kind {
	case decode.KindTLS:
		return TLSMessage(e).Fields
	case decode.KindDNS:
		m, err := decode.DNSOf(e)
		if err != nil {
			return nil
		}
		var all []tlswire.Field
		for _, f := range m.Fields() {
			all = append(all, tlswire.Field{Name: f[0], Value: f[1], Meaning: f[2]})
		}
		return all
	}
	return nil
}
