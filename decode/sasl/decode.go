package sasl

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"xmppscope/decode/spec"
)

// Field is one named value in a message.
type Field struct {
	Name    string // the name or letter the mechanism's specification uses
	Value   string // wire text where it is text, else hexadecimal; hostile
	Meaning string // what it is, for a learner
	Secret  bool   // whoever has the value can log in with it
	Span    Span   // where it stands in Message.Data
}

// Decoded is what one message says.
type Decoded struct {
	Fields  []Field
	Faults  []Fault
	Summary string // one line without secrets; may hold wire text
}

// ruleMalformed is the rule of a message that breaks its mechanism's grammar
// where the mechanism has no rule of its own.
const ruleMalformed = "sasl-malformed"

// Limits of one decoded message: a hostile list of attributes is cut there,
// and the cut is reported.
const (
	maxFields = 100
	maxFaults = 40
)

// Decode reads message i of x in the light of the messages before it. A
// malformed message is decoded as far as it goes. It does no costly
// arithmetic; that is Verify's part. An i outside x.Messages gives the zero
// Decoded.
func Decode(x *Exchange, i int) Decoded {
	if i < 0 || i >= len(x.Messages) {
		return Decoded{}
	}
	var d Decoded
	if x.Messages[i].Kind == Failure {
		d = decodeFailure(x, i)
	} else {
		mech := x.mechanism()
		d = mech.Decode(x, i)
		d.Faults = append(d.Faults, identityFaults(x, mech, d.Fields)...)
	}
	if x.Messages[i].Unsound {
		d.Faults = nil
	}
	d.Faults = slices.Concat(x.Messages[i].Faults, d.Faults)
	if len(d.Faults) > maxFaults {
		d.Faults = d.Faults[:maxFaults]
	}
	return d
}

// Username finds who logs in: the identity whose secret is checked, and the
// identity asked for where it is another one. Both are empty where the
// exchange does not tell.
func Username(x *Exchange) (authcid, authzid string) {
	mech := x.mechanism()
	for i := range x.Messages {
		if !x.Messages[i].Kind.FromInitiator() {
			continue
		}
		for _, f := range mech.Decode(x, i).Fields {
			switch f.Name {
			case "":
			case mech.authcid:
				authcid = f.Value
			case mech.authzid:
				authzid = f.Value
			}
		}
	}
	return authcid, authzid
}

// mechanism is that of the exchange. Where its beginning was not captured no
// name is known, and the content has to tell.
func (x *Exchange) mechanism() *Mechanism {
	if x.Mechanism != "" {
		return Lookup(x.Mechanism)
	}
	best := ""
	for i := range x.Messages {
		name, _ := Guess(x.Messages[i].Data)
		if best == "" || best == scramFamily && strings.HasPrefix(name, "SCRAM-") {
			best = name // a later message may have the proof that tells the hash
		}
	}
	if best != "" {
		return Lookup(best)
	}
	return &unknown
}

// page collects what a mechanism reads from one message.
type page struct {
	x    *Exchange
	m    *Message
	data []byte
	d    Decoded
}

func newPage(x *Exchange, i int) *page {
	return &page{x: x, m: &x.Messages[i], data: x.Messages[i].Data}
}

// text adds the field that stands at span, as text.
func (p *page) text(name string, span Span, meaning string) {
	p.add(Field{Name: name, Value: printable(p.data[span.Start:span.End]), Meaning: meaning, Span: span})
}

// secret adds a field that must not be shown to strangers.
func (p *page) secret(name string, span Span, meaning string) {
	p.add(Field{Name: name, Value: printable(p.data[span.Start:span.End]), Meaning: meaning, Span: span, Secret: true})
}

// hex adds a field whose bytes are no text.
func (p *page) hex(name string, span Span, meaning string) {
	p.add(Field{Name: name, Value: hex.EncodeToString(p.data[span.Start:span.End]), Meaning: meaning, Span: span})
}

func (p *page) add(f Field) {
	switch {
	case len(p.d.Fields) < maxFields:
		p.d.Fields = append(p.d.Fields, f)
	case len(p.d.Fields) == maxFields:
		p.d.Fields = append(p.d.Fields, Field{Name: "…", Meaning: "more follows than is shown", Span: Span{f.Span.Start, len(p.data)}})
	}
}

func (p *page) fault(rule string, pos int, ref spec.Ref, format string, args ...any) {
	if len(p.d.Faults) < maxFaults {
		p.d.Faults = append(p.d.Faults, Fault{Rule: rule, Text: fmt.Sprintf(format, args...), Pos: min(pos, len(p.data)), Ref: ref})
	}
}

func (p *page) summary(format string, args ...any) {
	p.d.Summary = fmt.Sprintf(format, args...)
}

func (p *page) all() Span { return Span{0, len(p.data)} }

// opaque shows data that the mechanism has no names for: text where it is
// text, else hexadecimal.
func (p *page) opaque(name, meaning string) {
	if len(p.data) == 0 {
		return
	}
	if isText(p.data) {
		p.text(name, p.all(), meaning)
		return
	}
	p.hex(name, p.all(), meaning+", not text: shown in hexadecimal")
}

// empty answers for a message without data, as most mechanisms have them.
// It reports false where there is data.
func (p *page) empty() bool {
	if len(p.data) > 0 {
		return false
	}
	switch p.m.Kind {
	case InitialResponse:
		p.summary("no data yet: the mechanism is only named")
	case Challenge:
		p.summary("nothing asked: go on")
	case Response:
		p.summary("nothing to add")
	case SuccessData:
		p.summary("accepted")
	}
	return true
}

// unexpected shows data that the mechanism does not have at this place.
func (p *page) unexpected() {
	if p.empty() {
		return
	}
	p.opaque("data", "unexpected: the mechanism has no such message")
	if p.m.Kind.FromInitiator() {
		markSecret(p.d.Fields)
	}
	p.summary("%d bytes that the mechanism does not have here", len(p.data))
}

func markSecret(fields []Field) {
	for i := range fields {
		fields[i].Secret = true
	}
}

// printable keeps UTF-8 as it is and writes every other byte as ⟨NN⟩, as whoever
// shows it does with what is left (inspector.Disarm).
func printable(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	var out strings.Builder
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			fmt.Fprintf(&out, "⟨%02X⟩", b[0])
		} else {
			out.Write(b[:n])
		}
		b = b[n:]
	}
	return out.String()
}

// isText says that b reads as text: UTF-8 with at most white space as
// controls.
func isText(b []byte) bool {
	if !utf8.Valid(b) {
		return false
	}
	for _, r := range string(b) {
		if unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' {
			return false
		}
	}
	return true
}

// short cuts wire text for use inside a sentence.
func short(s string) string {
	const most = 60
	n := 0
	for i := range s {
		if n++; n > most {
			return s[:i] + "…"
		}
	}
	return s
}

// plural writes a count with its noun.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
