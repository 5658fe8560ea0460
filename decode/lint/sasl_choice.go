package lint

import (
	"slices"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/spec"
)

// saslChoiceGroup is what a server lists to log in with and what the client
// picks (RFC 6120 §6.3, §13.8).
var saslChoiceGroup = Group{
	Kinds: []decode.Kind{decode.KindFeatures, decode.KindNonza},
	Check: checkChoice,
	Rules: []Rule{
		{Name: "sasl-plain-offered-clear", Level: LevelError, Who: WhoReceiver, Needs: Outside, Ref: spec.RFC(6120, "13.8.3"),
			Doc:    "A server must not invite clients to send the password as it is over a connection that is not encrypted.",
			Advice: "offer PLAIN and LOGIN inside TLS only"},
		{Name: "sasl-plain-used-clear", Level: LevelError, Who: WhoInitiator, Needs: Outside, Ref: spec.RFC(6120, "13.8.3"),
			Doc:    "A password that was sent without encryption is known to everybody on the way.",
			Advice: "change the password, and let the client log in inside TLS only"},
		{Name: "sasl-plain-over-stronger", Level: LevelError, Who: WhoInitiator, Ref: spec.RFC(6120, "13.8.3"),
			Doc:    "A client must not hand over its password where the server lists a way to log in that keeps it secret.",
			Advice: "prefer SCRAM"},
		{Name: "sasl-plain-needless", Level: LevelNote, Who: WhoReceiver, Ref: spec.RFC(6120, "13.8.3"),
			Doc:    "Where SCRAM is offered PLAIN is needed by old clients alone.",
			Advice: "leave PLAIN out once all clients have SCRAM"},
		{Name: "sasl-plus-skipped", Level: LevelNote, Who: WhoInitiator, Ref: spec.RFC(6120, "13.9.4"),
			Doc:    "A login that is tied to its TLS connection cannot be passed on by somebody in between.",
			Advice: "use the mechanism that ends in -PLUS"},
		{Name: "sasl-weak-mechanism", Level: LevelWarning, Who: WhoInitiator, Ref: spec.RFC(6331, "1"),
			Doc:    "Some ways to log in are so old that they protect badly, even inside TLS.",
			Advice: "use SCRAM"},
		{Name: "sasl-mechanism-not-offered", Level: LevelError, Who: WhoInitiator, Needs: NeedStart | NeedWhole, Ref: spec.RFC(6120, "6.4.2"),
			Doc:    "A client names the mechanism that it logs in with, and it must be one that the server lists.",
			Advice: "pick one of the list; the server answers invalid-mechanism"},
	},
}

// saslChoice is what was tried in one conversation.
type saslChoice struct {
	refused bool // a mechanism stronger than PLAIN
}

func checkChoice(p *Pass) {
	e := p.Event
	if e.State == nil || e.After == nil {
		return
	}
	if e.Kind == decode.KindFeatures {
		if e.Dir == decode.FromReceiver {
			listed(p)
		}
		return
	}
	switch {
	case e.SASL == nil:
	case isLogin(e) && e.Dir == decode.FromInitiator:
		chosen(p, of(&p.own.saslChoice))
	case isFailure(e) && e.SASL.Mechanism != "PLAIN":
		of(&p.own.saslChoice).refused = true
	}
}

// listed judges a list of mechanisms.
func listed(p *Pass) {
	e := p.Event
	all := listedMechanisms(e.After)
	plain := slices.ContainsFunc(all, sendsPassword)
	switch {
	case !plain:
	case !inTLS(e.After):
		p.Report("sasl-plain-offered-clear", "PLAIN or LOGIN is listed without TLS")
	case slices.ContainsFunc(all, isSCRAM) && slices.Contains(all, "PLAIN"):
		// Of a server once: it says the same on every connection.
		m, name := of(&p.shared.plainLists), e.After.Domain
		if m.domains[name] || len(name) > maxKey {
			return
		}
		if m.domains == nil {
			m.domains = map[string]bool{}
		}
		if len(m.domains) < maxDomains {
			m.domains[name] = true
		}
		p.Report("sasl-plain-needless", "PLAIN is listed next to SCRAM")
	}
}

// plainLists are the domains that were seen to list PLAIN next to SCRAM.
type plainLists struct{ domains map[string]bool }

// listedMechanisms are those of both profiles of SASL.
func listedMechanisms(s *decode.State) (all []string) {
	if f := s.Feature(spaceSASL, "mechanisms"); f != nil {
		all = f.Values
	}
	if f := s.Feature(spaceSASL2, "authentication"); f != nil {
		all = append(all[:len(all):len(all)], f.Values...)
	}
	return all
}

func sendsPassword(mechanism string) bool { return mechanism == "PLAIN" || mechanism == "LOGIN" }

func isSCRAM(mechanism string) bool { return strings.HasPrefix(mechanism, "SCRAM-") }

func isPlus(mechanism string) bool { return strings.HasSuffix(mechanism, "-PLUS") }

// isFailure and isSuccess tell the outcome of a login by SASL.
func isFailure(e *decode.Event) bool {
	return e.Name.Local == "failure" && isSASL(e.Name.Space) && e.Dir == decode.FromReceiver
}

func isSuccess(e *decode.Event) bool {
	return e.Name.Local == "success" && isSASL(e.Name.Space) && e.Dir == decode.FromReceiver
}

func isSASL(space string) bool { return space == spaceSASL || space == spaceSASL2 }

// chosen judges the mechanism that a client names.
func chosen(p *Pass, m *saslChoice) {
	e := p.Event
	name, offered := e.SASL.Mechanism, e.SASL.Offered
	if sendsPassword(name) && !inTLS(e.State) {
		p.Report("sasl-plain-used-clear", name+" without TLS: the password can be read")
	}
	if name == "PLAIN" && !m.refused {
		if other := stronger(e, offered); other != "" {
			p.Report("sasl-plain-over-stronger", "PLAIN is used though "+short(other)+" is listed")
		}
	}
	if isSCRAM(name) && !isPlus(name) && slices.Contains(offered, name+"-PLUS") {
		p.Report("sasl-plus-skipped", name+" is used though "+name+"-PLUS is listed")
	}
	switch name {
	case "CRAM-MD5", "DIGEST-MD5", "LOGIN":
		p.Report("sasl-weak-mechanism", name+" is used")
	case "":
		p.Report("sasl-mechanism-not-offered", "no mechanism is named")
		return
	}
	notListed(p, name, offered)
}

// stronger is a mechanism of the list that keeps the password secret. EXTERNAL
// is one for clients that have shown a certificate.
func stronger(e *decode.Event, offered []string) string {
	for _, o := range offered {
		if isSCRAM(o) || o == "DIGEST-MD5" || o == "EXTERNAL" && len(e.State.TLS.ClientNames) > 0 {
			return o
		}
	}
	return ""
}

// shortList names the first mechanisms of a list.
func shortList(all []string) string {
	const most = 6
	if len(all) == 0 {
		return "no mechanism is"
	}
	var names []string
	for _, s := range all[:min(len(all), most)] {
		names = append(names, short(s))
	}
	if len(all) > most {
		names = append(names, "…")
	}
	return strings.Join(names, ", ")
}

// notListed judges only where a list was read: a client may know it from an
// earlier visit (XEP-0305, XEP-0509).
func notListed(p *Pass, name string, offered []string) {
	if p.Event.State.Features == nil || slices.Contains(offered, name) {
		return
	}
	if of(&p.own.saslDialog).open < 0 {
		return // the answer was captured before: which list was read is not known
	}
	text := short(name) + " is not in the list: " + shortList(offered)
	for _, o := range offered {
		if strings.EqualFold(o, name) {
			text = short(name) + " is listed as " + short(o)
		}
	}
	f := Finding{Rule: "sasl-mechanism-not-offered", Text: text}
	if p.Event.SASL.SASL2 {
		f.Ref = spec.XEP(388, "2.3")
	}
	p.Add(f)
}
