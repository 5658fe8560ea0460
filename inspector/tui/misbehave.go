package tui

import (
	"errors"
	"strconv"

	"github.com/gdamore/tcell/v2"

	"xmppscope/inspector/live"
)

// faultList switches what the practice server does wrong.
type faultList struct {
	*chooser
	u *ui
}

// showFaults lists what the practice server can do wrong.
func (u *ui) showFaults() {
	l := &faultList{u: u, chooser: newChooser(u.th, "Do wrong", nil)}
	l.items = l.all()
	l.refilter()
	l.empty = "(type some letters; Enter turns it on, or off again)"
	l.free = "nothing has these letters; Enter takes NAME=NUMBER as it stands"
	l.pick = func(i int, typed string) {
		name := typed
		if i >= 0 {
			name = l.items[i].match
		}
		if err := u.switchFault(name); err != nil {
			l.failed = wire(err.Error())
			return
		}
		at := l.cursor
		l.items = l.all()
		l.cursor = at
	}
	l.quit = u.close
	u.over = l
}

func (l *faultList) all() (items []item) {
	for _, f := range l.u.cap.src.Faults.Faults() {
		text := pick(f.On, "✓ on   ", "       ") + wire(f.About)
		about := f.Name + ", found as " + wire(f.Found) + "."
		if f.Number > 0 {
			about += " A number may stand behind the name: " + f.Name + "=" + strconv.Itoa(f.Number) + "."
		}
		items = append(items, item{key: f.Name, text: text, about: about, match: f.Name, also: f.About + " " + f.Found})
	}
	return items
}

// switchFault turns a misbehaviour on, or off where it is on.
func (u *ui) switchFault(arg string) error {
	on, err := live.Toggle(u.cap.src.Faults, arg)
	if err != nil {
		return err
	}
	u.say(noteGood, "the practice server "+pick(on, "does this wrong from now on: ", "does this as it should again: ")+wire(arg))
	return nil
}

// misbehaveText is the command; without a name it lists what there is.
func (u *ui) misbehaveText(arg string) error {
	if u.cap == nil || u.cap.src.Faults == nil {
		return errors.New("there is no practice server here: the demo, lessons and proxy --sandbox have one")
	}
	if arg == "" {
		u.showFaults()
		return nil
	}
	if err := u.switchFault(arg); err != nil {
		return err
	}
	u.close()
	return nil
}

func (l *faultList) key(ev *tcell.EventKey) bool {
	switch keyName(ev) {
	case "Ctrl-C":
		return false
	case "Tab":
		l.move(1)
		return true
	}
	return l.chooser.key(ev)
}

func (l *faultList) hints() []hint {
	return []hint{{"↑ ↓", "move"}, {"type", "to find"}, {"Enter", "on, or off"}, {"Esc", "back"}}
}

func (l *faultList) draw(c canvas) {
	body := c.sub(0, 0, c.w, c.h-1)
	l.chooser.draw(window(body, l.u.th, "What the practice server does wrong", min(c.w, 120), body.h))
}
