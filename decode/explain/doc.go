// Package explain says what an event means: in plain words, for a person who
// is learning XMPP, about the values that stand on this wire. It also holds
// the dictionary: every step, phase, condition, mechanism, event kind, state
// variable, namespace and element, one plain text each.
//
// A topic is one file and one line in topics.go. A topic names the steps it
// explains, the words that hold for each of them always, and functions that
// add what this event says.
//
// It must not know whether something is right (lint), how it is shown
// (inspector and the views), or where bytes come from. It keeps nothing: every
// text is computed from the event alone. What it takes from the wire stands in
// its texts as it came, only shortened: the views make it safe to show. It
// never writes a secret.
package explain
