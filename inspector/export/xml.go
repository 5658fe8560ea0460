package export

import (
	"io"
	"strconv"
	"unicode/utf8"

	"xmppscope/decode"
	"xmppscope/inspector"
)

// xmlWriter writes only the XML, a unit a line, both directions in the order
// of their completion.
type xmlWriter struct{ sink }

func newXML(w io.Writer, _ Options) Writer { return &xmlWriter{sink{w: w}} }

// Event writes the unit that the event carries, if it carries one.
func (w *xmlWriter) Event(e *decode.Event) error {
	switch e.Kind {
	case decode.KindBroken:
		if !readable(e.Text()) {
			return w.full() // bytes of a layer below
		}
		w.b = append(appendXML(w.b, e.Text()), '\n')
	case decode.KindOpen, decode.KindClose, decode.KindFeatures, decode.KindStanza,
		decode.KindStreamError, decode.KindNonza:
		w.b = append(appendXML(w.b, e.Text()), '\n')
	}
	return w.full()
}

// Begin writes nothing: it is no XML.
func (w *xmlWriter) Begin(*decode.Conversation) error { return w.err }

// Conversation writes nothing: it is no XML.
func (w *xmlWriter) Conversation(*decode.Conversation) error { return w.err }

// Close writes what is left.
func (w *xmlWriter) Close() error { return w.Flush() }

// appendXML copies XML with every character that could steer a terminal, hide
// or turn the text around replaced by a character reference. Line feed and tab
// stay, for between attributes a reference would be an error where they are
// not. Bytes that are no UTF-8 become U+FFFD.
func appendXML(b, xml []byte) []byte {
	start := 0
	for i := 0; i < len(xml); {
		c := xml[i]
		if ' ' <= c && c < 0x7f || c == '\n' || c == '\t' {
			i++
			continue
		}
		r, n := utf8.DecodeRune(xml[i:])
		broken := r == utf8.RuneError && n == 1
		if !broken && !steers(r) {
			i += n
			continue
		}
		b = append(b, xml[start:i]...)
		if broken {
			b = utf8.AppendRune(b, utf8.RuneError)
		} else {
			b = append(b, "&#x"...)
			b = strconv.AppendUint(b, uint64(r), 16)
			b = append(b, ';')
		}
		i += n
		start = i
	}
	return append(b, xml[start:]...)
}

// steers tells which characters are written as references: those for which a
// terminal would get a stand-in.
func steers(r rune) bool { return inspector.Glyph(r) != string(r) }
