package tui

import (
	"encoding/hex"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/tlswire"
)

// tlsPage shows the TLS connection that the event's conversation runs in: what
// was agreed on, who proved to be whom, what the hellos said, and what ties a
// login to it.
func tlsPage(in *tabInput) page {
	b := newBuilder(in.th)
	h := in.handshake()
	if !h.on {
		b.noTLS(in)
		return b.page()
	}
	b.agreed(in, h)
	b.legs(in, h)
	b.certificates(in, h)
	b.bindings(in, h)
	for i := range h.hellos {
		b.hello(in, &h.hellos[i])
	}
	return b.page()
}

// noTLS says that all could be read by anybody, and what became of the offer.
func (b *builder) noTLS(in *tabInput) {
	b.line(span{"This conversation does not use TLS", b.th.title}, span{pick(in.ctx.load.running(), " so far.", "."), b.th.title})
	b.blank()
	b.line(span{"Whoever sits on the way can read and change all of it, logins too.", b.th.base})
	at := in.at()
	if at < 0 {
		return
	}
	t := in.ctx.tracks.of(in.event.Conn)
	for _, row := range t.offers {
		s := in.ctx.store.StateAt(row)
		if s == nil {
			continue
		}
		if f := s.Feature("urn:ietf:params:xml:ns:xmpp-tls", "starttls"); f != nil {
			text := "The server offered STARTTLS" + pick(f.Required, " and required it", "") + " in " + number(in.ctx.store.Row(row).Seq()) + "; nobody took it up."
			b.line(span{text, b.th.base}).jump = in.ctx.store.Row(row).Seq()
			return
		}
	}
	if len(t.offers) > 0 {
		b.line(span{"It was not offered: no list of features has STARTTLS.", b.th.base})
	}
}

// agreed is the top of the page: what both sides agreed on.
func (b *builder) agreed(in *tabInput, h *handshake) {
	t := h.tls
	title := tlswire.VersionName(t.Version)
	if t.Version == 0 {
		title = "TLS, of which nothing is agreed on yet"
	}
	b.line(span{title, b.th.title})
	if h.first > in.event.Seq {
		b.line(span{"It begins later, with " + number(h.first) + ": this event went over the wire in the clear.", b.th.warn}).jump = h.first
	}
	b.blank()
	if t.Cipher != 0 {
		b.labelled("Suite", tlswire.CipherName(t.Cipher), b.th.base)
		b.labelled("", explain.Suite(t.Cipher), b.th.base)
	}
	b.fact2("SNI", t.SNI, "no server name: a machine with many domains has to guess whose certificate to show")
	b.fact2("ALPN", t.ALPN, "nothing was agreed on; the port tells what is spoken, or STARTTLS did")
	b.labelled("Session", pick(t.Resumed, "an older one goes on, without certificates", "a new one"), b.th.base)
	keys := "not known: " + h.why.String()
	style := b.th.warn
	if t.Keys != "" {
		keys, style = "known, from "+keysFrom(t.Keys)+": what is inside is read", b.th.base
	} else if h.why == tlswire.Readable {
		keys, style = "not needed so far: nothing encrypted was seen", b.th.base
	}
	b.labelled("Keys", keys, style)
	if t.Keys == "" && h.why != tlswire.Readable {
		b.labelled("", "K gives a key log file.", b.th.dim)
	}
}

// fact2 is a value of the wire, or what it means that there is none.
func (b *builder) fact2(label, value, none string) {
	if value == "" {
		b.labelled(label, none, b.th.dim)
		return
	}
	b.labelled(label, capped(value, 400), b.th.base)
}

// keysFrom says in words where keys came from.
func keysFrom(from string) string {
	switch from {
	case "keylog":
		return "the key log file"
	case "embedded":
		return "the capture itself"
	case "proxy":
		return "the proxy, which stands between both sides"
	}
	return wire(from)
}

// legs shows both connections of a proxy, with what was found about the server's
// certificate.
func (b *builder) legs(in *tabInput, h *handshake) {
	if len(h.notes) == 0 {
		return
	}
	b.blank()
	b.heading("Both sides of the proxy")
	b.line(span{"The proxy ends TLS on either side and begins it anew, so there are two connections with keys and certificates of their own. What stands below is the client's.", b.th.dim})
	for _, n := range h.notes {
		sign, style := "· ", b.th.base
		switch {
		case strings.HasPrefix(n.text, provenGood):
			sign, style = "✓ ", b.th.good
		case strings.HasPrefix(n.text, provenBad):
			sign, style = "✗ ", b.th.bad
		}
		l := b.line(span{sign, style}, span{capped(n.text, 1000), b.th.base})
		if l.hang = 2; n.seq != in.event.Seq {
			l.jump = n.seq
		}
	}
}

// certificates shows the chains that both sides sent, the leaf first.
func (b *builder) certificates(in *tabInput, h *handshake) {
	for i := range h.certificates {
		c := &h.certificates[i]
		if !b.group(in, "Certificate of the "+c.who, "in "+number(c.seq), len(c.message.Fields)) {
			continue
		}
		b.tlsFields(in, c)
	}
	switch {
	case len(h.certificates) > 0:
	case h.tls.Resumed:
		b.blank()
		b.line(span{"No certificate: an older session goes on, which had shown one.", b.th.base})
	case h.tls.Version >= tlswire.TLS13 && h.tls.Keys == "":
		b.blank()
		b.line(span{"Certificates cannot be seen without keys: TLS 1.3 encrypts them.", b.th.base})
	}
}

// hello shows a hello with its extensions explained.
func (b *builder) hello(in *tabInput, m *helloMessage) {
	if b.group(in, m.title, "in "+number(m.seq), len(m.message.Fields)) {
		b.tlsFields(in, m)
	}
}

// tlsFields lists the fields of a message. Enter goes to its event, or, where it
// is this one, to the bytes.
func (b *builder) tlsFields(in *tabInput, m *helloMessage) {
	w := 0
	for _, f := range m.message.Fields {
		w = max(w, min(width(wire(fieldName(f.Name))), maxFieldName))
	}
	for _, f := range m.message.Fields {
		value := capped(f.Value, 1000)
		if value == "" {
			value = "–"
		}
		l := b.line(span{"  " + pad(capped(fieldName(f.Name), 60), w) + "  ", b.th.variable}, span{value, b.th.base})
		l.hang = w + 4
		if m.seq == in.event.Seq {
			l.start, l.end = f.Start, f.End
		} else {
			l.jump = m.seq
		}
		if f.Meaning != "" {
			b.line(span{pad("", w+4), b.th.base}, span{capped(f.Meaning, 400), b.th.dim}).hang = w + 4
		}
	}
}

// fieldName shortens the long names of extensions to what people say.
func fieldName(s string) string {
	if _, short, ok := strings.Cut(s, " ("); ok && strings.HasSuffix(short, ")") {
		return strings.TrimSuffix(short, ")")
	}
	return s
}

// bindings shows what could tie a login to this very connection.
func (b *builder) bindings(in *tabInput, h *handshake) {
	if h.tls.Version == 0 {
		return
	}
	b.blank()
	b.heading("Channel binding: values that only this connection has")
	for _, v := range h.bindings {
		l := b.line(span{"  " + pad(v.name, 22), b.th.variable})
		l.hang = 24
		switch {
		case v.data != nil:
			l.spans = append(l.spans, span{hex.EncodeToString(v.data[:min(len(v.data), 64)]), b.th.base})
		default:
			l.spans = append(l.spans, span{"not known: " + capped(v.why, 400), b.th.dim})
		}
		if v.used != 0 {
			l.spans = append(l.spans, span{"  used by the login in " + number(v.used), b.th.good})
		}
		if v.seq != 0 && v.seq != in.event.Seq {
			l.jump = v.seq
		}
	}
}

// helloMessage is a message of the handshake, taken apart.
type helloMessage struct {
	seq     decode.Seq
	title   string
	who     string
	message tlswire.Message
}
