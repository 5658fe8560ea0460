// Package why answers why something did not happen in a conversation, or how it
// did: a chain of facts in the order of reasoning, each with the events that
// prove it and the section that it rests on. Where the capture does not show
// enough the answer says so, and what would tell.
//
// A [Collector] keeps the key moments of conversations; a [Question] of the
// table in table.go is a function that reasons about them. Questions about
// neighbouring things stand in one file.
//
// It must not know where events come from, how answers are shown, or the time.
// It never says a secret.
package why
