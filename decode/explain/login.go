package explain

import (
	"bytes"

	"xmppscope/decode"
	"xmppscope/decode/sasl"
	"xmppscope/decode/xmlstream"
)

// decoded is what the login data of e says; empty where it carries none.
func decoded(e *decode.Event) sasl.Decoded {
	if e.SASL == nil || len(e.SASL.Messages) == 0 {
		return sasl.Decoded{}
	}
	return sasl.Decode(e.SASL, len(e.SASL.Messages)-1)
}

func summaryOf(d sasl.Decoded) string {
	if d.Summary == "" {
		return "no data"
	}
	return short(d.Summary, 2*inSentence)
}

// addLogin lists the fields of the login data and points at its bytes.
func (x *Explanation) addLogin(e *decode.Event, n *xmlstream.Node, says sasl.Decoded) {
	if e.SASL == nil || len(e.SASL.Messages) == 0 {
		return
	}
	x.noteAttr(n, "mechanism", mechanismText(attr(n, "mechanism")))
	m := &e.SASL.Messages[len(e.SASL.Messages)-1]
	if m.Kind != sasl.Failure {
		for _, f := range says.Fields {
			x.more(fieldLine(f))
		}
	}
	for _, f := range says.Faults {
		x.more("Wrong: " + f.Text + " (" + f.Ref.String() + ").")
	}
	run := dataSpan(n, m)
	if run.Len() == 0 {
		return
	}
	for _, f := range says.Faults {
		if s, ok := faultSpan(run, m, f); ok {
			x.note(s, "Wrong: "+f.Text+" ("+f.Ref.String()+").")
		}
	}
	if len(m.Base64) == 1 && m.Base64[0] == '=' {
		x.note(run, "A lone = means: data of zero length, on purpose. An empty element would mean no data.")
		return
	}
	if m.Base64 != nil {
		x.note(run, "The login data in base64, "+count(len(m.Data), "byte")+" when decoded: "+summaryOf(says)+".")
	}
}

func fieldLine(f sasl.Field) string {
	v := value(f.Value)
	switch {
	case f.Secret:
		v = "a secret, not shown"
	case f.Value == "":
		v = "nothing"
	}
	if f.Meaning == "" {
		return f.Name + " = " + v
	}
	return f.Name + " = " + v + " (" + f.Meaning + ")"
}

// dataSpan finds the element text that is the message's base64: in the element
// itself, or in the child that SASL 2 has for it.
func dataSpan(n *xmlstream.Node, m *sasl.Message) xmlstream.Span {
	if n == nil || len(m.Base64) == 0 {
		return xmlstream.Span{}
	}
	for _, local := range [...]string{"initial-response", "additional-data"} {
		if c := child(n, nsSASL2, local); c != nil {
			return inside(c)
		}
	}
	return inside(n)
}

// faultSpan maps a fault to the characters of the wire that carry it. Where
// the base64 is regular, three bytes stand in four characters.
func faultSpan(run xmlstream.Span, m *sasl.Message, f sasl.Fault) (xmlstream.Span, bool) {
	if run.Len() != len(m.Base64) {
		return xmlstream.Span{}, false
	}
	start, length := f.Pos, 1
	if !f.InBase64 {
		if bytes.ContainsAny(m.Base64, " \t\r\n") {
			return xmlstream.Span{}, false
		}
		start, length = f.Pos/3*4, 4
	}
	start = min(start, run.Len()-1)
	s := xmlstream.Span{Start: run.Start + int32(start), End: run.Start + int32(start+length)}
	s.End = min(s.End, run.End)
	return s, true
}
