package explain

import (
	"xmppscope/decode/xmlstream"
)

// explainOccupant adds what a room says about somebody in it (XEP-0045 §7.2).
func explainOccupant(x *Explanation, muc *xmlstream.Node) {
	if item := child(muc, nsMUCUser, "item"); item != nil {
		x.more("Standing in the room: " + value(attr(item, "affiliation")) + ", which lasts; role " + value(attr(item, "role")) + ", for this visit.")
		if jid := attr(item, "jid"); jid != "" {
			x.more("The real address behind the nickname is " + value(jid) + ".")
		}
	}
	for c := range muc.Children() {
		if c.Name.Local == "status" {
			code := attr(c, "code")
			x.more("Room status " + value(code) + ": " + roomStatus(code))
			x.noteWhole(c, upper(roomStatus(code)))
		}
	}
}

// roomStatus explains the common status codes (XEP-0045).
func roomStatus(code string) string {
	switch code {
	case "100":
		return "everybody in the room can see real addresses."
	case "104":
		return "the room's settings have changed."
	case "110":
		return "this presence is about the reader itself."
	case "170":
		return "what is said here is recorded."
	case "201":
		return "the room was made just now, by this join."
	case "210":
		return "the room has given or changed the nickname."
	case "301":
		return "banned from the room."
	case "303":
		return "the nickname changes."
	case "307":
		return "thrown out of the room."
	case "321", "322":
		return "removed because of a change of standing, or because the room is now for members only."
	case "332":
		return "removed because the service is being shut down."
	}
	return "a code that is not known to this program."
}

// joinError says what a condition means when a room refuses to let somebody
// in (XEP-0045 §7.2).
func joinError(condition string) string {
	means := map[string]string{
		"conflict":              "the nickname is taken",
		"not-authorized":        "the room's password is missing or wrong",
		"forbidden":             "the user is banned from the room",
		"item-not-found":        "there is no such room",
		"not-allowed":           "the user may not make rooms here",
		"not-acceptable":        "the user must use the nickname that is reserved",
		"registration-required": "the room is for members only",
		"service-unavailable":   "the room is full",
		"jid-malformed":         "no nickname was given",
	}[condition]
	if means == "" {
		return ""
	}
	return "Here that means: " + means + "."
}
