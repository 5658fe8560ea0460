package lint

import "xmppscope/decode"

// Silence are the rules that could not be judged in a conversation, and why.
type Silence struct {
	Conn  decode.ConnID
	Why   string
	Rules []string
}

// Silent lists what could not be judged in the conversations that are over, in
// their order.
func (g *Engine) Silent() []Silence { return g.silent }

// maxSilences bounds the list.
const maxSilences = 10_000

// reasons say what is missing, in words.
var reasons = [...]struct {
	lack Needs
	why  string
}{
	{Outside, "what is inside TLS cannot be read: give a key log"},
	{NeedStart, "the conversation began before the capture"},
	{NeedBoth, "only one direction was captured"},
	{NeedWhole, "bytes are missing from the capture"},
	{NeedEnd, "the capture ends before the conversation"},
	{NeedAnswers, "between servers an answer may come over another connection, and none was seen that brings what the other server says"},
	{NeedAsked, "between servers a request may have been made on a connection that was not captured"},
	{NeedPeer, "a proxy stands between the two, so this TLS is its own and not that of the server"},
	{NeedSecret, "no password or other secret was given"},
}

// hush notes the rules that a conversation leaves open.
func (g *Engine) hush(t *talk) {
	if len(g.silent) >= maxSilences {
		return
	}
	lacks := t.lacks
	if g.o.Verify == nil {
		lacks |= NeedSecret
	}
	told := map[string]bool{}
	for _, reason := range reasons {
		if lacks&reason.lack == 0 {
			continue
		}
		s := Silence{Conn: t.id, Why: reason.why}
		for _, group := range g.groups {
			for i := range group.Rules {
				r := &group.Rules[i]
				open := r.Needs&reason.lack != 0
				if reason.lack == Outside {
					open = !open
				}
				if open && !told[r.Name] && !g.ignored[r.Name] {
					told[r.Name] = true
					s.Rules = append(s.Rules, r.Name)
				}
			}
		}
		if len(s.Rules) > 0 {
			g.silent = append(g.silent, s)
		}
	}
}
