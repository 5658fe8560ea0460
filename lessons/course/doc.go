// Package course is the engine of the lessons: it reads a lesson, shows a
// learner one step after the other, checks what they answer or do, says what is
// still missing, and proves to an author that every check means something.
//
// A lesson is a folder with a file lesson.md and, if need be, captures. The file
// begins with TOML between two lines +++; then comes Markdown. Each heading of
// the second level begins a step; a fence with the word step in it holds, in
// TOML, what the learner is to do there:
//
//	## What the client sends
//
//	The client has asked for encryption …
//
//	```step
//	kind = "predict"
//	event = 'step == "starttls-request"'
//	question = "What does the server answer?"
//	choices = ["<proceed/>", "<success/>", "a new stream header"]
//	answer = 1
//	hints = ["…", "…", "…"]
//	```
//
// The kinds of steps stand in a table (kinds.go), each in a file of its own.
//
// It knows lessons, events and filter expressions. It must not know widgets,
// sockets or the practice server: a scene of a live step is played by a [Stage]
// that it is given.
package course
