package sasl

import (
	"bytes"
	"fmt"
	"strings"

	"xmppscope/decode/spec"
)

const ruleScram = "scram-grammar"

var (
	refScram        = spec.RFC(5802, "7")
	refScramAttrs   = spec.RFC(5802, "5.1")
	refScramBinding = spec.RFC(5802, "6")
)

// scramRole is the place of a message in the exchange, RFC 5802 §5.
type scramRole uint8

const (
	scramNone scramRole = iota
	clientFirst
	serverFirst
	clientFinal
	serverFinal
)

// scramAttr is one "letter=value" of a message.
type scramAttr struct {
	key   byte // 0 where the text is no attribute
	value Span
	whole Span
}

// scramMsg is a message cut into its parts. It is made from any bytes;
// faults says where they are no SCRAM message.
type scramMsg struct {
	data  []byte
	role  scramRole
	attrs []scramAttr
	gs2   gs2Header // client-first only

	faults []Fault
}

// scram is a whole exchange, each message by its place. Missing ones are nil.
type scram struct {
	role  []scramRole // of each message of the Exchange
	first *scramMsg
	serv  *scramMsg
	final *scramMsg
	done  *scramMsg
}

// readScram gives each message its place: by who sent it and by the letter it
// starts with, so that an exchange whose beginning was not captured is read
// as well.
func readScram(x *Exchange) scram {
	s := scram{role: make([]scramRole, len(x.Messages))}
	for i := range x.Messages {
		m := &x.Messages[i]
		if len(m.Data) == 0 || m.Kind == Failure {
			continue
		}
		slot := s.place(m)
		if *slot.msg == nil {
			*slot.msg = parseScram(m.Data, slot.role)
		}
		s.role[i] = slot.role
	}
	return s
}

type scramSlot struct {
	role scramRole
	msg  **scramMsg
}

func (s *scram) place(m *Message) scramSlot {
	starts := func(letters string) bool {
		return len(m.Data) > 1 && m.Data[1] == '=' && strings.IndexByte(letters, m.Data[0]) >= 0
	}
	if m.Kind.FromInitiator() {
		if starts("c") || s.first != nil {
			return scramSlot{clientFinal, &s.final}
		}
		return scramSlot{clientFirst, &s.first}
	}
	if starts("ve") || s.serv != nil {
		return scramSlot{serverFinal, &s.done}
	}
	return scramSlot{serverFirst, &s.serv}
}

// maxAttrs bounds the attributes read from one message; real ones have five.
const maxAttrs = maxFields

func parseScram(data []byte, role scramRole) *scramMsg {
	m := &scramMsg{data: data, role: role}
	at := 0
	if role == clientFirst {
		m.gs2 = readGS2(data)
		m.faults = m.gs2.faults
		at = m.gs2.bare
	}
	for at <= len(data) && len(m.attrs) < maxAttrs {
		end := len(data)
		if comma := bytes.IndexByte(data[at:], ','); comma >= 0 {
			end = at + comma
		}
		m.readAttr(Span{at, end})
		at = end + 1
	}
	m.checkOrder()
	return m
}

func (m *scramMsg) readAttr(whole Span) {
	text := whole.of(m.data)
	if len(text) < 2 || text[1] != '=' || !isLetter(text[0]) {
		m.attrs = append(m.attrs, scramAttr{whole: whole, value: whole})
		m.fault(ruleScram, whole.Start, refScram, "not a letter, \"=\" and a value")
		return
	}
	a := scramAttr{key: text[0], value: Span{whole.Start + 2, whole.End}, whole: whole}
	m.attrs = append(m.attrs, a)
	if a.value.empty() {
		m.fault(ruleScram, whole.End, refScram, "%c= has no value", a.key)
	}
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// scramOrder is the fixed beginning of each message; extensions follow, and
// in the client's last message p= closes.
var scramOrder = [...]string{clientFirst: "nr", serverFirst: "rsi", clientFinal: "cr", serverFinal: "v"}

func (m *scramMsg) checkOrder() {
	want := scramOrder[m.role]
	for i, a := range m.attrs {
		if a.key == 'm' {
			m.fault(ruleScram, a.whole.Start, refScramAttrs, "m= announces a mandatory extension, and none is defined: the exchange must fail")
			continue
		}
		if want == "" {
			break
		}
		if m.role == serverFinal && a.key == 'e' {
			want = ""
			break
		}
		if a.key != want[0] {
			m.fault(ruleScram, a.whole.Start, refScram, "%c= must stand here: the order is fixed", want[0])
			want = missing(want, m.attrs[i:])
			break
		}
		want = want[1:]
	}
	for _, key := range []byte(want) {
		m.fault(ruleScram, len(m.data), refScram, "%c= is missing", key)
	}
	if m.role == clientFinal && (len(m.attrs) == 0 || m.attrs[len(m.attrs)-1].key != 'p') {
		m.fault(ruleScram, len(m.data), refScram, "p=, the proof, must be the last attribute")
	}
}

// missing keeps those letters of want that no attribute has.
func missing(want string, attrs []scramAttr) string {
	for _, a := range attrs {
		if a.key != 0 {
			want = strings.Replace(want, string(rune(a.key)), "", 1)
		}
	}
	return want
}

func (m *scramMsg) fault(rule string, pos int, ref spec.Ref, format string, args ...any) {
	if len(m.faults) < maxFaults {
		m.faults = append(m.faults, Fault{Rule: rule, Text: fmt.Sprintf(format, args...), Pos: pos, Ref: ref})
	}
}

// get finds an attribute. It may be called on nil, which has none.
func (m *scramMsg) get(key byte) (scramAttr, bool) {
	if m != nil {
		for _, a := range m.attrs {
			if a.key == key {
				return a, true
			}
		}
	}
	return scramAttr{}, false
}

// value is the text of an attribute, nil where there is none.
func (m *scramMsg) value(key byte) []byte {
	if a, ok := m.get(key); ok {
		return a.value.of(m.data)
	}
	return nil
}

// bare is a client-first message without its GS2 header.
func (m *scramMsg) bare() []byte { return m.data[m.gs2.span.End:] }

// withoutProof is a client-final message up to the comma before p=.
func (m *scramMsg) withoutProof() []byte {
	p, ok := m.get('p')
	if !ok || p.whole.Start == 0 {
		return m.data
	}
	return m.data[:p.whole.Start-1]
}
