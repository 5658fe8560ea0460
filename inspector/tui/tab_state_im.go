package tui

import (
	"strconv"
	"strings"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/im"
)

// budget is how long making a page may take for what the session knows, before
// it is left to the next tick.
const budget = 500 * time.Microsecond

// sessionKnows adds what the stanzas so far say about roster, presence, rooms
// and the like, each value with the event that set it.
func (b *builder) sessionKnows(in *tabInput, k *known) {
	b.requests(in, k)
	for i, v := range im.Vars() {
		if i >= len(k.groups) {
			break
		}
		if v.Group == im.GroupRequests {
			continue
		}
		facts := newHere(v.Group, k.groups[i])
		if len(facts) == 0 {
			continue
		}
		if !b.group(in, upperFirst(v.Group), v.Doc, len(facts)) {
			continue
		}
		if v.Group == im.GroupRooms {
			indentRooms(facts)
		}
		w := 0
		for _, f := range facts {
			w = max(w, min(width(capped(f.Name, 100)), maxFactName))
		}
		for _, f := range facts {
			b.fact(in, f, w)
		}
	}
}

// maxFactName is how wide addresses make their column.
const maxFactName = 40

// indentRooms names what belongs to a room without the room's address, which
// stands above: its values, and its occupants behind a slash.
func indentRooms(facts []im.Fact) {
	room := ""
	for i := range facts {
		name := facts[i].Name
		rest, inside := strings.CutPrefix(name, room)
		if room != "" && inside && rest != "" && (rest[0] == ' ' || rest[0] == '/') {
			facts[i].Name = "  " + strings.TrimPrefix(rest, " ")
			continue
		}
		room = name
	}
}

// newHere leaves out what the variables of the negotiation say already.
func newHere(group string, facts []im.Fact) (all []im.Fact) {
	for _, f := range facts {
		if group != im.GroupAccount || f.Name != "jid" && f.Name != "carbons" {
			all = append(all, f)
		}
	}
	return all
}

func upperFirst(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return s
	}
	return string(s[0]-'a'+'A') + s[1:]
}

func (b *builder) fact(in *tabInput, f im.Fact, w int) {
	mark := span{"  ", b.th.base}
	spans := []span{mark, {pad(capped(f.Name, 100), w) + "  ", b.th.variable}, {capped(f.Value, 400), b.th.strong}}
	var jump decode.Seq
	switch {
	case f.Seq == in.event.Seq:
		spans[0] = span{"+ ", b.th.good}
	case f.Seq != 0:
		jump = f.Seq
		spans = append(spans, span{"  set by " + number(jump), b.th.base})
	}
	l := b.line(spans...)
	l.hang, l.jump = w+4, jump
}

// requests lists the questions that wait for an answer, the oldest first.
func (b *builder) requests(in *tabInput, k *known) {
	if len(k.pending) == 0 {
		return
	}
	if !b.group(in, "Waiting for an answer", "iq requests of both sides, and for how long", len(k.pending)) {
		return
	}
	for i := range k.pending {
		r := &k.pending[i]
		text := capped(r.Type+" "+r.Name.Local, 60) + " " + capped(r.Name.Space, 100)
		if r.To != "" {
			text += " to " + capped(r.To, 100)
		}
		spans := []span{{"  ", b.th.base}, {"the " + sideName(explain.ProfileOf(in.event), r.Dir), b.th.variable}, {" asks " + text, b.th.strong}}
		if r.Seq == in.event.Seq {
			spans[0] = span{"+ ", b.th.good}
		} else {
			spans = append(spans, span{"  for " + age(r.Age(in.event.Time)) + ", since " + number(r.Seq), b.th.base})
		}
		l := b.line(spans...)
		if l.hang = 6; r.Seq != in.event.Seq {
			l.jump = r.Seq
		}
	}
}

// age writes how long something lasts.
func age(d time.Duration) string {
	switch {
	case d < 0:
		return "an unknown time"
	case d < time.Second:
		return strconv.FormatFloat(float64(d.Microseconds())/1000, 'f', 1, 64) + " ms"
	case d < time.Minute:
		return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + " s"
	}
	return d.Round(time.Second).String()
}

// maxShownChanges is how many changes of one event are listed.
const maxShownChanges = 8

// learned lists what the session learned from this event.
func (b *builder) learned(k *known) {
	shown := 0
	for _, c := range k.changes {
		if c.Group == im.GroupAccount && (c.Field == "jid" || c.Field == "carbons") {
			continue
		}
		if shown++; shown > maxShownChanges {
			b.line(span{"  and " + plural(len(k.changes)+k.more-maxShownChanges, "more change") + ", see below", b.th.dim})
			return
		}
		now := capped(c.Now, 200)
		if c.Now == "" {
			now = "(gone)"
		}
		name := c.Group
		if c.Name != "" {
			name += " " + capped(c.Name, 80)
		}
		if c.Group != im.GroupRequests {
			name += " " + capped(c.Field, 40)
		}
		spans := []span{{"+ ", b.th.good}, {name, b.th.variable}, {"  " + now, b.th.strong}}
		if c.Was != "" {
			spans = append(spans, span{"  was " + capped(c.Was, 200), b.th.base})
		}
		if c.Since != 0 {
			spans = append(spans, span{" since " + number(c.Since), b.th.base})
		}
		l := b.line(spans...)
		l.hang, l.jump = 19, c.Since
	}
}
