package explain

import (
	"time"

	"xmppscope/decode"
	"xmppscope/decode/im"
	"xmppscope/decode/xmlstream"
)

// telling is what there is at hand while one stanza is explained.
type telling struct {
	x *Explanation
	e *decode.Event
	// n is the stanza, nil where its XML cannot be read.
	n *xmlstream.Node
	// s is the session just after the event, nil where none is kept.
	s *im.Session
	// depth counts the stanzas that wrap the one at hand.
	depth int
	// look finds the extension of a namespace.
	look func(space string) *Part
}

func (x *Explanation) tell(e *decode.Event, n *xmlstream.Node) *telling {
	return &telling{x: x, e: e, n: n, s: x.session, look: partOf}
}

// changes are the values of a group that the event changed, for one name;
// an empty name means any.
func (t *telling) changes(group, name string) (all []im.Change) {
	if t.s == nil {
		return nil
	}
	list, _ := t.s.Changes()
	for _, c := range list {
		if c.Group == group && (name == "" || c.Name == name) {
			all = append(all, c)
		}
	}
	return all
}

// asked is the request that the event answers, as far as it is known.
func (t *telling) asked() (im.Request, bool) {
	if t.s == nil {
		return im.Request{}, false
	}
	return t.s.Answered()
}

// pairing says which request an answer belongs to, and how long it took.
func (t *telling) pairing() string {
	r, ok := t.asked()
	if !ok || t.e.Reply != r.Seq {
		return pairing(t.e)
	}
	return "This answers event " + digits(r.Seq) + ", " + took(r.Age(t.e.Time)) + " later."
}

// took writes a span of time as people do.
func took(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return "less than a millisecond"
	case d < time.Second:
		return count(d.Milliseconds(), "millisecond")
	}
	return lasting(int64(d / time.Second))
}

// lasting writes seconds as people do.
func lasting(s int64) string {
	switch {
	case s < 0:
		return count(s, "second")
	case s < 120:
		return count(s, "second")
	case s < 120*60:
		return count(s/60, "minute")
	case s < 48*3600:
		return count(s/3600, "hour")
	}
	return count(s/(24*3600), "day")
}

// since names the event that set a value: " (since event 5)".
func since(seq decode.Seq) string {
	if seq == 0 {
		return ""
	}
	return " (since event " + digits(seq) + ")"
}

// whom is whom a request asks: an address, or the other side.
func (t *telling) whom() string { return pick(t.e.To == "", reader(t.e), value(t.e.To)) }

// by is who asks or answers.
func (t *telling) by() string { return requester(t.e) }

// ask begins what a request says, answer what its answer says.
func (t *telling) ask(words string) {
	t.x.What = t.by() + " asks " + t.whom() + " " + words
	t.x.Expect = oneAnswer
}

func (t *telling) answer(sentences ...string) {
	t.x.What = say(say(sentences...), t.pairing())
	t.x.Expect = "Nothing follows from this; the exchange is complete."
}

// done is the answer yes, where there is nothing to add.
func (t *telling) done(sentences ...string) {
	t.answer(append([]string{t.by() + " answers: it is done."}, sentences...)...)
}

const oneAnswer = "One answer must come, with the same id: a result or an error."

// kids are the children of an element, at most maxLines of them, nil included.
func kids(n *xmlstream.Node, local string) (all []*xmlstream.Node) {
	if n == nil {
		return nil
	}
	for c := range n.Children() {
		if (local == "" || c.Name.Local == local) && len(all) < maxLines {
			all = append(all, c)
		}
	}
	return all
}

// kid is the first child of that name in the element's own namespace.
func kid(n *xmlstream.Node, local string) *xmlstream.Node {
	if n == nil {
		return nil
	}
	return n.Child(n.Name.Space, local)
}

// total is how many children of that name there are.
func total(n *xmlstream.Node, local string) (all int) {
	if n == nil {
		return 0
	}
	for c := range n.Children() {
		if local == "" || c.Name.Local == local {
			all++
		}
	}
	return all
}

// many is count for a noun whose plural is another word.
func many(n int, one, more string) string { return digits(n) + " " + pick(n == 1, one, more) }

// sizeOf is how many bytes stand inside an element.
func sizeOf(n *xmlstream.Node) int {
	if n == nil {
		return 0
	}
	return inside(n).Len()
}
