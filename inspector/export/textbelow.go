package export

import (
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/tlswire"
	"xmppscope/inspector"
)

// maxFields is how many fields of a message are shown unless all is asked for.
const maxFields = 12

// fieldIndent is how far the lines behind the first of a field stand in.
const fieldIndent = "  "

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
	shown, more := 0, 0
	var names []string // of those that are only there, which is all they say
	for _, f := range fields {
		switch {
		case unread && (f.Name != "types and sizes" || fields[0].Value == "1"), e.Name.Local == "change_cipher_spec":
		case w.o.Full:
			w.field(f)
		case f.Value == "":
			names = append(names, inspector.Disarm(f.Name))
		case shown == maxFields:
			more++
		default:
			shown++
			w.field(f)
		}
	}
	if more > 0 {
		w.line(bodyIndent + w.p.paint(roleFaint, "… "+counted(int64(more), "field")+" more"))
	}
	if len(names) > 0 {
		w.hanging("also: ", clip(strings.Join(names, ", "), maxNames))
	}
}

// maxNames is how many columns the names of empty fields take.
const maxNames = 200

// hanging writes words behind a name, and their other lines below the first.
func (w *textWriter) hanging(name, words string) {
	room := w.o.Width - len(bodyIndent)
	for _, l := range wrap(words, max(room-columns(name), room/3)) {
		w.line(bodyIndent + name + w.p.paint(roleFaint, l))
		name = pad("", columns(name))
	}
}

func (w *textWriter) field(f explain.Field) {
	room := w.o.Width - len(bodyIndent)
	if f.Value == "" {
		w.hanging(clip(inspector.Disarm(f.Name), room/2)+": ", f.Meaning)
		return
	}
	text := inspector.Disarm(f.Name) + ": " + inspector.Disarm(f.Value)
	if !w.o.Full {
		w.line(bodyIndent + clip(text, room))
		return
	}
	indent := ""
	for _, l := range wrap(text, room-len(fieldIndent)) { // names of cipher suites stay whole
		for _, l := range chop(l, room-len(fieldIndent)) {
			w.line(bodyIndent + indent + l)
			indent = fieldIndent
		}
	}
}
