package tui

import (
	"strconv"

	"xmppscope/decode"
	"xmppscope/decode/explain"
)

// statePage shows the variables of the conversation just after the event:
// what each holds, what this event changed, and which event set it.
func statePage(in *tabInput) page {
	b := newBuilder(in.th)
	e := in.event
	state := e.After
	if state == nil {
		state = &decode.State{}
	}
	b.line(span{"What is true just after this event.  ", in.th.base}, span{"›", in.th.key}, span{" Enter goes to who set it", in.th.base})
	changed := map[string]string{}
	for _, c := range decode.Changes(e.State, e.After) {
		changed[c.Name] = c.From
	}
	if e.State != nil && e.State.Phase != state.Phase {
		changed["phase"] = e.State.Phase.String()
	}
	var unset []string
	for _, mine := range []bool{true, false} {
		if mine && len(changed) > 0 {
			b.blank()
			b.heading("Set by this event")
		}
		if !mine {
			b.blank()
			b.heading("Set before")
		}
		for _, v := range decode.Vars() {
			value := v.Get(state)
			from, did := changed[v.Name]
			switch {
			case did != mine:
			case value == "" && !did:
				unset = append(unset, v.Name)
			default:
				b.variable(in, v, value, from, did)
			}
		}
	}
	b.ledger(e)
	if len(unset) > 0 {
		b.blank()
		text := ""
		for i, name := range unset {
			if i > 0 {
				text += ", "
			}
			text += name
		}
		b.line(span{"Not set: ", in.th.dim}, span{text, in.th.dim}).hang = 9
	}
	return b.page()
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
		if jump = in.ctx.whoSet(in.row, v.Name); jump != 0 {
			spans = append(spans, span{"  set by " + number(jump), b.th.base})
		}
	}
	l := b.line(append(spans, span{"  " + v.Doc, b.th.dim})...)
	l.hang, l.jump = 19, jump
}

// ledger shows what stream management has counted (XEP-0198 §4).
func (b *builder) ledger(e *decode.Event) {
	if e.After == nil || e.After.Managed == [2]bool{} {
		return
	}
	b.blank()
	b.heading("Stream management")
	for d, on := range e.After.Managed {
		if !on {
			continue
		}
		name := sideName(explain.ProfileOf(e), decode.Dir(d))
		b.line(span{"  " + pad("the "+name, 15), b.th.variable}, span{
			"has sent " + plural(int(e.SM.Sent[d]), "stanza") + ", " + thousands(int(e.SM.Acked[d])) + " of them acknowledged", b.th.base}).hang = 17
	}
}

// number writes an event's number as everywhere on the screen.
func number(s decode.Seq) string { return "#" + strconv.FormatUint(uint64(s), 10) }
