package exercise

import (
	"slices"

	"xmppscope/decode"
	"xmppscope/decode/explain"
)

// kinds of answers, each with what it would mean.
var answerKinds = [...][2]string{
	{"<proceed/>", "That says yes to <starttls/>."},
	{"<challenge/>", "That asks something in the middle of a login."},
	{"an <iq/> of type result", "That answers an <iq/> of type get or set that could be done."},
	{"<success/>", "That ends a login that went well."},
	{"<failure/>", "That refuses: encryption, or a login."},
	{"a stream header", "That opens a stream, in answer to another header."},
	{"an <iq/> of type error", "That answers an <iq/> of type get or set that could not be done."},
	{"<features/>", "That is the list of what is possible now; it follows a stream header."},
	{"the end of its stream", "That answers </stream:stream>, or follows an error that the stream does not survive."},
}

// answerKind is an event in words that give away neither who nor why.
func answerKind(e *decode.Event) string {
	switch {
	case e.Kind == decode.KindOpen:
		return "a stream header"
	case e.Kind == decode.KindClose && e.Name.Local == "stream":
		return "the end of its stream"
	case e.Name.Local == "iq":
		return "an <iq/> of type " + e.Type
	case e.Name.Local == "":
		return ""
	}
	return "<" + e.Name.Local + "/>"
}

// choices puts the right one among others. Where it stands follows from seed.
func choices(right, why string, others [][2]string, seed int) (all, because []string, answer int) {
	for _, o := range others {
		if o[0] != right && len(all) < 3 && !slices.Contains(all, o[0]) {
			all, because = append(all, o[0]), append(because, "No. "+o[1])
		}
	}
	answer = seed % (len(all) + 1)
	all = slices.Insert(all, answer, right)
	because = slices.Insert(because, answer, "Yes. "+why)
	return all, because, answer + 1
}

// answers asks what comes back.
func answers(r *recording) (all []task) {
	asked := map[decode.Step]bool{}
	for _, row := range r.rows {
		reply, ok := r.store.AnswerTo(row)
		if !ok || asked[r.store.Row(row).Step()] {
			continue
		}
		e, a := r.event(row), r.event(reply)
		right := answerKind(a)
		if right == "" || answerKind(e) == "" {
			continue
		}
		asked[e.Step] = true
		told := explain.Event(a)
		t := task{Kind: "predict", title: "What comes back", text: "Look at what is selected. Cover what stands below it.",
			Question: "What does the other side answer?",
			Hints:    []string{"What was asked: " + explain.Headline(e), "It is told in " + told.Ref.String() + ".", "The answer: " + explain.Headline(a)}}
		t.Choices, t.Because, t.Answer = choicesOf(right, told.What, row)
		r.at(&t, row)
		all = append(all, t)
	}
	return all
}

func choicesOf(right, why string, seed int) ([]string, []string, any) {
	turned := slices.Concat(answerKinds[seed%len(answerKinds):], answerKinds[:seed%len(answerKinds)])
	all, because, answer := choices(right, why, turned, seed)
	return all, because, answer
}

// reasons asks which condition a refusal names.
func reasons(r *recording) (all []task) {
	asked := map[string]bool{}
	for _, row := range r.rows {
		e := r.event(row)
		if e.Condition == "" || asked[e.Condition] {
			continue
		}
		others := otherConditions(e)
		if len(others) == 0 {
			continue
		}
		asked[e.Condition] = true
		told := explain.Event(e)
		others = slices.Concat(others[row%len(others):], others[:row%len(others)])
		t := task{Kind: "predict", title: "Why it was refused", text: "Something was refused here.",
			Question: "Which condition does the refusal name?",
			Hints:    []string{"Look at the elements inside the refusal.", "It is told in " + told.Ref.String() + ".", "It says: " + told.What}}
		t.Choices, t.Because, t.Answer = choices(e.Condition, told.What, others, row)
		r.at(&t, row)
		all = append(all, t)
	}
	return all
}

// otherConditions are those that could have stood in the same place, each with
// what it would have meant; none where it is not known what stands there.
func otherConditions(e *decode.Event) (all [][2]string) {
	sort := explain.SortStanza
	switch {
	case e.Kind == decode.KindStreamError:
		sort = explain.SortStream
	case e.Step == decode.StepSASLFailure:
		sort = explain.SortSASL
	case e.Kind != decode.KindStanza:
		sort = ""
	}
	senses, _ := explain.Term(e.Condition)
	space := "" // further conditions stand beside those of their own namespace
	for _, s := range senses {
		if sort == "" && slices.Contains(conditionSorts[:], s.Sort) {
			sort = s.Sort
		}
		if sort == explain.SortFurther && s.Sort == sort {
			space = s.Why
		}
	}
	for _, c := range explain.Terms() {
		if sort != "" && c.Sort == sort && c.Name != e.Condition && (space == "" || c.Why == space) {
			all = append(all, [2]string{c.Name, "It would have meant: " + c.Text})
		}
	}
	return all
}

// conditionSorts are the lists in which a condition is looked for where the kind
// of the event does not tell it.
var conditionSorts = [...]string{explain.SortSASL, explain.SortFurther, explain.SortBOSH, explain.SortDialback, explain.SortStanza}
