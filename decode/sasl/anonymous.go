package sasl

import (
	"bytes"
	"unicode/utf8"

	"xmppscope/decode/spec"
)

// maxTrace is the longest trace token in characters, RFC 4505 §2.
const maxTrace = 255

func decodeAnonymous(x *Exchange, i int) Decoded {
	p := newPage(x, i)
	if !p.m.Kind.FromInitiator() {
		p.unexpected()
		return p.d
	}
	if len(p.data) == 0 {
		p.summary("anonymous, no trace")
		return p.d
	}
	meaning := "trace: any text the client likes, nothing is proven by it"
	if bytes.IndexByte(p.data, '@') >= 0 {
		meaning = "trace: an email address, not proven"
	}
	p.text("trace", p.all(), meaning)
	for _, f := range traceFaults(p.data) {
		p.fault("anonymous-trace", f.Pos, f.Ref, "%s", f.Text)
	}
	p.summary("anonymous, trace %s", short(printable(p.data)))
	return p.d
}

func traceFaults(trace []byte) []Fault {
	ref := spec.RFC(4505, "2")
	if at := invalidUTF8(trace); at >= 0 {
		return []Fault{{Text: "the trace is not valid UTF-8", Pos: at, Ref: ref}}
	}
	n := 0
	for at := range string(trace) {
		if n++; n > maxTrace {
			return []Fault{{Text: "the trace is longer than 255 characters", Pos: at, Ref: ref}}
		}
	}
	return nil
}

// verifyAnonymous needs no secret: all there is to check is the trace.
func verifyAnonymous(x *Exchange, _ *Secret) Verdict {
	var v Verdict
	for _, m := range x.dataOf(initiator) {
		if len(traceFaults(m.Data)) > 0 {
			return v.judge(false, "the trace breaks the grammar", "trace")
		}
		v.step(Step{Name: "trace", Value: printable(m.Data), Wire: printable(m.Data), Meaning: "free text of " + plural(utf8.RuneCount(m.Data), "character")})
	}
	return v.judge(true, "there is nothing to prove: whoever asks is let in as a guest")
}
