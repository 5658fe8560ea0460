package linear

import (
	"fmt"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/im"
)

// sayState says what is true just after an event, first what that has changed.
func (t *talk) sayState(s *shown) {
	e := s.e
	state := e.After
	if s.held != nil {
		t.say("%s is held and has changed nothing yet.", number(e.Seq))
		state = e.State
	}
	if state == nil {
		state = &decode.State{}
	}
	changed := map[string]bool{}
	if s.held == nil {
		for _, c := range decode.Changes(e.State, e.After) {
			changed[c.Name] = true
			text := c.Name + pick(c.To == "", " is cleared", " is "+capped(c.To, 1000))
			if c.From != "" {
				text += ", it was " + capped(c.From, 400)
			}
			t.say("Set by this event: %s", sentence(text))
		}
	}
	var unset []string
	for _, v := range decode.Vars() {
		value := v.Get(state)
		switch {
		case changed[v.Name]:
		case value == "":
			unset = append(unset, v.Name)
		default:
			text := v.Name + " is " + capped(value, 1000)
			if s.row >= 0 {
				if row, ok := t.src.Store.WhoSet(s.row, v.Name); ok {
					text += ", set by " + number(t.src.Store.Row(row).Seq())
				}
			}
			t.say("%s: %s", text, sentence(v.Doc))
		}
	}
	t.ledger(e)
	if s.row >= 0 {
		t.remembered(s)
	}
	if len(unset) > 0 {
		t.say("Without a value: %s.", strings.Join(unset, ", "))
	}
}

// ledger says what stream management has counted (XEP-0198 §4).
func (t *talk) ledger(e *decode.Event) {
	if e.After == nil {
		return
	}
	for d, on := range e.After.Managed {
		if on {
			t.say("The %s has sent %s, %d of them acknowledged.", explain.Entity(explain.ProfileOf(e), decode.Dir(d)),
				counted(int(e.SM.Sent[d]), "stanza"), e.SM.Acked[d])
		}
	}
}

// maxFacts is how many facts of one group are said.
const maxFacts = 40

// remembered says what the stanzas so far tell: roster, presence, rooms,
// requests.
func (t *talk) remembered(s *shown) {
	knows := t.knows(s.row)
	if knows == nil {
		return
	}
	for i := range im.Vars() {
		v := &im.Vars()[i]
		all := v.Facts(knows)
		for k, f := range all {
			if v.Group == im.GroupAccount && (f.Name == "jid" || f.Name == "carbons") {
				continue // variables say it
			}
			if k == maxFacts {
				t.say("%s: %d more.", upperFirst(v.Group), len(all)-k)
				break
			}
			text := fmt.Sprintf("%s: %s is %s", upperFirst(v.Group), capped(f.Name, 200), capped(f.Value, 400))
			if f.Seq != 0 {
				text += ", set by " + number(f.Seq)
			}
			t.say("%s", sentence(text))
		}
	}
}
