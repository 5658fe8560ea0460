package lint

import (
	"xmppscope/decode/sasl"
	"xmppscope/decode/xmlstream"
)

// faults reports what decode and the SASL decoder found in the bytes of the
// event: it costs next to nothing where there is nothing.
func (g *Engine) faults() {
	p := &g.pass
	for i := range p.Event.Errs {
		x := &p.Event.Errs[i]
		if x.Rule == "" || i > 0 && p.Event.Errs[i-1].Rule == x.Rule {
			continue // a remark, or the same fault seen twice
		}
		p.Add(Finding{Rule: x.Rule, Text: x.Text, Ref: x.Ref, Span: xmlstream.Span{Start: int32(x.Pos), End: int32(max(x.Pos, x.End))}})
	}
	x := p.Event.SASL
	if x == nil || len(x.Messages) == 0 {
		return
	}
	d := sasl.Decode(x, len(x.Messages)-1)
	for i := range d.Faults {
		f := Finding{Rule: d.Faults[i].Rule, Text: d.Faults[i].Text, Ref: d.Faults[i].Ref}
		if f.Rule == "sasl-empty-not-equals" && x.SASL2 {
			f.Level = LevelWarning // XEP-0388 §5.1 forbids what RFC 6120 asks for
		}
		p.Add(f)
	}
}
