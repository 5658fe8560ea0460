package decode

import (
	"xmppscope/decode/xmlstream"
)

// maxLinks bounds what is remembered of each sort (law 5).
const maxLinks = 1 << 14

// Links joins what one conversation says about another: the dialback key that
// is verified on a second connection (XEP-0220 §2.1), the stream that is resumed
// (XEP-0198 §5), the redirection that is followed (RFC 6120 §4.9.3.19). Events
// of all conversations pass through it in order. The zero value is empty and
// ready.
type Links struct {
	keys    links // dialback keys by stream id and pair of domains
	asked   links // their verification
	streams links // enabled streams by resumption id
	moved   links // redirections by domain
	tree    xmlstream.Tree
}

// links are the last maxLinks events of a sort, by name.
type links struct {
	seq   map[string]Seq
	order []string
}

func (l *links) add(name string, seq Seq) {
	if l.seq == nil {
		l.seq = map[string]Seq{}
	}
	if _, known := l.seq[name]; !known {
		l.order = append(l.order, name)
	}
	l.seq[name] = seq
	if len(l.order) > maxLinks {
		delete(l.seq, l.order[0])
		l.order = l.order[1:]
	}
}

// Note sets e.Related where e is about an event of another conversation, and
// remembers e where others may be about it. e has its final number.
func (l *Links) Note(e *Event) {
	switch e.Step {
	case StepS2SDialback1:
		l.keys.add(streamID(e)+" "+e.From+" "+e.To, e.Seq)
	case StepS2SDialback2:
		// The verifying server is the receiver of the key, and names the stream.
		e.Related = l.keys.seq[e.ID+" "+e.To+" "+e.From]
		l.asked.add(e.ID+" "+e.To+" "+e.From, e.Seq)
	case StepS2SDialback3:
		e.Related = l.keys.seq[e.ID+" "+e.From+" "+e.To]
	case StepS2SDialback4:
		e.Related = l.asked.seq[streamID(e)+" "+e.To+" "+e.From]
	case StepSMEnable:
		if e.Name.Local == "enabled" && e.After != nil && e.After.ResumeID != "" {
			l.streams.add(e.After.ResumeID, e.Seq)
		}
	case StepSMResume:
		if n := e.Element(&l.tree); n != nil {
			id, _ := n.Attr("previd")
			e.Related = l.streams.seq[id]
		}
	case StepSASL2Success:
		if e.After != nil && e.After.ResumeID != "" {
			if e.After.Resumed {
				e.Related = l.streams.seq[e.After.ResumeID]
			} else {
				l.streams.add(e.After.ResumeID, e.Seq)
			}
		}
	case StepRedirect:
		if e.State != nil && e.State.Domain != "" {
			l.moved.add(e.State.Domain, e.Seq)
		}
	case StepStreamOpenInitial, StepWSOpen, StepBOSHCreate:
		if e.Dir == FromInitiator && e.To != "" && e.State != nil && e.State.Headers == [2]int{} {
			e.Related = l.moved.seq[e.To]
			delete(l.moved.seq, e.To)
		}
	}
}

// streamID is the id of the stream that an event was sent on.
func streamID(e *Event) string {
	if e.State == nil {
		return ""
	}
	return e.State.StreamID
}
