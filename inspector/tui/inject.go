package tui

import (
	"strings"

	"xmppscope/decode"
	"xmppscope/inspector/live"
)

// template is something to begin with that a side may send. $PEER, $JID and
// $DOMAIN stand for somebody else, who has logged in, and the server.
type template struct {
	name, about, text string
	// to says whom it makes sense to send it to.
	toServer, toClient bool
}

// templates is the table; a template is a line here.
var templates = [...]template{
	{"message", "a chat message", "<message type='chat' to='$TO' from='$FROM'><body>Hello</body></message>", true, true},
	{"presence", "somebody is there, and away", "<presence from='$FROM'><show>away</show></presence>", true, true},
	{"subscribe", "asks to see somebody's presence", "<presence type='subscribe' to='$TO' from='$FROM'/>", true, true},
	{"ping", "asks whether the other side is there (XEP-0199)", "<iq type='get' id='x1'><ping xmlns='urn:xmpp:ping'/></iq>", true, true},
	{"disco info", "asks what the other side can do (XEP-0030)", "<iq type='get' id='x1' to='$DOMAIN'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>", true, false},
	{"disco info", "asks what the other side can do (XEP-0030)", "<iq type='get' id='x1' from='$DOMAIN'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>", false, true},
	{"disco items", "asks what services there are (XEP-0030)", "<iq type='get' id='x1' to='$DOMAIN'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>", true, false},
	{"roster", "asks for the contacts (RFC 6121 §2.1)", "<iq type='get' id='x1'><query xmlns='jabber:iq:roster'/></iq>", true, false},
	{"roster push", "a contact is new (RFC 6121 §2.1.6)", "<iq type='set' id='x1'><query xmlns='jabber:iq:roster'><item jid='$PEER' subscription='both'/></query></iq>", false, true},
	{"version", "asks for the name of the program (XEP-0092)", "<iq type='get' id='x1'><query xmlns='jabber:iq:version'/></iq>", true, true},
	{"sm request", "asks how many stanzas arrived (XEP-0198)", "<r xmlns='urn:xmpp:sm:3'/>", true, true},
	{"stream error", "ends the stream (RFC 6120 §4.9)", "<stream:error><undefined-condition xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>", true, true},
	{"empty", "begin with nothing", "", true, true},
}

// fill puts in what is known of a connection. toServer tells where it goes.
func (t *template) fill(s *decode.State, toServer bool) string {
	domain, jid := "localhost", "juliet@localhost"
	if s != nil && s.Domain != "" {
		domain, jid = s.Domain, "juliet@"+s.Domain
	}
	if s != nil && s.JID != "" {
		jid = s.JID
	}
	peer := "romeo@" + domain
	to, from := peer, jid
	if !toServer {
		to, from = jid, peer+"/phone"
	}
	text := t.text
	if toServer {
		text = strings.ReplaceAll(text, " from='$FROM'", "") // the server knows
	}
	return strings.NewReplacer("$TO", escapeAttr(to), "$FROM", escapeAttr(from), "$PEER", escapeAttr(peer), "$DOMAIN", escapeAttr(domain)).Replace(text)
}

func escapeAttr(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", "'", "&apos;").Replace(s)
}

// stateHere is what is true where the person looks.
func (u *ui) stateHere() *decode.State {
	if h := u.heldUnit(); h != nil {
		return h.Event.State
	}
	if row := u.cap.row(); row >= 0 {
		return u.cap.store.StateAt(row)
	}
	return nil
}

// askInject offers templates for both directions.
func (u *ui) askInject() {
	if !u.isLive() {
		u.sayNotLive()
		return
	}
	var items []item
	var texts []string
	var dirs []decode.Dir
	state := u.stateHere()
	for _, d := range [...]decode.Dir{decode.FromInitiator, decode.FromReceiver} {
		group, arrow := "To the server, as if the client had sent it", "to server"
		if d == decode.FromReceiver {
			group, arrow = "To the client, as if the server had sent it", "to client"
		}
		for i := range templates {
			t := &templates[i]
			if d == decode.FromInitiator && !t.toServer || d == decode.FromReceiver && !t.toClient {
				continue
			}
			text := t.fill(state, d == decode.FromInitiator)
			items = append(items, item{group: group, key: t.name, text: t.about, about: text, match: t.name + " " + arrow, also: t.about})
			texts, dirs = append(texts, text), append(dirs, d)
		}
	}
	c := newChooser(u.th, "Send", items)
	c.pick = func(i int, _ string) {
		if i >= 0 {
			u.compose("Send something of your own", texts[i], dirs[i], live.Act{Do: "inject", Conn: u.connHere(), Fresh: true, Swallow: true})
		}
	}
	c.quit = u.close
	u.over = &framed{c, u.th, "Inject", 100}
}

// replay sends what the selected event said once more.
func (u *ui) replay() {
	e := u.detail.event
	switch {
	case !u.isLive():
		u.sayNotLive()
		return
	case e == nil || len(e.Text()) == 0 || !hasXML(e):
		u.say(noteInfo, "only XML can be replayed")
		return
	case u.heldUnit() != nil:
		u.say(noteInfo, number(e.Seq)+" is held: nothing of it was sent yet")
		return
	}
	text := string(e.Text())
	if why := canEdit(text); why != "" {
		u.act(live.Act{Do: "replay", Seq: e.Seq, Fresh: true, Swallow: true}, number(e.Seq)+" is sent once more, as it was: "+why)
		return
	}
	u.compose("Replay "+number(e.Seq)+": Ctrl-S sends it as it is", text, e.Dir, live.Act{Do: "replay", Seq: e.Seq, Fresh: true, Swallow: true})
}

// compose edits something that nobody sent, and sends it.
func (u *ui) compose(title, text string, dir decode.Dir, a live.Act) {
	c := u.newComposer(title, text, "Send")
	if e := u.detail.event; e != nil && e.Scope != nil {
		c.scope = e.Scope
	}
	c.toggle(func() string {
		return pick(dir == decode.FromInitiator, "goes to the server", "goes to the client")
	}, func() { dir = dir.Other() })
	c.toggle(func() string { return "fresh id: " + pick(a.Fresh, "yes", "no") }, func() { a.Fresh = !a.Fresh })
	c.toggle(func() string {
		return "answer: " + pick(a.Swallow, "only shown", "passed on")
	}, func() { a.Swallow = !a.Swallow })
	c.toggle(func() string {
		return "place: " + pick(a.Place == "before", "before", "behind") + " what is held"
	}, func() { a.Place = pick(a.Place == "before", "after", "before") })
	c.send = func(now string, force bool) error {
		a := a
		a.Dir, a.Force = dir.String(), force
		if a.Do == "inject" || now != text {
			a.XML = &now
		}
		if err := u.cap.src.Live.Do(a); err != nil {
			return err
		}
		u.close()
		u.onHeld, u.cap.follow = u.onHeld && len(u.queue.units) > 0, true
		u.watch()
		u.say(noteGood, "sent to the "+pick(dir == decode.FromInitiator, "server", "client"))
		return nil
	}
	u.over = c
}
