package linear

import (
	"slices"

	"xmppscope/decode"
)

// compare says what differs between two events: the one that is named, or the
// latest that is marked, and the one at hand.
func (t *talk) compare(arg string) error {
	to, err := t.eventHere()
	if err != nil {
		return err
	}
	var seq decode.Seq
	if arg == "" {
		marked := slices.DeleteFunc(t.src.Store.Remarks().Marked(), func(s decode.Seq) bool { return s == to.Seq })
		if len(marked) == 0 {
			return no("no other event is marked", "compare N compares with event N; mark marks one")
		}
		seq = marked[len(marked)-1]
	} else if seq, err = t.seqHere(arg); err != nil {
		return err
	}
	row, ok := t.src.Store.Find(seq)
	if !ok {
		return no("there is no event "+number(seq), "")
	}
	from, err := t.event(row)
	if err != nil {
		return err
	}
	a, b := tokens(from), tokens(to)
	if slices.Equal(a, b) {
		t.say("%s and %s say the same.", number(from.Seq), number(to.Seq))
		return nil
	}
	for _, d := range differences(a, b) {
		if t.stopped() {
			break
		}
		t.say("Only in %s: %s", number(d.of(from.Seq, to.Seq)), capped(d.text, maxSaid))
	}
	return nil
}

// maxTokens bounds what is compared: the work grows with its square.
const maxTokens = 2000

// tokens are the lines of an event's XML as if it were long, its attributes apart.
func tokens(e *decode.Event) (all []string) {
	n := e.Element(newTree())
	if n == nil {
		return []string{string(e.Text())}
	}
	return nodeTokens(nil, e.Text(), n)
}

// difference is a token that only one of two has.
type difference struct {
	first bool
	text  string
}

// of is the event that has it.
func (d difference) of(a, b decode.Seq) decode.Seq {
	if d.first {
		return a
	}
	return b
}

// differences are what has to be taken away from a and added to make b of it, by
// the longest sequence that both have.
func differences(a, b []string) (all []difference) {
	a, b = a[:min(len(a), maxTokens)], b[:min(len(b), maxTokens)]
	same := make([][]int32, len(a)+1)
	for i := range same {
		same[i] = make([]int32, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if same[i][j] = max(same[i+1][j], same[i][j+1]); a[i] == b[j] {
				same[i][j] = same[i+1][j+1] + 1
			}
		}
	}
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && same[i+1][j] >= same[i][j+1]:
			all = append(all, difference{true, a[i]})
			i++
		default:
			all = append(all, difference{false, b[j]})
			j++
		}
	}
	return all
}
