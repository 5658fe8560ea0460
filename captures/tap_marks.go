package captures

import (
	"bytes"
	"encoding/json"
	"unicode"
	"unicode/utf8"

	"xmppscope/decode"
)

// A recording of the proxy says so in its section header, names its interfaces
// after the legs, and has marks in the comments of packets.
const (
	recorderName = "xmppscope proxy"
	markPrefix   = "xmppscope "
	// maxMarkText is how much text goes into one comment, in bytes, so that it
	// stays under 65,535 however it is escaped.
	maxMarkText = 8 << 10
)

// legNames are the names of the two interfaces.
var legNames = [...]string{"client leg", "server leg"}

var markNames = [...]string{decode.MarkNote: "note", decode.MarkHold: "hold", decode.MarkRelease: "release", decode.MarkEdit: "edit",
	decode.MarkDrop: "drop", decode.MarkInsert: "insert", decode.MarkExporter: "exporter", decode.MarkExporterBeyond: "server-exporter"}

// writtenMark is a mark as a comment has it. Long text is continued in the next
// comment.
type writtenMark struct {
	Do     string `json:"do"`
	Dir    string `json:"dir"`
	At     int64  `json:"at"`
	N      int64  `json:"n"`
	ID     uint32 `json:"id,omitempty"`
	Origin string `json:"origin,omitempty"`
	Note   string `json:"note,omitempty"`
	Text   string `json:"text,omitempty"`
	Base64 []byte `json:"base64,omitempty"`
	More   bool   `json:"more,omitempty"`
}

// comments writes a mark, at least one comment.
func comments(m *decode.Mark) (all []string) {
	if int(m.Do) >= len(markNames) {
		return nil
	}
	w := writtenMark{Do: markNames[m.Do], Dir: m.Dir.String(), At: m.At, N: m.N, ID: m.ID, Note: m.Note}
	if m.Origin != decode.OriginWire {
		w.Origin = m.Origin.String()
	}
	for text := m.Text; ; w = (writtenMark{Do: w.Do, Dir: w.Dir}) {
		part := text[:min(len(text), maxMarkText)]
		if !utf8.Valid(m.Text) || m.Do == decode.MarkExporter || m.Do == decode.MarkExporterBeyond {
			w.Base64 = part
		} else {
			for len(part) < len(text) && !utf8.RuneStart(text[len(part)]) {
				part = part[:len(part)-1]
			}
			w.Text = string(part)
		}
		text = text[len(part):]
		w.More = len(text) > 0
		all = append(all, markPrefix+escaped(w))
		if !w.More {
			return all
		}
	}
}

// escaped is JSON in which nothing can turn, break or hide a line.
func escaped(w any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(w) // it has no types that fail
	out := make([]byte, 0, b.Len())
	for _, r := range string(bytes.TrimSpace(b.Bytes())) {
		switch {
		case !unicode.IsControl(r) && !unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp):
			out = utf8.AppendRune(out, r)
		case r < 0x10000:
			const hex = "0123456789abcdef"
			out = append(out, '\\', 'u', hex[r>>12&15], hex[r>>8&15], hex[r>>4&15], hex[r&15])
		default: // tags and the like, as a pair of surrogates
			r -= 0x10000
			for _, half := range [...]rune{0xd800 + r>>10, 0xdc00 + r&0x3ff} {
				const hex = "0123456789abcdef"
				out = append(out, '\\', 'u', hex[half>>12&15], hex[half>>8&15], hex[half>>4&15], hex[half&15])
			}
		}
	}
	return string(out)
}

// maxMarkTextAll bounds the text of the marks of one packet, in bytes.
const maxMarkTextAll = 64 << 20

// markReader reads the marks of one packet from its comments.
type markReader struct {
	all  []decode.Mark
	more bool // the text of the last one goes on
	size int
}

// comment takes one comment; what is none of ours is passed over.
func (r *markReader) comment(v []byte) {
	v, ok := bytes.CutPrefix(v, []byte(markPrefix))
	if !ok {
		return
	}
	var w writtenMark
	if json.Unmarshal(v, &w) != nil {
		return
	}
	text := w.Base64
	if w.Text != "" {
		text = []byte(w.Text)
	}
	if r.size += len(text); r.size > maxMarkTextAll {
		return
	}
	if r.more {
		last := &r.all[len(r.all)-1]
		last.Text, r.more = append(last.Text, text...), w.More
		return
	}
	m := decode.Mark{At: w.At, N: w.N, ID: w.ID, Note: w.Note, Text: text}
	if w.Dir == decode.FromReceiver.String() {
		m.Dir = decode.FromReceiver
	}
	for o := decode.OriginEdited; o <= decode.OriginSynthetic; o++ {
		if w.Origin == o.String() {
			m.Origin = o
		}
	}
	for k, name := range markNames {
		if name == w.Do {
			m.Do = decode.MarkKind(k)
			r.all, r.more = append(r.all, m), w.More
			return
		}
	}
}
