package linear

import (
	"fmt"
	"strings"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/lint"
	"xmppscope/inspector"
)

// profile is the sort of a conversation.
func (t *talk) profile(id decode.ConnID) decode.Profile {
	c, ok := t.src.Store.Conversation(id)
	if !ok {
		return decode.ProfileUnknown
	}
	return explain.ProfileOfConversation(&c)
}

// event is an event as it reads for who knows its conversation.
func (t *talk) event(row int) (*decode.Event, error) {
	e, err := t.src.Store.Event(row)
	if err != nil {
		return nil, err
	}
	return explain.As(e, t.profile(e.Conn)), nil
}

// maxBrief is how long the sentence about an event may be, in bytes.
const maxBrief = 400

// name is the beginning of every line about an event: its number, its
// conversation where there are several, its phase.
func (t *talk) name(seq decode.Seq, conn decode.ConnID, phase decode.Phase) string {
	text := number(seq)
	if len(t.src.Store.Conversations()) > 1 {
		text += fmt.Sprintf(", conversation %d", conn)
	}
	if phase != decode.PhaseNone {
		text += ", " + phase.String()
	}
	return text
}

// brief is what happened in one line.
func (t *talk) brief(row int) string {
	e, err := t.event(row)
	if err != nil {
		return fmt.Sprintf("row %d cannot be read back: %v", row, err)
	}
	text := t.name(e.Seq, e.Conn, e.Stage())
	if at := t.when(row); at != "" {
		text += ", " + at
	}
	text += ": " + capped(explain.Headline(e), maxBrief)
	switch e.Origin {
	case decode.OriginEdited:
		text += " It was changed on its way."
	case decode.OriginDropped:
		text += " It was dropped: the " + explain.Entity(explain.ProfileOf(e), e.Dir.Other()) + " never got it."
	case decode.OriginInjected:
		text += " It was put in by hand or by a rule."
	case decode.OriginSynthetic:
		text += " It was made by xmppscope."
	}
	if m := t.src.Store.Remarks().Of(e.Seq); m.Marked || m.Note != "" {
		text += " Marked."
	}
	return text
}

// wrong counts what is wrong with an event, for a list: empty where nothing is.
func (t *talk) wrong(seq decode.Seq) string {
	var n [4]int
	for _, f := range t.src.Store.Found().Of(seq) {
		n[f.Level&3]++
	}
	var parts []string
	for _, l := range [...]inspector.Level{inspector.LevelError, inspector.LevelWarning, inspector.LevelNote} {
		if n[l] > 0 {
			parts = append(parts, counted(n[l], l.String()))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return " It has " + strings.Join(parts, ", ") + "."
}

// here says where the person is now, and what is wrong there.
func (t *talk) here() {
	row := t.session.Row()
	if row < 0 {
		return
	}
	t.say("%s", t.brief(row))
	e, err := t.src.Store.Event(row)
	if err != nil {
		return
	}
	if m := t.src.Store.Remarks().Of(e.Seq); m.Note != "" {
		t.say("Your note: %s", sentence(m.Note))
	}
	t.findingsOf(e, false)
}

// maxFindings is how many findings of one event are said.
const maxFindings = 20

// findingsOf says what is wrong with an event; with the remarks that break no
// rule where all is wanted.
func (t *talk) findingsOf(e *decode.Event, all bool) (n int) {
	var found []lint.Finding
	if all {
		for _, f := range lint.Faults(e) {
			if f.Rule == "" {
				found = append(found, f)
			}
		}
	}
	found = append(found, t.src.Store.Found().Of(e.Seq)...)
	for i := range found {
		if i == maxFindings {
			t.say("There are %d more findings about %s.", len(found)-i, number(e.Seq))
			break
		}
		t.say("%s", findingLine(&found[i], false))
		if found[i].Advice != "" && all {
			t.say("What to do: %s", sentence(capped(found[i].Advice, maxSaid)))
		}
	}
	return len(found)
}

// findingLine is a finding in one line; with its event where that is not plain.
func findingLine(f *lint.Finding, about bool) string {
	text := upperFirst(f.Level.String())
	if f.Rule != "" {
		text += " " + f.Rule
	}
	if about {
		text += fmt.Sprintf(", about %s of conversation %d", number(f.Seq), f.Conn)
	}
	text += ": " + capped(f.Text, maxSaid)
	if !f.Ref.IsZero() {
		text += " (" + f.Ref.String() + ")"
	}
	if f.In == lint.InText && f.Span.Len() > 0 && !about {
		text += fmt.Sprintf(", at byte %d", f.Span.Start)
	}
	return sentence(text)
}

// timeMode says what times are told.
type timeMode uint8

const (
	timeNone timeMode = iota
	timeStart
	timeLast
	timeClock
)

var timeNames = [...]string{"off", "start", "last", "clock"}

var timeDocs = [...]string{"times are not said", "times count from the first event", "times count from the event before in the same conversation", "times are those of the day, in UTC"}

// when is the time of an event as it is wanted; empty where it is not.
func (t *talk) when(row int) string {
	at := t.src.Store.Row(row).Time()
	if t.times == timeNone || at.IsZero() {
		return ""
	}
	switch t.times {
	case timeClock:
		return at.Format("2006-01-02 15:04:05.000000 UTC")
	case timeLast:
		conn := t.src.Store.Row(row).Conn()
		for i := row - 1; i >= 0; i-- {
			if r := t.src.Store.Row(i); r.Conn() == conn {
				return "after " + took(at.Sub(r.Time()))
			}
		}
		return "at the beginning"
	}
	return "at " + took(at.Sub(t.src.Store.Row(0).Time()))
}

// took is a duration in words.
func took(d time.Duration) string {
	switch {
	case d < 0:
		return "minus " + took(-d)
	case d < time.Millisecond:
		return fmt.Sprintf("%d microseconds", d.Microseconds())
	case d < time.Second:
		return fmt.Sprintf("%.1f milliseconds", float64(d.Microseconds())/1000)
	case d < time.Minute:
		return fmt.Sprintf("%.2f seconds", d.Seconds())
	}
	return d.Round(time.Second).String()
}
