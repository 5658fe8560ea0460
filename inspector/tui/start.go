package tui

import "slices"

// offer is one line of the start screen with what it does, and what it does
// where a person wants to choose more.
type offer struct {
	item
	do      func()
	options func()
}

const introText = " \nxmppscope shows both sides of an XMPP conversation as steps that you can read. " +
	"Pick something, or type the name of a capture file (pcap or pcapng, .gz and .zst too).\n "

// newStart makes the screen that greets a person who named no capture.
func (u *ui) newStart() *chooser {
	c := u.newOffers("Open")
	c.intro = introText
	c.quit = u.quit
	c.leaving = "quit"
	return c
}

// newOffers lists all that can be begun from here.
func (u *ui) newOffers(label string) *chooser {
	all := u.offers()
	items := make([]item, len(all))
	for i := range all {
		items[i] = all[i].item
	}
	c := newChooser(u.th, label, items)
	c.free = "nothing here has these letters; Enter opens the file of this name"
	c.pick = func(i int, typed string) {
		if i >= 0 {
			all[i].do()
			return
		}
		u.openNamed(c, typed)
	}
	if u.o.OpenWith != nil || slices.ContainsFunc(all, func(o offer) bool { return o.options != nil }) {
		c.options = func(i int, typed string) {
			switch {
			case i >= 0 && all[i].options != nil:
				all[i].options()
			case i < 0 && u.o.OpenWith != nil:
				u.fillIn(u.o.OpenWith(expandHome(typed)))
			default:
				c.failed = "there is nothing to choose here: Enter begins it"
			}
		}
	}
	return c
}

// offers are the lessons, what is live, the files that were looked at lately and
// the recordings that come along.
func (u *ui) offers() (all []offer) {
	all = u.lessonOffers()
	var later []offer // forms of other groups than the first one's
	for i := range u.o.Forms {
		f := &u.o.Forms[i]
		o := offer{item: item{group: f.Group, key: f.Name, text: f.Title, about: f.About, match: f.Name, also: f.Title},
			do: func() { u.begin(f) }, options: func() { u.fillIn(f) }}
		if f.Group == u.o.Forms[0].Group {
			all = append(all, o)
		} else {
			later = append(later, o)
		}
	}
	choices := u.o.Choices
	if u.o.Recent != nil {
		choices = slices.Concat(u.o.Recent(), choices)
	}
	for _, c := range choices {
		o := offer{item: item{group: c.Group, key: c.Name, text: c.Title, about: c.About, match: c.Name, also: c.Title},
			do: func() { u.opening(func() (*Source, error) { return u.open(c.Name) }) }}
		if u.o.OpenWith != nil {
			o.options = func() { u.fillIn(u.o.OpenWith(c.Name)) }
		}
		all = append(all, o)
	}
	return append(all, later...)
}

func (u *ui) drawStart(c canvas) {
	u.start.draw(c.sub(2, 0, c.w-4, c.h-1))
}

// askOpen offers the same over the panes.
func (u *ui) askOpen() {
	if u.o.Open == nil {
		u.say(noteInfo, "nothing else can be opened here")
		return
	}
	c := u.newOffers("Open")
	c.quit = u.close
	u.over = &framed{c, u.th, "Open another capture, or begin something", 100}
}

// open makes a source of a name.
func (u *ui) open(name string) (*Source, error) { return u.o.Open(expandHome(name)) }

// openNamed opens the file whose name was typed.
func (u *ui) openNamed(c *chooser, name string) {
	if u.o.Open == nil {
		c.failed = "nothing can be opened here"
		return
	}
	u.opening(func() (*Source, error) { return u.open(name) })
}

// opening changes to another source. Where that fails, it is said where the name
// was chosen.
func (u *ui) opening(open func() (*Source, error)) {
	u.leavingLive("what is live now", func() {
		src, err := open()
		if err == nil {
			u.look(src)
			return
		}
		at := u.start
		if f, ok := u.over.(*framed); ok {
			at = f.chooser
		}
		at.failed = wire(err.Error())
		u.say(noteBad, at.failed)
	})
}

// leavingLesson does something that ends the lesson that is being taken; it asks
// before. What is live there is a stage, which the lesson builds again.
func (u *ui) leavingLesson(do, stay func()) {
	over := u.over
	u.over = &question{u: u, title: "Leave the lesson?", text: "Your place in it is kept; C leads back to it.", answers: []answer{
		{"y", "leave it", func() { u.over = over; do() }},
		{"Esc", "stay", func() { u.over = over; stay() }},
	}}
}

// leavingLive does something that ends what is live, or the lesson. Where
// connections are open or a lesson is being taken it asks before, because they
// are lost.
func (u *ui) leavingLive(what string, do func()) {
	if u.lesson != nil {
		u.leavingLesson(do, func() {})
		return
	}
	if u.cap == nil || !u.isLive() || u.queue.status.Open == 0 {
		do()
		return
	}
	over := u.over
	u.over = &question{u: u, title: "Leave " + what + "?", text: plural(u.queue.status.Open, "open connection") + " would end" +
		pick(len(u.queue.units) > 0, ", and what is held would be lost.", "."), answers: []answer{
		{"y", "leave it", func() { u.over = over; do() }},
		{"Esc", "stay", func() { u.over = over }},
	}}
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
