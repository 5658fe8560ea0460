package lint

import (
	"fmt"
	"strings"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/sasl"
	"xmppscope/decode/spec"
)

// saslNamesGroup is who logs in, as whom, and how often it may be tried.
var saslNamesGroup = Group{
	Kinds: []decode.Kind{decode.KindNonza, decode.KindStanza, decode.KindOpen, decode.KindClose, decode.KindStreamError, decode.KindTCP},
	Check: checkNames,
	Rules: []Rule{
		{Name: "sasl-retries", Level: LevelWarning, Who: WhoReceiver, Needs: NeedStart | NeedBoth | NeedWhole, Ref: spec.RFC(6120, "6.4.5"),
			Doc:    "Whoever mistypes a password may try again, but not for ever.",
			Advice: "allow two to five tries on one stream, then close it with policy-violation"},
		{Name: "sasl-user-enumeration", Level: LevelNote, Who: WhoReceiver, Ref: spec.RFC(6120, "6.5.10"),
			Doc: "A server should not tell which accounts exist, neither by how it refuses a login nor by how long it takes: " +
				"judged are the conditions, and the times where a name that has logged in and others were refused three times each, in turns.",
			Advice: "answer a wrong name in the same way as a wrong password: not-authorized at the same step, after the same work"},
		{Name: "sasl-authzid-full-jid", Level: LevelError, Who: WhoInitiator, Ref: spec.RFC(6120, "6.3.8"),
			Doc:    "A client logs in as an account and a server as a domain: what comes with a resource is bound later.",
			Advice: "leave the resource out: it is bound after login"},
		{Name: "sasl-authzid-needless", Level: LevelWarning, Who: WhoInitiator, Ref: spec.RFC(6120, "6.3.8"),
			Doc:    "The authorization identity is for those who act for somebody else.",
			Advice: "leave the authorization identity out"},
		{Name: "sasl-username-is-jid", Level: LevelWarning, Who: WhoInitiator, Ref: spec.RFC(6120, "6.3.7"),
			Doc:    "The username of a login is the part of the address before the @.",
			Advice: "use the part before the @ alone"},
		{Name: "sasl-from-mismatch", Level: LevelWarning, Who: WhoReceiver, Ref: spec.RFC(6120, "6.4.6"),
			Doc:    "Who a client says it is in its stream header must be who it logs in as.",
			Advice: "compare the from of the stream header with the identity that was proven, and refuse"},
	},
}

// saslTries are the failed logins of one conversation.
type saslTries struct {
	failed   decode.Seq // the first, while nothing has followed it
	failedAt time.Time
	told     bool
}

func checkNames(p *Pass) {
	e, m := p.Event, of(&p.own.saslTries)
	if e.State == nil || e.After == nil {
		return
	}
	retries(p, m)
	if e.Kind != decode.KindNonza || e.SASL == nil || !isSASL(e.Name.Space) {
		return
	}
	switch {
	case isLogin(e):
		localpart(p)
	case isSuccess(e):
		fromMismatch(p)
		of(&p.shared.knownNames).succeed(e)
	case isFailure(e):
		enumeration(p)
	}
}

// retries judges what the receiving entity does once a client has failed. A
// server that fails to prove itself has other ways (XEP-0178).
func retries(p *Pass, m *saslTries) {
	e := p.Event
	if e.State.Profile != decode.ProfileC2S {
		return
	}
	if isFailure(e) && e.Condition != "aborted" && e.State.Failures == 0 && e.Kind == decode.KindNonza {
		if of(&p.own.saslDialog).moved {
			return // the client has gone on already, into a stream that is none
		}
		m.failed, m.failedAt = e.Seq, e.Time
		return
	}
	if m.failed != 0 {
		closes := e.Kind == decode.KindClose || e.Kind == decode.KindStreamError || e.Kind == decode.KindTCP
		if closes && e.Dir == decode.FromReceiver && e.Time.Sub(m.failedAt) < p.Timeout {
			p.after(decode.FromInitiator, Finding{Rule: "sasl-retries", Seq: m.failed, Text: "the stream is closed after the first failure"})
		}
		m.failed = 0
	}
	const most = 6 // a first try and five more
	if !m.told && e.State.Failures >= most && e.Kind == decode.KindNonza && e.Dir == decode.FromReceiver && isSASL(e.Name.Space) && !isSuccess(e) {
		m.told = true
		p.Report("sasl-retries", fmt.Sprintf("after %d failures the client may still try", e.State.Failures))
	}
}

// localpart finds a server that logs in as a user.
func localpart(p *Pass) {
	e := p.Event
	if e.State.Profile != decode.ProfileS2S {
		return
	}
	if _, authzid := sasl.Username(e.SASL); strings.Contains(authzid, "@") && !strings.Contains(authzid, "/") {
		p.Report("sasl-authzid-full-jid", "a server logs in as "+short(authzid)+", which is no domain")
	}
}

// fromMismatch holds the sender of the stream header inside TLS against who has
// logged in. Guests get their names from the server.
func fromMismatch(p *Pass) {
	e := p.Event
	claimed, who := bare(e.State.Claimed), bare(e.After.Identity)
	if claimed == "" || who == "" || e.State.Domain == "" || !inTLS(e.State) || e.SASL.Mechanism == "ANONYMOUS" || sameJID(claimed, who) {
		return
	}
	if _, authzid := sasl.Username(e.SASL); authzid == "" && !e.SASL.SASL2 && !ofDomain(who, e.State.Domain) {
		return // the name of another realm, of which the server has made an account
	}
	f := Finding{Rule: "sasl-from-mismatch", Text: "the stream is from " + short(claimed) + ", and " + short(who) + " has logged in"}
	if e.SASL.SASL2 {
		f.Level, f.Ref = LevelError, spec.XEP(388, "2.3")
	}
	p.Add(f)
}

func ofDomain(jid, domain string) bool {
	_, d, user := strings.Cut(jid, "@")
	return !user || sameDomain(d, domain)
}

// sameJID compares two bare JIDs, whose domains may be written in two ways.
func sameJID(a, b string) bool {
	la, da, userA := strings.Cut(a, "@")
	lb, db, userB := strings.Cut(b, "@")
	if !userA || !userB {
		return userA == userB && sameDomain(a, b)
	}
	return strings.EqualFold(la, lb) && sameDomain(da, db)
}

// knownNames are the accounts of all servers that are known to exist, and how
// logins were refused.
type knownNames struct {
	exist   map[string]bool
	refused []refusal
}

// refusal is how the login of one name was refused. Way is what an attacker
// sees: the condition, and after how many challenges it came.
type refusal struct{ server, name, way string }

const (
	maxNames    = 1 << 12
	maxRefusals = 256
)

// nameKey is a name of a domain.
func nameKey(domain, name string) string {
	return strings.ToLower(domain) + "\x00" + strings.ToLower(name)
}

func (k *knownNames) succeed(e *decode.Event) {
	if k.exist == nil {
		k.exist = map[string]bool{}
	}
	name, _ := sasl.Username(e.SASL)
	if key := nameKey(e.State.Domain, name); name != "" && len(k.exist) < maxNames && len(key) <= maxKey {
		k.exist[key] = true
	}
}

// enumeration finds a server that refuses names that exist in another way than
// others. Only a name that has logged in is known to exist.
func enumeration(p *Pass) {
	e, k := p.Event, of(&p.shared.knownNames)
	name, _ := sasl.Username(e.SASL)
	if name == "" || len(name)+len(e.State.Domain) > maxKey {
		return
	}
	if saysUnknown(e.SASL) {
		p.Report("sasl-user-enumeration", "the server says that there is no user of this name")
		return
	}
	switch e.Condition {
	case "not-authorized", "account-disabled", "credentials-expired", "invalid-authzid":
	default:
		return // not about the name
	}
	r := refusal{e.State.Domain + " " + e.SASL.Mechanism, strings.ToLower(name), e.Condition}
	for i := range e.SASL.Messages {
		if e.SASL.Messages[i].Kind == sasl.Challenge {
			r.way += "+"
		}
	}
	exists := func(r refusal) bool {
		domain, _, _ := strings.Cut(r.server, " ")
		return k.exist[nameKey(domain, r.name)]
	}
	for _, o := range k.refused {
		if o.server == r.server && o.way != r.way && exists(o) != exists(r) {
			p.Report("sasl-user-enumeration", "an account that exists is refused in another way than a name that is not known to")
			break
		}
	}
	if len(k.refused) < maxRefusals {
		k.refused = append(k.refused, r)
	}
}

// saysUnknown finds the error of SCRAM that tells (RFC 5802 §7).
func saysUnknown(x *sasl.Exchange) bool {
	for i := range x.Messages {
		if string(x.Messages[i].Data) == "e=unknown-user" {
			return true
		}
	}
	return false
}
