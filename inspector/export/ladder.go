package export

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/lint"
	"xmppscope/inspector"
)

// Columns of the ladder: the number and the time stand left of it.
const (
	ladderLeft = 21
	ladderMin  = 30 // of the rungs
)

// ladderWriter draws both entities as rails and every event as a rung between
// them, in ASCII, so that it can stand in a mail or a bug report.
type ladderWriter struct {
	sink
	width int // of a rung, in columns
	p     palette
	o     Options
	talks map[decode.ConnID]*talk
	last  decode.ConnID
}

func newLadder(w io.Writer, o Options) Writer {
	if o.Width == 0 {
		o.Width = defaultWidth
	}
	return &ladderWriter{sink: sink{w: w}, p: palette{o.Color}, o: o,
		width: max(o.Width-ladderLeft-2, ladderMin), talks: map[decode.ConnID]*talk{}}
}

// Event draws one rung. An HTTP message that carries what the next events are
// waits for them: it is not drawn where they come.
func (w *ladderWriter) Event(e *decode.Event) error {
	t := w.talks[e.Conn]
	if t == nil {
		t = &talk{}
		w.talks[e.Conn] = t
	}
	if held := t.carrier; held != nil {
		t.carrier = nil
		if e.Carrier == held.seq && len(held.marks) == 0 {
			t.folded++
		} else {
			w.draw(held, t)
		}
	}
	if !t.begun {
		t.begun, t.start = true, e.Time
	}
	r := w.rungOf(e, t)
	if inspector.Carries(e) {
		t.carrier = r
		return w.full()
	}
	w.draw(r, t)
	return w.full()
}

// rung is what is drawn of an event.
type rung struct {
	seq         decode.Seq
	conn        decode.ConnID
	dir         decode.Dir
	kind        decode.Kind
	stage       decode.Phase
	at, text    string
	marks       string
	left, right string // the names of both sides, as they are known by now
}

func (w *ladderWriter) rungOf(e *decode.Event, t *talk) *rung {
	r := &rung{seq: e.Seq, conn: e.Conn, dir: e.Dir, kind: e.Kind, stage: e.Stage(), text: w.label(e),
		at: fmt.Sprintf("%6d %12s ", e.Seq, "+"+seconds(e.Time.Sub(t.start)))}
	for _, f := range w.o.findings(e) {
		if f.Level > lint.LevelNote {
			r.marks = " !"
		}
	}
	if inspector.Carries(e) {
		r.stage = decode.PhaseNone
	}
	if e.Kind == decode.KindGap {
		r.text = "~~ " + bytesWord(e.Lost) + " lost ~~"
	}
	r.left, r.right = w.names(e, t)
	return r
}

// draw draws a rung, under the names of both sides where another conversation
// was drawn before.
func (w *ladderWriter) draw(r *rung, t *talk) {
	if w.last != r.conn {
		w.head(r)
		w.last = r.conn
	}
	if r.stage != t.phase && r.stage != decode.PhaseNone {
		t.phase = r.stage
		w.between("", "("+r.stage.String()+")")
	}
	switch r.kind {
	case decode.KindGap, decode.KindNote:
		w.between(r.at, r.text)
	default:
		w.rung(r.at, r.dir, clip(r.text, w.width-6-len(r.marks))+r.marks)
	}
}

// head writes the names over the rails; long ones begin further left.
func (w *ladderWriter) head(r *rung) {
	who := fmt.Sprintf("conversation %d", r.conn)
	if columns(r.left)+columns(r.right) <= w.width+1 {
		who = pad(clip(who, ladderLeft-1), ladderLeft)
	} else {
		who += "  "
	}
	w.line(pad(who+r.left, ladderLeft+w.width+2-columns(r.right)) + r.right)
}

// Begin keeps the names of both sides for the rails.
func (w *ladderWriter) Begin(c *decode.Conversation) error {
	w.talks[c.Conn] = &talk{initiator: c.Initiator, receiver: c.Receiver, profile: explain.ProfileOfConversation(c)}
	return w.err
}

// Conversation draws the end of both rails.
func (w *ladderWriter) Conversation(c *decode.Conversation) error {
	t, ok := w.talks[c.Conn]
	if !ok {
		return w.err
	}
	if t.carrier != nil {
		w.draw(t.carrier, t)
	}
	delete(w.talks, c.Conn)
	text := fmt.Sprintf("conversation %d: %s", c.Conn, c.Outcome)
	if t.folded > 0 {
		text += fmt.Sprintf(" (%d HTTP messages not drawn)", t.folded)
	}
	w.line(strings.Repeat(" ", ladderLeft) + "+" + center(clip(text, w.width), w.width, '=') + "+")
	w.line("")
	w.last = 0
	return w.full()
}

// Close writes what is left.
func (w *ladderWriter) Close() error {
	for _, id := range slices.Sorted(maps.Keys(w.talks)) {
		if t := w.talks[id]; t.carrier != nil {
			w.draw(t.carrier, t)
			t.carrier = nil
		}
	}
	return w.Flush()
}

// names are those of both rails: who they turned out to be, else their
// addresses, each with its part where there is room for it.
func (w *ladderWriter) names(e *decode.Event, t *talk) (left, right string) {
	s := after(e)
	p := max(explain.ProfileOf(e), t.profile)
	one, other := inspector.Disarm(first(identity(s), t.initiator)), inspector.Disarm(first(s.Domain, t.receiver))
	room := ladderLeft + w.width + 2 - columns(fmt.Sprintf("conversation %d  ", e.Conn)) - 1
	left, right = entities(p)
	if columns(left+one+right+other)+3 > room {
		left, right = entities(decode.ProfileUnknown)
	}
	left, right = strings.TrimSpace(left+" "+one), strings.TrimSpace(other+" "+right)
	right = clip(right, max(room/2-1, room-columns(left)-1))
	return clip(left, room-columns(right)-1), right
}

func first(names ...string) string {
	for _, n := range names {
		if n != "" {
			return n
		}
	}
	return ""
}

func entities(p decode.Profile) (initiator, receiver string) {
	if p == decode.ProfileUnknown {
		return "initiator", "receiver"
	}
	return explain.Entity(p, decode.FromInitiator), explain.Entity(p, decode.FromReceiver)
}

func (w *ladderWriter) label(e *decode.Event) string {
	text := explain.Title(e)
	if e.Origin != decode.OriginWire {
		text = "[" + e.Origin.String() + "] " + text
	}
	return inspector.Disarm(text)
}

// rung draws an arrow with its text in the middle.
func (w *ladderWriter) rung(at string, d decode.Dir, text string) {
	w.put(pad(at, ladderLeft))
	r := roleInitiator
	rung := center(" "+text+" ", w.width-1, '-') + ">"
	if d == decode.FromReceiver {
		r = roleReceiver
		rung = "<" + center(" "+text+" ", w.width-1, '-')
	}
	w.put("|")
	w.b = w.p.append(w.b, r, rung)
	w.line("|")
}

// between writes a text that is nobody's arrow.
func (w *ladderWriter) between(at, text string) {
	w.put(pad(at, ladderLeft))
	w.put("|")
	w.b = w.p.append(w.b, rolePhase, center(clip(inspector.Disarm(text), w.width-2), w.width, ' '))
	w.line("|")
}

func center(s string, width int, fill byte) string {
	n := width - columns(s)
	if n <= 0 {
		return s
	}
	f := string(fill)
	return strings.Repeat(f, n/2) + s + strings.Repeat(f, n-n/2)
}
