package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

// Topic explains a group of steps that belong together.
type Topic struct {
	// Name is unique and says which document it follows: rfc6120-starttls.
	Name string
	// Doc is one sentence: what the topic is about.
	Doc string
	Ref spec.Ref
	// Steps are the steps it explains.
	Steps []Step
	// Kinds are event kinds that it explains whatever their step.
	Kinds []decode.Kind
	// Spaces are namespaces: a stanza that is no step of its own belongs here
	// by the namespace of its payload, any other element by its own.
	Spaces []string
	// Stanza is the stanza that belongs here when nothing else claims it.
	Stanza string
	// Title gives the short form; empty means that nothing better is known.
	Title func(e *decode.Event) string
	// Explain completes x, which already holds what the Step says. n is nil
	// where the event has no element or its XML cannot be read.
	Explain func(x *Explanation, e *decode.Event, n *xmlstream.Node)
}

// Step is what always holds for a step of the model, whatever stands on the
// wire.
type Step struct {
	Step decode.Step
	// Text says what the step is, Why what it is good for at this place,
	// Expect what follows it and from whom.
	Text, Why, Expect string
	Ref               spec.Ref
}

func (t *Topic) step(s decode.Step) *Step {
	for i := range t.Steps {
		if t.Steps[i].Step == s {
			return &t.Steps[i]
		}
	}
	return nil
}

// topicOf finds the topic of an event; there is always one.
func topicOf(e *decode.Event) *Topic {
	if t := byKind[e.Kind]; t != nil {
		return t
	}
	if strayIQ(e) {
		return byStanza["iq"]
	}
	if e.Step != decode.StepExchange {
		if t := byStep[e.Step]; t != nil {
			return t
		}
	}
	if e.Kind == decode.KindHTTP {
		return &httpTopic
	}
	if e.Kind == decode.KindStanza {
		if t := bySpace[e.Payload.Space]; t != nil {
			return t
		}
		if t := byStanza[e.Name.Local]; t != nil {
			return t
		}
	}
	if t := bySpace[e.Name.Space]; t != nil {
		return t
	}
	return &otherTopic
}

// The indexes are built once from the table and never written again.
var (
	byKind   = index(func(t *Topic) []decode.Kind { return t.Kinds })
	bySpace  = index(func(t *Topic) []string { return t.Spaces })
	byStanza = index(func(t *Topic) []string { return []string{t.Stanza} })
	byStep   = index(func(t *Topic) []decode.Step {
		var all []decode.Step
		for _, s := range t.Steps {
			all = append(all, s.Step)
		}
		return all
	})
)

func index[K comparable](keys func(*Topic) []K) map[K]*Topic {
	var none K
	m := map[K]*Topic{}
	for _, t := range topics {
		for _, k := range keys(t) {
			if k != none {
				m[k] = t
			}
		}
	}
	return m
}
