package tui

import (
	"bytes"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/sasl"
	"xmppscope/decode/tlswire"
)

// handshake is what the events of a conversation tell of its TLS.
type handshake struct {
	on           bool
	first        decode.Seq // the event with which TLS begins
	tls          decode.TLS
	why          tlswire.Why // why something could not be read
	hellos       []helloMessage
	certificates []helloMessage
	notes        []tlsNote // of a proxy, about both legs
	bindings     []binding
}

// tlsNote is a remark of the proxy about TLS.
type tlsNote struct {
	seq  decode.Seq
	text string
}

// binding is a value of channel binding (RFC 5929, RFC 9266).
type binding struct {
	name string
	data []byte
	why  string     // there is none
	seq  decode.Seq // where it can be seen
	used decode.Seq // the login that it is used by
}

// What the proxy says of the certificate of the server's leg begins with.
const (
	provenGood = "the server's certificate is good"
	provenBad  = "INSECURE: the server's certificate"
)

// handshake collects what is known of the TLS of the event's conversation.
func (in *tabInput) handshake() *handshake {
	h := &handshake{}
	e := in.event
	for _, s := range []*decode.State{e.State, e.After} {
		if s != nil && s.Layer&decode.LayerTLS != 0 {
			h.on, h.tls = true, s.TLS
		}
	}
	at := in.at()
	if at < 0 {
		return h
	}
	t := in.ctx.tracks.of(e.Conn)
	if len(t.stages) > 0 {
		last := t.stages[len(t.stages)-1].last
		if s := in.ctx.store.StateAt(last); s != nil && s.Layer&decode.LayerTLS != 0 {
			h.on, h.tls = true, s.TLS
		}
	}
	h.on = h.on || len(t.tls) > 0
	h.why = in.ctx.unread(e.Conn)
	h.read(in, t)
	h.bind(in, t)
	return h
}

// read goes through the messages of the handshake and the proxy's notes.
func (h *handshake) read(in *tabInput, t *track) {
	for _, row := range t.tls {
		e, err := in.ctx.store.Event(row)
		if err != nil {
			continue
		}
		if h.first == 0 {
			h.first = e.Seq
		}
		switch e.Name.Local {
		case "client_hello", "server_hello", "hello_retry_request", "encrypted_extensions":
			m := explain.TLSMessage(e)
			h.hellos = append(h.hellos, helloMessage{seq: e.Seq, title: helloTitles[e.Name.Local], message: m})
		case "certificate":
			m := explain.TLSMessage(e)
			h.certificates = append(h.certificates, helloMessage{seq: e.Seq, who: whoSent(explain.As(e, in.ctx.profile(e.Conn))), message: m})
			h.endPoint(e)
		case "finished":
			h.unique(e)
		}
	}
	for _, row := range t.notes {
		if e, err := in.ctx.store.Event(row); err == nil && aboutTLS(e.Note) {
			h.notes = append(h.notes, tlsNote{e.Seq, e.Note})
		}
	}
}

var helloTitles = map[string]string{
	"client_hello": "ClientHello", "server_hello": "ServerHello", "hello_retry_request": "HelloRetryRequest",
	"encrypted_extensions": "EncryptedExtensions",
}

// aboutTLS tells notes that are about the TLS of a proxy's legs.
func aboutTLS(note string) bool {
	return strings.HasPrefix(note, "TLS to the ") || strings.HasPrefix(note, provenGood) || strings.HasPrefix(note, provenBad) ||
		strings.HasPrefix(note, "the server's certificate is not good") || strings.HasPrefix(note, "the client shows a certificate")
}

// The types of channel binding, in the order of their age.
const (
	bindUnique   = "tls-unique"
	bindEndPoint = "tls-server-end-point"
	bindExporter = "tls-exporter"
)

func (h *handshake) binding(name string) *binding {
	for i := range h.bindings {
		if h.bindings[i].name == name {
			return &h.bindings[i]
		}
	}
	h.bindings = append(h.bindings, binding{name: name})
	return &h.bindings[len(h.bindings)-1]
}

// endPoint is made of the receiving side's certificate (RFC 5929 §4).
func (h *handshake) endPoint(e *decode.Event) {
	if e.Dir != decode.FromReceiver {
		return
	}
	version := h.tls.Version
	chain, _ := tlswire.ParseCertificates(e.Wire, version)
	if len(chain) == 0 {
		return
	}
	v := h.binding(bindEndPoint)
	v.data, v.why = tlswire.EndPoint(chain[0])
	v.seq = e.Seq
}

// unique is the first Finished of a handshake (RFC 5929 §3).
func (h *handshake) unique(e *decode.Event) {
	if v := h.binding(bindUnique); v.data == nil && h.tls.Version != 0 && h.tls.Version < tlswire.TLS13 && len(e.Wire) > 4 {
		v.data, v.seq = e.Wire[4:], e.Seq
	}
}

// bind completes the values by those that a login used, and says why others are
// not known.
func (h *handshake) bind(in *tabInput, t *track) {
	old := h.bindings
	h.bindings = nil
	for _, name := range [...]string{bindUnique, bindEndPoint, bindExporter} {
		v := h.binding(name)
		for i := range old {
			if old[i].name == name {
				*v = old[i]
			}
		}
	}
	for _, s := range t.stages {
		for _, row := range s.logins {
			h.bound(in, row)
		}
	}
	for i := range h.bindings {
		v := &h.bindings[i]
		if v.data == nil && v.why == "" {
			v.why = h.unbound(v.name)
		}
	}
}

// bound takes the value that the login which begins in a row is tied to.
func (h *handshake) bound(in *tabInput, row int) {
	e, err := in.ctx.store.Event(row)
	if err != nil || e.SASL == nil {
		return
	}
	kind := sasl.BindingType(e.SASL)
	if kind == "" {
		return
	}
	v := h.binding(kind)
	if v.data == nil && e.SASL.Binding != nil {
		v.data, v.why = e.SASL.Binding, ""
	}
	if v.data == nil && v.why == "" {
		v.why = e.SASL.BindingWhy
	}
	if v.data == nil || e.SASL.Binding == nil || bytes.Equal(v.data, e.SASL.Binding) {
		v.used = e.Seq
	}
}

// unbound says why a value is not known.
func (h *handshake) unbound(name string) string {
	switch {
	case name == bindUnique && h.tls.Version >= tlswire.TLS13:
		return "it is not defined for TLS 1.3 (RFC 9266 §3)"
	case name == bindEndPoint && h.tls.Resumed:
		return "a resumed session shows no certificate"
	case name == bindEndPoint:
		return "the server's certificate could not be seen"
	case name == bindUnique:
		return "the first Finished could not be read"
	}
	return "it is computed from the keys where a login uses it, and none did"
}
