package linear

import (
	"fmt"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/lint"
	"xmppscope/inspector"
	"xmppscope/inspector/live"
)

// shown is an event that something is said of: one that happened, or one that is
// held and has no row yet.
type shown struct {
	e    *decode.Event
	row  int           // of the event, or the last one of its conversation; -1 for none
	held *live.Waiting // nil where it happened
}

// parts are what show says, by name.
func parts() []struct {
	name string
	say  func(*talk, *shown)
} {
	return []struct {
		name string
		say  func(*talk, *shown)
	}{
		{"explain", (*talk).sayMeaning}, {"xml", (*talk).sayXML}, {"sasl", (*talk).saySASL}, {"bytes", (*talk).sayBytes},
		{"state", (*talk).sayState}, {"findings", (*talk).sayFindings},
	}
}

func showPart(part string) func(*talk, string) error {
	return func(t *talk, arg string) error { return t.show(strings.TrimSpace(arg + " " + part)) }
}

// show says a part of what is known of an event.
func (t *talk) show(arg string) error {
	if err := t.needSource(); err != nil {
		return err
	}
	which, at := "explain", ""
	for _, word := range fields(arg) {
		if isNumber(strings.TrimPrefix(word, "#")) {
			at = word
		} else {
			which = strings.ToLower(word)
		}
	}
	s, err := t.shownAt(at)
	if err != nil {
		return err
	}
	var names []string
	for _, p := range parts() {
		if strings.HasPrefix(p.name, which) {
			p.say(t, s)
			return nil
		}
		names = append(names, p.name)
	}
	return no(capped(which, 60)+" is nothing that can be shown", "there are "+strings.Join(names, ", "))
}

// shownAt finds what is meant by a number; where there is none, what is at hand.
func (t *talk) shownAt(arg string) (*shown, error) {
	seq := t.on
	if arg != "" {
		seq, _ = seqOf(arg)
	}
	if h := t.heldUnit(seq); h != nil {
		return &shown{t.unit(h), t.lastRow(h.Conn), h}, nil
	}
	if arg == "" {
		row, err := t.row()
		if err != nil {
			return nil, err
		}
		e, err := t.event(row)
		return &shown{e: e, row: row}, err
	}
	row, ok := t.src.Store.Find(seq)
	if !ok {
		return nil, no("there is no event "+arg, "")
	}
	e, err := t.event(row)
	return &shown{e: e, row: row}, err
}

// eventHere is the event at hand.
func (t *talk) eventHere() (*decode.Event, error) {
	s, err := t.shownAt("")
	if err != nil {
		return nil, err
	}
	return s.e, nil
}

// lastRow is the latest row of a conversation, -1 for none.
func (t *talk) lastRow(conn decode.ConnID) int {
	for row := t.src.Store.Len() - 1; row >= 0; row-- {
		if t.src.Store.Row(row).Conn() == conn {
			return row
		}
	}
	return -1
}

// sayMeaning says what an event is, why it happens and what may come next.
func (t *talk) sayMeaning(s *shown) {
	e := s.e
	var x explain.Explanation
	if s.held != nil {
		t.announce(s.held, false)
		x = explain.Event(e)
	} else {
		t.say("%s", t.brief(s.row))
		if knows := t.knows(s.row); knows != nil {
			x = explain.EventWith(newTree(), e, knows)
		}
	}
	t.facts(e)
	t.paragraph("What", x.What)
	if s.held != nil {
		for _, f := range lint.Faults(e) { // its number is not judged yet
			t.say("%s", findingLine(&f, false))
		}
	} else {
		t.findingsOf(e, true)
	}
	t.paragraph("Why", x.Why)
	t.paragraph("Next", x.Expect)
	if e.Note != "" && s.held == nil && e.Kind != decode.KindTLS && !strings.Contains(strings.ToLower(x.What), strings.ToLower(e.Note)) {
		t.paragraph("Note", e.Note)
	}
	t.original(e)
	t.answers(s)
	for _, c := range decode.Changes(e.State, e.After) {
		t.say("%s", sentence(pick(c.To == "", "It clears "+c.Name, "It sets "+c.Name+" to "+capped(c.To, 400))))
	}
	for _, more := range x.More {
		t.say("%s", sentence(capped(more, maxSaid)))
	}
	t.details(e, x.Notes)
	if !x.Ref.IsZero() {
		t.say("Read more in %s, %s", x.Ref.String(), x.Ref.URL())
	}
}

// original says what had come where something else went on.
func (t *talk) original(e *decode.Event) {
	if e.Origin == decode.OriginEdited && e.Original != nil {
		t.say("It came as: %s", capped(string(e.Original), maxSaid))
	}
}

func (t *talk) paragraph(label, text string) {
	if text != "" {
		t.say("%s: %s", label, sentence(capped(text, 4*maxSaid)))
	}
}

// facts is the small print.
func (t *talk) facts(e *decode.Event) {
	text := ""
	if e.Step != decode.StepNone {
		text = "Step " + e.Step.String() + ", "
	}
	text += counted(len(e.Text()), "byte")
	switch e.Layer {
	case decode.LayerTLS:
		text += ", inside TLS"
	case decode.LayerZlib:
		text += ", compressed"
	case decode.LayerTLSZlib:
		text += ", compressed inside TLS"
	}
	if !e.Time.IsZero() {
		text += ", " + e.Time.UTC().Format("2006-01-02 15:04:05.000000 UTC")
	}
	t.say("%s.", text)
}

// answers says what an event answers and what answers it.
func (t *talk) answers(s *shown) {
	e, store := s.e, t.src.Store
	if e.Reply != 0 {
		text := "It answers " + number(e.Reply)
		if row, ok := store.Find(e.Reply); ok && !store.Row(row).Time().IsZero() && !e.Time.IsZero() {
			text += ", after " + took(e.Time.Sub(store.Row(row).Time()))
		}
		t.say("%s.", text)
	}
	if s.held == nil {
		r := store.Row(s.row)
		if a := r.Answer(); a != 0 {
			text := "It is answered by " + number(a)
			if row, ok := store.Find(a); ok && !e.Time.IsZero() {
				text += ", after " + took(store.Row(row).Time().Sub(e.Time))
			}
			t.say("%s.", text)
		} else if r.Has(inspector.IsRequest) {
			t.say("No answer to it was seen.")
		}
	}
	if e.Carrier != 0 {
		t.say("It came in the HTTP message %s.", number(e.Carrier))
	}
	if e.Related != 0 {
		t.say("It has to do with %s.", number(e.Related))
	}
}

// maxDetails is how many fields or notes of one event are said.
const maxDetails = 60

// details says the fields of a message below XMPP, or what parts of the XML mean.
func (t *talk) details(e *decode.Event, notes []explain.Note) {
	if all := explain.Fields(e); len(all) > 0 {
		for i, f := range all {
			if i == maxDetails {
				t.say("There are %d more fields.", len(all)-i)
				break
			}
			text := "Field " + capped(f.Name, 100)
			if f.Value != "" {
				text += " is " + capped(f.Value, 400)
			}
			if f.Meaning != "" {
				text += ": " + capped(f.Meaning, 400)
			}
			t.say("%s", sentence(text))
		}
		return
	}
	wire := e.Text()
	for i, n := range notes {
		start, end := max(0, int(n.Span.Start)), min(len(wire), int(n.Span.End))
		if start >= end {
			continue
		}
		if i == maxDetails {
			t.say("There are %d more notes.", len(notes)-i)
			break
		}
		t.say("On the wire, %s: %s", capped(string(wire[start:end]), 100), sentence(capped(n.Text, 400)))
	}
}

// sayFindings says what is wrong with an event, or that nothing is.
func (t *talk) sayFindings(s *shown) {
	if s.held != nil {
		all := lint.Faults(s.e)
		for i := range all {
			t.say("%s", findingLine(&all[i], false))
		}
		if len(all) == 0 {
			t.say("Nothing is wrong with the bytes of %s. What it does is judged when it has gone on.", number(s.e.Seq))
		}
		return
	}
	if t.findingsOf(s.e, true) == 0 {
		t.say("Nothing wrong was found with %s.", number(s.e.Seq))
	}
}

// sayXML says what stands on the wire.
func (t *talk) sayXML(s *shown) {
	text := s.e.Text()
	if len(text) == 0 || !hasXML(s.e) {
		t.say("%s is no XML. bytes says its bytes.", number(s.e.Seq))
		return
	}
	for _, line := range xmlLines(s.e) {
		t.say("%s", line)
	}
	if s.e.Scope == nil && s.e.Kind == decode.KindStanza {
		t.say("The header of its stream was not captured.")
	}
	for i := range s.e.Errs {
		f := &s.e.Errs[i]
		t.say("At byte %d: %s", f.Pos, sentence(capped(f.Text, 400)))
	}
	t.original(s.e)
}

// hasXML tells whether an event carries XML or what should be.
func hasXML(e *decode.Event) bool {
	switch e.Kind {
	case decode.KindTLS, decode.KindHTTP, decode.KindDNS, decode.KindTCP, decode.KindGap, decode.KindNote:
		return false
	}
	return true
}

// bytesPerLine is how many bytes stand in one line, maxBytes how many are said.
const (
	bytesPerLine = 16
	maxBytes     = 1024
)

// sayBytes says the bytes, a few a line, each line with its offset.
func (t *talk) sayBytes(s *shown) {
	e := s.e
	wire, what := e.Wire, ""
	if len(wire) == 0 && len(e.XML) > 0 {
		wire, what = e.XML, " of XML out of the HTTP message "+number(e.Carrier)
	}
	who := explain.Who(e)
	text := fmt.Sprintf("%s has %s%s from the %s", number(e.Seq), counted(len(wire), "byte"), what, who)
	if e.Kind != decode.KindDNS && s.held == nil {
		text += fmt.Sprintf(", at offset %d of its direction", e.Off)
	}
	t.say("%s.", text)
	if len(e.Frames) > 0 {
		t.say("It was captured in %s.", frameWords(e.Frames))
	}
	if e.Lost > 0 {
		t.say("%s are missing from the capture here.", counted(int(e.Lost), "byte"))
	}
	for at := 0; at < min(len(wire), maxBytes) && !t.stopped(); at += bytesPerLine {
		row := wire[at:min(at+bytesPerLine, len(wire))]
		t.say("Byte %d: % x, which is %s", at, row, readable(row))
	}
	if n := len(wire) - maxBytes; n > 0 {
		t.say("%s more follow.", counted(n, "byte"))
	}
}

// readable writes the bytes that are letters, and a dot for any other.
func readable(p []byte) string {
	out := make([]byte, len(p))
	for i, c := range p {
		if out[i] = c; c < ' ' || c >= 0x7f {
			out[i] = '.'
		}
	}
	return string(out)
}

func frameWords(all []uint32) string {
	if len(all) == 1 {
		return fmt.Sprintf("packet %d", all[0])
	}
	return fmt.Sprintf("%d packets, from packet %d to packet %d", len(all), all[0], all[len(all)-1])
}
