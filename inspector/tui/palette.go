package tui

import (
	"slices"
	"strconv"
	"strings"

	"github.com/gdamore/tcell/v2"

	"xmppscope/decode"
)

// command is one line of the palette: an action of the table of keys, one that
// takes an argument, or a form.
type command struct {
	name, key, help string
	// holder says what argument it takes; empty for none.
	holder string
	// off is why it can do nothing now; empty where it can.
	off string
	// run does it; its error is shown in the palette, which stays open.
	run func(arg string) error
	// note looks at the argument while it is typed; column is where something
	// is wrong, -1 for nowhere.
	note func(arg string) (text string, column int, kind noteKind)
	// complete makes the argument longer.
	complete func(arg string) string
}

// palette finds what can be done by its name, and takes arguments.
type palette struct {
	*chooser
	u   *ui
	all []command
}

// askCommand opens the palette.
func (u *ui) askCommand() { u.askCommandWith("") }

func (u *ui) askCommandWith(text string) {
	p := &palette{u: u, all: u.commands()}
	items := make([]item, len(p.all))
	for i := range p.all {
		c := &p.all[i]
		name := c.name
		if c.holder != "" {
			name += " " + c.holder
		}
		items[i] = item{key: c.key, text: pad(name, 20) + " " + c.help, match: c.name, also: c.help, off: c.off}
	}
	p.chooser = newChooser(u.th, ":", items)
	p.chooser.query = p.head
	p.chooser.empty = "(a name, a number to go to that event, or ↑ ↓)"
	p.chooser.pick = func(i int, _ string) { p.do(&p.all[i]) }
	p.chooser.quit = u.close
	p.chooser.typed.set(text)
	p.chooser.refilter()
	u.over = p
}

// commands are all that can be done, as things stand.
func (u *ui) commands() (all []command) {
	takes := u.argCommands()
	for i := range u.keys.all {
		a := &u.keys.all[i]
		c := command{name: a.name, key: strings.Join(a.keys[:min(1, len(a.keys))], ""), help: a.help, off: u.unavailable(a), run: func(string) error {
			u.close()
			u.perform(a)
			return nil
		}}
		if k := slices.IndexFunc(takes, func(t command) bool { return t.name == a.name }); k >= 0 {
			bare := c.run
			with := takes[k].run
			c.holder, c.note, c.complete = takes[k].holder, takes[k].note, takes[k].complete
			c.run = func(arg string) error {
				if arg == "" {
					return bare("")
				}
				return with(arg)
			}
			takes = slices.Delete(takes, k, k+1)
		}
		all = append(all, c)
	}
	all = append(all, takes...)
	forms := u.o.Forms
	if u.cap != nil {
		forms = slices.Concat(u.cap.src.Forms, forms)
	}
	for i := range forms {
		f := &forms[i]
		if slices.ContainsFunc(all, func(c command) bool { return c.name == f.Name }) {
			continue
		}
		all = append(all, command{name: f.Name, help: f.Title, run: func(string) error { u.begin(f); return nil }})
	}
	return all
}

// unavailable says why an action can do nothing now; empty where it can.
func (u *ui) unavailable(a *action) string {
	recorded := "nothing is live here"
	if u.keptBack(a.name) {
		return veiledText
	}
	switch a.name {
	case "live":
		return pick(u.cap.src.Live == nil, recorded, "")
	case "pause", "inject", "close", "freeze", "replay":
		return pick(u.isLive(), "", recorded)
	case "edit", "edit-outside", "drop":
		switch {
		case !u.isLive():
			return recorded
		case len(u.queue.units) == 0:
			return "nothing is held"
		}
	case "previous-hit":
		return pick(u.search.text == "", "there is no search yet", "")
	case "back":
		return pick(len(u.cap.back) == 0, "no jump was made", "")
	case "open":
		return pick(u.o.Open == nil, "nothing else can be opened", "")
	case "lesson-next", "lesson-back", "lesson-this", "lesson-hint", "lesson-solution", "lesson-again", "lesson-pane":
		return pick(u.lesson == nil, "no lesson is being taken", "")
	case "lessons":
		return pick(u.teach() == nil, "there are no lessons", "")
	case "keylog":
		return pick(u.cap.src.Keylog == nil, "keys cannot be added here", "")
	}
	return ""
}

// parts are the name and the argument of what is typed. An argument begins
// behind the name of a command that takes one.
func (p *palette) parts() (name, arg string, takes bool) {
	head, rest, ok := strings.Cut(p.typed.text, " ")
	if ok {
		for i := range p.all {
			if p.all[i].name == head && p.all[i].holder != "" {
				return head, strings.TrimSpace(rest), true
			}
		}
	}
	return p.typed.text, "", false
}

// head is what names are looked for by.
func (p *palette) head(string) string {
	name, _, _ := p.parts()
	return name
}

// chosen is the command that Enter would do; nil for none.
func (p *palette) chosen() *command {
	name, _, takes := p.parts()
	if takes {
		return &p.all[slices.IndexFunc(p.all, func(c command) bool { return c.name == name })]
	}
	if p.cursor < len(p.order) {
		return &p.all[p.order[p.cursor]]
	}
	return nil
}

// do does a command with what is typed behind its name.
func (p *palette) do(c *command) {
	_, arg, _ := p.parts()
	if c.off != "" {
		p.failed = c.off
		return
	}
	if arg != "" && c.note != nil {
		if text, _, kind := c.note(arg); kind == noteBad {
			p.failed = text
			return
		}
	}
	if err := c.run(arg); err != nil {
		p.failed = wire(err.Error())
	}
}

func (p *palette) key(ev *tcell.EventKey) bool {
	_, arg, takes := p.parts()
	switch ev.Key() {
	case tcell.KeyTab:
		switch c := p.chosen(); {
		case c == nil:
		case !takes && c.holder != "":
			p.typed.set(c.name + " ")
			p.refilter()
		case !takes:
			p.typed.set(c.name)
			p.refilter()
		case c.complete != nil:
			p.typed.set(c.name + " " + c.complete(arg))
		}
		return true
	case tcell.KeyEnter:
		if seq, ok := p.number(); ok {
			p.goTo(seq)
			return true
		}
		if c := p.chosen(); c != nil {
			p.do(c)
		} else {
			p.failed = "no command has these letters; ↑ and Ctrl-U show all"
		}
		return true
	}
	return p.chooser.key(ev)
}

// number is the event that is asked for by its number.
func (p *palette) number() (decode.Seq, bool) {
	n, err := strconv.ParseUint(strings.TrimPrefix(strings.TrimSpace(p.typed.text), "#"), 10, 63)
	return decode.Seq(n), err == nil
}

// goTo goes to an event. Where it is not shown, the palette says why.
func (p *palette) goTo(seq decode.Seq) {
	if p.u.cap == nil {
		p.failed = "nothing is open"
		return
	}
	if p.u.jump(seq) {
		p.u.close()
		return
	}
	p.failed = p.u.message.text
}

func (p *palette) draw(c canvas) {
	body := c.sub(0, 0, c.w, c.h-1)
	in := window(body, p.u.th, "Commands", min(c.w, 100), min(body.h, 24))
	p.chooser.remark = p.remark
	p.chooser.draw(in)
}

// remark is what there is to say about what is typed, below it.
func (p *palette) remark() (text string, column int, kind noteKind) {
	if p.failed != "" {
		return p.failed, -1, noteBad
	}
	if seq, ok := p.number(); ok {
		return "Enter goes to event " + number(seq), -1, noteGood
	}
	name, arg, takes := p.parts()
	c := p.chosen()
	switch {
	case c == nil:
		return "", -1, noteInfo
	case c.off != "":
		return "not now: " + c.off, -1, noteInfo
	case takes && arg != "" && c.note != nil:
		text, column, kind = c.note(arg)
		if column >= 0 {
			column += strings.Index(p.typed.text[len(name):], arg) + len(name)
		}
		return text, column, kind
	case c.holder != "":
		return c.name + " " + c.holder + ": " + c.help, -1, noteInfo
	case p.typed.text != "":
		return c.name + ": " + c.help, -1, noteInfo
	}
	return "", -1, noteInfo
}

func (p *palette) hints() []hint {
	all := []hint{{"↑ ↓", "move"}, {"type", "to find"}, {"Enter", "do it"}}
	if c := p.chosen(); c != nil && (c.holder != "" || p.typed.text != "") {
		all = append(all, hint{"Tab", "complete"})
	}
	return append(all, hint{"Esc", "back"})
}
