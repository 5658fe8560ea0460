package workshop

import (
	"regexp"
	"strings"

	"xmppscope/lessons/course"
)

// Lessons name the keys of the terminal. A browser has buttons and boxes instead:
// what stands here is told beside each step that names the key.

// Key is a key that the text of a step names, and what there is in its place.
type Key struct {
	Key  string `json:"key"`
	Here string `json:"here"`
}

// inBrowser is the table: a key is one line.
var inBrowser = []Key{
	{"e", "What is held stands in a box below this text, as XML. Change it there; where there is base64 in it, a second box has the same without base64."},
	{"Ctrl-T", "The first box of what is held has the XML, the second one what is inside the base64."},
	{"Ctrl-S", "The button below the box: “Send as edited” for what is held, “Inject” for something of your own."},
	{"s", "“Forward” below what is held."},
	{"d", "“Drop” below what is held."},
	{"c", "“Let everything go”."},
	{"i", "“Inject, or end the connection” below what is held. Write the XML, or put an event into the box and change it; choose from whom it is to seem to come, whether it goes before or after what is held, and on which connection, where there are several. Templates there are none."},
	{"r", "Choose the event under “Your stage”, then open “Inject, or end the connection”: “Send the chosen event again” sends it as it was, “Put the chosen event here” lets you change it first."},
	{"X", "“Inject, or end the connection” below what is held: “Cut TCP” is “reset → both”. Where there are several connections, choose there which."},
	{"Tab", "Click on it. The list of events is on the right, under “Your stage” or “Recording of this step”; what is held, and the buttons, are below this text."},
	{"y", "Mark it with the mouse and copy it as you copy any text."},
	{"f", "The list is not filtered here: read down it. The number at the end of a line is that of its connection, where there are several; what is wrong is red."},
	{"t", "What the two sides know is not listed here. The text below an event says what it has changed."},
}

// ways in which a text names a key of one letter; everywhere else it is a letter.
var pressed = regexp.MustCompile("(?i:press) `?([A-Za-z])`?(?:[^\\w-]|$)|(?:^|[ (;])`?([A-Za-z])`? (?:lets|opens|at the)\\b|\\(`([A-Za-z])`\\)|(?:^|on with |then )`?([A-Za-z])`?[.,]")

var longKey = regexp.MustCompile(`\b(?:Ctrl-[A-Z]|Tab)\b`)

// keysOf are the keys that a step names, in the order of the table.
func keysOf(s *course.Step) (all []Key) {
	texts := append([]string{s.Question}, s.Hints...)
	texts = plainOf(texts, s.Text)
	texts = plainOf(texts, s.After)
	found := map[string]bool{}
	for _, text := range texts {
		for _, m := range pressed.FindAllStringSubmatch(text, -1) {
			found[strings.Join(m[1:], "")] = true
		}
		for _, key := range longKey.FindAllString(text, -1) {
			found[key] = true
		}
	}
	for _, k := range inBrowser {
		if found[k.Key] {
			all = append(all, k)
		}
	}
	return all
}

// plainOf adds the text of blocks: a line for each, literal text between grave
// accents.
func plainOf(all []string, blocks []course.Block) []string {
	for i := range blocks {
		b := &blocks[i]
		if b.Kind == course.Code {
			continue
		}
		line := ""
		for _, r := range b.Text {
			if r.Style == course.Literal {
				line += "`" + r.Text + "`"
				continue
			}
			line += r.Text
		}
		all = plainOf(append(all, line), b.Inside)
	}
	return all
}
