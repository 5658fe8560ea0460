package decode

import (
	"errors"
	"net/netip"
	"slices"
	"strings"
	"time"

	"xmppscope/decode/dnswire"
)

// Bounds of what is remembered (law 5).
const (
	maxLookups     = 1 << 14
	maxLookupBytes = 8 << 20
)

// Lookups are the questions of DNS and the host-meta documents seen so far, for
// the conversations that go where they lead (RFC 6120 §3.2, XEP-0156). The zero
// value is empty and ready.
type Lookups struct {
	all   []lookup
	bytes int
	web   *webLookup // of the last request for host-meta
}

// noState is what is true before a conversation.
var noState = &State{}

// lookup is a question or an answer that no conversation has used yet.
type lookup struct {
	event  Event
	client netip.Addr // who asked
	msg    dnswire.Message
	web    *webLookup // of host-meta; a request and its answer share it
	flow   uint64     // that it came on
	used   bool
}

// DNS takes a DNS message without the length of TCP. frames brought it, from and
// to are their addresses.
func (l *Lookups) DNS(t time.Time, frames []uint32, from, to netip.Addr, wire []byte) {
	m, err := dnswire.Parse(wire)
	if err != nil || len(m.Questions) == 0 {
		return
	}
	q := m.Questions[0]
	e := Event{Kind: KindDNS, Time: t, Type: q.Type, To: q.Name, Wire: slices.Clone(wire), Frames: frames, Phase: PhaseConnect, State: noState, After: noState}
	e.Name.Local = "query"
	client := from
	if m.Response {
		client = to
		e.Dir, e.Name.Local = FromReceiver, "response"
		if m.RCode != "NOERROR" {
			e.Condition = m.RCode
		}
	}
	if q.Type == "SRV" {
		e.Step = StepDNSSRV
	}
	l.add(lookup{event: e, client: client, msg: m})
}

// HostMeta takes an event of an HTTP connection that asked where to go, and who
// asked. flow is any number that names the connection. A request stands right
// before its answer.
func (l *Lookups) HostMeta(flow uint64, client netip.Addr, e *Event) {
	x := lookup{event: *e, client: client, flow: flow}
	x.event.Phase, x.event.State, x.event.After = PhaseConnect, noState, noState
	if e.Name.Local == "request" || l.web == nil {
		l.web = &webLookup{}
	}
	l.web.take(e)
	x.web = l.web
	l.add(x)
}

// Own forgets what a connection asked: it turned out to be a conversation, which
// shows that by itself.
func (l *Lookups) Own(flow uint64) {
	own := false
	for i := range l.all {
		x := &l.all[i]
		x.used = x.web != nil && x.flow == flow
		own = own || x.used
	}
	if own {
		l.forget()
	}
}

func (l *Lookups) add(x lookup) {
	if len(l.all) >= maxLookups || l.bytes > maxLookupBytes {
		half := len(l.all) / 2
		for i := range half {
			l.bytes -= len(l.all[i].event.Wire)
		}
		l.all = slices.Delete(l.all, 0, half)
	}
	l.all = append(l.all, x)
	l.bytes += len(x.event.Wire)
}

// For gives the lookups that led to a conversation, in their order: those that
// name its receiver's address, those whose names lead there, and those of its
// domain that led nowhere. Each is given out once. The events have no numbers.
func (l *Lookups) For(c *Conversation) (events []Event) {
	if len(l.all) == 0 {
		return nil
	}
	from, _ := netip.ParseAddrPort(c.Initiator)
	to, err := netip.ParseAddrPort(c.Receiver)
	if err != nil {
		return nil
	}
	names := l.names(c, from.Addr(), to)
	domain := c.Domain
	if !l.asked(domain, from.Addr()) {
		domain = ""
	}
	for i := range l.all {
		x := &l.all[i]
		switch {
		case x.used || !x.askedBy(from.Addr()):
			continue
		case x.web != nil && !x.web.leads(names, c.Domain, to):
			continue
		case x.web == nil && !x.leads(names, domain):
			continue
		}
		x.used = true
		events = append(events, x.event)
	}
	if len(events) > 0 {
		l.forget()
	}
	return events
}

// forget drops what was given out.
func (l *Lookups) forget() {
	l.all = slices.DeleteFunc(l.all, func(x lookup) bool { return x.used })
	l.bytes = 0
	for i := range l.all {
		l.bytes += len(l.all[i].event.Wire)
	}
}

// names are all names that lead to the receiver: those of its address, and
// those of which these are the target.
func (l *Lookups) names(c *Conversation, from netip.Addr, to netip.AddrPort) []string {
	var names []string
	note := func(n string) {
		if n != "" && !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	address := to.Addr().Unmap()
	for i := range l.all {
		x := &l.all[i]
		for _, r := range x.records() {
			if r.Address.Unmap() == address && x.askedBy(from) {
				note(r.Name)
			}
		}
	}
	if len(names) == 0 && c.Domain != "" {
		note(strings.ToLower(c.Domain)) // an address that was known before
	}
	for known := 0; known < len(names); {
		known = len(names)
		for i := range l.all {
			for _, r := range l.all[i].records() {
				if slices.Contains(names, r.Target) && (r.Type == "CNAME" || r.Type == "SRV" && r.Port == to.Port()) {
					note(r.Name)
				}
			}
		}
	}
	return names
}

func (x *lookup) records() []dnswire.Record {
	return append(x.msg.Answers[:len(x.msg.Answers):len(x.msg.Answers)], x.msg.More...)
}

// askedBy tells whether a host asked, or may have where nobody knows.
func (x *lookup) askedBy(host netip.Addr) bool {
	return !x.client.IsValid() || x.client.Unmap() == host.Unmap() || x.client.IsLoopback() && host.IsLoopback()
}

// asked tells whether a host asked for a service of the domain.
func (l *Lookups) asked(domain string, host netip.Addr) bool {
	for i := range l.all {
		x := &l.all[i]
		if of := dnswire.Domain(x.event.To); of != "" && strings.EqualFold(of, domain) && x.askedBy(host) {
			return true
		}
	}
	return false
}

// leads tells whether a lookup belongs to the way to these names. domain is not
// empty where its service was asked for: then what other domains offer on the
// same host is not of this way.
func (x *lookup) leads(names []string, domain string) bool {
	of := dnswire.Domain(x.event.To)
	if of != "" && domain != "" {
		return strings.EqualFold(of, domain)
	}
	return slices.Contains(names, x.event.To)
}

// DNSOf reads the DNS message of an event.
func DNSOf(e *Event) (dnswire.Message, error) {
	if e.Kind != KindDNS {
		return dnswire.Message{}, errNotDNS
	}
	return dnswire.Parse(e.Wire)
}

var errNotDNS = errors.New("the event is no DNS message")
