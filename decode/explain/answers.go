package explain

import (
	"strconv"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
)

// This file holds what all requests and answers have in common.

func asks(e *decode.Event) bool { return e.Type == "get" || e.Type == "set" }

func fails(e *decode.Event) bool { return e.Type == "error" }

func digits[T int | decode.Seq](n T) string { return strconv.Itoa(int(n)) }

// pairing says which request an answer belongs to.
func pairing(e *decode.Event) string {
	if e.Reply != 0 {
		return "This answers event " + digits(e.Reply) + "."
	}
	if stateOf(e).Profile == decode.ProfileS2S {
		return "The question is not on this connection: between servers, questions and answers often go over two."
	}
	return "No open request fits this answer."
}

// refusesTitle is the title of an error answer.
func refusesTitle(e *decode.Event, what string) string {
	title := "refuses"
	if what != "" {
		title += " " + what
	}
	if e.Condition != "" {
		title += ": " + name(e.Condition)
	}
	return title
}

// refuse explains a stanza of type error. what is what is refused, such as
// "to bind a resource".
func (x *Explanation) refuse(e *decode.Event, n *xmlstream.Node, what string) {
	c := stanzaCondition(e.Condition)
	x.What = say(requester(e)+" refuses"+when(what != "", " "+what)+when(e.Condition != "", ", with the condition "+value(e.Condition))+".", c.Text)
	x.Why = "A stanza error concerns one stanza only. The stream goes on."
	x.Expect = c.Expect
	x.Ref = c.Ref
	err := errorNode(n)
	x.What = say(x.What, errorTypeWords(err))
	x.noteError(err, e.Condition)
}

// errorNode finds <error/> in whatever content namespace the stanza has.
func errorNode(n *xmlstream.Node) *xmlstream.Node {
	if n == nil {
		return nil
	}
	return child(n, n.Name.Space, "error")
}

func errorTypeWords(err *xmlstream.Node) string {
	if err == nil {
		return ""
	}
	kind := attr(err, "type")
	words := ""
	if t := entryNamed(errorTypes, kind); t.Name != "" {
		words = "Its type is " + kind + ": " + lower(t.Text)
	} else if kind != "" {
		words = "Its type, " + value(kind) + ", is none of the defined ones."
	}
	if say := text(child(err, nsStanzaErrors, "text")); say != "" {
		words += " It adds the words " + speech(say) + "."
	}
	return strings.TrimSpace(words)
}

func (x *Explanation) noteError(err *xmlstream.Node, condition string) {
	if err == nil {
		return
	}
	x.noteAttr(err, "type", "What can be done about the error: auth, cancel, continue, modify or wait.")
	x.noteAttr(err, "code", "A number from the time before XMPP 1.0, for old programs.")
	x.noteAttr(err, "by", "Who found the error.")
	for c := range err.Children() {
		switch {
		case c.Name.Space == nsStanzaErrors && c.Name.Local == "text":
			x.noteText(c, "Words for a person. No program should depend on them.")
		case c.Name.Space == nsStanzaErrors:
			x.noteWhole(c, stanzaCondition(c.Name.Local).Text)
		default:
			x.noteWhole(c, furtherText(c))
		}
	}
}

// conditionNode finds the child that names a condition.
func conditionNode(n *xmlstream.Node, condition string) *xmlstream.Node {
	if n == nil || condition == "" {
		return nil
	}
	for c := range n.Children() {
		if c.Name.Local == condition {
			return c
		}
	}
	return nil
}

// lower makes the first letter of one of our own sentences small, unless it
// begins an abbreviation.
func lower(s string) string {
	if len(s) < 2 || (s[1] < 'a' || s[1] > 'z') && s[1] != ' ' {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}
