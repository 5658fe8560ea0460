package linear

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"xmppscope/decode/explain"
	"xmppscope/inspector/live"
)

// beginLearning begins the lesson that was asked for, or says which there are.
func (t *talk) beginLearning() {
	if t.o.Teach != nil && t.o.Teach.Begin != "" {
		if err := t.lesson(t.o.Teach.Begin); err != nil {
			t.say("It did not work: %s", sentence(err.Error()))
		}
		return
	}
	if err := t.lessons(""); err != nil {
		t.say("%s", upperFirst(sentence(err.Error())))
	}
}

// How long a solution waits for what comes next, at a time and in all.
const (
	playPace = 20 * time.Millisecond
	maxIdle  = 500
)

// pauseFor waits, but not beyond the end of everything.
func (t *talk) pauseFor(d time.Duration) {
	select {
	case <-t.ctx.Done():
	case <-time.After(d):
	}
}

// glossary says what a word means, or which words there are.
func (t *talk) glossary(arg string) error {
	all := explain.Glossary()
	if arg != "" {
		for i := range all {
			if e := &all[i]; strings.EqualFold(e.Name, arg) {
				t.say("%s: %s See %s.", e.Name, sentence(e.Text), e.Ref)
				return nil
			}
		}
		return t.explain(arg)
	}
	var names []string
	for i := range all {
		names = append(names, all[i].Name)
	}
	slices.SortFunc(names, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	t.say("%s: %s", counted(len(names), "word"), sentence(strings.Join(names, ", ")))
	t.say("glossary and a word says what it means; explain knows many more.")
	return nil
}

// misbehave lets the practice server do something wrong, or stop it.
func (t *talk) misbehave(arg string) error {
	if err := t.needSource(); err != nil {
		return err
	}
	f := t.src.Faults
	if f == nil {
		return no("there is no practice server here", "the demo, lessons and proxy --sandbox have one")
	}
	if arg == "" {
		for _, x := range f.Faults() {
			name := x.Name
			if x.Number > 0 {
				name += "=" + strconv.Itoa(x.Number)
			}
			t.say("%s%s: %s. Found as %s", name, pick(x.On, ", on", ""), strings.TrimSuffix(x.About, "."), sentence(x.Found))
		}
		return nil
	}
	on, err := live.Toggle(f, arg)
	if err != nil {
		return no(err.Error(), "misbehave alone says what there is")
	}
	t.say("The practice server %s: %s", pick(on, "does this wrong from now on", "does this as it should again"), sentence(arg))
	return nil
}
