package lint

import (
	"fmt"

	"xmppscope/decode"
	"xmppscope/decode/spec"
)

// componentGroup is add-ons of a server (XEP-0114).
var componentGroup = Group{
	Kinds: []decode.Kind{decode.KindOpen, decode.KindNonza, decode.KindStanza},
	Check: checkComponent,
	End:   func(p *Pass) { of(&p.own.component).judge(p, false) },
	Rules: []Rule{
		{Name: "component-handshake", Level: LevelError, Who: WhoInitiator, Ref: spec.XEP(114, "3"),
			Doc:    "A component proves its secret by a hash over the id that the server's stream header has brought.",
			Advice: "wait for the server's header, then send SHA-1 of its id followed by the secret, in lower-case hexadecimal"},
		{Name: "component-from", Level: LevelError, Ref: spec.XEP(114, "3"), Needs: NeedStart,
			Doc:    "A component speaks for the addresses of its own domain only, and says in each stanza from whom and to whom.",
			Advice: "put an address of the component's domain into from, and the recipient into to"},
	},
}

// contentConnect is the way of components to which the server connects.
const contentConnect = "jabber:component:connect"

// component is the memory of componentGroup.
type component struct {
	// early is the handshake that came before the other side's header.
	early decode.Seq
	// wrong is one that does not follow from the secret, until it is answered.
	wrong wrongProof
}

// wrongProof is what does not follow from the secret that the reader has.
type wrongProof struct {
	seq decode.Seq
	who Who
	why string
}

// judge reports a wrong handshake. One that was accepted speaks of the reader's
// secret more than of the component.
func (m *component) judge(p *Pass, accepted bool) {
	w := m.wrong
	m.wrong = wrongProof{}
	if w.seq == 0 {
		return
	}
	f := Finding{Rule: "component-handshake", Seq: w.seq, Who: w.who, Text: w.why}
	if accepted {
		f.Level, f.Text = LevelNote, "the secret that was given does not fit, but the server accepts the hash"
	}
	p.Add(f)
}

func checkComponent(p *Pass) {
	e := p.Event
	switch {
	case e.Kind == decode.KindOpen:
		if e.Dir != decode.FromReceiver || e.After.Profile != decode.ProfileComponent {
			return
		}
		if m := of(&p.own.component); m.early != 0 {
			p.Add(Finding{Rule: "component-handshake", Seq: m.early, Text: "the handshake comes before the header whose id it has to prove"})
			m.early = 0
		}
	case e.State.Profile != decode.ProfileComponent:
	case e.Kind == decode.KindStanza:
		componentFrom(p)
	case e.Step == decode.StepComponent && e.Dir == decode.FromInitiator:
		if e.State.Headers[decode.FromReceiver] == 0 {
			of(&p.own.component).early = e.Seq // or the other direction was not captured
			return
		}
		// What is written wrong was told by the decoder of logins.
		if v, ok := p.Verify(); ok && v.Known && !v.Verified && !p.found("component-handshake") {
			of(&p.own.component).wrong = wrongProof{e.Seq, Side(e.Dir), v.Why}
		}
	case e.Step == decode.StepComponent:
		of(&p.own.component).judge(p, true)
	}
}

// found tells whether the event at hand has been found guilty of a rule.
func (p *Pass) found(rule string) bool {
	for i := range p.engine.found {
		if f := &p.engine.found[i]; f.Rule == rule && f.Seq == p.Event.Seq {
			return true
		}
	}
	return false
}

// componentFrom judges what the component sends.
func componentFrom(p *Pass) {
	e := p.Event
	name, sender := e.State.Domain, decode.FromInitiator
	if e.State.Content == contentConnect {
		// The server has connected, and named the component in from.
		name, sender = e.State.Claimed, decode.FromReceiver
	}
	if e.Dir != sender {
		return
	}
	switch domain := domainOf(e.From); {
	case e.From == "":
		p.Report("component-from", article(e.Name.Local)+" of the component has no from")
	case e.To == "":
		p.Report("component-from", article(e.Name.Local)+" of the component has no to")
	case name != "" && !sameDomain(domain, name):
		p.ReportAt("component-from", attrSpan(p, "from"), fmt.Sprintf("the component %s speaks for %s", short(name), short(domain)))
	}
}
