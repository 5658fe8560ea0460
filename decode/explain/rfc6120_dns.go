package explain

import (
	"cmp"
	"slices"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/dnswire"
	"xmppscope/decode/spec"
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
	case m.RCode == "NXDOMAIN":
		return "answers: no such name (DNS)"
	case m.RCode != "NOERROR":
		return "answers: " + m.RCode + " (DNS)"
	case m.Truncated:
		return "answers: too long, ask over TCP (DNS)"
	case len(m.Answers) == 0:
		return "answers: no such record (DNS)"
	}
	r := m.Answers[0]
	if order := places(m); len(order) > 0 {
		r = order[0]
	}
	return "answers: " + target(&r) + when(len(m.Answers) > 1, " and "+count(len(m.Answers)-1, "more")) + " (DNS)"
}

// target is where a record leads.
func target(r *dnswire.Record) string {
	switch {
	case r.Type == "SRV" && r.Target == ".":
		return "not offered"
	case r.Type == "SRV":
		return name(r.Target) + ":" + digits(int(r.Port))
	case r.Address.IsValid():
		return r.Address.String()
	case r.Target != "":
		return name(r.Target)
	}
	return name(r.Text)
}

// places are the SRV records of an answer in the order in which they are to be
// tried; those of one priority in any order.
func places(m dnswire.Message) []dnswire.Record {
	var all []dnswire.Record
	for _, r := range m.Answers {
		if r.Type == "SRV" {
			all = append(all, r)
		}
	}
	slices.SortStableFunc(all, func(a, b dnswire.Record) int { return cmp.Compare(a.Priority, b.Priority) })
	return all
}

func explainDNS(x *Explanation, e *decode.Event, _ *xmlstream.Node) {
	m, err := decode.DNSOf(e)
	if err != nil {
		return
	}
	asked := value(e.Type) + " record of " + value(e.To) + "."
	x.What = sender(e) + " answers the question for the " + asked
	if !m.Response {
		x.What = sender(e) + " asks DNS for the " + asked
		x.What = say(x.What, when(strings.HasPrefix(e.To, "_xmpps-"), "What stands there takes TLS from the first byte (XEP-0368)."))
		x.Expect = "An answer, or none; then the question is asked again."
	} else {
		explainAnswer(x, m)
	}
	if e.Type != "SRV" {
		x.Why = "A host has a name, but a connection needs an address."
		x.Ref = spec.RFC(6120, "3.2")
	}
}

// explainAnswer says what an answer means for the way to the server
// (RFC 6120 §3.2.1 and §3.2.2).
func explainAnswer(x *Explanation, m dnswire.Message) {
	order := places(m)
	switch {
	case m.RCode == "NOERROR" && m.Truncated:
		x.What = say(x.What, "The answer is too long for one datagram and was cut off, so it is not to be used.")
		x.Expect = "The same question is asked again over TCP (RFC 7766)."
	case len(order) > 0 && order[0].Target == ".":
		x.What = say(x.What, "The domain says that it does not offer this service.")
		x.Expect = "Nothing else is tried for it: the domain has decided."
	case len(order) > 0:
		x.What = say(x.What, "The order to try: "+and(inOrder(order))+".")
		x.Expect = "The first host is looked up and connected to. If it does not answer, the next one is tried. There is no going back to the domain itself, because SRV records exist."
	case m.RCode != "NOERROR" || len(m.Answers) == 0:
		x.What = say(x.What, "There is none.")
		x.Expect = "Without SRV records the domain itself is tried: its address, at port 5222 for clients or 5269 between servers."
		if len(m.Questions) > 0 && m.Questions[0].Type != "SRV" {
			x.Expect = "Another record is asked for, or another host is tried."
		}
	default:
		x.What = say(x.What, "It leads to "+target(&m.Answers[0])+".")
		x.Expect = "A connection to one of the addresses, at the port that SRV has named or else the usual one."
	}
}

// maxPlaces is how many hosts are named in a sentence.
const maxPlaces = 6

// inOrder names hosts as they are tried: those of one priority together, for
// there the weight decides by chance.
func inOrder(order []dnswire.Record) []string {
	var words []string
	for i := 0; i < len(order); {
		same := []string{}
		j := i
		for ; j < len(order) && order[j].Priority == order[i].Priority; j++ {
			same = append(same, target(&order[j])+when(order[j].Weight > 0, " (weight "+digits(int(order[j].Weight))+")"))
		}
		if len(same) > maxPlaces {
			same = append(same[:maxPlaces], count(len(same)-maxPlaces, "more"))
		}
		if len(words) == maxPlaces {
			return append(words, "more")
		}
		words = append(words, pick(i == 0, "first ", "then ")+strings.Join(same, " or "))
		i = j
	}
	return words
}
