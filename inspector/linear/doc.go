// Package linear is the debugger at a prompt: the verbs of the screen as words,
// each answered in lines that make sense when they are heard one by one. It is
// for screen readers, for terminals that cannot move the cursor, and for scripts.
//
// It knows a prompt, words, and what the verbs do to a session or to connections
// that are open. It must not know widgets, colours, sockets or packets, and it
// draws nothing: no boxes, no columns, nothing is written twice or moved. Nothing
// is said while somebody types: what happens meanwhile is told before the next
// verb, or while a verb waits for it.
package linear
