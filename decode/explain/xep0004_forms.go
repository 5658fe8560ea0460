package explain

import (
	"strings"

	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

const nsForms = "jabber:x:data"

var formsPart = Part{
	Name:   "xep0004-forms",
	Doc:    "Data forms: fields with names and types, for people or programs to fill in.",
	Ref:    spec.XEP(4, "3"),
	Spaces: []string{nsForms},
	Why:    "Many protocols need a list of questions and answers. With one form for all of them a program can show even what it does not know.",
	Inside: func(t *telling, c *xmlstream.Node) string {
		t.form(c)
		return formWords(c)
	},
}

// formWords says in a sentence what a form is.
func formWords(x *xmlstream.Node) string {
	about := ""
	if s := text(kid(x, "title")); s != "" {
		about = ", called " + speech(s)
	}
	fields := count(total(x, "field"), "field")
	switch attr(x, "type") {
	case "form":
		return "A form to fill in, with " + fields + about + "."
	case "submit":
		return "A form that is filled in, with " + fields + "."
	case "cancel":
		return "The form is given back unfilled."
	case "result":
		if many := total(x, "item"); many > 0 {
			return "A table with " + digits(many) + pick(many == 1, " row", " rows") + about + "."
		}
		return "The answers of a form, with " + fields + about + "."
	}
	return "A form of no defined type" + about + "."
}

// form lists the fields of a form.
func (t *telling) form(x *xmlstream.Node) {
	if x == nil {
		return
	}
	if s := text(kid(x, "instructions")); s != "" {
		t.x.more("The form says to the user: " + speech(s) + ".")
	}
	filled := attr(x, "type") != "form"
	for _, f := range kids(x, "field") {
		line := fieldWords(f, filled)
		t.x.more(line)
		t.x.noteTag(f, line)
	}
}

// fieldWords says what a field asks for or answers. What is meant to be hidden
// stays so.
func fieldWords(f *xmlstream.Node, filled bool) string {
	name := attr(f, "var")
	kind := attr(f, "type")
	var values []string
	for _, v := range kids(f, "value") {
		values = append(values, text(v))
	}
	said := list(values, 6)
	if secretField(name, kind) && len(values) > 0 {
		said = "a secret, not shown"
	}
	switch {
	case name == "FORM_TYPE":
		return "The form is of the type " + said + ", which says what its fields mean."
	case kind == "fixed":
		return "A line of text: " + said + "."
	case len(values) == 0 && filled:
		return value(name) + " is left empty."
	case filled:
		return value(name) + " = " + said
	}
	line := value(pick(name == "", "a field without a name", name))
	if l := attr(f, "label"); l != "" {
		line += ", " + speech(l)
	}
	line += ": " + fieldKind(kind)
	if many := total(f, "option"); many > 0 {
		line += ", " + digits(many) + " to choose from"
	}
	line += when(len(values) > 0, "; now "+said) + when(kid(f, "required") != nil, "; it must be filled in")
	return line + "."
}

func secretField(name, kind string) bool {
	n := strings.ToLower(name)
	return kind == "text-private" || strings.Contains(n, "password") || strings.Contains(n, "secret") && n != "muc#roomconfig_passwordprotectedroom" || strings.Contains(n, "token")
}

// fieldKind explains the types of XEP-0004 §3.3.
func fieldKind(kind string) string {
	switch kind {
	case "boolean":
		return "yes or no"
	case "hidden":
		return "hidden from the user, to be given back as it is"
	case "jid-single":
		return "one address"
	case "jid-multi":
		return "several addresses"
	case "list-single":
		return "one from a list"
	case "list-multi":
		return "some from a list"
	case "text-multi":
		return "several lines of text"
	case "text-private":
		return "a line of text that is not shown while it is typed"
	case "text-single", "":
		return "a line of text"
	}
	return "of the type " + value(kind) + ", which is none of the defined ones"
}
