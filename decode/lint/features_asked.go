package lint

import (
	"fmt"
	"slices"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/spec"
)

// askedGroup compares what is asked for with what was offered, and the order of
// the negotiation with the only safe one.
var askedGroup = Group{
	Kinds: []decode.Kind{decode.KindOpen, decode.KindFeatures, decode.KindStanza, decode.KindNonza},
	Check: checkAsked,
	Rules: []Rule{
		{Name: "feature-not-offered", Level: LevelWarning, Who: WhoInitiator, Ref: spec.RFC(6120, "4.3.1"), Needs: NeedWhole,
			Doc:    "A client asks only for what the server has offered.",
			Advice: "look at the features of this stream first; STARTTLS is the one thing to try without an offer"},
		{Name: "negotiation-order", Level: LevelError, Who: WhoInitiator, Ref: spec.XEP(170, "2"), Needs: NeedStart | NeedWhole,
			Doc:    "First TLS, then the login, then compression, then the resource: in any other order something is not protected.",
			Advice: "negotiate TLS, SASL, compression and binding in this order"},
	},
}

// offer is one thing that a client can ask for in its negotiation.
type offer uint8

const (
	offerCompress offer = 1 << iota
	offerSM
	offerSM2
	offerBind
	offerCSI
	offerRegister
)

// offersOf says which namespace in a list offers what. The inline features of
// SASL 2 and Bind 2 name the same namespaces (XEP-0388 §2.1, XEP-0386 §3.1).
var offersOf = map[string]offer{
	nsCompressF: offerCompress, nsSM: offerSM, nsSM2: offerSM2, nsBind: offerBind, nsCSI: offerCSI, nsRegisterF: offerRegister,
}

// offers is the memory of askedGroup about a conversation.
type offers struct {
	// listed are all offers so far; current tells that the last list is that of
	// the stream at hand.
	listed  offer
	current bool
}

// pastOffers are those of a server in all conversations, which a client may
// know from an earlier one.
type pastOffers struct{ domains map[string]offer }

func checkAsked(p *Pass) {
	e := p.Event
	o := of(&p.own.offers)
	switch {
	case e.Kind == decode.KindFeatures:
		o.current = true
		o.list(p)
	case e.Dir == decode.FromInitiator:
		checkOrder(p)
		if o.current {
			o.judge(p)
		}
	case e.Kind == decode.KindOpen, e.Kind == decode.KindNonza && e.Name.Space == nsSASL2 && e.Name.Local == "success":
		o.current = false
	}
	if e.Kind == decode.KindOpen && e.Dir == decode.FromInitiator {
		o.current = false // what follows is sent before the new list is there
	}
}

// list takes over a list of features.
func (o *offers) list(p *Pass) {
	s := p.Event.After
	for _, f := range s.Features {
		o.listed |= offersIn(&f)
		for i := range f.Inline {
			o.listed |= offersIn(&f.Inline[i])
		}
	}
	past := of(&p.shared.pastOffers)
	if past.domains == nil {
		past.domains = map[string]offer{}
	}
	domain := strings.ToLower(short(s.Domain))
	if _, known := past.domains[domain]; known || len(past.domains) < maxServers {
		past.domains[domain] |= o.listed
	}
}

func offersIn(f *decode.Feature) offer {
	all := offersOf[f.Space]
	for _, v := range f.Values {
		all |= offersOf[v]
	}
	return all
}

// judge holds a request against the offers. One that is sent before the list is
// there was made with an earlier list in mind and is not judged.
func (o *offers) judge(p *Pass) {
	e := p.Event
	want, what := wanted(e)
	if want == 0 || o.listed&want != 0 {
		return
	}
	if l := of(&p.own.logins); want == offerBind && (!e.State.Authenticated || l.way == bySASL && e.State.Headers[e.Dir] == l.asked) {
		return // stanza-before-auth or bind-before-restart
	}
	if of(&p.shared.pastOffers).domains[strings.ToLower(short(e.State.Domain))]&want != 0 {
		return
	}
	p.Report("feature-not-offered", fmt.Sprintf("the client asks for %s, which the server has not offered", what))
}

// wanted is what an event asks for.
func wanted(e *decode.Event) (offer, string) {
	if e.Kind == decode.KindNonza {
		switch e.Name.Space {
		case nsCompress:
			if e.Name.Local == "compress" {
				return offerCompress, "compression"
			}
		case nsSM, nsSM2:
			if slices.Contains([]string{"enable", "resume"}, e.Name.Local) {
				return offersOf[e.Name.Space], "stream management"
			}
		case nsCSI:
			return offerCSI, "client state indication"
		}
		return 0, ""
	}
	if e.Kind != decode.KindStanza || e.Type != "get" && e.Type != "set" {
		return 0, ""
	}
	switch {
	case e.Payload.Space == nsBind:
		return offerBind, "a resource"
	case e.Payload.Space == nsRegister && !e.State.Authenticated && e.State.Profile == decode.ProfileC2S:
		return offerRegister, "an account"
	}
	return 0, ""
}

// checkOrder looks at what comes too late or too early. A resource that is asked
// for before the login is a stanza before the login.
func checkOrder(p *Pass) {
	e := p.Event
	if e.Kind != decode.KindNonza || !of(&p.own.opening).whole() {
		return
	}
	s := e.State
	late := ""
	switch {
	case e.Name.Space == nsTLS && e.Name.Local == "starttls":
		switch {
		case of(&p.own.opening).carrier != onTCP:
		case e.Layer&decode.LayerTLS != 0:
			late = "TLS is asked for inside TLS"
		case e.Layer&decode.LayerZlib != 0:
			late = "TLS is asked for after compression"
		case s.Authenticated:
			late = "TLS is asked for after the login"
		}
		if late != "" {
			p.Add(Finding{Rule: "negotiation-order", Ref: spec.RFC(6120, "5.3.4"), Text: late})
		}
		return
	case e.Name.Space != nsCompress || e.Name.Local != "compress" || s.Profile != decode.ProfileC2S:
	case s.JID != "" || s.Resumed:
		late = "compression is asked for after a resource was bound"
	case !s.Authenticated && of(&p.own.logins).pending == noLogin:
		late = "compression is asked for before the login"
	}
	if late != "" {
		p.Report("negotiation-order", late)
	}
}
