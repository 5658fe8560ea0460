package lint

import (
	"fmt"

	"xmppscope/decode"
	"xmppscope/decode/spec"
)

// featuresGroup is the lists of features: when they must come, and what stands
// in them (RFC 6120 §4.3).
var featuresGroup = Group{
	Kinds: []decode.Kind{decode.KindOpen, decode.KindFeatures, decode.KindStanza, decode.KindNonza, decode.KindStreamError},
	Check: checkFeatures,
	Rules: []Rule{
		{Name: "features-missing", Level: LevelError, Who: WhoReceiver, Ref: spec.RFC(6120, "4.3.2"), Needs: NeedWhole,
			Doc:    "Right after its first stream header the answering side lists what can be negotiated.",
			Advice: "send <stream:features/> before anything else; it may be empty"},
		{Name: "features-not-resent", Level: LevelError, Who: WhoReceiver, Ref: spec.RFC(6120, "4.3.4"), Needs: NeedWhole,
			Doc:    "After every restart the answering side lists anew what can be negotiated.",
			Advice: "send a new list after every restart"},
		{Name: "features-late", Level: LevelError, Who: WhoReceiver, Ref: spec.RFC(6120, "4.3.5"), Needs: NeedWhole | NeedStart,
			Doc:    "Once the negotiation is complete, nothing more is offered on the same stream.",
			Advice: "close with the stream error reset where new features must be negotiated"},
		{Name: "features-child-ns", Level: LevelError, Who: WhoReceiver, Ref: spec.RFC(6120, "4.3.2"),
			Doc:    "Every feature stands in a namespace of its own, which tells what it is.",
			Advice: "give the feature its own xmlns"},
		{Name: "features-bind-missing", Level: LevelError, Who: WhoReceiver, Ref: spec.RFC(6120, "7.4"), Needs: NeedWhole,
			Doc:    "After the login a server offers to bind a resource, without which a client has no address.",
			Advice: "offer <bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"},
		{Name: "features-bind-early", Level: LevelError, Who: WhoReceiver, Ref: spec.RFC(6120, "7.4"), Needs: NeedStart | NeedWhole,
			Doc:    "A resource is offered only to a client that has logged in.",
			Advice: "offer bind after the login and not before"},
		{Name: "features-starttls-again", Level: LevelError, Who: WhoReceiver, Ref: spec.RFC(6120, "5.4.3.3"), Needs: NeedWhole,
			Doc:    "Where TLS is on already, it is not offered again.",
			Advice: "take starttls out of the list inside TLS and on WebSocket"},
		{Name: "features-starttls-crowded", Level: LevelWarning, Who: WhoReceiver, Ref: spec.RFC(6120, "5.3.1"),
			Doc:    "A server that insists on TLS offers nothing else before it.",
			Advice: "offer starttls alone and the rest inside TLS"},
		{Name: "features-sasl-missing", Level: LevelWarning, Who: WhoReceiver, Ref: spec.RFC(6120, "6.4.1"), Needs: NeedStart | NeedWhole,
			Doc:    "Inside TLS a server offers a way to log in.",
			Advice: "list SASL mechanisms"},
	},
}

// menus is the memory of featuresGroup.
type menus struct {
	// due: a list must come next.
	due bool
	// count is how many came since the last header or login of SASL 2.
	count int
}

func checkFeatures(p *Pass) {
	e := p.Event
	if e.Dir != decode.FromReceiver {
		return
	}
	m := of(&p.own.menus)
	switch e.Kind {
	case decode.KindOpen:
		m.count = 0
		m.due = m.expected(p)
		return
	case decode.KindFeatures:
		m.due = false
		checkMenu(p, m)
		m.count++
		return
	case decode.KindNonza:
		if e.Name.Space == nsSASL2 && e.Name.Local == "success" {
			m.count = 0
		}
	}
	if !m.due {
		return
	}
	m.due = false
	if e.Kind == decode.KindStreamError {
		return
	}
	rule, after := "features-missing", "the stream header"
	if e.State.Headers[decode.FromReceiver] > 1 {
		rule, after = "features-not-resent", "the restart"
	}
	p.Report(rule, fmt.Sprintf("after %s comes %s instead of features", after, short(e.Name.Local)))
}

// expected tells whether both sides speak XMPP 1.0, which has features. On BOSH
// they may come in a later body.
func (m *menus) expected(p *Pass) bool {
	e := p.Event
	asked, known := of(&p.own.headers).find(e.Reply)
	if !known || carrierOf(e) == onBOSH || malformed(asked.version) != "" || malformed(e.After.Version) != "" {
		return false
	}
	return !higher("1.0", asked.version) && !higher("1.0", e.After.Version)
}

func checkMenu(p *Pass, m *menus) {
	s := p.Event.After
	checkMenuSpaces(p)
	if m.count > 0 && len(s.Features) > 0 && negotiated(s) {
		p.Report("features-late", fmt.Sprintf("%s is offered although the negotiation was complete", short(s.Features[0].Local)))
	}
	checkMenuTLS(p)
	if s.Profile == decode.ProfileC2S {
		checkMenuBind(p)
	}
	checkMenuSASL(p)
}

// negotiated tells that nothing is left to negotiate.
func negotiated(s *decode.State) bool {
	return s.JID != "" || s.Resumed || s.Profile == decode.ProfileS2S && s.Authenticated
}

func checkMenuSpaces(p *Pass) {
	for _, f := range p.Event.After.Features {
		if f.Space != nsStreams && !isContent(f.Space) && f.Space != "" {
			continue
		}
		where := f.Space
		if where == "" {
			where = "no namespace"
		}
		p.Report("features-child-ns", fmt.Sprintf("the feature %s stands in %s", short(f.Local), where))
		return
	}
}

func checkMenuTLS(p *Pass) {
	e, s := p.Event, p.Event.After
	f := s.Feature(nsTLS, "starttls")
	if f == nil {
		return
	}
	where := of(&p.own.opening).carrier
	switch {
	case where == onWebSocket:
		p.Add(Finding{Rule: "features-starttls-again", Ref: spec.RFC(7395, "3.9"), Text: "starttls is offered on WebSocket, where TLS is a matter of HTTPS"})
	case where == onTCP && e.Layer&decode.LayerTLS != 0:
		p.Report("features-starttls-again", "starttls is offered inside TLS")
	case where == onTCP && f.Required:
		for _, other := range s.Features {
			if other.Space != nsTLS && !informs[other.Space] {
				p.Report("features-starttls-crowded", fmt.Sprintf("starttls is required, and yet %s is offered beside it", short(other.Local)))
				return
			}
		}
	}
}

// informs are features that cannot be negotiated but say something about the
// server, which is of use before TLS too.
var informs = map[string]bool{
	"http://jabber.org/protocol/caps": true, // XEP-0115 §6.3
	"urn:xmpp:caps":                   true, // XEP-0390
	"urn:xmpp:features:pipelining":    true, // XEP-0305 §2
	"urn:xmpp:stream-limits:0":        true, // XEP-0478 §3
	nsDialbackF:                       true, // XEP-0220 §2.3.1
}

func checkMenuBind(p *Pass) {
	s, l := p.Event.After, of(&p.own.logins)
	offered := s.Feature(nsBind, "bind") != nil
	switch {
	case offered && !s.Authenticated && l.pending == noLogin && of(&p.own.opening).whole():
		p.Report("features-bind-early", "bind is offered to a client that has not logged in")
	case !offered && l.way == bySASL && s.Headers[decode.FromReceiver] > l.done && !negotiated(s):
		p.Report("features-bind-missing", "the list after the login has no bind")
	}
}

func checkMenuSASL(p *Pass) {
	e, s := p.Event, p.Event.After
	if e.Layer&decode.LayerTLS == 0 || s.Authenticated || s.Profile == decode.ProfileComponent || !of(&p.own.opening).whole() {
		return
	}
	if s.Profile == decode.ProfileS2S {
		// Dialback is announced by its namespace in the header alone where the
		// server knows nothing of XEP-0220's feature.
		if space, _ := e.Scope.Lookup("db"); space == nsDialback {
			return
		}
	}
	for _, f := range s.Features {
		switch f.Space {
		case nsSASL, nsSASL2, nsDialback, nsDialbackF, nsBind:
			return
		}
	}
	p.Report("features-sasl-missing", "the list inside TLS offers no way to log in")
}
