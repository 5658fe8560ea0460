package tui

import (
	"strconv"

	"xmppscope/decode"
	"xmppscope/decode/explain"
)

// varGroups are the headings over the variables of the negotiation, each with
// the first variable that stands under it.
var varGroups = [...]struct{ name, first, doc string }{
	{"Connection", "profile", "what it is and how far it came"},
	{"TLS", "tls_version", "what the encryption was set up with"},
	{"Stream", "domain", "what the stream headers say"},
	{"Offered", "features", "what the other side may choose from now"},
	{"Login", "mechanism", "who has proven what"},
	{"Session", "jid", "what the stream is good for"},
	{"Stream management", "sm", "counting and resuming"},
	{"Switched on", "roster", "what the client asked for"},
	{"Ending", "error", "why it ends"},
}

// statePage shows the variables of the conversation just after the event:
// what each holds, what this event changed, and which event set it.
func statePage(in *tabInput) page {
	b := newBuilder(in.th)
	e := in.event
	state := e.After
	if state == nil {
		state = &decode.State{}
	}
	b.line(span{pick(in.hold != nil, "What is true while this waits.  ", "What is true just after this event.  "), in.th.base}, span{"›", in.th.key}, span{" Enter goes to who set it", in.th.base})
	changed := map[string]string{}
	for _, c := range decode.Changes(e.State, e.After) {
		changed[c.Name] = c.From
	}
	if e.State != nil && e.State.Phase != state.Phase {
		changed["phase"] = e.State.Phase.String()
	}
	var k *known
	done, total := 0, 0
	if in.hold == nil {
		k, done, total = in.ctx.known(in.row, budget)
	}
	b.setHere(in, state, changed, k)
	switch {
	case in.hold != nil:
	case k == nil:
		b.blank()
		b.line(span{"Roster, presence, rooms and requests are being worked out: " + thousands(100*done/max(total, 1)) + " %", in.th.strong})
	default:
		b.sessionKnows(in, k)
	}
	b.ledger(in)
	unset := b.setBefore(in, state, changed)
	b.offers(in)
	if unset != "" {
		b.blank()
		b.line(span{"Not set: ", in.th.dim}, span{unset, in.th.dim}).hang = 9
	}
	return b.page()
}

// setHere lists what the event changed.
func (b *builder) setHere(in *tabInput, state *decode.State, changed map[string]string, k *known) {
	if len(changed) == 0 && (k == nil || len(k.changes) == 0) {
		return
	}
	b.blank()
	b.heading("Set by this event")
	for _, v := range decode.Vars() {
		if from, did := changed[v.Name]; did {
			b.variable(in, v, v.Get(state), from, true)
		}
	}
	if k != nil {
		b.learned(k)
	}
}

// setBefore lists all other variables in their groups, and gives the names of
// those that have no value.
func (b *builder) setBefore(in *tabInput, state *decode.State, changed map[string]string) (unset string) {
	groups := make([][]decode.Var, len(varGroups))
	group := 0
	for _, v := range decode.Vars() {
		if group+1 < len(varGroups) && v.Name == varGroups[group+1].first {
			group++
		}
		switch _, did := changed[v.Name]; {
		case did:
		case v.Get(state) != "":
			groups[group] = append(groups[group], v)
		case unset == "":
			unset = v.Name
		default:
			unset += ", " + v.Name
		}
	}
	for i, g := range varGroups {
		if len(groups[i]) == 0 || !b.group(in, g.name, g.doc, len(groups[i])) {
			continue
		}
		for _, v := range groups[i] {
			b.variable(in, v, v.Get(state), "", false)
		}
	}
	return unset
}

func (b *builder) variable(in *tabInput, v decode.Var, value, from string, changed bool) {
	mark := span{"  ", b.th.base}
	if changed {
		mark = span{"+ ", b.th.good}
	}
	shown := capped(value, 1000)
	if value == "" {
		shown = "(cleared)"
	}
	spans := []span{mark, {pad(v.Name, 17), b.th.variable}, {shown, b.th.strong}}
	var jump decode.Seq
	switch {
	case changed && from != "":
		spans = append(spans, span{"  was " + capped(from, 200), b.th.base})
	case !changed:
		if at := in.at(); at >= 0 {
			jump = in.ctx.whoSet(at, v.Name)
		}
		if jump != 0 {
			spans = append(spans, span{"  set by " + number(jump), b.th.base})
		}
	}
	l := b.line(append(spans, span{"  " + v.Doc, b.th.dim})...)
	l.hang, l.jump = 19, jump
}

// ledger shows what stream management has counted (XEP-0198 §4).
func (b *builder) ledger(in *tabInput) {
	e := in.event
	if e.After == nil || e.After.Managed == [2]bool{} {
		return
	}
	if !b.group(in, "Stanzas counted", "by stream management, since it began or the stream was resumed", 2) {
		return
	}
	for d, on := range e.After.Managed {
		if !on {
			continue
		}
		name := sideName(explain.ProfileOf(e), decode.Dir(d))
		rest := ""
		switch n, ok := e.SM.Outstanding(decode.Dir(d)); {
		case !ok:
			rest = ", " + thousands(int(n)) + " more than were seen"
		case n > 0:
			rest = ", " + thousands(int(n)) + " not yet"
		}
		b.line(span{"  " + pad("the "+name, 15), b.th.variable}, span{
			"has sent " + plural(int(e.SM.Sent[d]), "stanza") + ", " + thousands(int(e.SM.Acked[d])) + " of them acknowledged" + rest, b.th.base}).hang = 17
	}
}

// number writes an event's number as everywhere on the screen.
func number(s decode.Seq) string { return "#" + strconv.FormatUint(uint64(s), 10) }
