// Package export writes what was decoded for other programs and for people:
// JSON Lines, the annotated text, the bare XML, the ladder.
//
// It knows how events, explanations, logins and findings look on paper. It
// must not know where events come from, screens, flags or files: a writer
// takes events one after the other and an io.Writer, and keeps nothing of an
// event but a little per conversation, so that an input of any size can be
// written in constant memory.
//
// Wire text is hostile. Every byte of it that reaches a person goes through
// inspector.Disarm; in JSON the characters that could steer a terminal are
// escapes, so that exact bytes and safety go together.
package export
