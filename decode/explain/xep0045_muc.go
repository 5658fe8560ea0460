package explain

import (
	"xmppscope/decode/im"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

// explainRoomPresence explains available presence that has to do with a room.
// It is false where the presence has not.
func explainRoomPresence(t *telling) bool {
	e := t.e
	muc := child(t.n, nsMUC, "x")
	user := child(t.n, nsMUCUser, "x")
	switch {
	case muc != nil && (fromInitiator(e) || relayed(e)):
		explainJoin(t, muc)
	case user != nil && relayed(e):
		explainInside(t, user)
	case !relayed(e) && t.occupant(e.To):
		explainNickOrShow(t)
	default:
		return false
	}
	return true
}

// explainJoin explains the wish to come in (XEP-0045 §7.2).
func explainJoin(t *telling, muc *xmlstream.Node) {
	x, e := t.x, t.e
	x.What = subject(e) + " joins the room " + value(bare(e.To)) + " under the nickname " + value(resource(e.To)) + "."
	if resource(e.To) == "" {
		x.What = subject(e) + " wants to join the room " + value(bare(e.To)) + " but gives no nickname."
	}
	if t.s != nil {
		if r, ok := t.s.Room(e.To); ok && r.Asked != e.Seq && r.State == im.RoomJoined {
			x.What = say(x.What, "It is in the room already, so it asks to be told everything anew.")
		}
	}
	x.Why = "Rooms are joined with presence: the address is that of the room, and its last part is the nickname."
	x.Expect = "The room sends the presence of everybody in it, the joining client's own last, then the recent messages and the subject. Or it refuses, for example because the nickname is taken."
	x.Ref = spec.XEP(45, "7.2")
	x.noteTag(muc, "This makes the presence a wish to join, and not just presence sent to an address.")
	if p := kid(muc, "password"); p != nil {
		x.What = say(x.What, "It gives a password for the room.")
		x.noteText(p, "The password of the room, as it is.")
	}
	if h := kid(muc, "history"); h != nil {
		x.What = say(x.What, historyWords(h))
		x.noteWhole(h, "How much of what was said before the client wants.")
	}
}

// historyWords explains the limits of XEP-0045 §7.2.14.
func historyWords(h *xmlstream.Node) string {
	var words []string
	for _, k := range [...][2]string{{"maxstanzas", " messages"}, {"maxchars", " characters"}, {"seconds", " seconds"}} {
		if v := attr(h, k[0]); v == "0" {
			return "It wants nothing of what was said before."
		} else if v != "" {
			words = append(words, "the last "+value(v)+k[1])
		}
	}
	if v := attr(h, "since"); v != "" {
		words = append(words, "what was said since "+value(v))
	}
	return when(len(words) > 0, "Of what was said before it wants at most "+and(words)+".")
}

// explainInside explains the presence of somebody who is in the room.
func explainInside(t *telling, user *xmlstream.Node) {
	x, e := t.x, t.e
	x.What = value(resource(e.From)) + " is in the room " + value(bare(e.From)) + "."
	x.Why = "A room sends the presence of everybody in it to everybody in it."
	x.Expect = "Nothing has to follow."
	x.Ref = spec.XEP(45, "7.2")
	if t.s != nil {
		x.What = say(x.What, t.seat())
	}
	t.occupantLines(user)
}

// seat says what is new about somebody in a room.
func (t *telling) seat() string {
	e := t.e
	r, ok := t.s.Room(e.From)
	o, inside := t.s.Occupant(e.From)
	if !ok || !inside {
		return ""
	}
	own := r.Nick == o.Nick && r.Self != 0
	switch {
	case own && r.Self == e.Seq && r.Asked == 0:
		return "That is the client itself. How it came into the room is not in the recording."
	case own && r.Self == e.Seq:
		t.x.Expect = "The recent messages of the room follow, and then its subject."
		t.x.Why = "The room sends the own presence last: with it the client knows that it has seen everybody."
		return "That is the client itself: it is in now, " + place(r.Occupants) + "."
	case o.Joined == e.Seq && r.Asked == 0:
		return "It was not seen there before; but how the client came into the room is not in the recording either."
	case o.Joined == e.Seq && r.Self == 0:
		t.x.Why = "Who comes in is told first who is there already."
		t.x.Expect = "The others follow, the client's own presence last."
		return "The client is just coming in and is told who is there; this is the " + ordinal(r.Occupants) + "."
	case o.Joined == e.Seq:
		return "That is new: there are now " + digits(r.Occupants) + " in the room, as far as was seen."
	}
	words := presenceChanges(t.changes(im.GroupRooms, e.From))
	for _, c := range t.changes(im.GroupRooms, e.From) {
		if (c.Field == "role" || c.Field == "affiliation") && c.Was != "" {
			words = say(words, "The "+c.Field+" was "+value(c.Was)+since(c.Since)+" and is now "+value(c.Now)+".")
			t.x.Ref = spec.XEP(45, "5.1")
		}
	}
	for _, c := range t.changes(im.GroupRooms, bare(e.From)) {
		if c.Field == "nick" && own {
			words = say(words, "It is the client itself under its new nickname.")
		}
	}
	if words == "" && len(t.changes(im.GroupCapabilities, "")) == 0 {
		words = "It says the same as before."
	}
	return say(words, when(own, "It is the client itself."))
}

func place(many int) string {
	if many == 1 {
		return "alone"
	}
	return "one of " + digits(many) + " who are there"
}

// ordinal writes the place in a row: 1st, 2nd, 3rd.
func ordinal(n int) string {
	end := "th"
	if n/10%10 != 1 {
		switch n % 10 {
		case 1:
			end = "st"
		case 2:
			end = "nd"
		case 3:
			end = "rd"
		}
	}
	return digits(n) + end
}

// explainNickOrShow explains presence that a client sends to a room in which it
// is already (XEP-0045 §7.6, §7.7).
func explainNickOrShow(t *telling) {
	x, e := t.x, t.e
	r, _ := t.s.Room(e.To)
	x.Ref = spec.XEP(45, "7.7")
	x.Why = "A room gets presence only from those who send it there: the presence that contacts see does not reach it by itself in every case."
	if r.State >= im.RoomLeft {
		x.What = sender(e) + " sends its presence to the room " + value(r.JID) + ", but it is not in the room."
		x.Expect = "The room may answer with an error."
		return
	}
	if r.Wanted != "" && r.WantedSeq == e.Seq {
		x.What = sender(e) + " wants to be called " + value(r.Wanted) + " in the room " + value(r.JID) + when(r.Nick != "", ", and no longer "+value(r.Nick)) + "."
		x.Why = "The nickname is the last part of the address in the room, so a new one is asked for by sending presence there."
		x.Expect = "The room says goodbye under the old name (status 303) and shows the new one. Or it refuses, because the nickname is taken."
		x.Ref = spec.XEP(45, "7.6")
		return
	}
	x.What = sender(e) + " tells the room " + value(r.JID) + " how it is now."
	x.Expect = "The room passes it on to everybody in it, the client included."
}

// explainLeaving explains the client's goodbye to a room (XEP-0045 §7.14).
func explainLeaving(t *telling) {
	x, e := t.x, t.e
	r, _ := t.s.Room(e.To)
	x.What = sender(e) + " leaves the room " + value(r.JID) + when(r.Nick != "", ", where it is "+value(r.Nick)) + "."
	x.Why = "Who has sent presence to a room takes it back in the same way."
	x.Expect = "The room confirms with unavailable presence of the client itself, and tells everybody else."
	x.Ref = spec.XEP(45, "7.14")
}

// explainLeft explains that somebody is no longer in a room, or goes on under
// another nickname.
func explainLeft(t *telling, user *xmlstream.Node) {
	x, e := t.x, t.e
	nick, room := value(resource(e.From)), value(bare(e.From))
	item := kid(user, "item")
	x.Why = "Everybody in a room is told at once who is no longer there, and why."
	x.Expect = "Nothing has to follow."
	x.Ref = spec.XEP(45, "7.14")
	x.What = nick + " has left the room " + room + "."
	codes := roomCodesOf(user)
	switch {
	case kid(user, "destroy") != nil:
		d := kid(user, "destroy")
		x.What = "The room " + room + " is no more: its owner has done away with it" + reasonWords(d) + "." + when(attr(d, "jid") != "", " Its place is taken by "+value(attr(d, "jid"))+".")
		x.Ref = spec.XEP(45, "10.9")
	case codes["303"]:
		x.What = nick + " goes on under another nickname in the room " + room + ": " + value(attr(item, "nick")) + "."
		x.Why = "To the others a new nickname is a new address: the old one says goodbye, and the new one comes in."
		x.Expect = "Presence of the new nickname follows."
		x.Ref = spec.XEP(45, "7.6")
	case codes["301"]:
		x.What = nick + " was banned from the room " + room + actorWords(item) + reasonWords(item) + "."
		x.Ref = spec.XEP(45, "9.1")
	case codes["333"]:
		x.What = nick + " is no longer in the room " + room + ", because of a technical trouble."
	case codes["307"]:
		x.What = nick + " was thrown out of the room " + room + actorWords(item) + reasonWords(item) + "."
		x.Ref = spec.XEP(45, "8.2")
	}
	if t.s != nil {
		if r, ok := t.s.Room(e.From); ok {
			x.What = say(x.What, t.leftBehind(&r, codes["110"]))
		}
	}
	t.occupantLines(user)
}

// leftBehind says what a departure means for the client.
func (t *telling) leftBehind(r *im.Room, self bool) string {
	if self {
		switch r.State {
		case im.RoomLeft, im.RoomRemoved, im.RoomDestroyed:
			return "That is the client itself: it is out of the room now."
		}
		return "That is the client itself."
	}
	if r.State != im.RoomJoined {
		return ""
	}
	return when(r.Self != 0, pick(r.Occupants == 1, "There is one left in the room, as far as was seen.", "There are "+digits(r.Occupants)+" in the room now, as far as was seen."))
}

// explainNoEntry says why a room refuses a join or a nickname.
func explainNoEntry(t *telling) {
	x, e := t.x, t.e
	r := entryNamed(roomErrors, e.Condition)
	if r.Name != "" {
		x.What = say(x.What, "Here that means: "+lower(r.Text))
		x.Expect = r.Expect
	}
	x.Ref = spec.XEP(45, "7.2")
	if t.s == nil {
		return
	}
	if room, ok := t.s.Room(e.From); ok {
		x.What = say(x.What, pick(room.State == im.RoomRefused, "The client is not in the room "+value(room.JID)+".",
			"The client stays in the room "+value(room.JID)+when(room.Nick != "", " as "+value(room.Nick))+"."))
	}
}
