package export

import (
	"fmt"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/tlswire"
	"xmppscope/inspector"
)

// maxFields is how many fields of a message are shown unless all is asked for.
const maxFields = 12

// lesson is what a reason is given for once: a step, and below XMPP the message
// in it.
type lesson struct {
	step decode.Step
	name string
}

// folds tells an HTTP message that only carries what the events behind it are:
// it gets one line, so that a conversation over BOSH reads like any other. What
// is wrong with it is told all the same.
func (w *textWriter) folds(e *decode.Event) bool {
	return !w.o.Full && inspector.Carries(e) && (e.Name.Local == "request" || e.Type == "200")
}

// refused tells an answer of HTTP that did not go well.
func refused(e *decode.Event) bool {
	return e.Kind == decode.KindHTTP && e.Name.Local == "response" && e.Type >= "300"
}

// unread says once for every reason of a conversation why TLS cannot be read.
func (w *textWriter) unread(t *talk, why tlswire.Why, x *explain.Explanation) {
	if t.unread == nil {
		t.unread = map[tlswire.Why]bool{}
	}
	if t.unread[why] && !w.o.Full {
		return
	}
	t.unread[why] = true
	w.remark(roleNone, x.What)
	w.remark(roleFaint, "Why: "+x.Why)
	w.remark(roleNone, x.Expect)
}

// fields writes what a message below XMPP says. Of records that cannot be read
// the title says it all, but for the sizes of several.
func (w *textWriter) fields(e *decode.Event) {
	fields := explain.Fields(e)
	_, unread := explain.Unread(e)
	shown := 0
	for i, f := range fields {
		switch {
		case unread && (f.Name != "types and sizes" || fields[0].Value == "1"), e.Name.Local == "change_cipher_spec":
			continue
		case shown == maxFields && !w.o.Full:
			w.line(bodyIndent + w.p.paint(roleFaint, fmt.Sprintf("… %d fields more", len(fields)-i)))
			return
		}
		shown++
		w.field(f)
	}
}

func (w *textWriter) field(f explain.Field) {
	room := w.o.Width - len(bodyIndent)
	if f.Value == "" {
		w.line(bodyIndent + inspector.Disarm(f.Name) + w.p.paint(roleFaint, clip(", "+f.Meaning, max(room-columns(f.Name), 0))))
		return
	}
	text := inspector.Disarm(f.Name) + ": " + inspector.Disarm(f.Value)
	if !w.o.Full {
		text = clip(text, room)
	}
	for _, l := range chop(text, room) {
		w.line(bodyIndent + l)
	}
}
