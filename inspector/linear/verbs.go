package linear

import (
	"slices"
	"strings"

	"xmppscope/inspector"
)

// verb is one thing that can be asked for.
type verb struct {
	// name is the word; key is the letter that does the same on the screen, and
	// here; also are further words.
	name, key string
	also      []string
	// args is what may follow, doc what it does; more tells the rest, a sentence
	// a line.
	args, doc, more string
	// again is set where an empty line does it once more.
	again bool
	group string
	do    func(t *talk, arg string) error
}

const (
	groupWalk = "To walk"
	groupSee  = "To look"
	groupFind = "To find"
	groupLive = "On connections that are open"
	groupTask = "Of a lesson"
	groupRest = "Everything else"
)

// verbs is the table; a verb is one line here.
func verbs() []verb {
	return []verb{
		{"step", "s", nil, "[N]", "go to the next event; where something is held, let it go on and hold what comes next", "With a number, do so that often.", true, groupWalk, (*talk).step},
		{"next", "n", nil, "", "go to the next phase; on open connections let everything go on until then", "", true, groupWalk, (*talk).next},
		{"continue", "c", nil, "", "go on to the next event that fits a breakpoint; on open connections let everything go on until something is held", "", true, groupWalk, (*talk).goOn},
		{"pause", "p", nil, "", "hold everything that comes on open connections", "", false, groupWalk, (*talk).pause},
		{"back", "k", []string{"up"}, "[N]", "go to the event before", "", true, groupWalk, (*talk).back},
		{"down", "j", nil, "[N]", "go to the next event that was seen, and let nothing go on", "", true, groupWalk, (*talk).down},
		{"later", "]", nil, "", "go to the first event of the next phase, and let nothing go on", "", true, groupWalk, (*talk).later},
		{"earlier", "[", nil, "", "go to the beginning of this phase, then of the one before", "", true, groupWalk, (*talk).earlier},
		{"goto", "g", []string{"#"}, "N", "go to event N, or to the unit N that is held", "first and last go to the ends.", false, groupWalk, (*talk).goTo},
		{"who", "", []string{"whoset"}, "VARIABLE", "go to the event that gave a variable the value it has here", "state lists the variables.", false, groupWalk, (*talk).who},

		{"show", "", []string{"print"}, "[N] [explain|xml|sasl|bytes|state|findings]", "say everything about an event", "Without a number it is the event, or the held unit, that you are at.\nexplain is what it means, xml what stands on the wire, sasl what a login says, bytes the bytes, state what is true then.", false, groupSee, (*talk).show},
		{"xml", "", nil, "[N]", "say the XML of an event", "", false, groupSee, showPart("xml")},
		{"sasl", "", []string{"login"}, "[N]", "say what the login data of an event say, and how they compare with the password", "", false, groupSee, showPart("sasl")},
		{"bytes", "h", []string{"hex"}, "[N]", "say the bytes of an event", "", false, groupSee, showPart("bytes")},
		{"state", "t", []string{"variables"}, "[N]", "say what is true just after an event", "", false, groupSee, showPart("state")},
		{"list", "l", nil, "[N | FROM-TO | all]", "say the events around this one, or the ones you name, a line each", "", false, groupSee, (*talk).list},
		{"phases", "", nil, "", "say the phases of this conversation, and which one you are in", "", false, groupSee, (*talk).phases},
		{"conversations", "", []string{"convs"}, "", "say all conversations", "", false, groupSee, (*talk).conversations},
		{"conn", "", nil, "N | all", "look at one conversation alone, or at all of them again", "", false, groupSee, (*talk).conn},
		{"where", "", []string{"here"}, "", "say where you are", "", false, groupSee, (*talk).where},
		{"time", "T", nil, "start | last | clock | off", "say of every event when it was: since the first, since the one before, or the time of the day", "", false, groupSee, (*talk).time},
		{"compare", "x", nil, "[N]", "say what differs between the marked event and this one", "", false, groupSee, (*talk).compare},

		{"findings", "F", nil, "[error|warning|note]", "say everything that is wrong, and what failed", "", false, groupFind, (*talk).findings},
		{"why", "w", nil, "[QUESTION [WORD]]", "say why something did not happen in this conversation, or how it did", "Without a question it says what can be asked.", false, groupFind, (*talk).why},
		{"filter", "f", nil, "EXPR | off", "show only the events that fit an expression", "For example: filter kind == \"stanza\"\nexplain fields says what can be asked for.", false, groupFind, (*talk).filter},
		{"search", "/", []string{"find"}, "TEXT", "go to the next event that has a text in it", "Without a text, search for the last one again.", false, groupFind, (*talk).searchFor},
		{"hit", "", nil, "", "go to the next hit of the search", "", true, groupFind, (*talk).hit},
		{"hitback", "N", nil, "", "go to the hit before", "", true, groupFind, (*talk).hitBack},
		{"mark", "m", nil, "[N]", "mark an event, or take the mark away", "", false, groupFind, (*talk).mark},
		{"note", ";", nil, "[TEXT]", "write a note at this event; without a text the note is taken away", "Marks and notes are kept in what write writes.", false, groupFind, (*talk).note},
		{"marks", "", []string{"notes"}, "", "say all marks and notes", "", false, groupFind, (*talk).marks},
		{"explain", "", nil, "TERM", "say what a word means: a step, an element, an error, a namespace, a field, an address", "", false, groupFind, (*talk).explain},

		{"break", "b", nil, "[EXPR]", "hold what fits an expression, or in a recording stop at it; without one, what is like this event", "For example: break name == \"auth\"\nonce before it holds only the first.", false, groupLive, (*talk).addBreak},
		{"breakpoints", "B", []string{"breaks"}, "", "say all breakpoints", "", false, groupLive, (*talk).listBreaks},
		{"unbreak", "", []string{"delete"}, "ID | all", "remove a breakpoint", "", false, groupLive, (*talk).unbreak},
		{"switch", "", []string{"toggle"}, "ID", "turn a breakpoint off, or on again", "", false, groupLive, (*talk).toggle},
		{"held", "", []string{"queue"}, "", "say what is held, and how long both sides have waited", "", false, groupLive, (*talk).listHeld},
		{"edit", "e", nil, "[N] [FIELD=VALUE | flip [FIELD]]", "change what is held and let it go on", "Without a field it says the XML and asks for another one: as many lines as you like, then a line with a full stop alone.\nA line such as sasl.passwd=secret changes one field of the decoded login data; they are encoded again.\nflip changes one bit of a field, to see what breaks.", false, groupLive, (*talk).edit},
		{"editor", "E", nil, "[N]", "change what is held in the program that $EDITOR names", "", false, groupLive, (*talk).editor},
		{"drop", "d", nil, "[N]", "do not let what is held go on", "", false, groupLive, (*talk).drop},
		{"forward", "", []string{"pass"}, "[N]", "let one held unit go on as it came, and change nothing else", "", false, groupLive, (*talk).forward},
		{"undo", "u", nil, "[N]", "take back a decision or a change that has not gone on yet", "", false, groupLive, (*talk).undo},
		{"inject", "i", nil, "[TEMPLATE] [server|client] [XML]", "send something of your own to one side", "Without anything it says the templates.", false, groupLive, (*talk).inject},
		{"replay", "r", nil, "[N] [XML]", "send what an event said once more, or other XML in its place", "", false, groupLive, (*talk).replay},
		{"close", "", nil, "[client|server] [stream [CONDITION] | tls | tcp]", "end this connection; without a layer, end the stream in good order", "A condition, such as policy-violation, makes it a stream error.", false, groupLive, (*talk).closeIt},
		{"freeze", "", nil, "[client|server]", "hold everything that one side of this connection says, or both", "", false, groupLive, freezing("freeze")},
		{"thaw", "", nil, "[client|server]", "let it go on again", "", false, groupLive, freezing("thaw")},
		{"wait", "", nil, "", "say what happens until something is held or everything has ended", "Enter or Ctrl-C ends the waiting.", true, groupLive, (*talk).wait},
		{"status", "", nil, "", "say how it stands: what is open, what is held, where clients may connect", "", false, groupLive, (*talk).status},

		{"lessons", "C", nil, "", "say which lessons there are, and what you have done of them", "", false, groupTask, (*talk).lessons},
		{"lesson", "", []string{"learn"}, "NAME", "begin a lesson, or go on with it, by its name or number", "", false, groupTask, (*talk).lesson},
		{"text", "\\", []string{"task"}, "", "say the step of the lesson again", "", false, groupTask, (*talk).lessonText},
		{"answer", ".", nil, "[ANSWER]", "answer the step of the lesson", "text says in which form.", false, groupTask, (*talk).lessonAnswer},
		{"hint", "I", nil, "", "get a hint; there are three, each says more", "", false, groupTask, (*talk).hint},
		{"solution", "A", []string{"solve"}, "", "hear the answer; that of a live step is played", "", false, groupTask, (*talk).solution},
		{"onward", ">", []string{"on"}, "", "go to the next step of the lesson", "", false, groupTask, (*talk).onward},
		{"backward", "<", nil, "", "go to the step of the lesson before", "", false, groupTask, (*talk).backward},
		{"skip", "", nil, "", "leave out this step of the lesson", "", false, groupTask, (*talk).skip},
		{"again", "R", nil, "", "begin this step again, with its scene", "", false, groupTask, (*talk).again},
		{"reset", "", nil, "", "begin the lesson again, and forget what was done of it", "", false, groupTask, (*talk).reset},
		{"glossary", "D", []string{"word"}, "[WORD]", "say what a word means, or which words there are", "", false, groupTask, (*talk).glossary},
		{"misbehave", "", nil, "[NAME]", "let the practice server do something wrong, or stop it", "Without a name it says what it can do wrong, and what tells of it.", false, groupLive, (*talk).misbehave},

		{"open", "o", nil, "[NAME]", "open a capture file, or a recording that comes with the program", "Without a name it says which there are.", false, groupRest, (*talk).open},
		{"write", "W", []string{"save"}, "FILE", "write what you look at to a capture file, with marks and notes", "", false, groupRest, (*talk).write},
		{"keylog", "K", nil, "FILE", "read again with the TLS keys in a file", "", false, groupRest, (*talk).keylog},
		{"help", "?", nil, "[VERB]", "say what can be done", "", false, groupRest, (*talk).help},
		{"quit", "q", []string{"exit"}, "", "leave; asks when something is held", "", false, groupRest, (*talk).quit},
	}
}

// verbOf finds the verb of a line: a letter, a word, or the beginning of one
// alone.
func (t *talk) verbOf(line string) (*verb, string, error) {
	word, rest := takeWord(line)
	if r, found := strings.CutPrefix(line, "/"); found { // as on the screen: /text
		word, rest = "/", r
	}
	if isNumber(strings.TrimPrefix(word, "#")) {
		word, rest = "goto", word
	}
	word = strings.TrimPrefix(word, ":")
	low := strings.ToLower(word)
	var near []*verb
	for i := range t.verbs {
		v := &t.verbs[i]
		if v.key == word && word != "" || v.name == low || slices.Contains(v.also, low) {
			return v, rest, nil
		}
		if strings.HasPrefix(v.name, low) && low != "" {
			near = append(near, v)
		}
	}
	switch len(near) {
	case 1:
		return near[0], rest, nil
	case 0:
		return nil, "", t.unknown(word)
	}
	names := make([]string, len(near))
	for i, v := range near {
		names[i] = v.name
	}
	return nil, "", no(word+" may be "+strings.Join(names, " or "), "type more of the word")
}

func (t *talk) unknown(word string) error {
	var names []string
	for i := range t.verbs {
		names = append(append(names, t.verbs[i].name), t.verbs[i].also...)
	}
	hint := "help says what can be done"
	if near := inspector.Nearest(strings.ToLower(word), names); near != "" {
		hint = "did you mean " + near + "? " + hint
	}
	return no(capped(word, 60)+" is no verb", hint)
}

// help says all verbs, or all about one.
func (t *talk) help(arg string) error {
	if arg != "" {
		v, _, err := t.verbOf(arg)
		if err != nil {
			return err
		}
		t.say("%s", sentence(strings.TrimSpace(v.name+" "+v.args)+": "+v.doc))
		if v.key != "" || len(v.also) > 0 {
			t.say("In short, or otherwise: %s", sentence(strings.TrimPrefix(strings.Join(append([]string{v.key}, v.also...), ", "), ", ")))
		}
		if v.more != "" {
			for line := range strings.SplitSeq(v.more, "\n") {
				t.say("%s", line)
			}
		}
		if v.again {
			t.say("An empty line does it again.")
		}
		return nil
	}
	group := ""
	for i := range t.verbs {
		v := &t.verbs[i]
		if v.group != group {
			group = v.group
			t.say("%s:", group)
		}
		text := v.name
		if v.key != "" {
			text += " (" + v.key + ")"
		}
		if v.args != "" {
			text += " " + v.args
		}
		t.say("%s", sentence(text+": "+v.doc))
	}
	t.say("The beginning of a word will do where it is the only one. An empty line does the last step again. help and a verb says more about it.")
	return nil
}
