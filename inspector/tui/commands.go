package tui

import (
	"errors"
	"os"
	"slices"
	"strconv"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/why"
	"xmppscope/inspector"
	"xmppscope/inspector/gate"
)

// argCommands are what the palette can do with an argument; one is a line here.
// Where an action of the table of keys has the same name, it is what is done
// without an argument.
func (u *ui) argCommands() []command {
	expr := func(text string) (string, int, noteKind) { return u.filterNote(text) }
	point := func(text string) (string, int, noteKind) { return u.breakNote(text) }
	field := func(text string) string { return completeField(text, len(text)) }
	all := []command{
		{name: "goto", holder: "N", help: "go to event N; a number alone does the same", run: u.goToNumber},
		{name: "filter", holder: "EXPR", run: u.setFilterText, note: expr, complete: field},
		{name: "search", holder: "TEXT", run: func(arg string) error { u.close(); u.searchFor(arg, 1); return nil }},
		{name: "break", holder: "EXPR", run: u.setBreak, note: point, complete: field},
		{name: "run-to", holder: "EXPR", run: u.runToText, note: point, complete: field},
		{name: "conn", holder: "N", help: "show only conversation N; 0 shows all", run: u.setConnText},
		{name: "open", holder: "FILE", run: u.openText, complete: completePath},
		{name: "keylog", holder: "FILE", run: u.keylogText, complete: completePath},
		{name: "why", holder: "QUESTION", run: u.whyText},
		{name: "tab", holder: "NAME", help: "show a detail tab", run: u.tabText},
		{name: "note", holder: "TEXT", run: u.noteText},
		{name: "write", holder: "FILE", run: u.writeText, complete: completePath},
		{name: "skin", holder: "NAME", run: u.skinText},
		{name: "glossary", holder: "WORD", run: u.glossaryText},
		{name: "lesson", holder: "NAME", help: "begin a lesson, by its name or number", run: u.lessonText},
		{name: "lesson-skip", help: "leave out this step of the lesson", run: u.lessonSkip},
		{name: "lesson-reset", help: "begin this lesson again, and forget what was done of it", run: u.lessonReset},
		{name: "lesson-leave", help: "leave the lesson, and stay with what is shown", run: u.lessonLeave},
		{name: "misbehave", holder: "NAME", help: "let the practice server do something wrong, or stop it", run: u.misbehaveText},
	}
	if u.o.Class != nil {
		all = append(all, command{name: "class", holder: "VERB", help: "who is where in the class; step 7 takes everybody there, help lists more", run: u.classText})
	}
	return all
}

func (u *ui) goToNumber(arg string) error {
	n, err := strconv.ParseUint(strings.TrimPrefix(arg, "#"), 10, 63)
	if err != nil {
		return errors.New("which number? :12 goes to event 12")
	}
	if !u.jump(decode.Seq(n)) {
		return errors.New(u.message.text)
	}
	u.close()
	return nil
}

func (u *ui) setFilterText(arg string) error {
	f, err := inspector.Compile(arg)
	if err == nil {
		u.close()
		u.applyFilter(arg, f)
	}
	return err
}

func (u *ui) setBreak(arg string) error {
	if _, err := gate.ParseBreak(arg); err != nil {
		return err
	}
	u.close()
	return u.placeBreak(arg, 0)
}

func (u *ui) setConnText(arg string) error {
	n, err := strconv.ParseUint(arg, 10, 32)
	id := decode.ConnID(n)
	if err != nil || id != 0 && u.cap.conversation(id) == nil {
		return errors.New("there is no conversation " + arg + "; there are 1 to " + strconv.Itoa(len(u.cap.convs)))
	}
	u.close()
	u.undoable("the choice of a conversation", u.connChooser(u.cap.conn))
	u.connChooser(id)()
	return nil
}

// connChooser shows one conversation, or all for 0.
func (u *ui) connChooser(id decode.ConnID) func() {
	return func() {
		u.cap.setConn(id)
		u.convs.show(id)
	}
}

func (u *ui) openText(arg string) error {
	if u.o.Open == nil {
		return errors.New("nothing can be opened here")
	}
	over := u.over
	var failed error
	u.leavingLive("what is live now", func() {
		src, err := u.open(arg)
		if failed = err; err == nil {
			u.look(src)
			return
		}
		u.over = over
		u.say(noteBad, wire(err.Error())) // the prompt may be gone by now
	})
	return failed
}

func (u *ui) keylogText(arg string) error {
	if u.cap == nil || u.cap.src.Keylog == nil {
		return errors.New("keys cannot be added here")
	}
	u.close()
	u.giveKeys(arg)
	return nil
}

func (u *ui) whyText(arg string) error {
	name, word, _ := strings.Cut(arg, " ")
	q := why.Lookup(name)
	if q == nil {
		return errors.New("there is no such question; :why alone lists them")
	}
	if u.cap.row() < 0 {
		return errors.New("there is no event to ask about")
	}
	u.close()
	u.inquire(q, word)
	return nil
}

func (u *ui) tabText(arg string) error {
	var names []string
	for t, d := range u.detail.defs {
		if strings.EqualFold(d.name, arg) {
			u.close()
			u.showTab(tab(t))
			return nil
		}
		names = append(names, d.name)
	}
	slices.Sort(names)
	return errors.New("there is no such tab; there are " + strings.Join(names, ", "))
}

func (u *ui) noteText(arg string) error {
	if u.cap.row() < 0 {
		return errors.New("no event is selected")
	}
	if len(arg) > maxNote {
		return errors.New("a note has room for " + thousands(maxNote) + " bytes")
	}
	u.close()
	u.putNote(u.here(), arg)
	return nil
}

func (u *ui) writeText(arg string) error {
	switch _, err := os.Stat(expandHome(arg)); {
	case u.cap.src.Write == nil:
		return errors.New("this cannot be saved")
	case u.cap.saving != nil:
		return errors.New("it is being saved; wait for the end of that")
	case err == nil:
		return errors.New("this file is there already; :write alone asks before it writes over it")
	}
	u.close()
	u.save(arg, false)
	return nil
}

func (u *ui) skinText(arg string) error {
	if skinOf(arg) == nil {
		var names []string
		for _, s := range skins() {
			names = append(names, s.name)
		}
		return errors.New("there is no such skin; there are " + strings.Join(names, ", "))
	}
	u.close()
	u.wear(arg)
	return nil
}
