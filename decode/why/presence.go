package why

import (
	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/spec"
)

var presenceQuestions = []Question{
	{Name: "presence", Also: []string{"online", "offline"}, Word: "JID", Ask: "Did the presence get through?",
		Doc: "why somebody is not seen online; a word chooses a contact by address", answer: answerPresence},
}

var refPresence = spec.RFC(6121, "4.2")

func answerPresence(v *view) {
	t := v.t
	if !v.clientFirst("Presence is sent after an address is bound.", refPresence) {
		return
	}
	if v.word != "" {
		v.contact()
		return
	}
	bounced := t.presences.latest(func(m *moment) bool { return m.typ == "error" && m.dir == decode.FromReceiver })
	first := t.presences.find(func(m *moment) bool { return m.step == decode.StepPresenceInitial })
	if first != nil {
		v.fact(refPresence, v.Who(first.dir)+" says that it is available.", first.seq)
	}
	switch {
	case bounced != nil:
		v.bouncedPresence(bounced)
	case first == nil:
		if !v.blind(v.sinceBound()) {
			v.nothing(v.sinceBound())
			v.didNot("%s never says that it is available: nobody sees it online, and messages to its bare address do not come here.", v.Who(decode.FromInitiator))
			v.tell("Let the client send <presence/> after it has fetched the roster.")
		}
	default:
		v.echoed(first)
	}
}

func (v *view) bouncedPresence(m *moment) {
	v.fact(spec.RFC(6120, "8.3"), "A presence comes back from "+value(m.from)+" with the error "+value(m.cond)+said(m.text)+".", m.reply, m.seq)
	v.didNot("The presence to %s was refused: %s%s.", value(m.from), value(m.cond), said(m.text))
	sort := explain.SortStanza
	if q := v.t.presences.find(func(q *moment) bool { return q.seq == m.reply }); q != nil && q.payload.Space == nsMUC {
		if text, _, _ := meaning(explain.SortRoomError, m.cond); text != "" {
			sort = explain.SortRoomError
		}
	}
	v.refusal(sort, m, m.reply, "muc-", "presence-", "jid-", "subscri")
}

// echoed settles an initial presence by the copy that the server sends back.
func (v *view) echoed(first *moment) {
	t := v.t
	jid := ""
	if t.now != nil {
		jid = t.now.JID
	}
	echo := t.presences.find(func(m *moment) bool {
		return m.seq > first.seq && m.dir == decode.FromReceiver && m.typ == "" && jid != "" && m.from == jid
	})
	if echo == nil {
		if end := t.ending(first.seq); end != nil && end.at.Sub(first.at) < patience {
			v.tellEnding(first.seq)
		}
		v.unknown("Presence has no answer; the copy that a server sends back did not come, so that nothing here shows that it was taken.")
		v.tell("A capture of the other side's connection.")
		return
	}
	v.fact(spec.RFC(6121, "4.2.2"), "The server sends it back to this device too, so that it has taken it; it goes to everybody whose subscription in the roster is from or both.", echo.seq)
	n := 0
	if t.im != nil {
		for i := range t.im.Roster() {
			if i.Subscription == "from" || i.Subscription == "both" {
				n++
			}
		}
		if seq, whole := t.im.RosterSeq(); seq > 0 && whole {
			v.fact(spec.RFC(6121, "4.2.2"), "The roster has "+count(n, "contact")+" of that sort.", seq)
		}
	}
	v.happened("The server has taken the presence. Whether it reached a contact this connection does not show.")
	v.tell("Name a contact for more: presence JID. A capture of the contact's connection shows what arrived.")
}

// contact settles the presence between this client and one contact.
func (v *view) contact() {
	t := v.t
	who := value(v.word)
	seen := t.presences.latest(func(m *moment) bool { return m.dir == decode.FromReceiver && bare(m.from) == bare(v.word) })
	item, listed := "", false
	if t.im != nil {
		if i, ok := t.im.Item(v.word); ok {
			item, listed = i.Subscription, true
			text := who + " stands in the roster with the subscription " + value(i.Subscription)
			if i.Ask {
				text += "; the request for its presence waits for an answer"
			}
			v.fact(spec.RFC(6121, "2.1.2.5"), text+".", i.Seq)
		}
	}
	switch {
	case seen != nil && seen.typ == "error":
		v.bouncedPresence(seen)
	case seen != nil:
		state := "available"
		if seen.typ != "" {
			state = seen.typ
		}
		v.fact(refPresence, "The last presence from "+value(seen.from)+" says "+state+".", seen.seq)
		v.happened("The presence of %s came: %s.", who, state)
	case listed && (item == "none" || item == "from" || item == ""):
		v.didNot("%s does not send its presence here: the subscription is %s, and only to or both lets it come.", who, value(item))
		v.tell("Subscribe to " + who + ", and let it answer subscribed.")
	case t.im == nil || !t.rostered():
		if !v.blind(v.sinceBound()) {
			v.unknown("No presence of %s came, and the roster is not in this capture.", who)
			v.tell("A capture with the roster.")
		}
	case !listed:
		if seq, _ := t.im.RosterSeq(); seq > 0 {
			v.fact(refRoster, "The roster came, and "+who+" does not stand in it.", seq)
		}
		v.absent(v.sinceBound(), "%s does not stand in the roster, so that its presence does not come.", who)
	case t.now != nil && !t.now.Available && t.presences.find(func(m *moment) bool { return m.step == decode.StepPresenceInitial }) == nil:
		v.absent(v.sinceBound(), "This client has not said that it is available, so that the server sends it nobody's presence.")
	default:
		v.absent(v.sinceBound(), "The subscription lets it come, and nothing came: %s is offline, or the connection to its server does not work.", who)
		v.tell("A capture of the connection between the servers, or of " + who + ".")
	}
}

func (t *talk) rostered() bool {
	seq, _ := t.im.RosterSeq()
	return seq > 0
}
