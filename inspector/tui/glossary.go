package tui

import (
	"errors"
	"slices"
	"strings"

	"github.com/gdamore/tcell/v2"

	"xmppscope/decode/explain"
)

// glossaryKey opens the glossary from everywhere, also while something is typed.
const glossaryKey = "F4"

// glossary is the list of words that a newcomer meets, over whatever is shown.
type glossary struct {
	*chooser
	u    *ui
	back overlay // what it lies over
}

// openGlossary shows the glossary, or takes it away again.
func (u *ui) openGlossary() bool {
	if g, ok := u.over.(*glossary); ok {
		u.over = g.back
		return true
	}
	u.over = u.newGlossary()
	return true
}

func (u *ui) newGlossary() *glossary {
	all := explain.Glossary()
	slices.SortStableFunc(all, func(a, b explain.Entry) int {
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	items := make([]item, len(all))
	for i := range all {
		items[i] = item{key: all[i].Name, text: all[i].Text, about: all[i].Ref.String() + "  " + all[i].Ref.URL(), match: all[i].Name, also: all[i].Text}
	}
	g := &glossary{u: u, back: u.over, chooser: newChooser(u.th, "Word", items)}
	g.empty = "(type some letters of a word, or of what it is about)"
	g.free = "no such word here; Enter looks it up in the whole dictionary"
	g.pick = func(i int, typed string) {
		if i >= 0 {
			typed = all[i].Name
		}
		u.readTerm(typed, g)
	}
	g.quit = func() { u.over = g.back }
	return g
}

func (g *glossary) key(ev *tcell.EventKey) bool {
	switch keyName(ev) {
	case "Ctrl-C":
		return false
	case "Tab":
		g.move(1)
		return true
	}
	return g.chooser.key(ev)
}

func (g *glossary) hints() []hint {
	return []hint{{"↑ ↓", "move"}, {"type", "to find"}, {"Enter", "all about it"}, {"F4", "back"}, {"Esc", "back"}}
}

func (g *glossary) draw(c canvas) {
	body := c.sub(0, 0, c.w, c.h-1)
	g.chooser.draw(window(body, g.u.th, "Glossary", min(c.w, 130), body.h))
}

// showTerm shows a word of the glossary, or what the dictionary has of it.
func (u *ui) showTerm(word string) {
	g := u.newGlossary()
	for i := range g.items {
		if strings.EqualFold(g.items[i].match, word) || strings.EqualFold(strings.ReplaceAll(g.items[i].match, " ", "-"), word) {
			g.cursor = i
			u.over = g
			return
		}
	}
	u.readTerm(word, u.over)
}

// readTerm shows every sense of a term.
func (u *ui) readTerm(word string, back overlay) {
	senses, near := explain.Term(word)
	if len(senses) == 0 {
		text := "there is no word " + wire(word)
		if len(near) > 0 {
			text += "; near are " + strings.Join(near, ", ")
		}
		u.say(noteInfo, text)
		return
	}
	b := newBuilder(u.th)
	for i := range senses {
		s := &senses[i]
		b.blank()
		b.line(span{s.Name, u.th.title}, span{"  " + s.Sort, u.th.dim})
		for _, p := range []struct{ label, text string }{{"Means", s.Text}, {"Why", s.Why}, {"Next", s.Expect}} {
			if p.text != "" {
				b.labelled(p.label, p.text, u.th.base)
			}
		}
		b.seeAlso(s.Ref)
	}
	r := &reader{u: u, title: wire(word), page: &b.p, again: func() {}}
	r.keys = []hint{{"↑ ↓ PgDn", "scroll"}, {"y", "copy"}, {"Esc", "back"}}
	u.over = &textReader{r, back}
}

func (u *ui) glossaryText(arg string) error {
	if senses, near := explain.Term(arg); len(senses) == 0 {
		text := "there is no such word"
		if len(near) > 0 {
			text += "; near are " + strings.Join(near, ", ")
		}
		return errors.New(text)
	}
	u.close()
	u.showTerm(arg)
	return nil
}
