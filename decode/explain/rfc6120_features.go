package explain

import (
	"slices"

	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var featuresTopic = Topic{
	Name: "rfc6120-features",
	Doc:  "Stream features: the menu of what can or must be negotiated at this stage.",
	Ref:  spec.RFC(6120, "4.3.2"),
	Steps: []Step{
		{Step: decode.StepStreamFeatures, Ref: spec.RFC(6120, "4.3.2"),
			Text:   "The receiving entity lists what can be negotiated now.",
			Why:    "The list is a menu for this stage only. After every restart of the stream comes a new one, because what is possible depends on what has been settled: encryption first, then login, then an address.",
			Expect: "The other side chooses something from the list."},
		{Step: decode.StepSASLMechanisms, Ref: spec.RFC(6120, "6.4.1"),
			Text:   "The part of the feature list that names the mechanisms, the ways to log in.",
			Why:    "The server lists what it can check for this domain at this moment. Over an encrypted connection the list is often longer or stronger.",
			Expect: "The client picks one mechanism by its own order of preference and names it in <auth/>."},
	},
	Title:   featuresTitle,
	Explain: explainFeatures,
}

func featuresTitle(e *decode.Event) string {
	if e.Origin == decode.OriginDropped {
		return "offers features, and nobody gets the list"
	}
	fs := stateOf(e).Features
	if len(fs) == 0 {
		return "offers nothing more"
	}
	var words []string
	size := 0
	for _, f := range ranked(fs) {
		w := offerWord(f, 3)
		if size += len(w) + 2; size > 70 && len(words) > 0 {
			words = append(words, "more")
			break
		}
		words = append(words, w)
	}
	return "offers " + and(words)
}

// rank says which features a title should name first: what must be settled
// before everything else.
var rank = []string{nsTLS, nsSASL, nsSASL2, nsBind, nsSM, nsDialbackFeature, nsIQAuthFeature}

func ranked(fs []decode.Feature) []*decode.Feature {
	all := make([]*decode.Feature, len(fs))
	for i := range fs {
		all[i] = &fs[i]
	}
	place := func(f *decode.Feature) int {
		if i := slices.Index(rank, f.Space); i >= 0 {
			return i
		}
		return len(rank)
	}
	slices.SortStableFunc(all, func(a, b *decode.Feature) int { return place(a) - place(b) })
	return all
}

func explainFeatures(x *Explanation, e *decode.Event, n *xmlstream.Node) {
	if e.Origin == decode.OriginDropped { // it has not changed the state of the stream
		x.What = sender(e) + " offers features. The list never went on, so nothing on it counts."
		return
	}
	s := stateOf(e)
	if len(s.Features) == 0 {
		x.What = sender(e) + " has nothing more to negotiate: the list is empty."
		x.Expect = emptyMenu(e)
		return
	}
	words := make([]string, len(s.Features))
	for i := range s.Features {
		words[i] = offerWord(&s.Features[i], 6)
		x.more(featureLine(&s.Features[i]))
	}
	x.What = say(sender(e)+" offers "+and(words)+".", absent(e), difference(e))
	x.Expect = menuExpect(e)
	if n != nil {
		for c := range n.Children() {
			x.noteFeature(c)
		}
	}
}

func emptyMenu(e *decode.Event) string {
	if stateOf(e).Authenticated {
		return "Negotiation is complete: stanzas may be sent now."
	}
	return "Nothing is left to negotiate, so " + initiator(e) + " either sends stanzas or gives up, because nobody has logged in."
}

// absent names what a learner would look for and not find.
func absent(e *decode.Event) string {
	s := stateOf(e)
	var tls = s.Feature(nsTLS, "starttls") != nil
	switch {
	case tls && s.Authenticated && !encrypted(e):
		return "STARTTLS is still among them, because the connection is not encrypted."
	case !tls && encrypted(e):
		return "STARTTLS is not among them, because TLS is already on."
	case !tls && !s.Authenticated && !encrypted(e):
		return "STARTTLS is not among them, and the connection is not encrypted."
	case s.Profile == decode.ProfileC2S && s.Authenticated && s.Feature(nsBind, "bind") == nil && s.Feature(nsBind2, "bind") == nil && s.JID == "":
		return "Resource binding is not among them, although the client has logged in and needs it."
	}
	return ""
}

// difference compares with what the same side offered before; the state
// forgets the list at the next header, so the layer and login tell the rest.
func difference(e *decode.Event) string {
	old, now := before(e).Features, stateOf(e).Features
	if len(old) == 0 {
		return ""
	}
	var came, gone []string
	has := func(fs []decode.Feature, f decode.Feature) bool {
		return slices.ContainsFunc(fs, func(o decode.Feature) bool { return o.Space == f.Space && o.Local == f.Local })
	}
	for i := range now {
		if !has(old, now[i]) {
			came = append(came, offerWord(&now[i], 3))
		}
	}
	for i := range old {
		if !has(now, old[i]) {
			gone = append(gone, offerWord(&old[i], 3))
		}
	}
	return say(when(len(came) > 0, "New since the last list: "+and(came)+"."), when(len(gone) > 0, "No longer offered: "+and(gone)+"."))
}

func featureLine(f *decode.Feature) string {
	o := offerOf(f)
	if o == nil {
		return name(f.Local) + ": " + spaceText(f.Space)
	}
	line := upper(o.word) + ": " + o.text
	switch {
	case f.Required:
		line += " It is marked as required: nothing else may come first."
	case f.Optional:
		line += " It is marked as optional."
	}
	return line + " (" + o.ref.String() + ")"
}

func (x *Explanation) noteFeature(c *xmlstream.Node) {
	f := decode.Feature{Space: c.Name.Space, Local: c.Name.Local}
	if o := offerOf(&f); o != nil {
		x.noteTag(c, o.text)
	} else {
		x.noteTag(c, spaceText(c.Name.Space))
	}
	for v := range c.Children() {
		switch v.Name.Local {
		case "mechanism":
			x.noteText(v, mechanismText(v.Text()))
		case "required":
			x.noteWhole(v, "Nothing else may be negotiated before this.")
		case "optional":
			x.noteWhole(v, "A client may leave this step out.")
		case "method":
			x.noteText(v, "A compression method.")
		}
	}
}

// menuExpect says which of the mandatory steps comes first (RFC 6120 §5.3.4,
// §6.3, §7.3.1; XEP-0170 §2).
func menuExpect(e *decode.Event) string {
	s := stateOf(e)
	who := upper(initiator(e))
	tls := s.Feature(nsTLS, "starttls")
	switch {
	case tls != nil && tls.Required:
		return who + " must ask for encryption with <starttls/>; nothing else is accepted before that."
	case tls != nil && !encrypted(e) && !s.Authenticated:
		return who + " should ask for encryption with <starttls/> first. If it logs in without, everybody on the way can read along."
	case s.Authenticated:
		return afterLogin(e, who)
	case s.Profile == decode.ProfileS2S:
		return who + " proves its domain: with <auth/> and its certificate, or with a dialback key in <db:result/>."
	case len(s.Mechanisms()) > 0:
		return who + " picks one mechanism and logs in with " + pick(s.Feature(nsSASL, "mechanisms") != nil, "<auth/>", "<authenticate/>") + "." +
			when(s.Feature(nsRegisterFeature, "register") != nil, " If it has no account yet, it may make one first.")
	case s.Feature(nsIQAuthFeature, "auth") != nil:
		return who + " can log in the old way, with an iq of the namespace jabber:iq:auth."
	}
	return who + " chooses from the list. There is no way to log in among what is offered."
}

func afterLogin(e *decode.Event, who string) string {
	s := stateOf(e)
	bind, sm := s.Feature(nsBind, "bind") != nil, s.Feature(nsSM, "sm") != nil
	compress := when(s.Feature(nsCompressFeature, "compression") != nil && s.Layer < decode.LayerZlib, " It may ask for compression before that.")
	switch {
	case s.JID != "":
		return "Nothing on this list is compulsory: the client has its address already and may send stanzas."
	case bind && sm:
		return who + " asks for its address with <bind/>, or takes up an older session with <resume/> instead." + compress
	case bind:
		return who + " must now ask for its address with <bind/>." + compress
	}
	return "Nothing on this list is compulsory: stanzas may be sent now."
}
