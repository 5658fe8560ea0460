package exercise

import (
	"slices"

	"xmppscope/decode"
	"xmppscope/decode/explain"
)

// Bounds of what is to be put in order.
const (
	fewestItems = 3
	mostItems   = 6
)

// orders asks for the order of the first steps and, where there are enough, of
// those behind them.
func orders(r *recording) (all []task) {
	var items []string
	var last decode.Step
	ref := ""
	ask := func() {
		if len(items) >= fewestItems {
			all = append(all, task{Kind: "order", title: "Put it in order", Items: items,
				text:     "These are steps of the recording, in another order than the one in which they passed.",
				Question: "Which came first, and what came after it?",
				Hints: []string{"Ask of each: what must be there before it can happen?", "The section that tells it: " + ref + ".",
					"The first is: " + items[0] + " And the last: " + items[len(items)-1]}})
		}
		items = nil
	}
	for _, row := range r.rows {
		e := r.event(row)
		line := explain.Headline(e)
		if e.Step == last || slices.Contains(items, line) {
			continue
		}
		last = e.Step
		if len(items) == 0 {
			ref = explain.Event(e).Ref.String()
		}
		if items = append(items, line); len(items) == mostItems {
			ask()
		}
	}
	ask()
	return all
}
