package lint

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/spec"
)

// redirectGroup is being sent to another machine (RFC 6120 §4.9.3.19, RFC 7395
// §3.6.1, XEP-0124 §17.2).
var redirectGroup = Group{
	Kinds: []decode.Kind{decode.KindStreamError, decode.KindClose, decode.KindOpen, decode.KindNonza},
	Check: checkRedirect,
	Rules: []Rule{
		{Name: "see-other-host-clear", Level: LevelWarning, Who: WhoReceiver, Ref: spec.RFC(6120, "4.9.3.19"),
			Doc:    "A redirection that comes before TLS can come from anybody on the way, and who follows one still wants the same domain and its certificate.",
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
	// maxMoves is how many redirections may be followed yet.
	maxMoves = 64
)

// redirects are those of all conversations.
type redirects struct {
	hops  map[string]int // in a row, by domain
	moves []move         // that may be followed yet, the oldest first
}

// move is one redirection: where a domain is to be found.
type move struct {
	domain, host string
	seq          decode.Seq
	at           time.Time
}

// followed is the redirection that led to a conversation.
type followed struct{ by *move }

func checkRedirect(p *Pass) {
	e := p.Event
	if e.Step == decode.StepRedirect && e.Kind != decode.KindOpen && e.Kind != decode.KindNonza {
		of(&p.shared.redirects).redirect(p)
		return
	}
	switch e.Kind {
	case decode.KindOpen:
		if e.Dir == decode.FromInitiator {
			of(&p.shared.redirects).follow(p)
		}
	case decode.KindNonza:
		if r := of(&p.shared.redirects); len(r.hops) > 0 && e.After.Authenticated && !e.State.Authenticated {
			delete(r.hops, strings.ToLower(e.After.Domain))
		}
	}
}

func (r *redirects) redirect(p *Pass) {
	e := p.Event
	domain := strings.ToLower(short(e.State.Domain))
	host := hostOf(hostOfURI(e.After.Redirect))
	if e.Dir != decode.FromReceiver || host == "" {
		return
	}
	if !inTLS(e.State) {
		p.Report("see-other-host-clear", fmt.Sprintf("the redirection to %s comes before TLS", short(host)))
	}
	if len(host) <= maxKey {
		if len(r.moves) >= maxMoves {
			r.moves = r.moves[1:]
		}
		r.moves = append(r.moves, move{domain, strings.ToLower(host), e.Seq, e.Time})
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

// follow finds a client that changes with the machine whom it asks for, or whose
// certificate it takes.
func (r *redirects) follow(p *Pass) {
	e, m := p.Event, of(&p.own.followed)
	if e.State.Headers[decode.FromInitiator] == 0 {
		r.first(p, m)
	}
	if m.by != nil && onSocket(e) && inTLS(e.State) {
		m.certificate(p)
	}
}

// first holds the first header of a conversation against the redirections that
// are not followed yet.
func (r *redirects) first(p *Pass, m *followed) {
	e := p.Event
	for len(r.moves) > 0 && e.Time.Sub(r.moves[0].at) > hopWindow {
		r.moves = r.moves[1:]
	}
	to := strings.ToLower(e.To)
	for i := len(r.moves) - 1; i >= 0; i-- {
		v := r.moves[i]
		switch to {
		case v.domain:
			m.by = &v
		case v.host:
			p.Add(Finding{Rule: "see-other-host-clear", Level: LevelError, Who: WhoInitiator,
				Text: fmt.Sprintf("the header asks for %s, where the redirection (event %d) led, and no longer for %s", short(e.To), v.seq, short(v.domain))})
		default:
			continue
		}
		r.moves = slices.Delete(r.moves, i, i+1)
		return
	}
}

// certificate finds a client that goes on inside TLS with the certificate of the
// machine in place of that of the domain. What carries HTTP has the certificate
// of the machine by right (RFC 9110 §4.3.4), and where TLS cannot be read nobody
// sees whether the client minds.
func (m *followed) certificate(p *Pass) {
	names, v := of(&p.own.certFacts).names, m.by
	fits := func(domain string) bool {
		domain = ascii(domain)
		return slices.ContainsFunc(names, func(n string) bool { return matchName(n, domain, certService(p.Event.State)) == nameMatches })
	}
	if len(names) == 0 {
		return
	}
	m.by = nil
	if fits(v.host) && !fits(v.domain) {
		p.Add(Finding{Rule: "see-other-host-clear", Level: LevelError, Who: WhoInitiator,
			Text: fmt.Sprintf("the stream goes on with a certificate for %s, where the redirection (event %d) led, and not for %s", short(v.host), v.seq, short(v.domain))})
	}
}

// hostOfURI is what names the machine in a URI; what is none stays as it is.
func hostOfURI(to string) string {
	_, rest, ok := strings.Cut(strings.TrimSpace(to), "://")
	if !ok {
		return to
	}
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	return rest[strings.LastIndexByte(rest, '@')+1:]
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
