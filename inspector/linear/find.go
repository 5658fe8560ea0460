package linear

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"xmppscope/decode"
	"xmppscope/inspector"
)

// expressionFault tells what is wrong with an expression, and where.
func expressionFault(text string, err error) error {
	var at *inspector.FilterError
	if !errors.As(err, &at) {
		return no(err.Error(), "")
	}
	where := []rune(text)
	what := at.Text
	if n := at.Column - 1; n >= 0 && n < len(where) {
		what += ", at " + capped(string(where[n:]), 60)
	}
	return no(what, pick(at.Suggestion != "", at.Suggestion, "explain fields says what can be asked for"))
}

// filter shows a part.
func (t *talk) filter(arg string) error {
	if err := t.needSource(); err != nil {
		return err
	}
	if arg == "" {
		f := t.session.View().Filter()
		if f.All() {
			t.say("There is no filter: all events are shown. filter and an expression sets one.")
		} else {
			t.say("The filter is %s. It lets %d of %s through. filter off lifts it.", f.Text(), t.session.View().Len(), counted(t.src.Store.Len(), "event"))
		}
		return nil
	}
	var f *inspector.Filter
	if arg != "off" {
		var err error
		if f, err = inspector.Compile(arg); err != nil {
			return expressionFault(arg, err)
		}
	}
	t.session.SetFilter(f)
	for t.session.Update(100 * 1e6) { // a slice of work at a time, so that Ctrl-C is heard
		if t.stopped() {
			break
		}
	}
	if t.stopped() {
		t.broken = false
		t.session.SetFilter(nil)
		t.session.Update(0)
		t.say("There is no filter now.")
		return nil
	}
	if arg == "off" {
		t.say("All events are shown, %d.", t.session.View().Len())
	} else {
		t.say("%d of %s fit.", t.session.View().Len(), counted(t.src.Store.Len(), "event"))
	}
	if t.on == 0 {
		t.here()
	}
	return nil
}

// searchFor goes to the next event that has a text.
func (t *talk) searchFor(arg string) error {
	if arg == "" && t.scene.search == "" {
		return no("search for what?", "for example search not-authorized")
	}
	if arg != "" {
		t.scene.search = arg
	}
	return t.seek(false)
}

func (t *talk) hit(string) error     { return t.seek(false) }
func (t *talk) hitBack(string) error { return t.seek(true) }

func (t *talk) seek(backward bool) error {
	if _, err := t.row(); err != nil {
		return err
	}
	if t.scene.search == "" {
		return no("nothing was searched for", "search and a text does")
	}
	s := inspector.NewSearch(t.session.View(), t.scene.search, t.session.Row(), backward)
	if s.RunUntil(t.stopped) {
		t.broken = false
		t.say("%d events were not searched.", s.Left())
		return nil
	}
	row, wraps, ok := s.Found()
	if !ok {
		t.say("No event that is shown has %s in it.", capped(t.scene.search, 100))
		return nil
	}
	if wraps {
		t.say("The search went around the %s.", pick(backward, "beginning", "end"))
	}
	t.on = 0
	t.session.Select(row)
	t.here()
	return nil
}

// maxList is how many findings are said at once.
const maxList = 200

// findings says all findings and failures of the conversations shown, in the
// order of their events.
func (t *talk) findings(arg string) error {
	if err := t.needSource(); err != nil {
		return err
	}
	least := inspector.LevelNote
	if arg != "" {
		i := slices.IndexFunc(inspector.Levels(), func(l inspector.Level) bool { return l.String() == strings.TrimSuffix(arg, "s") })
		if i < 0 {
			return no(capped(arg, 60)+" is no level", "error, warning and note are")
		}
		least = inspector.Levels()[i]
	}
	type entry struct {
		seq  decode.Seq
		line string
	}
	var all []entry
	conn := t.session.View().Conn()
	for _, f := range t.src.Store.Found().From(0) {
		if f.Level >= least && (conn == 0 || f.Conn == conn) {
			all = append(all, entry{f.Seq, findingLine(&f, true)})
		}
	}
	for row := range t.src.Store.Len() {
		if r := t.src.Store.Row(row); failed(r) && (conn == 0 || r.Conn() == conn) {
			all = append(all, entry{r.Seq(), "Failure: " + t.brief(row)})
		}
	}
	slices.SortStableFunc(all, func(a, b entry) int { return cmp.Compare(a.seq, b.seq) })
	if len(all) == 0 {
		t.say("Nothing wrong was found, and nothing failed.")
	}
	for i, f := range all {
		if i == maxList || t.stopped() {
			t.say("%d more follow; findings error says the errors alone, conn looks at one conversation.", len(all)-i)
			break
		}
		t.say("%s", f.line)
	}
	return nil
}

// seqHere reads the number of an event; where none is named it is the one at
// hand.
func (t *talk) seqHere(arg string) (decode.Seq, error) {
	if arg == "" {
		row, err := t.row()
		if err != nil {
			return 0, err
		}
		return t.src.Store.Row(row).Seq(), nil
	}
	if err := t.needSource(); err != nil {
		return 0, err
	}
	seq, ok := seqOf(arg)
	if !ok {
		return 0, no(capped(arg, 60)+" is no number of an event", "")
	}
	if _, ok := t.src.Store.Find(seq); !ok {
		return 0, no("there is no event "+number(seq), "")
	}
	return seq, nil
}

// mark marks an event, or takes the mark away.
func (t *talk) mark(arg string) error {
	seq, err := t.seqHere(arg)
	if err != nil {
		return err
	}
	all := t.src.Store.Remarks()
	m := all.Of(seq)
	m.Marked = !m.Marked
	all.Set(seq, m)
	t.say("%s is %s.", number(seq), pick(m.Marked, "marked", "not marked any more"))
	return nil
}

// note writes a note at this event.
func (t *talk) note(arg string) error {
	seq, err := t.seqHere("")
	if err != nil {
		return err
	}
	all := t.src.Store.Remarks()
	m := all.Of(seq)
	m.Note = arg
	all.Set(seq, m)
	t.say("%s %s", number(seq), pick(arg != "", "has your note. write keeps it in a file.", "has no note any more."))
	return nil
}

// marks says all remarks.
func (t *talk) marks(string) error {
	if err := t.needSource(); err != nil {
		return err
	}
	all := t.src.Store.Remarks().All()
	if len(all) == 0 {
		t.say("No event is marked or has a note.")
	}
	for _, seq := range all {
		if t.stopped() {
			break
		}
		if row, ok := t.src.Store.Find(seq); ok {
			t.say("%s", t.brief(row))
		}
		if m := t.src.Store.Remarks().Of(seq); m.Note != "" {
			t.say("Your note on %s: %s", number(seq), sentence(m.Note))
		}
	}
	return nil
}

// explain says what a word means.
func (t *talk) explain(arg string) error {
	if t.o.Explain == nil {
		return no("nothing is explained here", "")
	}
	if arg == "" {
		return no("explain what?", "a step, an element, an error, a namespace, a field of a filter, an address")
	}
	var page strings.Builder
	if err := t.o.Explain(&page, arg); err != nil {
		return no(err.Error(), "")
	}
	for line := range strings.Lines(page.String()) {
		if line = spoken(line); line != "" {
			t.say("%s", line)
		}
	}
	return nil
}

// spoken is a line of a page without what only eyes understand: columns, dots
// between words, marks below a text.
func spoken(line string) string {
	if strings.Trim(line, "^ \n") == "" {
		return ""
	}
	var cells []string
	for cell := range strings.SplitSeq(strings.TrimSpace(line), "  ") {
		if cell = strings.TrimSpace(cell); cell != "" {
			cells = append(cells, cell)
		}
	}
	return strings.ReplaceAll(strings.Join(cells, ", "), " · ", ", ")
}
