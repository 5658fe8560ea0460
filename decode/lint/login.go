package lint

import (
	"slices"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/sasl"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

// loginGroup is the newer and the older ways to log in: tokens of OAuth, SASL 2
// (XEP-0388) and jabber:iq:auth (XEP-0078).
var loginGroup = Group{
	Kinds: []decode.Kind{decode.KindNonza, decode.KindFeatures, decode.KindStanza, decode.KindOpen, decode.KindClose, decode.KindStreamError},
	Check: checkLogin,
	Rules: []Rule{
		{Name: "oauth-clear", Level: LevelError, Needs: Outside, Ref: spec.RFC(7628, "3"),
			Doc:    "Whoever sees a bearer token can log in with it, so it must travel inside TLS.",
			Advice: "offer and use OAUTHBEARER inside TLS only, and withdraw a token that was sent in the clear"},
		{Name: "sasl2-clear", Level: LevelError, Needs: Outside, Ref: spec.XEP(388, "3"),
			Doc:    "The newer profile of SASL is for connections inside TLS only.",
			Advice: "offer and use urn:xmpp:sasl:2 inside TLS only"},
		{Name: "sasl2-success-incomplete", Level: LevelError, Who: WhoReceiver, Needs: NeedWhole, Ref: spec.XEP(388, "2.6.1"),
			Doc:    "A success of SASL 2 says who has logged in, and new features follow at once unless an older stream is resumed.",
			Advice: "send authorization-identifier and then the features; none behind <resumed/>"},
		{Name: "sasl2-user-agent", Level: LevelError, Who: WhoInitiator, Ref: spec.XEP(388, "2.3"),
			Doc:    "A program tells itself apart from others of the same account by a random UUID, which it needs for tokens.",
			Advice: "make a UUID of version 4 once, keep it, and send it as the id of user-agent"},
		{Name: "fast-mechanism-changed", Level: LevelError, Who: WhoInitiator, Ref: spec.XEP(484, "3.4"),
			Doc:    "A token is good for the mechanism that it was given out for, and for no other.",
			Advice: "keep the mechanism together with the token"},
		{Name: "fast-0rtt-count", Level: LevelError, Who: WhoInitiator, Ref: spec.XEP(484, "3.4"),
			Doc:    "Data that TLS carries before its handshake can be played again, so a login there needs a number that grows.",
			Advice: "send count in <fast/> and raise it with every use of the token"},
		{Name: "iq-auth-used", Level: LevelWarning, Who: WhoInitiator, Ref: spec.XEP(78, "7"),
			Doc:    "The way to log in of the first Jabber servers is out of date since 2004.",
			Advice: "use SASL"},
	},
}

// spacesSM are the namespaces of stream management.
var spacesSM = [...]string{"urn:xmpp:sm:3", "urn:xmpp:sm:2"}

// sasl2 is the login by SASL 2 of one conversation.
type sasl2 struct {
	agent   string     // id of the program
	success decode.Seq // while features must follow
	resumed bool       // an older stream goes on: no features
}

func checkLogin(p *Pass) {
	e, m := p.Event, of(&p.own.sasl2)
	if e.State == nil || e.After == nil {
		return
	}
	switch e.Kind {
	case decode.KindOpen, decode.KindClose, decode.KindStreamError:
		m.success, m.resumed = 0, false
	case decode.KindFeatures:
		listedClear(p)
		m.features(p)
	case decode.KindStanza:
		m.missing(p)
		iqAuth(p)
	case decode.KindNonza:
		switch {
		case e.SASL == nil || !isSASL(e.Name.Space):
			m.missing(p)
		case isLogin(e):
			usedClear(p)
			if e.SASL.SASL2 {
				m.authenticate(p)
			}
		case e.SASL.SASL2 && isSuccess(e):
			m.succeed(p)
		}
	}
}

// listedClear judges what is offered without TLS.
func listedClear(p *Pass) {
	e := p.Event
	if e.Dir != decode.FromReceiver || inTLS(e.After) {
		return
	}
	if slices.Contains(listedMechanisms(e.After), "OAUTHBEARER") {
		p.Report("oauth-clear", "OAUTHBEARER is listed without TLS")
	}
	if e.After.Feature(spaceSASL2, "authentication") != nil {
		p.Report("sasl2-clear", "SASL 2 is offered without TLS")
	}
}

func usedClear(p *Pass) {
	e := p.Event
	if inTLS(e.State) {
		return
	}
	if e.SASL.Mechanism == "OAUTHBEARER" {
		p.Report("oauth-clear", "a bearer token is sent without TLS")
	}
	if e.SASL.SASL2 {
		p.Report("sasl2-clear", "SASL 2 is used without TLS")
	}
}

// succeed notes what must come next.
func (m *sasl2) succeed(p *Pass) {
	e, n := p.Event, p.Node()
	if n == nil {
		return
	}
	if id := n.Child(spaceSASL2, "authorization-identifier"); id == nil || id.Text() == "" {
		p.Report("sasl2-success-incomplete", "the success does not say who has logged in")
	}
	m.success, m.resumed = e.Seq, false
	for _, space := range spacesSM {
		if n.Child(space, "resumed") != nil {
			m.success, m.resumed = 0, true
		}
	}
	gaveToken(p, m)
}

func (m *sasl2) features(p *Pass) {
	if p.Event.Dir != decode.FromReceiver {
		return
	}
	if m.resumed {
		p.Add(Finding{Rule: "sasl2-success-incomplete", Ref: spec.XEP(198, "9.2"), Text: "features although an older stream was resumed"})
	}
	m.success, m.resumed = 0, false
}

// missing judges what the receiving entity sends in place of features.
func (m *sasl2) missing(p *Pass) {
	if e := p.Event; m.success != 0 && e.Dir == decode.FromReceiver {
		p.Add(Finding{Rule: "sasl2-success-incomplete", Seq: m.success, Text: "no features follow the success, but <" + short(e.Name.Local) + "/>"})
		m.success = 0
	}
}

func (m *sasl2) authenticate(p *Pass) {
	n := p.Node()
	if n == nil {
		return
	}
	m.success, m.resumed = 0, false
	m.agent = agentID(p, n)
	fast := n.Child(spaceFAST, "request-token") != nil || n.Child(spaceFAST, "fast") != nil
	if fast && m.agent == "" {
		p.Report("sasl2-user-agent", "a token is used or asked for, but the program has no id")
	}
	if n.Child(spaceFAST, "fast") != nil {
		usedToken(p, m)
	}
}

// agentID is the id of the program that logs in, as it is written.
func agentID(p *Pass, n *xmlstream.Node) string {
	agent := n.Child(spaceSASL2, "user-agent")
	if agent == nil {
		return ""
	}
	id, ok := agent.Attr("id")
	if ok && !isUUID4(id) {
		p.Report("sasl2-user-agent", "the id "+short(id)+" is no UUID of version 4")
	}
	return id[:min(len(id), maxKey)]
}

// isUUID4 tells a random UUID (RFC 4122 §4.4).
func isUUID4(s string) bool {
	const form = "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx"
	if len(s) != len(form) {
		return false
	}
	for i := range len(s) {
		allowed := form[i : i+1]
		switch allowed {
		case "x":
			allowed = "0123456789abcdefABCDEF"
		case "y":
			allowed = "89abAB"
		}
		if strings.IndexByte(allowed, s[i]) < 0 {
			return false
		}
	}
	return true
}

// iqAuth judges a login by jabber:iq:auth; the question which fields are wanted
// is none.
func iqAuth(p *Pass) {
	e := p.Event
	if e.Step != decode.StepIQAuth || e.Dir != decode.FromInitiator || e.Type != "set" || e.SASL == nil || len(e.SASL.Messages) == 0 {
		return
	}
	password := slices.ContainsFunc(e.SASL.Messages[0].Parts(), func(p sasl.Part) bool { return p.Name == "password" })
	f := Finding{Rule: "iq-auth-used", Text: "a login by jabber:iq:auth"}
	switch {
	case password && !inTLS(e.State):
		f.Level, f.Text = LevelError, "a login by jabber:iq:auth with the password in the clear"
	case e.State.Failures > 0 && e.State.Mechanism != "":
		f.Level, f.Text = LevelError, "a login by jabber:iq:auth after one by SASL has failed"
	}
	p.Add(f)
}
