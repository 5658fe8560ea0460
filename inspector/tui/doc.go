// Package tui is the screen: a list of conversations, the phases that one went
// through, its events, and one event in five tabs; over them the findings, the
// questions why something did not happen, and prompts. It is the only room that
// knows tview and tcell.
//
// It reads a Store and draws; it decides nothing about the protocol. Where
// connections are open, it asks a Live what is held and tells it what to do. It
// must not know where events come from, how bytes are moved, how a lesson is
// written or judged, or how a command line looks. The one table of keys is in
// keys.go, the tabs are in detail.go, the pane of a lesson is in lesson*.go.
//
// Laws of the screen: no wire text is drawn but through inspector.Disarm, and
// surface is the last door; nothing is told by colour alone; nothing jumps
// because of where the focus is, but that on a small screen the conversations,
// the text of a lesson and, last, the details fold while they have it not; the last line always says
// what can be done next; and only the pump asks tview to draw.
package tui
