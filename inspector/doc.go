// Package inspector is the debugger without a screen: the rows of an input
// (Store), the part of them that is looked at (View), the cursor and its verbs
// (Session), the filter language, figures over an input (Stats), and the one
// door through which wire text reaches a person (Disarm).
//
// It knows events and nothing about how they came to be or how they are drawn.
// It must not know widgets, colours, output formats, flags or sockets, and it
// never writes to a terminal.
package inspector
