package export

import (
	"fmt"
	"io"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/explain"
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
	talks map[decode.ConnID]*talk
	last  decode.ConnID
}

func newLadder(w io.Writer, o Options) Writer {
	if o.Width == 0 {
		o.Width = defaultWidth
	}
	return &ladderWriter{sink: sink{w: w}, p: palette{o.Color},
		width: max(o.Width-ladderLeft-2, ladderMin), talks: map[decode.ConnID]*talk{}}
}

// Event draws one rung.
func (w *ladderWriter) Event(e *decode.Event) error {
	t := w.talks[e.Conn]
	if t == nil {
		t = &talk{}
		w.talks[e.Conn] = t
	}
	if !t.begun {
		t.begun, t.start = true, e.Time
	}
	if w.last != e.Conn {
		w.head(e, t)
		w.last = e.Conn
	}
	if stage := e.Stage(); stage != t.phase && stage != decode.PhaseNone {
		t.phase = stage
		w.between("", "("+stage.String()+")")
	}
	at := fmt.Sprintf("%6d %12s ", e.Seq, "+"+seconds(e.Time.Sub(t.start)))
	text := w.label(e)
	switch e.Kind {
	case decode.KindGap:
		w.between(at, "~~ "+bytesWord(e.Lost)+" lost ~~")
	case decode.KindNote:
		w.between(at, text)
	default:
		w.rung(at, e.Dir, text)
	}
	return w.full()
}

// Begin keeps the names of both sides for the rails.
func (w *ladderWriter) Begin(c *decode.Conversation) error {
	w.talks[c.Conn] = &talk{initiator: c.Initiator, receiver: c.Receiver, profile: c.Profile}
	return w.err
}

// Conversation draws the end of both rails.
func (w *ladderWriter) Conversation(c *decode.Conversation) error {
	if _, ok := w.talks[c.Conn]; !ok {
		return w.err
	}
	delete(w.talks, c.Conn)
	text := fmt.Sprintf("conversation %d: %s", c.Conn, c.Outcome)
	w.line(strings.Repeat(" ", ladderLeft) + "+" + center(text, w.width, '=') + "+")
	w.line("")
	w.last = 0
	return w.full()
}

// Close writes what is left.
func (w *ladderWriter) Close() error { return w.Flush() }

// head names the conversation and both rails: by who they turned out to be, else
// by their addresses.
func (w *ladderWriter) head(e *decode.Event, t *talk) {
	s := after(e)
	left, right := entities(max(s.Profile, t.profile))
	one, other := first(identity(s), t.initiator), first(s.Domain, t.receiver)
	if columns(left+one+right+other)+3 > w.width {
		left, right = entities(decode.ProfileUnknown)
	}
	left, right = left+" "+inspector.Disarm(one), inspector.Disarm(other)+" "+right
	right = clip(right, w.width/2-1)
	left = clip(left, w.width-columns(right)-1)
	w.line(pad(clip(fmt.Sprintf("conversation %d", e.Conn), ladderLeft-1), ladderLeft) + pad(left, w.width+2-columns(right)) + right)
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
	switch p {
	case decode.ProfileC2S:
		return "client", "server"
	case decode.ProfileComponent:
		return "component", "server"
	case decode.ProfileS2S:
		return "initiating server", "receiving server"
	}
	return "initiator", "receiver"
}

func (w *ladderWriter) label(e *decode.Event) string {
	text := explain.Title(e)
	if e.Origin != decode.OriginWire {
		text = "[" + e.Origin.String() + "] " + text
	}
	if n := len(inspector.Findings(e)); n > 0 {
		text += " !"
	}
	return clip(inspector.Disarm(text), w.width-8)
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
