package why

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
)

// Verdict says whether what a question is about came to pass.
type Verdict uint8

const (
	// Unknown: it cannot be known from this capture.
	Unknown Verdict = iota
	// Happened: it did.
	Happened
	// DidNot: it did not.
	DidNot
)

var verdictNames = [...]string{"unknown", "happened", "did-not-happen"}

// String is the verdict in one word: unknown, happened or did-not-happen.
func (v Verdict) String() string {
	if int(v) < len(verdictNames) {
		return verdictNames[v]
	}
	return ""
}

// Fact is one link of the chain.
type Fact struct {
	// Text is one or two sentences; it may hold wire text.
	Text string
	// Seq are the events that prove it, in order; none where it is absence that
	// proves it, or a rule alone.
	Seq []decode.Seq
	// Ref is the section that it rests on; zero where there is none.
	Ref spec.Ref
}

// Answer is what is said to a question about one conversation.
type Answer struct {
	Conn decode.ConnID
	// Question is its name, Word the word that was given with it.
	Question, Word string
	Verdict        Verdict
	// Text is the answer in one or two sentences; it may hold wire text.
	Text  string
	Facts []Fact
	// Tell are sentences that say what would tell more, or what would change
	// the outcome.
	Tell []string
}

// Question is one thing that can be asked about a conversation.
type Question struct {
	// Name is what is typed, Also are other words for it.
	Name string
	Also []string
	// Doc says in one line what the answer is about.
	Doc string
	// Ask is the question that the verdict answers with yes or no.
	Ask string
	// Word says what word may be given with it, for example MECHANISM; empty
	// where none may.
	Word string

	answer func(*view)
}
