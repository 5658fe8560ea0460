package tui

import (
	"bytes"
	"slices"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/sasl"
	"xmppscope/decode/xmlstream"
)

// comparison adds what differs between two events: facts, attributes and
// elements by meaning, fields of logins, and then both texts with what differs
// marked. It is the one style in which differences are drawn.
func (b *builder) comparison(x, y *decode.Event, nameX, nameY string) {
	b.factsOfBoth(x, y)
	t, u := x.Text(), y.Text()
	if bytes.Equal(t, u) {
		b.blank()
		b.line(span{"= ", b.th.good}, span{"The bytes are the same.", b.th.base})
		b.logins(x, y)
		return
	}
	var tx, ty xmlstream.Tree
	m, n := x.Element(&tx), y.Element(&ty)
	if m != nil && n != nil {
		b.byMeaning(diffTrees(m, n))
	}
	b.logins(x, y)
	b.bothTexts(t, u, m, n, nameX, nameY)
}

// byMeaning lists what differs in meaning, and names what only looks different.
func (b *builder) byMeaning(d *treeDiff) {
	b.blank()
	looks := strings.Join(d.same, ", ")
	if len(d.changes) == 0 {
		if looks == "" {
			looks = "how the tags are written"
		}
		b.line(span{"= ", b.th.good}, span{"They mean the same. Only " + looks + " differ" + pick(len(d.same) == 1 || len(d.same) == 0, "s.", "."), b.th.base}).hang = 2
		return
	}
	b.heading("What differs in meaning")
	for _, c := range d.changes {
		b.changeLine(c)
	}
	if d.full {
		b.line(span{"  and more", b.th.dim})
	}
	if looks != "" {
		b.line(span{"  Without a meaning: " + looks + ".", b.th.dim})
	}
}

func (b *builder) changeLine(c xmlChange) {
	style := b.th.warn
	switch c.sign {
	case "+":
		style = b.th.good
	case "−":
		style = b.th.bad
	}
	spans := []span{{c.sign + " ", style}, {capped(c.where, 120) + "  ", b.th.variable}}
	if c.was != "" || c.sign == "~" {
		spans = append(spans, span{quoted(c.was), b.th.base})
	}
	if c.sign == "~" {
		spans = append(spans, span{" → ", b.th.key})
	}
	if c.now != "" || c.sign == "~" {
		spans = append(spans, span{quoted(c.now), b.th.strong})
	}
	l := b.line(spans...)
	l.hang, l.code, l.words = 4, true, true
}

func quoted(s string) string {
	if s == "" {
		return "(empty)"
	}
	return capped(s, 200)
}

// factsOfBoth compares what is known about the events besides their bytes.
func (b *builder) factsOfBoth(x, y *decode.Event) {
	for _, f := range []struct{ name, was, now string }{
		{"from", explain.Who(x), explain.Who(y)},
		{"step", x.Step.String(), y.Step.String()},
		{"phase", x.Phase.String(), y.Phase.String()},
		{"layer", x.Layer.String(), y.Layer.String()},
		{"origin", x.Origin.String(), y.Origin.String()},
		{"size", plural(len(x.Text()), "byte"), plural(len(y.Text()), "byte")},
	} {
		if f.was != f.now {
			b.changeLine(xmlChange{"~", f.name, f.was, f.now})
		}
	}
	if d := y.Time.Sub(x.Time); !x.Time.IsZero() && !y.Time.IsZero() && d != 0 {
		b.line(span{"  time  ", b.th.variable}, span{pick(d < 0, age(-d)+" earlier", age(d)+" later"), b.th.base})
	}
}

// logins compares two login messages field by field.
func (b *builder) logins(x, y *decode.Event) {
	f, g := loginFields(x), loginFields(y)
	if f == nil || g == nil {
		return
	}
	b.blank()
	b.heading("The login data, decoded")
	before := len(b.p.lines)
	for _, v := range g {
		i := slices.IndexFunc(f, func(w sasl.Field) bool { return w.Name == v.Name })
		switch {
		case i < 0:
			b.changeLine(xmlChange{"+", v.Name, "", v.Value})
		case f[i].Value != v.Value:
			b.changeLine(xmlChange{"~", v.Name, f[i].Value, v.Value})
		}
	}
	for _, v := range f {
		if !slices.ContainsFunc(g, func(w sasl.Field) bool { return w.Name == v.Name }) {
			b.changeLine(xmlChange{"−", v.Name, v.Value, ""})
		}
	}
	if len(b.p.lines) == before {
		b.line(span{"= ", b.th.good}, span{"Every field is the same.", b.th.base})
	}
}

func loginFields(e *decode.Event) []sasl.Field {
	if e.SASL == nil || len(e.SASL.Messages) == 0 {
		return nil
	}
	return sasl.Decode(e.SASL, len(e.SASL.Messages)-1).Fields
}

// bothTexts shows two texts one below the other; what differs stands out in both.
func (b *builder) bothTexts(x, y []byte, m, n *xmlstream.Node, nameX, nameY string) {
	for _, one := range []struct {
		name      string
		text, not []byte
		node      *xmlstream.Node
	}{{nameX, x, y, m}, {nameY, y, x, n}} {
		b.blank()
		b.heading(one.name)
		from := len(b.p.lines)
		if len(one.text) == 0 {
			b.line(span{"no bytes", b.th.dim})
			continue
		}
		b.printXML(one.text, one.node, nil, differences(one.not, one.text)...)
		b.detach(from)
	}
}

// detach says of lines that they show other bytes than the event's.
func (b *builder) detach(from int) {
	for i := range b.p.lines[from:] {
		b.p.lines[from+i].offsets = nil
	}
	b.p.unit = nil
}

// showDifference draws what differs between two events over the panes.
func (u *ui) showDifference(a, b decode.Seq) {
	x, y := u.eventOf(a), u.eventOf(b)
	if x == nil || y == nil {
		u.say(noteBad, "one of the two events cannot be read back")
		return
	}
	nameX, nameY := u.nameOfEvent(x), u.nameOfEvent(y)
	p := newBuilder(u.th)
	p.labelled("−", nameX, u.th.base).jump = a
	p.labelled("+", nameY, u.th.base).jump = b
	p.blank()
	p.comparison(x, y, nameX, nameY)
	r := &reader{u: u, title: "What differs: " + number(a) + " and " + number(b), page: &p.p}
	r.again = func() { u.showDifference(b, a) }
	r.keys = []hint{{"↑ ↓", "scroll"}, {"Enter", "go there"}, {"w", "the other way"}, {"y", "copy"}, {"Esc", "back"}}
	u.over = r
}

func (u *ui) eventOf(seq decode.Seq) *decode.Event {
	row, ok := u.cap.store.Find(seq)
	if !ok {
		return nil
	}
	e, err := u.cap.store.Event(row)
	if err != nil {
		return nil
	}
	return e
}

func (u *ui) nameOfEvent(e *decode.Event) string {
	return number(e.Seq) + "  " + capped(explain.Headline(explain.As(e, u.cap.profile(e.Conn))), 200)
}

// compare draws what differs between the marked event and the selected one:
// the nearest mark before it, else the nearest behind.
func (u *ui) compare() {
	row := u.cap.row()
	if row < 0 {
		u.say(noteInfo, "nothing is selected")
		return
	}
	here := u.cap.store.Row(row).Seq()
	var with decode.Seq
	for _, m := range u.cap.store.Remarks().Marked() {
		if m < here || m > here && with == 0 {
			with = m
		}
	}
	if with == 0 {
		u.say(noteInfo, "m marks an event; x then shows how the selected one differs from it")
		return
	}
	u.showDifference(with, here)
}
