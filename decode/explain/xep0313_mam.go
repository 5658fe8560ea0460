package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

const nsMAM = "urn:xmpp:mam:2"

var mamPart = Part{
	Name:   "xep0313-archive",
	Doc:    "The archive: earlier messages are kept on the server and fetched from there.",
	Ref:    spec.XEP(313, "4"),
	Spaces: []string{nsMAM, "urn:xmpp:mam:1", "urn:xmpp:mam:tmp"},
	Why:    "A device that was away has missed what was said. It asks the archive for what came after the last message that it knows.",
	Noun:   "to search the archive",
	Refused: map[string]string{
		"item-not-found":          "the archive does not know the message from which it was to go on",
		"feature-not-implemented": "the archive cannot search in this way",
		"not-allowed":             "this archive may not be read by the asker",
		"forbidden":               "this archive may not be read by the asker",
	},
	Title: func(e *decode.Event) string {
		switch {
		case e.Name.Local != "iq" || e.Type == "get":
			return ""
		case e.Payload.Local == "fin":
			return "says that this page of the archive is complete"
		case e.Type == "result" && e.Payload.Local == "prefs":
			return "says what is archived"
		}
		return ""
	},
	Inside: func(t *telling, c *xmlstream.Node) string {
		switch c.Name.Local {
		case "archived":
			t.x.noteAttr(c, "by", "Whose archive it is.")
			return "The archive of " + value(attr(c, "by")) + " knows this message under the id " + value(attr(c, "id")) + ". That is an older way to say so."
		case "result":
		default:
			return ""
		}
		t.x.noteAttr(c, "id", "The id under which the archive keeps the message.")
		t.x.noteAttr(c, "queryid", "To which search this belongs.")
		line := "The archive gives a message that it keeps under the id " + value(attr(c, "id")) + "."
		if t.s != nil {
			if q, ok := t.s.Query(t.e.From, attr(c, "queryid")); ok {
				line = say(line, "It is the "+ordinal(q.Results)+" for the search of event "+digits(q.Seq)+".")
			}
		}
		if f := c.Child(nsForward, "forwarded"); f != nil {
			line = say(line, t.forwarded(f))
		}
		return line
	},
	IQ: func(t *telling, c *xmlstream.Node) {
		switch {
		case c == nil:
			t.done("The search is over.")
		case c.Name.Local == "query" && t.e.Type == "get":
			t.ask("by which fields its archive can be searched.")
		case c.Name.Local == "query" && asks(t.e):
			t.x.What = say(t.by()+" asks the archive of "+pick(t.e.To == "", "the account", value(t.e.To))+" for messages"+searchWords(c)+".", pageWords(child(c, nsRSM, "set")))
			t.x.noteAttr(c, "queryid", "The asker's name for this search: the results repeat it.")
			t.x.Expect = "Each message comes in a message stanza of its own; then the answer says that the page is complete."
			t.form(child(c, nsForms, "x"))
			t.rsm(c)
		case c.Name.Local == "query":
			t.answer(t.by() + " says by which fields its archive can be searched.")
			t.form(child(c, nsForms, "x"))
		case c.Name.Local == "fin":
			explainFin(t, c)
		case c.Name.Local == "prefs" && asks(t.e):
			t.ask(pick(t.e.Type == "get", "what is archived.", "to archive "+archiveDefault(attr(c, "default"))+"."))
		case c.Name.Local == "prefs":
			t.answer(t.by() + " says what is archived: " + archiveDefault(attr(c, "default")) + ".")
		case c.Name.Local == "metadata" && asks(t.e):
			t.ask("from when to when its archive goes.")
		case c.Name.Local == "metadata":
			t.answer(t.by() + " says that the archive goes from " + value(attr(kid(c, "start"), "timestamp")) + " to " + value(attr(kid(c, "end"), "timestamp")) + ".")
		default:
			t.x.What = t.by() + " sends <" + value(c.Name.Local) + "/> about the archive."
		}
	},
}

// explainFin explains the end of a page (XEP-0313 §4.2).
func explainFin(t *telling, c *xmlstream.Node) {
	t.answer(t.by() + " has given all messages of this page.")
	if r, ok := t.asked(); ok {
		for _, q := range t.s.Queries() {
			if q.Seq == r.Seq {
				t.x.What = say(t.x.What, "It brought "+count(q.Results, "message")+".")
			}
		}
	}
	if v := attr(c, "complete"); v == "true" || v == "1" {
		t.x.What = say(t.x.What, "There are no more.")
	} else {
		t.x.What = say(t.x.What, "There may be more.")
		t.x.Expect = "The client may ask for the next page, from the last id on."
	}
	if v := attr(c, "stable"); v == "false" {
		t.x.more("The archive may still change: it is not stable.")
	}
	t.x.noteAttr(c, "complete", "Whether the search has reached its end.")
	t.rsm(c)
}

// searchWords tells the filters of a search.
func searchWords(c *xmlstream.Node) string {
	words := ""
	for _, f := range kids(child(c, nsForms, "x"), "field") {
		v := value(text(kid(f, "value")))
		switch attr(f, "var") {
		case "with":
			words += " with " + v
		case "start":
			words += " from " + v + " on"
		case "end":
			words += " up to " + v
		}
	}
	return words
}

func archiveDefault(s string) string {
	switch s {
	case "always":
		return "everything"
	case "never":
		return "nothing"
	case "roster":
		return "what is said with contacts"
	}
	return value(s)
}
