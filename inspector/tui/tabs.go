package tui

import (
	"github.com/gdamore/tcell/v2"

	"xmppscope/decode"
)

// tab is one view of the selected event.
type tab uint8

const (
	tabExplain tab = iota
	tabXML
	tabSASL
	tabBytes
	tabState
	tabFindings
	tabTLS
	tabCount
)

// tabDef makes the page of a tab. A new tab is one file and one line here.
type tabDef struct {
	name string
	// build makes the page; never nil.
	build func(in *tabInput) page
	// flag is a sign behind the name when there is something to see, with its
	// style.
	flag func(in *tabInput) (string, tcell.Style)
}

func tabDefs() [tabCount]tabDef {
	return [tabCount]tabDef{
		tabExplain:  {"Explain", explainPage, nil},
		tabXML:      {"XML", xmlPage, faultFlag},
		tabSASL:     {"SASL", saslPage, saslFlag},
		tabBytes:    {"Bytes", bytesPage, nil},
		tabState:    {"State", statePage, stateFlag},
		tabFindings: {"Findings", findingsPage, foundFlag},
		tabTLS:      {"TLS", tlsPage, tlsFlag},
	}
}

// tabInput is what a page is made of.
type tabInput struct {
	th    *theme
	event *decode.Event
	row   int   // of the event in the store; below 0 for what is held
	hold  *Held // what is held; nil for an event of the store
	ctx   *capture
	folds map[string]bool // see detail
	mark  stretch         // what was selected or followed, here or in another tab
	links *links          // how the parts of the event hang together
}

func faultFlag(in *tabInput) (string, tcell.Style) {
	return pick(len(in.event.Errs) > 0, "✗", ""), in.th.bad
}

func saslFlag(in *tabInput) (string, tcell.Style) {
	return pick(in.event.SASL != nil, "*", ""), in.th.strong
}

func stateFlag(in *tabInput) (string, tcell.Style) {
	e := in.event
	return pick(e.State != e.After && len(decode.Changes(e.State, e.After)) > 0, "+", ""), in.th.good
}

// tlsFlag is a lock where TLS carries the event, in letters that every terminal
// has.
func tlsFlag(in *tabInput) (string, tcell.Style) {
	on := in.event.Kind == decode.KindTLS || in.event.Layer&decode.LayerTLS != 0
	return pick(on, "■", ""), in.th.good
}
