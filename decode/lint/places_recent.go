package lint

import (
	"bytes"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
)

// recent are where the last elements of a negotiation stand in their events: a
// login is judged when its answer is there, a header when features follow.
type recent struct {
	of [keptRecent]recentElement
	n  uint8 // of the next
}

const keptRecent = 4

// recentElement is the start tag of an event's element and what stands behind
// it, up to the end tag.
type recentElement struct {
	seq         decode.Seq
	tag, inside xmlstream.Span
}

// remember keeps where the event's element stands. It needs no parser: what it
// is for is written plainly.
func (r *recent) remember(e *decode.Event) {
	text := e.Text()
	from := bytes.IndexByte(text, '<')
	if from >= 0 && bytes.HasPrefix(text[from:], []byte("<?")) {
		if next := bytes.IndexByte(text[from+1:], '<'); next >= 0 {
			from += 1 + next
		}
	}
	if from < 0 {
		return
	}
	end := bytes.IndexByte(text[from:], '>')
	if end < 0 {
		return
	}
	x := recentElement{seq: e.Seq, tag: xmlstream.Span{Start: int32(from), End: int32(from + end + 1)}}
	if close := bytes.LastIndex(text, []byte("</")); close > from+end+1 {
		x.inside = xmlstream.Span{Start: x.tag.End, End: int32(close)}
	}
	r.of[r.n%keptRecent] = x
	r.n = (r.n + 1) % keptRecent
}

// place is where a rule points to in an earlier event; empty where that is gone.
func (r *recent) place(f *Finding) xmlstream.Span {
	for i := range r.of {
		x := &r.of[i]
		if x.seq != f.Seq {
			continue
		}
		if inside[f.Rule] && x.inside.Len() > 0 {
			return x.inside
		}
		return x.tag
	}
	return xmlstream.Span{}
}

// inside are the rules about the text of an element.
var inside = map[string]bool{
	"component-handshake": true,
	"dialback-key-wrong":  true,
	"sasl-out-of-turn":    true,
	"scram-nonce-reused":  true,
	"scram-proof-wrong":   true,
}
