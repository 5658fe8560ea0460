package explain

import (
	"xmppscope/decode/xmlstream"
)

// occupantLines adds what a room says about somebody: standing, address, status
// codes (XEP-0045 §5, §15.6).
func (t *telling) occupantLines(user *xmlstream.Node) {
	x := t.x
	if user == nil {
		return
	}
	for c := range user.Children() {
		switch c.Name.Local {
		case "item":
			x.more(standingWords(c))
			x.noteAttr(c, "affiliation", affiliationText(attr(c, "affiliation")))
			x.noteAttr(c, "role", roleText(attr(c, "role")))
			x.noteAttr(c, "jid", "The real address behind the nickname.")
			x.noteAttr(c, "nick", "The nickname.")
		case "status":
			code := attr(c, "code")
			x.more("Status " + value(code) + ": " + roomStatusText(code))
			x.noteWhole(c, roomStatusText(code))
		case "destroy":
			x.noteTag(c, "The room is done away with.")
		}
	}
}

func standingWords(item *xmlstream.Node) string {
	var words []string
	if v, ok := attrOf(item, "affiliation"); ok {
		words = append(words, "The affiliation, which lasts, is "+value(v)+": "+lower(affiliationText(v)))
	}
	if v, ok := attrOf(item, "role"); ok {
		words = append(words, "The role, for this visit, is "+value(v)+": "+lower(roleText(v)))
	}
	if v := attr(item, "jid"); v != "" {
		words = append(words, "The real address is "+value(v)+".")
	}
	return say(words...)
}

// affiliationText explains what lasts beyond a visit (XEP-0045 §5.2).
func affiliationText(s string) string {
	switch s {
	case "owner":
		return "May change everything about the room, and do away with it."
	case "admin":
		return "May ban people and make members."
	case "member":
		return "May come in where only members may, and has a reserved place."
	case "none":
		return "No standing of any sort."
	case "outcast":
		return "Banned: may not come in."
	}
	return "None of the defined affiliations."
}

// roleText explains what holds for a visit (XEP-0045 §5.1).
func roleText(s string) string {
	switch s {
	case "moderator":
		return "May throw people out and give or take the right to speak."
	case "participant":
		return "May speak."
	case "visitor":
		return "May listen, and may not speak where the room is moderated."
	case "none":
		return "Not in the room."
	}
	return "None of the defined roles."
}

// roomStatusText explains the status codes (XEP-0045 §15.6).
func roomStatusText(code string) string {
	if c := entryNamed(roomCodes, code); c.Name != "" {
		return c.Text
	}
	return "A code that is not known to this program."
}

// roomCodesOf are the status codes of a stanza.
func roomCodesOf(user *xmlstream.Node) map[string]bool {
	all := map[string]bool{}
	for _, c := range kids(user, "status") {
		all[attr(c, "code")] = true
	}
	return all
}

// actorWords names who has done it.
func actorWords(item *xmlstream.Node) string {
	a := kid(item, "actor")
	if a == nil {
		return ""
	}
	return " by " + value(pick(attr(a, "nick") == "", attr(a, "jid"), attr(a, "nick")))
}
