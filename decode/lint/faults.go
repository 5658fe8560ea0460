package lint

import (
	"xmppscope/decode"
	"xmppscope/decode/sasl"
	"xmppscope/decode/xmlstream"
)

// Faults are what the bytes of an event themselves break: its XML, and the
// login data it carries, in the order of the bytes. It costs next to nothing
// where there is nothing. One without a rule is a remark: what the capture
// lacks breaks no rule.
func Faults(e *decode.Event) []Finding {
	if len(e.Errs) == 0 && e.SASL == nil {
		return nil
	}
	var all []Finding
	text := len(e.Text())
	for i := range e.Errs {
		x := &e.Errs[i]
		// What is missing at the end of the text stands nowhere in it.
		end := min(max(x.Pos+1, x.End), text)
		all = append(all, fault(e, Finding{Rule: x.Rule, Text: x.Text, Ref: x.Ref,
			Span: xmlstream.Span{Start: int32(min(x.Pos, end)), End: int32(end)}}))
	}
	if e.SASL == nil || len(e.SASL.Messages) == 0 {
		return all
	}
	d := sasl.Decode(e.SASL, len(e.SASL.Messages)-1)
	for i := range d.Faults {
		x := &d.Faults[i]
		f := Finding{Rule: x.Rule, Text: x.Text, Ref: x.Ref, In: InLogin, Span: xmlstream.Span{Start: int32(x.Pos), End: int32(x.Pos + 1)}}
		if x.InBase64 {
			f.In = InBase64
		}
		if f.Rule == "sasl-empty-not-equals" && e.SASL.SASL2 {
			f.Level = LevelWarning // XEP-0388 §5.1 forbids what RFC 6120 asks for
		}
		all = append(all, fault(e, f))
	}
	return all
}

// fault completes a finding with what its rule says; one that has no rule in
// the table breaks a requirement.
func fault(e *decode.Event, f Finding) Finding {
	r := built.rules[f.Rule]
	if r == nil {
		r = &Rule{Level: LevelError}
	}
	if f.Level == LevelNone {
		f.Level = r.Level
	}
	if f.Who = r.Who; f.Who == WhoSender {
		f.Who = Side(e.Dir)
	}
	if f.Ref.IsZero() {
		f.Ref = r.Ref
	}
	f.Seq, f.Conn, f.Advice = e.Seq, e.Conn, r.Advice
	return f
}

// faults reports the faults of the event. Two rooms may see the same one.
func (g *Engine) faults() {
	var last Finding
	for _, f := range Faults(g.pass.Event) {
		if f.Rule == "" || f.Rule == last.Rule && f.Span.Start == last.Span.Start && f.In == last.In {
			continue
		}
		last = f
		g.pass.Add(f)
	}
}
