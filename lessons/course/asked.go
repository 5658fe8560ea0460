package course

// Asked is what a step asks, without what is right: for a learner whose answers
// are judged elsewhere, as in a class.
type Asked struct {
	// Choices are what there is to choose from, or to put in order.
	Choices []string
	// Fields are what is to be filled in, Secret those of them that are passwords.
	Fields, Secret []string
	// Given is what is to be taken apart.
	Given string
	// XML is set where XML is asked for, Bytes where bytes of an event are.
	XML, Bytes bool
	// Wants are what is to pass on a stage; Live is set where there is one.
	Wants []string
	Live  bool
}

// Task is a task that asks for this and does not know what is right.
func (a Asked) Task() Task { return &asked{Asked: a} }

type asked struct {
	Asked
	scene Scene // what is played is known elsewhere, too
}

// askedElsewhere is what is asked by a task that is judged elsewhere; nothing by
// any other.
func askedElsewhere(t Task) Asked {
	if a, ok := t.(*asked); ok {
		return a.Asked
	}
	return Asked{}
}

// Check implements [Task].
func (a *asked) Check(Answer, *Place) Verdict {
	return Verdict{Said: "The answer to this is not known here."}
}

// Solution implements [Task].
func (a *asked) Solution(*Place) Answer { return Answer{} }

// Problems implements [Task].
func (a *asked) Problems(*Place) []string { return nil }
