package gate

// Word is a name that a file of rules may have, and what it means.
type Word struct{ Name, Doc string }

// ActionWords are the values of do.
func ActionWords() (all []Word) {
	for _, a := range actions {
		all = append(all, Word{a.name, a.doc})
	}
	return all
}

// MutationWords are the values of how, for mutate.
func MutationWords() (all []Word) {
	for _, m := range mutations {
		all = append(all, Word{m.name, m.doc})
	}
	return all
}

// settings are what a rule may say, in the order of a file; words_test.go holds
// them against the type that is read.
var settings = [...]Word{
	{"name", "what the rule is called in the record of what it did"},
	{"when", "the condition: a filter; a rule without one holds for everything"},
	{"do", "the action"},
	{"xpath", "what in the unit is meant: an XPath that starts at the unit, with the prefixes of filters"},
	{"xml", "what replace and inject send"},
	{"broken", "true lets xml be sent although it is not well-formed"},
	{"value", "what set writes into the attribute or element"},
	{"delay", "how long delay waits, such as 250ms or 2s"},
	{"to", "who gets what inject sends: initiator or receiver"},
	{"place", "where inject puts it: before or after the unit"},
	{"layer", "what close ends: tcp by RST, tls by close_notify, or the stream"},
	{"condition", "the stream error that close sends on the stream; without it the stream is closed in order"},
	{"text", "the words of that error"},
	{"how", "the way of mutate"},
	{"times", "how often the rule acts at most"},
	{"after", "how often its condition must have held before it acts"},
	{"probability", "how likely it acts where it could, from 0 to 1"},
	{"seed", "where that chance begins: the same number gives the same choices"},
}

// Settings are what a rule in a file may say.
func Settings() []Word { return append([]Word(nil), settings[:]...) }
