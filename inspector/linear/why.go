package linear

import (
	"fmt"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/why"
	"xmppscope/inspector"
	"xmppscope/inspector/export"
)

// why answers a question about this conversation.
func (t *talk) why(arg string) error {
	row, err := t.row()
	if err != nil {
		return err
	}
	name, word := takeWord(arg)
	if name == "" {
		t.questions()
		return nil
	}
	if n, w, ok := strings.Cut(name, "="); ok {
		name, word = n, w
	}
	q := why.Lookup(strings.ToLower(name))
	if q == nil {
		var names []string
		for _, q := range why.Questions() {
			names = append(append(names, q.Name), q.Also...)
		}
		hint := "why says what can be asked"
		if near := inspector.Nearest(strings.ToLower(name), names); near != "" {
			hint = "did you mean " + near + "? " + hint
		}
		return no(capped(name, 60)+" is no question", hint)
	}
	if word != "" && q.Word == "" {
		return no("the question "+q.Name+" takes no word", "")
	}
	c := t.collect()
	if t.stopped() {
		return nil
	}
	a := c.Answer(t.src.Store.Row(row).Conn(), q, word)
	t.answer(q, &a)
	return nil
}

// questions says what can be asked.
func (t *talk) questions() {
	for _, q := range why.Questions() {
		name := q.Name
		if q.Word != "" {
			name += " [" + q.Word + "]"
		}
		t.say("%s", sentence("why "+name+": "+q.Doc))
	}
}

// collect gathers what questions need, of all events so far.
func (t *talk) collect() *why.Collector {
	store := t.src.Store
	if t.asking == nil {
		t.asking, t.asked = why.New(why.Options{Verify: t.o.Verify}), 0
	}
	for ; t.asked < store.Len(); t.asked++ {
		if e, err := store.Event(t.asked); err == nil {
			t.asking.Event(e, store.Found().Of(e.Seq))
		}
		if t.asked%256 == 0 && t.stopped() {
			return t.asking
		}
	}
	if t.load.running() {
		return t.asking
	}
	c := t.asking
	all := store.Conversations()
	for i := range all {
		c.End(&all[i], nil)
	}
	t.asking = nil // its conversations are over: what is asked next is gathered anew
	return c
}

// answer says an answer, a thought a line.
func (t *talk) answer(q *why.Question, a *why.Answer) {
	word := ""
	if a.Word != "" {
		word = " (" + capped(a.Word, 100) + ")"
	}
	t.say("Conversation %d. %s%s %s.", a.Conn, q.Ask, word, upperFirst(export.WhyVerdict(a.Verdict)))
	t.say("%s", sentence(capped(a.Text, maxSaid)))
	for i := range a.Facts {
		f := &a.Facts[i]
		text := fmt.Sprintf("Reason %d of %d: %s", i+1, len(a.Facts), sentence(capped(f.Text, maxSaid)))
		if len(f.Seq) > 0 {
			text += " See " + numbers(f.Seq) + "."
		}
		if !f.Ref.IsZero() {
			text += " " + f.Ref.String() + "."
		}
		t.say("%s", text)
	}
	for _, text := range a.Tell {
		t.say("What would tell more, or help: %s", sentence(capped(text, maxSaid)))
	}
}

// numbers lists events, at most eight.
func numbers(all []decode.Seq) string {
	var words []string
	for i, s := range all {
		if i == 8 {
			words = append(words, fmt.Sprintf("%d more", len(all)-i))
			break
		}
		words = append(words, number(s))
	}
	return strings.Join(words, ", ")
}
