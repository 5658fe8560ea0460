package gate

import (
	"bytes"
	"fmt"
	"slices"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
	"xmppscope/inspector"
	"xmppscope/proxy"
)

// action is one thing that a rule can do. check tells the setting that is wrong;
// act changes the verdict so far.
type action struct {
	name, doc string
	check     func(*written) (key, text string)
	act       func(*Rule, *acting)
}

// acting is a unit while rules work on it.
type acting struct {
	e    *decode.Event
	text []byte // as it stands by now
	v    proxy.Verdict
	tree xmlstream.Tree
	over bool // no further rule is asked
	note string
}

// actions is the table; an action is one line here.
var actions = [...]action{
	{"hold", "keep the unit until a person decides", none, func(_ *Rule, a *acting) { a.v.Do, a.over = proxy.Hold, true }},
	{"drop", "do not send the unit", none, func(_ *Rule, a *acting) { a.v.Do, a.over = proxy.Drop, true }},
	{"delay", "send the unit later", needs("delay", func(w *written) bool { return w.Delay != "" }), func(r *Rule, a *acting) { a.v.Delay += r.Delay }},
	{"remove", "take out what the XPath chooses", needs("xpath", func(w *written) bool { return w.XPath != "" }), (*Rule).remove},
	{"replace", "send other XML for what the XPath chooses, or for the unit", needs("xml", func(w *written) bool { return w.XML != "" }), (*Rule).replace},
	{"set", "give what the XPath chooses another value", needs("xpath", func(w *written) bool { return w.XPath != "" && w.Value != nil }), (*Rule).set},
	{"inject", "send a unit of one's own before or after", needs("xml", func(w *written) bool { return w.XML != "" }), (*Rule).inject},
	{"close", "end the connection", none, func(r *Rule, a *acting) { a.v.Do, a.v.How, a.over = proxy.Close, r.closeHow(a.e.Dir), true }},
	{"mutate", "send other bytes with the same meaning", checkMutation, (*Rule).mutate},
}

// Actions lists the names of the actions.
func Actions() (names []string) {
	for _, a := range actions {
		names = append(names, a.name)
	}
	return names
}

func actionOf(name string) *action {
	for i := range actions {
		if actions[i].name == name {
			return &actions[i]
		}
	}
	return nil
}

func none(*written) (key, text string) { return "", "" }

// needs makes a check that a setting is there.
func needs(key string, has func(*written) bool) func(*written) (string, string) {
	return func(w *written) (string, string) {
		if has(w) {
			return "", ""
		}
		if key == "xpath" && w.Do == "set" {
			return "do", "set needs xpath and value"
		}
		return "do", fmt.Sprintf("%s needs %s", w.Do, key)
	}
}

func checkMutation(w *written) (key, text string) {
	if mutationOf(w.How) == nil {
		return "how", fmt.Sprintf("%q is not one of %v", w.How, Mutations())
	}
	return "", ""
}

// parse reads the unit as it stands; nil where it is no element.
func (a *acting) parse() *xmlstream.Node {
	if a.e.Kind == decode.KindOpen {
		root, _ := a.tree.ParseHeader(a.text, xmlstream.Options{})
		return root
	}
	e := *a.e
	e.Wire, e.XML = a.text, nil
	return e.Element(&a.tree)
}

// chosen is what the rule's XPath chooses in the unit as it stands.
func (r *Rule) chosen(a *acting) []inspector.Chosen {
	n := a.parse()
	if n == nil {
		a.note = "the unit cannot be read"
		return nil
	}
	all, err := r.Path.Choose(n)
	if err != nil {
		a.note = err.Error()
	} else if len(all) == 0 {
		a.note = "the XPath chose nothing"
	}
	return all
}

// changed keeps a text that differs.
func (a *acting) changed(text []byte) {
	if bytes.Equal(text, a.text) {
		return
	}
	a.text, a.v.Do, a.v.XML = text, proxy.Edit, text
}

func (r *Rule) remove(a *acting) {
	var all []patch
	for _, c := range r.chosen(a) {
		all = append(all, removal(a.text, c))
	}
	a.changed(apply(a.text, all))
}

func (r *Rule) replace(a *acting) {
	if r.Path == nil {
		a.changed(slices.Clone(r.XML))
		return
	}
	var all []patch
	for _, c := range r.chosen(a) {
		if c.Attr == nil {
			all = append(all, patch{c.Node.Span, r.XML})
		} else {
			all = append(all, setting(a.text, c, string(r.XML)))
		}
	}
	a.changed(apply(a.text, all))
}

func (r *Rule) set(a *acting) {
	var all []patch
	for _, c := range r.chosen(a) {
		all = append(all, setting(a.text, c, r.Value))
	}
	a.changed(apply(a.text, all))
}

// inject sends into the direction that `to` names; the unit's own where it names
// none.
func (r *Rule) inject(a *acting) {
	in := proxy.Insert{Dir: a.e.Dir, XML: r.XML, Why: r.Name}
	switch r.To {
	case "initiator":
		in.Dir = decode.FromReceiver
	case "receiver":
		in.Dir = decode.FromInitiator
	}
	if r.Place == "before" {
		a.v.Before = append(a.v.Before, in)
	} else {
		a.v.After = append(a.v.After, in)
	}
}

func (r *Rule) mutate(a *acting) {
	m := mutationOf(r.How)
	if m.cut != nil {
		a.v.Cuts, a.v.Join = m.cut(a.text, r)
		return
	}
	n := a.parse()
	if n == nil || a.e.Kind == decode.KindOpen || a.e.Kind == decode.KindClose {
		a.note = "only whole elements are written otherwise"
		return
	}
	a.changed(m.write(a.text, n))
}
