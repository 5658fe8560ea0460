package tui

import (
	"errors"

	"xmppscope/inspector"

	"xmppscope/decode"
)

// Class looks on where the screen looks, and does what its teacher wants.
type Class interface {
	// At is told where the screen looks, whenever that has changed. It is called in
	// the event loop and must be quick.
	At(Look)
	// Do does what was typed after :class, and says what came of it, on any number
	// of lines. Empty asks how things are.
	Do(line string) string
}

// Look is where the screen looks.
type Look struct {
	// Lesson is the name of the lesson that is taken, empty for none; Step counts
	// from 0.
	Lesson string
	Step   int
	// Title is the name of the recording in the lesson, or that of the source.
	Title string
	Store *inspector.Store
	// Seq is the event, 0 for none; Start and End are bytes of its wire.
	Seq        decode.Seq
	Start, End int
}

// mirror tells the class where the screen looks.
func (u *ui) mirror() {
	if u.o.Class == nil || u.cap == nil {
		return
	}
	l := Look{Title: u.cap.src.Title, Store: u.cap.store}
	if n := u.lesson; n != nil {
		l.Lesson, l.Step = n.walk.Lesson.ID, n.walk.At()
		if n.shown != "" {
			l.Title = n.shown
		}
	}
	if row := u.cap.row(); row >= 0 && row < l.Store.Len() {
		l.Seq = l.Store.Row(row).Seq()
		if d := u.detail; d.event != nil && d.event.Seq == l.Seq && d.mark.end > 0 {
			if s, ok := d.input().links.find(d.mark, partOfWire(d.event)); ok {
				l.Start, l.End = s.start, s.end
			}
		}
	}
	if l != u.looked {
		u.looked = l
		u.o.Class.At(l)
	}
}

// classText does what was typed after :class.
func (u *ui) classText(arg string) error {
	if u.o.Class == nil {
		return errors.New("no class is held here")
	}
	u.close()
	u.readText("Class", u.o.Class.Do(arg), nil)
	return nil
}
