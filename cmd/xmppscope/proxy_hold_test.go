package main

import (
	"strings"
	"testing"
)

// TestProxyHold: units that wait, and each thing that can be done with them, at
// both ends and in the record.
func TestProxyHold(t *testing.T) {
	r := newRig(t, rigOptions{args: []string{"--break", `name == "message"`}})
	a, b := r.client(), r.client()
	a.do(mbed + "presence\nS: presence from=mbed@localhost/board")
	b.do(juliet + "presence\nS: presence from=juliet@localhost/balcony")
	say := func(id string) (held record) {
		t.Helper()
		b.do("C: <message to='mbed@localhost/board' type='chat' id='" + id + "'><body>as said</body></message>")
		return r.next("record", "held", "id", id)
	}
	first := say("forwarded")
	if first["session_change"] != nil || first.num("offset") == 0 {
		t.Errorf("announced as if something had happened, or with no place: %v", first)
	}
	r.act(`{"do":"forward","seq":%d}`, first.num("seq"))
	arrives(r, a, "id=forwarded body=as said") // held once more on its way to mbed

	edited := say("edited")
	r.act(`{"do":"edit","seq":%d,"xml":"<message to='mbed@localhost/board' id='edited'><body>changed</body></message>"}`, edited.num("seq"))
	arrives(r, a, "id=edited body=changed")

	dropped := say("dropped")
	r.act(`{"do":"drop","seq":%d}`, dropped.num("seq"))
	after := say("after")
	r.act(`{"do":"forward","seq":%d}`, after.num("seq"))
	arrives(r, a, "id=after")
	a.absent("message id=dropped")

	a.do("close")
	b.do("close")
	r.next("record", "conversation")
	r.next("record", "conversation")
	origins := map[string]string{}
	for _, e := range r.end() {
		if e.is("record", "event", "name", "message", "dir", "initiator") {
			origins[e.str("id")] = e.str("origin") + " " + bodyOf(e.str("original")) + " " + bodyOf(e.str("wire"))
		}
		if e.num("seq") == first.num("seq") && e.is("record", "event") && e.num("offset") != first.num("offset") {
			t.Errorf("announced at %d, stands at %d", first.num("offset"), e.num("offset"))
		}
		if e.is("record", "event", "id", "dropped") && e.num("seq") != dropped.num("seq") {
			t.Errorf("the dropped unit has the number %d, and was announced as %d", e.num("seq"), dropped.num("seq"))
		}
	}
	want := map[string]string{"forwarded": "wire  as said", "edited": "edited as said changed", "dropped": "dropped  as said", "after": "wire  as said"}
	for id, w := range want {
		if origins[id] != w {
			t.Errorf("%s: %q, want %q", id, origins[id], w)
		}
	}
}

// arrives lets the next held message go on and waits for it at a client.
func arrives(r *rig, a *actor, pattern string) {
	r.Helper()
	held := r.next("record", "held", "dir", "receiver")
	r.act(`{"do":"forward","seq":%d}`, held.num("seq"))
	a.do("S: message " + pattern)
}

// absent fails if something has come that fits. What was sent before has been
// handled when the server answers.
func (a *actor) absent(pattern string) {
	a.Helper()
	a.do("ping")
	if e := a.has(pattern); e != "" {
		a.Errorf("this must not come: %s", e)
	}
}

func bodyOf(xml string) string {
	_, rest, _ := strings.Cut(xml, "<body>")
	body, _, _ := strings.Cut(rest, "</body>")
	return body
}

// TestProxyInject: what nobody sent, to both ends, with the answer for whoever
// asked; and what was sent once more.
func TestProxyInject(t *testing.T) {
	r := newRig(t, rigOptions{})
	a := r.client()
	a.do(mbed + "presence\nS: presence from=mbed@localhost/board")
	r.next("name", "presence", "dir", "receiver") // its number is known from here on
	r.act(`{"do":"inject","conn":1,"dir":"receiver","xml":"<message from='romeo@localhost/orchard' to='mbed@localhost/board' id='i1'><body>But soft!</body></message>"}`)
	a.do("S: message id=i1 body=But soft!")
	r.act(`{"do":"inject","dir":"initiator","fresh":true,"swallow":true,"xml":"<iq type='get' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>"}`)
	asked := r.next("name", "iq", "origin", "injected", "dir", "initiator")
	answer := r.next("name", "iq", "type", "result", "id", asked.str("id"))
	if !strings.HasPrefix(asked.str("id"), "xs-") || !answer.is("origin", "dropped") || answer.num("reply_to") != asked.num("seq") {
		t.Errorf("asked %v\nanswered %v", asked, answer)
	}
	a.do("C: <message to='mbed@localhost/board' id='m1'><body>to myself</body></message>\nS: message id=m1")
	sent := r.next("name", "message", "id", "m1", "dir", "initiator")
	r.act(`{"do":"replay","seq":%d}`, sent.num("seq"))
	a.do("S: message id=m1")
	r.act(`{"do":"replay","seq":%d,"fresh":true,"xml":"<message to='mbed@localhost/board' id='m1'><body>otherwise</body></message>"}`, sent.num("seq"))
	a.do("S: message body=otherwise")
	came := r.next("name", "message", "dir", "receiver", "id", "m1")
	r.act(`{"do":"replay","seq":%d}`, came.num("seq"))
	a.do("S: message id=m1")
	a.absent("iq id=" + asked.str("id"))
	a.do("close")
	r.next("record", "conversation")
	counts := map[string]int{}
	for _, e := range r.end() {
		if e.is("record", "event", "origin", "injected") {
			counts[e.str("dir")+" "+e.str("name")]++
		}
	}
	if counts["initiator message"] != 2 || counts["receiver message"] != 2 || counts["initiator iq"] != 1 {
		t.Errorf("injected: %v", counts)
	}
}

// TestProxyInjectAroundHeld: before and after what is held; the order in its
// direction is kept.
func TestProxyInjectAroundHeld(t *testing.T) {
	r := newRig(t, rigOptions{args: []string{"--break", `once name == "message" and dir == "initiator"`}})
	a := r.client()
	a.do(mbed + "C: <message to='mbed@localhost/board' id='held'/>\nC: <message to='mbed@localhost/board' id='behind'/>")
	held := r.next("record", "held", "id", "held")
	r.act(`{"do":"inject","dir":"initiator","place":"after","xml":"<message to='mbed@localhost/board' id='after'/>"}`)
	r.act(`{"do":"inject","dir":"initiator","place":"before","xml":"<message to='mbed@localhost/board' id='before'/>"}`)
	r.act(`{"do":"forward","seq":%d}`, held.num("seq"))
	a.do("S: message id=after")
	var order []string
	a.do("close")
	r.next("record", "conversation")
	for _, e := range r.end() {
		if e.is("record", "event", "name", "message", "dir", "receiver") {
			order = append(order, e.str("id"))
		}
	}
	if got := strings.Join(order, " "); got != "before held behind after" {
		t.Errorf("they arrived as %s", got)
	}
}

// TestProxyRefusals: an edit that is not well-formed, and other things that do
// not work, are told and change nothing; force sends it all the same.
func TestProxyRefusals(t *testing.T) {
	r := newRig(t, rigOptions{args: []string{"--break", `name == "message" and dir == "initiator"`}})
	a := r.client()
	a.do(mbed + "C: <message to='mbed@localhost/board' id='m1'/>")
	seq := r.next("record", "held").num("seq")
	for _, c := range []struct{ act, want string }{
		{`{"do":"edit","seq":SEQ,"xml":"<message><body></message>"}`, "not well-formed at byte"},
		{`{"do":"edit","seq":SEQ,"xml":"<message><x:y/></message>"}`, "not well-formed at byte"},
		{`{"do":"edit","seq":SEQ,"xml":"<message"}`, "not well-formed at byte"},
		{`{"do":"edit","seq":SEQ}`, "edit needs xml"},
		{`{"do":"inject","xml":"<a/>"}`, "dir is initiator or receiver"},
		{`{"do":"inject","dir":"initiator"}`, "inject needs xml"},
		{`{"do":"inject","dir":"initiator","xml":"<a/>","conn":7}`, "conversation 7 is not open"},
		{`{"do":"inject","dir":"initiator","xml":"<a/>","place":"beside"}`, "place is before or after"},
		{`{"do":"forward","seq":99999}`, "event 99999 is not held"},
		{`{"do":"replay","seq":99999}`, "cannot be replayed"},
		{`{"do":"close","layer":"ip"}`, "layer is tcp, tls or stream"},
		{`{"do":"break","expr":"name = 1"}`, "column 6"},
		{`{"do":"break"}`, "break needs expr"},
		{`{"do":"unbreak","id":9}`, "no breakpoint 9"},
		{`{"do":"frobnicate"}`, "is no action"},
		{`{"do":"forwrad","seq":SEQ}`, "did you mean forward"},
		{`{"do":"forward","sec":1}`, "unknown field"},
		{`forward`, "this is no action"},
	} {
		r.act("%s", strings.ReplaceAll(c.act, "SEQ", itoa(seq)))
		if got := r.next("record", "error").str("text"); !strings.Contains(got, c.want) {
			t.Errorf("%s: %q does not say %q", c.act, got, c.want)
		}
	}
	// The server ends the stream over it, and the client hears why.
	r.act(`{"do":"edit","seq":%d,"force":true,"xml":"<message><body></message>"}`, seq)
	a.do("S: error/not-well-formed\ncut")
	r.next("record", "conversation")
	for _, e := range r.end() {
		if e.num("seq") == seq && e.is("record", "event") && !(e.is("origin", "edited", "kind", "broken") && strings.Contains(e.str("original"), "m1")) {
			t.Errorf("the forced edit is %v", e)
		}
	}
}
