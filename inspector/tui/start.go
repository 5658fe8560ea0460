package tui

// newStart makes the screen that greets a person who named no capture.
func (u *ui) newStart() *chooser {
	c := newChooser(u.th, "Open", choiceItems(u.o.Choices))
	c.intro = " \nxmppscope shows both sides of an XMPP conversation as steps that you can read. " +
		"Pick a recording, or type the name of a capture file (pcap or pcapng, .gz and .zst too).\n "
	c.free = "no recording has these letters; Enter opens the file of this name"
	c.pick = u.openChosen
	c.quit = u.quit
	c.leaving = "quit"
	return c
}

func (u *ui) drawStart(c canvas) {
	u.start.draw(c.sub(2, 0, c.w-4, c.h-1))
}

func choiceItems(all []Choice) []item {
	items := make([]item, len(all))
	for i, c := range all {
		items[i] = item{group: c.Group, key: c.Name, text: c.Title, about: c.About, match: c.Name, also: c.Title}
	}
	return items
}

// askOpen offers the same choices over the panes.
func (u *ui) askOpen() {
	if u.o.Open == nil {
		u.say(noteInfo, "nothing else can be opened here")
		return
	}
	c := newChooser(u.th, "Open", choiceItems(u.o.Choices))
	c.free = "no recording has these letters; Enter opens the file of this name"
	c.pick, c.quit = u.openChosen, u.close
	u.over = &framed{c, u.th, "Open another capture", 100}
}

// openChosen opens a choice, or the file whose name was typed.
func (u *ui) openChosen(index int, typed string) {
	name := typed
	if index >= 0 {
		name = u.o.Choices[index].Name
	}
	if u.o.Open == nil {
		u.say(noteBad, "nothing can be opened here")
		return
	}
	src, err := u.o.Open(expandHome(name))
	if err != nil {
		u.say(noteBad, wire(err.Error()))
		return
	}
	u.look(src)
}

// askCommand lists all actions, to be found by their names.
func (u *ui) askCommand() {
	items := make([]item, len(u.keys.all))
	for i, a := range u.keys.all {
		items[i] = item{key: a.keys[0], text: pad(a.name, 16) + " " + a.help, match: a.name, also: a.help}
	}
	c := newChooser(u.th, ":", items)
	c.pick = func(i int, _ string) {
		u.close()
		u.keys.all[i].do(u)
	}
	c.quit = u.close
	u.over = &framed{c, u.th, "Commands", 90}
}

// framed is a chooser in a window over the panes.
type framed struct {
	*chooser
	th    *theme
	title string
	width int
}

func (f *framed) draw(c canvas) {
	body := c.sub(0, 0, c.w, c.h-1)
	in := window(body, f.th, f.title, min(c.w, f.width), min(body.h, 24))
	f.chooser.draw(in)
}
