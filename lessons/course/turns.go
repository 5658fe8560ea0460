package course

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"xmppscope/decode"
	"xmppscope/inspector"
)

// An answer that is a number of round trips stands in the lesson as a number, for
// its text speaks of it. That it is the number of the recording is proven: turns
// says which events are meant.

// theAnswer is what turns calls the answer of a step without fields.
const theAnswer = "answer"

// readTurns compiles the expressions of a step: one for its answer, or for fields.
func (d *taken) readTurns(written map[string]string) (err error) {
	d.turns = map[string]*inspector.Filter{}
	for name, expr := range written {
		if _, field := d.fields[name]; !field && (d.answer == "" || name != theAnswer) {
			return fmt.Errorf("%q is no field, nor answer", name)
		}
		if d.turns[name], err = inspector.Compile(expr); err != nil {
			return err
		}
	}
	return nil
}

// wrongTurns tells which answers are not what the recording says.
func (d *taken) wrongTurns(at *Place) (all []string) {
	for _, name := range slices.Sorted(maps.Keys(d.turns)) {
		want := d.fields[name]
		if d.answer != "" {
			want = d.answer
		}
		if at == nil || at.Store == nil {
			all = append(all, "turns needs a recording")
			continue
		}
		if n := strconv.Itoa(turnsOf(at.Store, d.turns[name])); n != want {
			all = append(all, fmt.Sprintf("%s is %s, but the recording has %s round trips", name, want, n))
		}
	}
	return all
}

// turnsOf counts how often, among the events that fit, the initiating side spoke
// and then the receiving one: as often the first had to wait.
func turnsOf(store *inspector.Store, f *inspector.Filter) (n int) {
	waits := false
	for i := range store.Len() {
		if !f.MatchRow(store, i) {
			continue
		}
		answers := store.Row(i).Dir() == decode.FromReceiver
		if answers && waits {
			n++
		}
		waits = !answers
	}
	return n
}
