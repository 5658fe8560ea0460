package proxy

import (
	"crypto/tls"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
	"xmppscope/proxy/binding"
	"xmppscope/proxy/ledger"
)

// ownFilters are those for channel binding and for the counts of stream
// management, which come last: they see what really goes on.
func (c *Conn) ownFilters() (all []Filter) {
	if c.p.o.Binding.Mode != 0 {
		all = append(all, &binder{c: c, s: binding.New(c.p.o.Binding)})
	}
	c.book = ledger.New(c.p.o.Book)
	return append(all, &counter{c.book})
}

// Ledger is what stream management counts on both legs (XEP-0198 §4).
func (c *Conn) Ledger() ledger.View {
	c.catchUp()
	return c.book.View()
}

// farewell tells the filters that the connection is over.
func (c *Conn) farewell() {
	s := c.State()
	closed := s.Headers != [2]int{} && s.Open == [2]bool{}
	c.fmu.Lock()
	defer c.fmu.Unlock()
	for _, f := range c.filters {
		if e, ok := f.(Ender); ok {
			e.Ended(closed)
		}
	}
}

// binder makes logins work that are bound to TLS.
type binder struct {
	c *Conn
	s *binding.Session
}

func (b *binder) Rewrite(p Passing) Rewritten {
	if p.Origin == decode.OriginDropped || !binding.Interested(p.Event.Name) {
		return Rewritten{}
	}
	v := b.s.Unit(p.Event.Dir, p.Element(), p.Event.State)
	if v.Bytes != nil || v.Note != "" {
		b.c.p.binds.Store(true)
	}
	return Rewritten{XML: v.Bytes, Why: v.Note}
}

// Binds tells whether anything was done about channel binding by now: something
// was changed for it, or could not be.
func (p *Proxy) Binds() bool { return p.binds.Load() }

// Shifted is false: logins are part of the negotiation, in which all is framed.
func (b *binder) Shifted() bool { return false }

func (b *binder) Secured(a *tls.ConnectionState, leaf *tls.Certificate, up *tls.ConnectionState) {
	var own, theirs []byte
	if leaf != nil && len(leaf.Certificate) > 0 {
		own = leaf.Certificate[0]
	}
	if up != nil && len(up.PeerCertificates) > 0 {
		theirs = up.PeerCertificates[0].Raw
	}
	one, two := binding.LegOf(a, own), binding.LegOf(up, theirs)
	one.Finished, two.Finished = b.c.a.finishedBy(), b.c.b.finishedBy()
	b.s.Secured(one, two)
}

// counter keeps the counts of both legs true.
type counter struct{ *ledger.Conn }

func (k *counter) Rewrite(p Passing) Rewritten {
	dir := p.Event.Dir
	fate := ledger.Forwarded
	switch p.Origin {
	case decode.OriginDropped:
		fate = ledger.Dropped
	case decode.OriginInjected:
		fate = ledger.Injected
	case decode.OriginSynthetic:
		fate = ledger.Synthetic
	}
	if p.Origin != decode.OriginWire {
		n := stanzas(p.XML, p.Event)
		if was := 0; p.Was != nil {
			if decode.IsStanza(p.Was.Name) {
				was = 1
			}
			if was > 0 || n > 0 {
				k.Edited(dir, was, n)
				return Rewritten{}
			}
		}
		if n > 1 || n == 1 && !decode.IsStanza(p.Event.Name) {
			k.Stanza(dir, fate, n)
			return Rewritten{}
		}
	}
	return k.unit(dir, p.Event.Name, fate, p.Element)
}

func (k *counter) unit(dir decode.Dir, name xmlstream.Name, fate ledger.Fate, element func() *xmlstream.Node) Rewritten {
	switch {
	case decode.IsStanza(name):
		k.Stanza(dir, fate, 1)
	case ledger.Interested(name):
		if n := element(); n != nil {
			xml, why := k.Unit(dir, n, fate)
			return Rewritten{XML: xml, Why: why}
		}
	}
	return Rewritten{}
}

func (k *counter) Observe(e *decode.Event, element func() *xmlstream.Node) {
	if e.Kind == decode.KindStanza || e.Kind == decode.KindNonza {
		k.unit(e.Dir, e.Name, ledger.Forwarded, element)
	}
}

func (k *counter) Ended(closed bool) {
	if closed {
		k.Conn.Ended()
	}
}

// stanzas counts those among bytes that a person or a rule has made.
func stanzas(xml []byte, e *decode.Event) (n int) {
	f := xmlstream.NewMidStream(xmlstream.Options{})
	f.Push(xml)
	var tree xmlstream.Tree
	units := f.Flush()
	for _, u := range units {
		if u.Kind != xmlstream.Element {
			continue
		}
		if x := tree.Parse(u.Wire, e.Scope, xmlstream.Options{}); x != nil && decode.IsStanza(x.Name) {
			n++
		}
	}
	return n
}
