package why

import (
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/im"
	"xmppscope/decode/spec"
)

var mucQuestions = []Question{
	{Name: "muc", Also: []string{"room", "join", "groupchat"}, Word: "ROOM", Ask: "Is the client in the room, and does the room take its messages?",
		Doc: "why a room was not entered, or did not take a message; a word chooses the room by address", answer: answerMUC},
}

var (
	refJoin = spec.XEP(45, "7.2")
	refTalk = spec.XEP(45, "7.4")
)

func answerMUC(v *view) {
	if !v.clientFirst("A room is entered after an address is bound.", refJoin) {
		return
	}
	room, known := v.theRoom()
	if known {
		v.entered(&room)
	}
	if bounced := v.refusedTalk(room.JID); bounced != nil && (!known || bounced.seq > room.StateSeq) {
		v.talkRefused(bounced, known && room.State == im.RoomJoined)
		return
	}
	if known {
		v.stands(&room)
		return
	}
	what := "no room"
	if v.word != "" {
		what = "no room " + value(v.word)
	}
	v.absent(v.sinceBound(), "%s asks to enter %s.", v.Who(decode.FromInitiator), what)
	if v.a.Verdict == DidNot {
		v.tell("A client enters a room by a presence to ROOM/NICK that carries <x xmlns='" + nsMUC + "'/>.")
	}
}

// theRoom is the one that was asked for, or else the one where something has
// happened last.
func (v *view) theRoom() (room im.Room, known bool) {
	if v.t.im == nil {
		return room, false
	}
	for r := range v.t.im.Rooms() {
		if v.word != "" && !strings.EqualFold(bare(v.word), r.JID) {
			continue
		}
		if !known || max(r.StateSeq, r.Asked) >= max(room.StateSeq, room.Asked) {
			room, known = r, true
		}
	}
	return room, known
}

// entered adds how the client came into a room.
func (v *view) entered(r *im.Room) {
	if r.Asked != 0 {
		as := "as " + value(r.Nick)
		if m := v.presence(r.Asked); m != nil {
			if _, nick, _ := strings.Cut(m.to, "/"); nick != "" {
				as = "as " + value(nick)
			} else {
				as = "without a nick"
			}
		}
		v.fact(refJoin, v.Who(decode.FromInitiator)+" asks to enter the room "+value(r.JID)+" "+as+".", r.Asked)
	}
	if r.Self != 0 {
		v.fact(refJoin, "The room shows the client to itself as "+value(r.Nick)+" (status 110), which ends the entry.", r.Self)
	}
}

func (v *view) presence(seq decode.Seq) *moment {
	return v.t.presences.find(func(m *moment) bool { return m.seq == seq })
}

// refusedTalk is the last message to a room that came back.
func (v *view) refusedTalk(room string) *moment {
	return v.t.messages.latest(func(m *moment) bool {
		if m.typ != "error" || m.dir != decode.FromReceiver || v.word != "" && !strings.EqualFold(bare(m.from), bare(v.word)) {
			return false
		}
		return room != "" && strings.EqualFold(bare(m.from), room) || v.message(m.reply).typ == "groupchat"
	})
}

// talkRefused settles a room that did not take a message.
func (v *view) talkRefused(m *moment, inside bool) {
	v.fact(refTalk, "The room "+value(bare(m.from))+" sends "+theMessage(m)+" back with "+value(m.cond)+said(m.text)+".", m.reply, m.seq)
	switch {
	case m.cond == "not-acceptable" && inside:
		v.fact(refTalk, "not-acceptable tells who is not in the room; but the client was let in and has not left: the room, or the connection between the servers, has lost it.", m.seq)
		v.tell("Let the client enter again.")
	case m.cond == "not-acceptable":
		v.fact(refTalk, "A room takes messages only from those who are in it.", m.seq)
		v.tell("Enter the room first, by a presence to ROOM/NICK that carries <x xmlns='" + nsMUC + "'/>.")
	case m.cond == "forbidden":
		v.fact(refTalk, "In a moderated room visitors have no voice: they may listen and not speak.", m.seq)
		v.tell("Ask a moderator for voice.")
	default:
		v.refusal(explain.SortStanza, m, m.reply, "message-", "muc-", "jid-", "stanza-", "from-")
	}
	v.didNot("The room %s did not take the message: %s%s.", value(bare(m.from)), value(m.cond), said(m.text))
}

// stands settles where the client stands with a room.
func (v *view) stands(r *im.Room) {
	room := value(r.JID)
	switch r.State {
	case im.RoomJoined:
		if r.Asked == 0 {
			v.fact(refJoin, "What the room sends shows that the client is in it; how it came in is not in this capture.", r.StateSeq)
		}
		if r.Messages > 0 {
			v.fact(refTalk, "The room has delivered "+count(r.Messages, "message")+" to it.", r.First)
		}
		v.happened("The client is in the room %s.", room)
	case im.RoomRefused:
		v.notLetIn(r)
	case im.RoomJoining:
		if m := v.presence(r.Asked); m != nil {
			v.pending(m, "the request to enter the room")
			return
		}
		v.fact(refJoin, "The answer of the room is not in this capture.", v.t.last)
		v.unknown("Whether the room let the client in is not known.")
		v.tell(tellMore)
	case im.RoomLeaving, im.RoomLeft:
		v.fact(spec.XEP(45, "7.14"), "The client leaves the room by a presence of the type unavailable.", r.StateSeq)
		v.didNot("The client has left the room %s itself.", room)
	case im.RoomDestroyed:
		text := "The room is destroyed"
		if r.Alternate != "" {
			text += "; it names another one, " + value(r.Alternate)
			v.tell("Enter " + value(r.Alternate) + ".")
		}
		v.fact(spec.XEP(45, "10.9"), text+".", r.StateSeq)
		v.didNot("The room %s does not exist any more.", room)
	default:
		v.fact(spec.XEP(45, "8.2"), "The room shows the client to itself as unavailable"+because(r.Why)+".", r.StateSeq)
		v.didNot("The client was put out of the room %s%s.", room, because(r.Why))
	}
}

func because(why string) string {
	if why == "" {
		return ""
	}
	return ": " + short(strings.TrimSuffix(why, "."), 120)
}

// notLetIn settles a room that refused the client.
func (v *view) notLetIn(r *im.Room) {
	m := v.presence(r.StateSeq)
	if m == nil {
		v.fact(refJoin, "The room refuses"+because(r.Why)+".", r.StateSeq)
		v.didNot("The room %s did not let the client in%s.", value(r.JID), because(r.Why))
		return
	}
	v.fact(spec.RFC(6120, "8.3"), "The room refuses with "+value(m.cond)+said(m.text)+".", r.Asked, m.seq)
	sort := explain.SortStanza
	if text, _, _ := meaning(explain.SortRoomError, m.cond); text != "" {
		sort = explain.SortRoomError
	}
	v.refusal(sort, m, r.Asked, "muc-", "presence-", "jid-")
	v.didNot("The room %s did not let the client in: %s%s.", value(r.JID), value(m.cond), said(m.text))
}
