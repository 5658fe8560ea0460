package lint

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/spec"
)

// redirectGroup is being sent to another machine (RFC 6120 §4.9.3.19).
var redirectGroup = Group{
	Kinds: []decode.Kind{decode.KindStreamError, decode.KindOpen, decode.KindNonza},
	Check: checkRedirect,
	Rules: []Rule{
		{Name: "see-other-host-clear", Level: LevelWarning, Who: WhoReceiver, Ref: spec.RFC(6120, "4.9.3.19"),
			Doc:    "A redirection that comes before TLS can come from anybody on the way.",
			Advice: "redirect inside TLS; a client keeps asking for the same domain and its certificate, wherever it connects"},
		{Name: "redirect-loop", Level: LevelWarning, Who: WhoInitiator, Ref: spec.RFC(6120, "4.9.3.19"),
			Doc:    "Who is sent from machine to machine without end gives up after a few.",
			Advice: "stop after two to five redirections"},
	},
}

const (
	// maxHops is how many redirections in a row are followed.
	maxHops = 5
	// hopWindow is for how long a connection to where a redirection leads is
	// taken for its consequence.
	hopWindow = time.Minute
)

// redirects are those of all conversations.
type redirects struct {
	hops map[string]int // in a row, by domain
	// last is the last redirection in the clear.
	domain, host string
	seq          decode.Seq
	at           time.Time
}

func checkRedirect(p *Pass) {
	e := p.Event
	r := Shared[redirects](p)
	switch e.Kind {
	case decode.KindOpen:
		r.followed(p)
	case decode.KindStreamError:
		if e.Condition == "see-other-host" {
			r.redirect(p)
		}
	case decode.KindNonza:
		if len(r.hops) > 0 && e.After.Authenticated && !e.State.Authenticated {
			delete(r.hops, strings.ToLower(e.After.Domain))
		}
	}
}

func (r *redirects) redirect(p *Pass) {
	e := p.Event
	domain := strings.ToLower(short(e.State.Domain))
	host := hostOf(e.After.Redirect)
	if Own[opening](p).carrier == onTCP && onSocket(e) && !inTLS(e.State) {
		p.Report("see-other-host-clear", fmt.Sprintf("the redirection to %s comes before TLS", short(host)))
		r.domain, r.host, r.seq, r.at = domain, strings.ToLower(host), e.Seq, e.Time
	}
	if r.hops == nil {
		r.hops = map[string]int{}
	}
	if _, known := r.hops[domain]; !known && len(r.hops) >= maxServers {
		return
	}
	if r.hops[domain]++; r.hops[domain] == maxHops+1 {
		p.Report("redirect-loop", fmt.Sprintf("this is redirection %d in a row for %s", r.hops[domain], short(domain)))
	}
}

// followed finds a client that changes the domain with the machine.
func (r *redirects) followed(p *Pass) {
	e := p.Event
	if r.host == "" || e.Dir != decode.FromInitiator || e.State.Headers[decode.FromInitiator] != 0 {
		return
	}
	if e.Time.Sub(r.at) > hopWindow {
		r.host = ""
		return
	}
	if to := strings.ToLower(e.To); to == r.host && to != r.domain {
		p.Add(Finding{Rule: "see-other-host-clear", Level: LevelError, Who: WhoInitiator,
			Text: fmt.Sprintf("the header asks for %s, where the redirection (event %d) led, and no longer for %s", short(e.To), r.seq, short(r.domain))})
		r.host = ""
	}
}

// hostOf cuts the port off an address; an IPv6 address may stand in brackets.
func hostOf(at string) string {
	at = strings.TrimSpace(at)
	if a, err := netip.ParseAddrPort(at); err == nil {
		return a.Addr().String()
	}
	if h, ok := strings.CutPrefix(at, "["); ok {
		h, _, _ = strings.Cut(h, "]")
		return h
	}
	if host, _, ok := strings.Cut(at, ":"); ok && strings.Count(at, ":") == 1 {
		return host
	}
	return at
}
