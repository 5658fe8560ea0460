package lint

import (
	"fmt"
	"strings"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

// bindingGroup is how a client gets its address (RFC 6120 §7).
var bindingGroup = Group{
	Kinds: []decode.Kind{decode.KindOpen, decode.KindFeatures, decode.KindStanza, decode.KindNonza, decode.KindStreamError,
		decode.KindSpace, decode.KindClose, decode.KindTCP},
	Check: checkBinding,
	Rules: []Rule{
		{Name: "bind-missing", Level: LevelWarning, Who: WhoInitiator, Ref: spec.RFC(6120, "7.3.1"), Needs: NeedBoth | NeedWhole,
			Doc:    "A client that has logged in binds a resource or resumes an older stream, for without an address it can do nothing.",
			Advice: "send the iq that binds a resource as soon as it is offered"},
		{Name: "bind-twice", Level: LevelWarning, Who: WhoInitiator, Ref: spec.RFC(6120, "7.3.1"), Needs: NeedWhole,
			Doc:    "A stream has one resource; a second one needs a second connection.",
			Advice: "bind once on each connection"},
		{Name: "bind-resource-empty", Level: LevelError, Who: WhoInitiator, Ref: spec.RFC(6120, "7.7.1"),
			Doc:    "A resource that a client asks for has at least one character.",
			Advice: "leave the resource element out to let the server choose"},
		{Name: "bind-jid-ignored", Level: LevelError, Who: WhoInitiator, Ref: spec.RFC(6120, "4.3.6"),
			Doc:    "A client uses the address that the server has given it, not the one it had asked for.",
			Advice: "take the address from the answer to bind, or leave from out"},
		{Name: "bind-conflict-loop", Level: LevelError, Who: WhoInitiator, Ref: spec.RFC(6120, "4.9.3.3"), Needs: NeedWhole,
			Doc:    "A client that lost its resource to another one does not take it back at once, or the two throw each other out for ever.",
			Advice: "after the stream error conflict ask for another resource, or let the server choose"},
		{Name: "bind-result-no-jid", Level: LevelError, Who: WhoReceiver, Ref: spec.RFC(6120, "7.6.1"),
			Doc:    "The answer to bind holds the full address of the account that has logged in.",
			Advice: "answer with the full JID of the account that was authenticated"},
	},
}

// binding is the memory of bindingGroup.
type binding struct {
	// offered is the list that offers a resource and was not followed up.
	offered decode.Seq
	since   time.Time
	// wish is the resource last asked for; bound is set by the answer.
	wish  string
	bound bool
}

// conflicts are the full JIDs that lost their stream to another one, and when.
type conflicts struct{ lost map[string]time.Time }

const (
	maxConflicts = 1 << 10
	// conflictPause is how long the loser of a conflict should leave the
	// resource alone.
	conflictPause = time.Minute
)

func checkBinding(p *Pass) {
	e := p.Event
	m := of(&p.own.binding)
	switch {
	case e.Kind == decode.KindFeatures:
		m.list(e)
	case e.Kind == decode.KindStreamError:
		m.conflict(p)
	case e.Kind == decode.KindStanza && e.Dir == decode.FromInitiator:
		m.stanza(p)
	case e.Kind == decode.KindStanza && e.Step == decode.StepBind && e.Type == "result":
		m.result(p)
	case e.Kind == decode.KindNonza && (e.Name.Space == nsSM || e.Name.Space == nsSM2):
		m.resume(e)
	case e.Kind == decode.KindOpen:
		m.offered = 0
	}
	m.missing(p)
}

// list notes that a resource can be bound now.
func (m *binding) list(e *decode.Event) {
	s := e.After
	m.offered = 0
	if s.Authenticated && s.JID == "" && !s.Resumed && s.Profile == decode.ProfileC2S && s.Feature(nsBind, "bind") != nil {
		m.offered, m.since = e.Seq, e.Time
	}
}

func (m *binding) resume(e *decode.Event) {
	switch e.Name.Local {
	case "resume", "resumed":
		m.since = time.Time{}
	case "failed":
		m.since = e.Time // now a resource must be bound
	}
}

func (m *binding) missing(p *Pass) {
	e := p.Event
	if m.offered == 0 || m.since.IsZero() || e.Time.Sub(m.since) <= p.Timeout {
		return
	}
	p.Add(Finding{Rule: "bind-missing", Seq: m.offered, Text: fmt.Sprintf("no resource was bound within %s", p.Timeout)})
	m.offered = 0
}

// stanza looks at what the client sends.
func (m *binding) stanza(p *Pass) {
	e := p.Event
	if e.Payload.Space == nsBind && e.Name.Local == "iq" && (e.Type == "set" || e.Type == "get") {
		m.request(p)
		return
	}
	jid := e.State.JID
	if e.From == "" || e.From == jid || !strings.Contains(jid, "/") || !strings.Contains(e.From, "/") {
		return
	}
	// Somebody else's address breaks from-spoofed.
	if strings.EqualFold(bare(e.From), bare(jid)) && resource(e.From) != resource(jid) {
		p.Report("bind-jid-ignored", fmt.Sprintf("the stanza comes from %s, but the server gave the address %s", short(e.From), short(jid)))
	}
}

func (m *binding) request(p *Pass) {
	e := p.Event
	m.offered = 0
	inline := of(&p.own.logins).way == bySASL2 && strings.Contains(e.State.JID, "/") // XEP-0386 §3.2
	if m.bound || inline {
		p.Report("bind-twice", fmt.Sprintf("a second resource is asked for after %s was bound", short(e.State.JID)))
	}
	m.wish = ""
	n := wishedResource(p)
	if n == nil {
		return
	}
	if m.wish = short(n.Text()); m.wish == "" {
		p.ReportAt("bind-resource-empty", n.Span, "the client asks for a resource with no characters")
		return
	}
	key := strings.ToLower(e.State.Identity) + "/" + m.wish
	if lost, ok := of(&p.shared.conflicts).lost[key]; ok && !e.Time.Before(lost) && e.Time.Sub(lost) <= conflictPause {
		p.ReportAt("bind-conflict-loop", n.Span, fmt.Sprintf("the resource \"%s\" is asked for again %s after it was lost to another client", m.wish, e.Time.Sub(lost).Round(time.Millisecond)))
	}
}

// wishedResource is the <resource/> of a request to bind; nil where the client
// leaves the choice to the server.
func wishedResource(p *Pass) *xmlstream.Node {
	if n := p.Node(); n != nil {
		if b := n.Child(nsBind, "bind"); b != nil {
			return b.Child(nsBind, "resource")
		}
	}
	return nil
}

// conflict notes that a client has lost the resource that it had asked for.
func (m *binding) conflict(p *Pass) {
	e := p.Event
	if e.Dir != decode.FromReceiver || e.Condition != "conflict" || !m.bound || m.wish == "" || resource(e.State.JID) != m.wish {
		return
	}
	all := of(&p.shared.conflicts)
	if all.lost == nil {
		all.lost = map[string]time.Time{}
	}
	if len(all.lost) < maxConflicts {
		all.lost[strings.ToLower(bare(e.State.JID))+"/"+m.wish] = e.Time
	}
}

func (m *binding) result(p *Pass) {
	e := p.Event
	m.bound = e.Reply != 0 // else the request may still come, out of order
	n := p.Node()
	if n == nil {
		return
	}
	jid, at := "", n.Tag
	if b := n.Child(nsBind, "bind"); b != nil {
		if j := b.Child(nsBind, "jid"); j != nil {
			jid, at = strings.TrimSpace(j.Text()), j.Span
		}
	}
	switch {
	case jid == "":
		p.ReportAt("bind-result-no-jid", at, "the answer to bind names no address")
	case resource(jid) == "":
		p.ReportAt("bind-result-no-jid", at, fmt.Sprintf("the answer to bind is %s, which has no resource", short(jid)))
	case foreign(e.State, jid):
		p.ReportAt("bind-result-no-jid", at, fmt.Sprintf("the answer to bind is %s, but %s has logged in", short(jid), short(e.State.Identity)))
	}
}

// foreign tells whether an address belongs to another account than the one that
// has logged in. It is silent where the name in the login need not be that of
// the account: where the server maps names, or normalizes or escapes what is not
// plain ASCII (XEP-0106).
func foreign(s *decode.State, jid string) bool {
	if !namesAccount(s.Mechanism) || strings.EqualFold(bare(jid), s.Identity) {
		return false
	}
	user, domain, ok := strings.Cut(s.Identity, "@")
	return ok && user != "" && strings.EqualFold(domain, s.Domain) && plain(s.Identity) && plain(bare(jid))
}

// namesAccount tells mechanisms whose user name is the account's.
func namesAccount(mechanism string) bool {
	return mechanism == "PLAIN" || mechanism == "DIGEST-MD5" || mechanism == "CRAM-MD5" || strings.HasPrefix(mechanism, "SCRAM-")
}

func plain(text string) bool {
	for i := 0; i < len(text); i++ {
		if text[i] <= ' ' || text[i] > '~' || text[i] == '\\' {
			return false
		}
	}
	return true
}

// resource is the part of a JID after the slash.
func resource(jid string) string {
	_, r, _ := strings.Cut(jid, "/")
	return r
}
