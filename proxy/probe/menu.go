package probe

import (
	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
)

const (
	nsSASL    = "urn:ietf:params:xml:ns:xmpp-sasl"
	nsSASL2   = "urn:xmpp:sasl:2"
	nsBinding = "urn:xmpp:sasl-cb:0"
	nsLimits  = "urn:xmpp:stream-limits:0"
)

// Menu is one list of features, and the header of the stream it came on.
type Menu struct {
	// Layer is what carried it.
	Layer decode.Layer
	// StreamID, Version and Lang are those of the server's header.
	StreamID, Version, Lang string
	Features                []decode.Feature
	// MaxBytes and IdleSeconds are the limits of the stream as the wire has
	// them (XEP-0478 §3.1); empty where it has none.
	MaxBytes, IdleSeconds string
}

// menu reads a features event.
func menu(e *decode.Event, t *xmlstream.Tree) Menu {
	m := Menu{Layer: e.Layer}
	if st := e.After; st != nil {
		m.StreamID, m.Version, m.Lang, m.Features = st.StreamID, st.Version, st.Lang, st.Features
	}
	if n := e.Element(t); n != nil {
		if l := n.Child(nsLimits, "limits"); l != nil {
			for c := range l.Children() {
				switch c.Name.Local {
				case "max-bytes":
					m.MaxBytes = c.Text()
				case "idle-seconds":
					m.IdleSeconds = c.Text()
				}
			}
		}
	}
	return m
}

// Feature is the feature of a name; nil where it is not offered.
func (m *Menu) Feature(space, local string) *decode.Feature {
	for i := range m.Features {
		if f := &m.Features[i]; f.Space == space && f.Local == local {
			return f
		}
	}
	return nil
}

func (m *Menu) values(space, local string) []string {
	if f := m.Feature(space, local); f != nil {
		return f.Values
	}
	return nil
}

// Mechanisms are those of SASL, SASL2 those of the newer form (XEP-0388),
// Bindings the types of channel binding (XEP-0440).
func (m *Menu) Mechanisms() []string { return m.values(nsSASL, "mechanisms") }

// SASL2 are the mechanisms of XEP-0388.
func (m *Menu) SASL2() []string { return m.values(nsSASL2, "authentication") }

// Bindings are the types of channel binding that the server takes (XEP-0440).
func (m *Menu) Bindings() []string { return m.values(nsBinding, "sasl-channel-binding") }

// Inline are what can be done within a login of SASL 2.
func (m *Menu) Inline() []decode.Feature {
	if f := m.Feature(nsSASL2, "authentication"); f != nil {
		return f.Inline
	}
	return nil
}
