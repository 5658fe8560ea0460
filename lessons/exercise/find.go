package exercise

import (
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/lint"
	"xmppscope/inspector"
)

// faults asks where rules are broken, the gravest first.
func faults(r *recording) (all []task) {
	asked := map[string]bool{}
	for _, level := range []inspector.Level{lint.LevelError, lint.LevelWarning} {
		for _, row := range r.rows {
			for _, f := range r.store.Found().Of(r.store.Row(row).Seq()) {
				rule := lint.Lookup(f.Rule)
				if f.Level != level || asked[f.Rule] || rule == nil {
					continue
				}
				asked[f.Rule] = true
				e := r.event(row)
				t := task{Kind: "find", title: "Find what is wrong", text: "A rule is broken in this recording.",
					Question: "Where is this rule broken? " + rule.Doc,
					Hints:    []string{"It is told in " + f.Ref.String() + ".", "Look at what " + who(e) + " sends.", "Look for this: " + explain.Headline(e)}}
				r.at(&t, row)
				if all = append(all, t); len(all) == perKind {
					return all
				}
			}
		}
	}
	return all
}

// values asks where something is said for the first time.
func values(r *recording) (all []task) {
	ask := func(question, span string, row int, hints ...string) {
		t := task{Kind: "find", title: "Find where it is said", text: "Each of these is said at one place.", Question: question, Span: span, Hints: hints}
		r.at(&t, row)
		all = append(all, t)
	}
	id, list, bound := false, false, false
	for _, row := range r.rows {
		e := r.event(row)
		if e.After == nil {
			continue
		}
		wire := string(e.Wire)
		switch {
		case !id && e.ID != "" && e.Kind == decode.KindOpen && strings.Contains(wire, e.ID):
			id = true
			ask("Where is the stream given its id?", e.ID, row, "It is said once, by one side only.", "It is an attribute of a header (RFC 6120 §4.7.3).", "It is in the header that answers the first one.")
		case !list && strings.Contains(wire, "<mechanism>"):
			list = true
			ask("Where is the first way to log in named?", "<mechanism>", row, "It is in a menu.", "The menu has the name features (RFC 6120 §6.4.1).", "Look for the first <mechanism/>.")
		case !bound && strings.Contains(wire, "<jid>"):
			bound = true
			ask("Where does the client learn its full address?", "<jid>", row, "The client asks for it after the login.", "It is the result of binding a resource (RFC 6120 §7.6.1).", "Look for <jid/>.")
		}
	}
	return all
}
