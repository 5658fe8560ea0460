package lint

import (
	"fmt"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/spec"
)

// earlyGroup is what a client sends before it may.
var earlyGroup = Group{
	Kinds: []decode.Kind{decode.KindStanza, decode.KindNonza},
	Check: checkEarly,
	Rules: []Rule{
		{Name: "stanza-before-auth", Level: LevelError, Who: WhoInitiator, Ref: spec.RFC(6120, "4.3.5"), Needs: NeedStart | NeedBoth | NeedWhole,
			Doc:    "Before the login a client sends no stanzas but those that log it in or make its account.",
			Advice: "log in first; a server answers with not-authorized"},
		{Name: "stanza-before-bind", Level: LevelError, Who: WhoInitiator, Ref: spec.RFC(6120, "7.1"), Needs: NeedBoth | NeedWhole,
			Doc:    "Before it has a resource a client talks to nobody but its own server and account.",
			Advice: "bind a resource first; a server answers with not-authorized"},
		{Name: "bind-before-restart", Level: LevelError, Who: WhoInitiator, Ref: spec.RFC(6120, "6.3.2"), Needs: NeedBoth | NeedWhole,
			Doc:    "The resource is bound in the stream that begins after the login, not in the one that carried the login.",
			Advice: "restart the stream after success and bind then"},
	},
}

// early is the memory of earlyGroup.
type early struct {
	told bool // stanza-before-auth, for this login
	// binding: a resource is asked for, resuming: an older stream.
	binding, resuming bool
}

func checkEarly(p *Pass) {
	e := p.Event
	if e.Kind == decode.KindStanza && e.State.JID != "" && e.Step != decode.StepBind {
		return
	}
	m := of(&p.own.early)
	if e.Kind == decode.KindNonza {
		m.nonza(e)
		return
	}
	if e.Dir != decode.FromInitiator {
		if e.Step == decode.StepBind && e.Type == "error" {
			m.binding = false
		}
		return
	}
	if e.State.Profile != decode.ProfileC2S {
		return
	}
	binds := e.Payload.Space == nsBind && (e.Type == "set" || e.Type == "get")
	l := of(&p.own.logins)
	if binds && l.way == bySASL && e.State.Headers[decode.FromInitiator] == l.asked && e.State.JID == "" {
		p.Report("bind-before-restart", "a resource is asked for in the stream that carried the login")
	}
	switch {
	case !e.State.Authenticated:
		m.beforeLogin(p, l)
	case binds:
	case e.State.JID == "" && !e.State.Resumed && !m.binding && !m.resuming && l.way != byOther && l.pending == noLogin:
		m.beforeBind(p)
	}
	m.binding = m.binding || binds
}

func (m *early) nonza(e *decode.Event) {
	switch e.Name.Space {
	case nsSM, nsSM2:
		m.resuming = m.resuming && e.Name.Local != "failed" || e.Name.Local == "resume"
	case nsSASL, nsSASL2:
		m.told = false
	}
}

// beforeLogin spares what stands beside a login that has no answer yet: in
// SASL 2 it may be meant for after it (XEP-0509 §2), in SASL it breaks
// sasl-foreign-element.
func (m *early) beforeLogin(p *Pass, l *logins) {
	e := p.Event
	if m.told || l.pending != noLogin || !of(&p.own.opening).whole() {
		return
	}
	if e.Name.Local == "iq" && (e.Payload.Space == nsIQAuth || e.Payload.Space == nsRegister) {
		return
	}
	m.told = true
	// The answer to a login may be what the capture lacks.
	p.after(decode.FromReceiver, Finding{Rule: "stanza-before-auth", Text: fmt.Sprintf("%s is sent before the login", article(e.Name.Local))})
}

func (m *early) beforeBind(p *Pass) {
	e := p.Event
	if e.To == "" || strings.EqualFold(e.To, e.State.Domain) || e.State.Identity != "" && strings.EqualFold(e.To, bare(e.State.Identity)) {
		return
	}
	if e.State.Identity == "" && strings.HasSuffix(strings.ToLower(e.To), "@"+strings.ToLower(e.State.Domain)) {
		return // it may be the own account, whose name the login does not show
	}
	p.Report("stanza-before-bind", fmt.Sprintf("%s to %s is sent before a resource is bound", article(e.Name.Local), short(e.To)))
}

// article puts the article before the name of a stanza.
func article(name string) string {
	if name == "iq" {
		return "an iq"
	}
	return "a " + short(name)
}
