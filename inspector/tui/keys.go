package tui

import (
	"strings"

	"github.com/gdamore/tcell/v2"
)

// action is one thing that a person can do. The key sheet, the footer and the
// command palette are all made from the table of actions: a new action is one
// line in it.
type action struct {
	// name is what the palette lists and matches.
	name string
	// keys are as keyName writes them; the first is the one that is shown.
	keys []string
	// short is the word in the footer; help the sentence in the key sheet.
	short, help string
	group       string
	do          func(*ui)
}

// The groups of the key sheet, in order.
const (
	groupStep  = "Step through the conversation"
	groupLive  = "While connections are open: hold, change, send"
	groupLook  = "Look closer"
	groupFind  = "Find"
	groupLearn = "Lessons"
	groupView  = "Change the view"
	groupOther = "Everything else"
)

func groups() []string {
	return []string{groupStep, groupLive, groupLook, groupFind, groupView, groupLearn, groupOther}
}

// actions is the one table of keys (CONTRACT, Keys).
func actions() []action {
	return []action{
		{"step", []string{"s"}, "step", "go to the next event and show it; live: let one held unit go, and hold what comes next", groupStep, (*ui).stepForward},
		{"next-phase", []string{"n"}, "next phase", "go to the first event of the next phase; live: let everything go until it begins", groupStep, (*ui).nextPhase},
		{"continue", []string{"c"}, "continue", "let everything go; in a recording: go to the next event that a breakpoint is about", groupStep, (*ui).continueOn},
		{"pause", []string{"p"}, "pause", "hold everything that comes, while connections are open", groupStep, (*ui).pause},
		{"step-back", []string{"S"}, "step back", "go back to the event before, with all that was true then", groupStep, (*ui).stepBack},
		{"run-to", []string{"H"}, "run to here", "go on to the next event that is like this one; live: let everything go until one comes, and hold it", groupStep, (*ui).runToHere},
		{"break", []string{"b"}, "breakpoint", "hold what is like this event; in a recording c goes to the next one; the condition can be changed", groupStep, (*ui).askBreak},
		{"breakpoints", []string{"B"}, "breakpoints", "list the breakpoints, to switch, change or remove them", groupStep, (*ui).showBreaks},
		{"phase-forward", []string{"]"}, "next phase", "look at the first event of the next phase", groupStep, (*ui).phaseForward},
		{"previous-phase", []string{"["}, "previous phase", "go back to the first event of this phase, then of the one before", groupStep, (*ui).previousPhase},
		{"down", []string{"j", "Down"}, "down", "one line down in the pane that has the focus", groupStep, func(u *ui) { u.move(1) }},
		{"up", []string{"k", "Up"}, "up", "one line up", groupStep, func(u *ui) { u.move(-1) }},
		{"page-down", []string{"PgDn", "Ctrl-F", "Space"}, "page down", "one page down", groupStep, func(u *ui) { u.page(1) }},
		{"page-up", []string{"PgUp", "Ctrl-B"}, "page up", "one page up", groupStep, func(u *ui) { u.page(-1) }},
		{"first", []string{"Home", "g"}, "first", "to the first line", groupStep, func(u *ui) { u.toEnd(-1) }},
		{"last", []string{"End", "G"}, "last", "to the last line; while events still arrive, stay there", groupStep, func(u *ui) { u.toEnd(1) }},
		{"back", []string{"Backspace"}, "back", "back to the event you jumped from", groupStep, (*ui).jumpBack},

		{"edit", []string{"e"}, "edit", "change what is held before it goes on: its XML, or a login by its decoded fields", groupLive, (*ui).editHeld},
		{"edit-outside", []string{"E"}, "in $EDITOR", "change what is held in your own editor, $VISUAL or $EDITOR", groupLive, (*ui).editOutside},
		{"drop", []string{"d"}, "drop", "never let go on what is held", groupLive, (*ui).drop},
		{"undo", []string{"u"}, "undo", "take back the change of what is still held; else the last filter, breakpoint or choice", groupLive, (*ui).undo},
		{"inject", []string{"i"}, "inject", "send something of your own to either side; there are templates", groupLive, (*ui).askInject},
		{"replay", []string{"r"}, "replay", "send once more what the selected event said, changed or as it was", groupLive, (*ui).replay},
		{"freeze", []string{"Z"}, "freeze", "hold everything of one direction or of both, or let it go again", groupLive, (*ui).askFreeze},
		{"close", []string{"X"}, "close", "end the connection: in good order, with an error, or without a word", groupLive, (*ui).askClose},
		{"live", []string{"L"}, "live", "where clients are taken, what is recorded, and what must not be overlooked", groupLive, (*ui).showLive},

		{"enter", []string{"Enter"}, "details", "look at the details of an event; in the details, follow the marked line", groupLook, (*ui).enter},
		{"mark", []string{"m"}, "mark", "mark the event, or take its mark away", groupLook, (*ui).mark},
		{"compare", []string{"x"}, "compare", "show how the selected event differs from the marked one: by meaning, field by field, and byte by byte", groupLook, (*ui).compare},
		{"note", []string{";"}, "note", "write a note on the event", groupLook, (*ui).askNote},
		{"marks", []string{"M"}, "marks", "list what is marked and noted, and go there", groupLook, (*ui).showMarks},
		{"next-pane", []string{"Tab"}, "next pane", "give the focus to the next pane", groupLook, func(u *ui) { u.cycle(1) }},
		{"previous-pane", []string{"Shift-Tab"}, "previous pane", "give the focus to the previous pane", groupLook, func(u *ui) { u.cycle(-1) }},
		{"explain", []string{"1"}, "explain", "what this event is and why it happens", groupLook, func(u *ui) { u.showTab(tabExplain) }},
		{"xml", []string{"2"}, "XML", "the XML of the event, indented and coloured", groupLook, func(u *ui) { u.showTab(tabXML) }},
		{"sasl", []string{"3"}, "SASL", "login data, decoded into fields", groupLook, func(u *ui) { u.showTab(tabSASL) }},
		{"bytes", []string{"4"}, "bytes", "the exact bytes", groupLook, func(u *ui) { u.showTab(tabBytes) }},
		{"state-tab", []string{"5"}, "state", "what is true just after the event", groupLook, func(u *ui) { u.showTab(tabState) }},
		{"findings-tab", []string{"6"}, "findings", "what was found about the event, in full", groupLook, func(u *ui) { u.showTab(tabFindings) }},
		{"tls-tab", []string{"7"}, "TLS", "the TLS connection that carries it: what was agreed on, certificates, hellos, channel binding", groupLook, func(u *ui) { u.showTab(tabTLS) }},
		{"why", []string{"w"}, "why not", "ask why something did not happen, or how it did; the answer leads to the events that prove it", groupLook, (*ui).askWhy},
		{"hex", []string{"h"}, "hex", "the exact bytes, and back again", groupLook, func(u *ui) { u.toggleTab(tabBytes) }},
		{"state", []string{"t"}, "state", "the state (variables), and back again", groupLook, func(u *ui) { u.toggleTab(tabState) }},
		{"next-part", []string{"Right"}, "next part", "in the details: select the next attribute, field or run of base64; it is marked in every tab. Elsewhere the next tab", groupLook, func(u *ui) { u.sideways(1) }},
		{"previous-part", []string{"Left"}, "previous part", "select the one before", groupLook, func(u *ui) { u.sideways(-1) }},
		{"next-tab", []string{"Ctrl-N"}, "next tab", "the next detail tab", groupLook, func(u *ui) { u.turnTab(1) }},
		{"previous-tab", []string{"Ctrl-P"}, "previous tab", "the previous detail tab", groupLook, func(u *ui) { u.turnTab(-1) }},
		{"fold", []string{"v"}, "fold phase", "fold the phase to its first event, or open it again; Enter opens it too", groupView, (*ui).toggleFold},
		{"fold-all", []string{"V"}, "fold all", "fold every phase, or open all again", groupView, (*ui).foldAll},
		{"pair", []string{"|"}, "two tabs", "show one detail tab or two side by side, where there are 200 columns", groupView, (*ui).togglePair},

		{"search", []string{"/"}, "search", "search; Enter in it goes to the next hit", groupFind, (*ui).askSearch},
		{"previous-hit", []string{"N"}, "previous hit", "go to the previous hit of the search", groupFind, func(u *ui) { u.searchAgain(-1) }},
		{"filter", []string{"f"}, "filter", "show only the events for which an expression holds", groupFind, (*ui).askFilter},

		{"findings", []string{"F"}, "findings", "list what failed, is wrong or worth knowing; Enter in it goes to the very bytes, / finds", groupFind, (*ui).showFindings},
		{"next-finding", []string{"}"}, "next finding", "go to the next event that failed or that something is found about", groupFind, func(u *ui) { u.nextFinding(1) }},
		{"previous-finding", []string{"{"}, "previous finding", "go to the one before", groupFind, func(u *ui) { u.nextFinding(-1) }},

		{"ladder", []string{"l"}, "ladder", "draw the events as a ladder of arrows, and back again", groupView, (*ui).toggleLadder},
		{"actors", []string{"a"}, "actors", "list who takes part: call them by other names, change their order in the ladder, follow one", groupView, (*ui).showActors},
		{"time", []string{"T"}, "time", "time since the start, since the line before, or of the day", groupView, (*ui).turnTime},
		{"zoom", []string{"z"}, "zoom", "give the whole screen to the pane that has the focus, and back again", groupView, (*ui).toggleZoom},
		{"larger", []string{"+"}, "larger", "give the pane that has the focus more room; the mouse drags its border", groupView, func(u *ui) { u.grow(1) }},
		{"smaller", []string{"-"}, "smaller", "give it less room", groupView, func(u *ui) { u.grow(-1) }},
		{"usual-sizes", []string{"="}, "usual sizes", "give all panes their usual sizes again", groupView, (*ui).evenOut},
		{"skin", []string{"*"}, "colours", "choose the colours: dark, light, high contrast, safe for the colour-blind, or none", groupView, (*ui).askSkin},
		{"repaint", []string{"Ctrl-L"}, "repaint", "paint the screen again", groupView, (*ui).repaint},

		{"lesson-next", []string{">", "F8"}, "next step", "go on to the next step of the lesson; what is not done is left out when it is pressed twice", groupLearn, (*ui).lessonNext},
		{"lesson-back", []string{"<", "F7"}, "step back", "go back to the step of the lesson before", groupLearn, (*ui).lessonBack},
		{"lesson-this", []string{".", "F6"}, "this is it", "where something is to be found: answer with the event that is selected, and the bytes that are", groupLearn, (*ui).lessonThis},
		{"lesson-hint", []string{"I", "F2"}, "hint", "get a hint; there are three, each says more", groupLearn, (*ui).lessonHint},
		{"lesson-solution", []string{"A", "F3"}, "solution", "see the answer; that of a live step is played", groupLearn, (*ui).lessonSolution},
		{"lesson-again", []string{"R", "F5"}, "begin again", "begin the step again, with its scene; :lesson-reset begins the whole lesson again", groupLearn, (*ui).lessonAgain},
		{"lesson-code", []string{"Y", "F10"}, "copy code", "put the commands and programs in the text of the step on the clipboard, as they are", groupLearn, (*ui).lessonCode},
		{"lesson-pane", []string{"\\"}, "lesson", "go to the text of the lesson, and back to the events", groupLearn, (*ui).lessonPane},
		{"class-follow", []string{"@", "F12"}, "follow", "in a class: look where the teacher looks, or stop following", groupLearn, (*ui).classFollow},
		{"class-step", []string{"^"}, "teacher's step", "in a class: go to the step that the teacher is at", groupLearn, (*ui).classStep},
		{"lessons", []string{"C", "F9"}, "lessons", "list the lessons, with what you have done of them", groupLearn, (*ui).showLessons},
		{"glossary", []string{"D", glossaryKey}, "glossary", "look a word up; F4 does so from everywhere, also while something is typed", groupLearn, func(u *ui) { u.openGlossary() }},

		{"copy", []string{"y"}, "copy", "copy the event's XML, or what the shown tab is about, to the clipboard of the terminal", groupOther, (*ui).copy},
		{"keylog", []string{"K"}, "keys for TLS", "give a key log file, to read what TLS hides; you stay at your place", groupOther, (*ui).askKeylog},
		{"write", []string{"W"}, "save", "save everything with its marks and notes in a capture that others can open", groupOther, (*ui).askWrite},
		{"open", []string{"o"}, "open", "open another capture", groupOther, (*ui).askOpen},
		{"messages", []string{"!"}, "messages", "read again what was said in the last line", groupOther, (*ui).showSaid},
		{"cards", []string{"$"}, "cards", "switch the cards off that are shown at every stop, or on again", groupOther, (*ui).toggleCards},
		{"command", []string{":"}, "commands", "find any of these by its name", groupOther, (*ui).askCommand},
		{"keys", []string{"?", "F1"}, "keys", "this sheet", groupOther, (*ui).showHelp},
		{"suspend", []string{"Ctrl-Z"}, "suspend", "give the terminal back to the shell; fg returns", groupOther, (*ui).suspendSelf},
		{"leave", []string{"Esc"}, "back", "leave what is open, or go back to the list", groupOther, (*ui).leave},
		{"quit", []string{"q", "Ctrl-C"}, "quit", "quit; asks where something is held", groupOther, (*ui).quit},
	}
}

// keyTable finds actions by key and by name.
type keyTable struct {
	all    []action
	byKey  map[string]*action
	byName map[string]*action
}

func newKeyTable() *keyTable {
	t := &keyTable{all: actions(), byKey: map[string]*action{}, byName: map[string]*action{}}
	for i := range t.all {
		a := &t.all[i]
		t.byName[a.name] = a
		for _, k := range a.keys {
			t.byKey[k] = a
		}
	}
	return t
}

// keyName writes a key as the table and the sheet do: "s", "Ctrl-L", "PgDn".
func keyName(ev *tcell.EventKey) string {
	switch ev.Key() {
	case tcell.KeyRune:
		if ev.Modifiers()&tcell.ModAlt != 0 {
			return "Alt-" + string(ev.Rune())
		}
		if ev.Rune() == ' ' {
			return "Space"
		}
		return string(ev.Rune())
	case tcell.KeyBacktab:
		return "Shift-Tab"
	case tcell.KeyBackspace, tcell.KeyBackspace2:
		return "Backspace"
	case tcell.KeyTab:
		return "Tab"
	case tcell.KeyEnter:
		return "Enter"
	case tcell.KeyEscape:
		return "Esc"
	}
	if name, ok := tcell.KeyNames[ev.Key()]; ok {
		return strings.Replace(name, "Ctrl+", "Ctrl-", 1)
	}
	return ""
}
