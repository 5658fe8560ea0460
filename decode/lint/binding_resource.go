package lint

import (
	"fmt"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/spec"
)

// resourceGroup is resources that can be guessed, and the old session step.
var resourceGroup = Group{
	Kinds: []decode.Kind{decode.KindOpen, decode.KindStanza},
	Check: checkResource,
	End:   func(p *Pass) { delete(of(&p.shared.resources).open, p.Conversation.Conn) },
	Rules: []Rule{
		{Name: "bind-resource-predictable", Level: LevelError, Ref: spec.RFC(6120, "7.5"),
			Doc:    "A resource that nobody has chosen by name is random, because whoever guesses it learns when its owner is there.",
			Advice: "make resources of random characters"},
		{Name: "session-needless", Level: LevelNote, Who: WhoInitiator, Ref: spec.RFC(6121, "App. E"),
			Doc:    "The session step of 2004 does nothing any more and costs time.",
			Advice: "skip it where it is not offered, or is offered as optional"},
	},
}

// resources is the memory of resourceGroup about all conversations.
type resources struct {
	// made are the resources that servers made, by server.
	made map[[2]string]firstUse
	open map[decode.ConnID]bool
	// servers and accounts are the last resources that each made.
	servers, accounts map[string]*makings
}

// makings are the last resources of one maker.
type makings struct {
	last [3]string
	told bool
}

// wished is the memory of resourceGroup about one conversation.
type wished struct{ named bool }

func checkResource(p *Pass) {
	e := p.Event
	if e.Kind == decode.KindStanza && e.Step != decode.StepBind && e.Step != decode.StepSession {
		return
	}
	all := of(&p.shared.resources)
	if all.made == nil {
		all.made, all.open = map[[2]string]firstUse{}, map[decode.ConnID]bool{}
		all.servers, all.accounts = map[string]*makings{}, map[string]*makings{}
	}
	switch {
	case e.Kind == decode.KindOpen:
		if len(all.open) < maxIDs {
			all.open[e.Conn] = true
		}
	case e.Dir == decode.FromReceiver:
		if e.Step == decode.StepBind && e.Type == "result" && e.Reply != 0 && !of(&p.own.wished).named && resource(e.After.JID) != "" {
			all.server(p)
		}
	case e.Payload.Space == nsBind && e.Type == "set":
		all.client(p)
	case e.Payload.Space == nsSession && e.Type == "set":
		checkSession(p)
	}
}

// client takes a request. A client may always ask for the same resource, but
// one that it counts up is no more random than a server's.
func (r *resources) client(p *Pass) {
	n := wishedResource(p)
	of(&p.own.wished).named = n != nil && n.Text() != ""
	if !of(&p.own.wished).named {
		return
	}
	if text := turn(r.accounts, strings.ToLower(short(p.Event.State.Identity)), n.Text()); text != "" {
		p.Add(Finding{Rule: "bind-resource-predictable", Level: LevelWarning, Span: n.Span, Text: text})
	}
}

// server takes a resource that the server made. One that shows up in two
// conversations side by side is one stream, seen before and behind a proxy.
func (r *resources) server(p *Pass) {
	e := p.Event
	server, made := strings.ToLower(short(e.State.Domain)), resource(e.After.JID)
	if len(made) > 256 {
		return
	}
	key := [2]string{server, made}
	if first, used := r.made[key]; used {
		if first.conn == e.Conn || !r.open[first.conn] && len(r.open) < maxIDs {
			p.Report("bind-resource-predictable", fmt.Sprintf("the server has made the resource \"%s\" before (event %d)", short(made), first.seq))
		}
		return
	}
	if len(r.made) < maxIDs {
		r.made[key] = firstUse{e.Seq, e.Conn}
	}
	if text := turn(r.servers, server, made); text != "" {
		p.Report("bind-resource-predictable", text)
	}
}

// turn takes the next resource of a maker and says, once, that the last three
// count up.
func turn(makers map[string]*makings, maker, made string) string {
	m := makers[maker]
	if m == nil {
		if len(makers) >= maxServers {
			return ""
		}
		m = &makings{}
		makers[maker] = m
	}
	if made = short(made); m.told || m.last[2] == made {
		return ""
	}
	m.last = [3]string{m.last[1], m.last[2], made}
	step, ok := stepOf(m.last)
	if !ok {
		return ""
	}
	m.told = true
	return fmt.Sprintf("after \"%s\" and \"%s\" comes \"%s\": the numbers go up by %s", m.last[0], m.last[1], made, step)
}

// checkSession needs the list of the stream at hand (RFC 6121 App. E).
func checkSession(p *Pass) {
	if !of(&p.own.offers).current {
		return
	}
	f := p.Event.State.Feature(nsSession, "session")
	switch {
	case f == nil:
		p.Report("session-needless", "the client asks for a session, which the server does not offer")
	case f.Optional:
		p.Report("session-needless", "the client asks for a session, though the server calls it optional")
	}
}
